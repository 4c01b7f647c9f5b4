"""Importing: fast, silent, and each part only when it is first used."""
import subprocess
import sys

import backprop_lab

LOADED = """
import sys, backprop_lab
from backprop_lab import SigmoidNetwork, forward
print([name for name in ("numba", "matplotlib", "scipy", "pandas", "nbdev") if name in sys.modules])
"""


def test_numba_and_matplotlib_wait_until_they_are_used():
    done = subprocess.run([sys.executable, "-W", "error", "-c", LOADED], capture_output=True, text=True)
    assert done.stdout == "[]\n" and done.stderr == ""


def test_every_public_name_is_there():
    for name in backprop_lab.__all__:
        assert getattr(backprop_lab, name).__doc__
    assert set(backprop_lab.__all__) <= set(dir(backprop_lab))


def test_the_listing_names_come_with_a_star():
    names = {}
    exec("from backprop_lab.report import *", names)
    wanted = "Sigmoid_Network generate_linear generate_XOR_easy show_result sigmoid derivative_sigmoid loss der_loss"
    assert set(wanted.split()) <= set(names)
