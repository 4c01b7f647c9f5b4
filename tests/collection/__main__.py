"""Tries the collection and prints the figures of the trust page: `python -m tests.collection`, with -v every verdict."""
import sys



from .figures import figures, tell

if __name__ == "__main__":
    tell(figures(), every="-v" in sys.argv)
