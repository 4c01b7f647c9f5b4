"""Importing: fast, silent, and each part only when it is first used."""
import ast
import importlib
import re
import subprocess
import sys
import types
from configparser import ConfigParser
from pathlib import Path

import backprop_lab
from helpers import ROOT

LOADED = """
import sys, backprop_lab
from backprop_lab import SigmoidNetwork, forward
print([name for name in ("numba", "matplotlib", "scipy", "pandas", "nbdev") if name in sys.modules])
"""


def test_numba_and_matplotlib_wait_until_they_are_used():
    done = subprocess.run([sys.executable, "-W", "error", "-c", LOADED], capture_output=True, text=True)
    assert done.stdout == "[]\n" and done.stderr == ""


def test_no_function_hides_a_module():
    for path in Path(backprop_lab.__file__).parent.glob("[a-z]*.py"):
        assert isinstance(importlib.import_module(f"backprop_lab.{path.stem}"), types.ModuleType)
        assert getattr(backprop_lab, path.stem) is sys.modules[f"backprop_lab.{path.stem}"], path.stem


def test_check_is_there_after_a_plain_import():
    code = "import backprop_lab; print(callable(backprop_lab.check.forward))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True\n", done.stderr


def test_one_version():
    settings = ConfigParser(delimiters=["="])
    settings.read(ROOT / "settings.ini", encoding="utf-8")
    version = settings["DEFAULT"]["version"]
    assert version == backprop_lab.__version__
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text() and f"## {version}" in (ROOT /
    "CHANGELOG.md").read_text()


def imports_of(path):
    """The modules of this package that a module imports when it is itself imported."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return found & {other.stem for other in path.parent.glob("*.py")}


def test_imports_point_one_way():
    """A notebook imports only from those before it in the list. `checks` stands at the bottom of all, though it is read
    later."""
    order = ["checks"]
    for path in sorted((ROOT / "nbs").glob("*.ipynb")):
        order += [
            name for name in re.findall(r"#\| default_exp (\w+)", path.read_text(encoding="utf-8")) if name not in order
        ]
    for k, module in enumerate(order):
        assert imports_of(ROOT / "backprop_lab" / f"{module}.py") <= set(order[:k]), module


def test_every_public_name_is_there():
    for name in backprop_lab.__all__:
        assert getattr(backprop_lab, name).__doc__
    assert set(backprop_lab.__all__) <= set(dir(backprop_lab))


def test_the_listing_names_come_with_a_star():
    names = {}
    exec("from backprop_lab.report import *", names)
    wanted = "Sigmoid_Network generate_linear generate_XOR_easy show_result sigmoid derivative_sigmoid loss der_loss"
    assert set(wanted.split()) <= set(names)
