"""Solutions as students write them, wrong and right; `python -m tests.collection` tries them all and prints the
figures."""
