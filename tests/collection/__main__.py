"""Tries the collection and prints the figures of the trust page: python -m tests.collection [-v]"""
import sys

from backprop_lab import check

from .figures import figures, tell

if __name__ == "__main__":
    tell(figures(), every="-v" in sys.argv, language=check.language)
