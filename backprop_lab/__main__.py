"""python -m backprop_lab: the command."""
import sys

from backprop_lab.cli import main

sys.exit(main())
