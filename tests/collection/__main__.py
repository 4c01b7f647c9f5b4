"""Tries the collection and prints the figures of the trust page: `python -m tests.collection`, with -v every verdict.

With -w the figures go to figures.json, from which the page has them.
"""
import json
import sys
from pathlib import Path

from .figures import figures, tell

if __name__ == "__main__":
    found = figures()
    tell(found, every="-v" in sys.argv)
    if "-w" in sys.argv:
        Path(__file__).with_name("figures.json").write_text(json.dumps(found[0], indent=1) + "\n")
