"""Strange surroundings: interpreters, folders, locales and processes in which import, fit, the command and the report
still work."""
import multiprocessing
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from helpers import ROOT

WORK = """
import io, contextlib, sys
from backprop_lab import SigmoidNetwork, generate_xor_easy
from backprop_lab.cli import main
X, y = generate_xor_easy()
network = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False], seed=0).fit(X, y)
table, page, file = sys.argv[1:]
network.save(file)
same = SigmoidNetwork.load(file).vector.tobytes() == network.vector.tobytes()
with contextlib.redirect_stdout(io.StringIO()):
    status = main(["train", table, "--epochs", "100000", "--learning-rate", "0.5", "--output", page])
print(network.epochs, same, status)
"""
NAMES = ["點 1.csv", "報 告", "網 路.safetensors"]
TABLE = "寬,高,kind\n0.1,0.2,紅\n0.9,0.8,藍\n0.2,0.1,紅\n0.8,0.9,藍\n"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "我的 folder with spaces"
    place.mkdir()
    (place / "點 1.csv").write_text(TABLE, encoding="utf-8")
    return place


@pytest.mark.parametrize("flags, changes", [
    ([], {}),
    (["-O"], {}),
    (["-OO"], {}),
    (["-W", "error"], {}),
    (["-I"], {}),
    ([], {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ([], {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"}),
    ([], {"DISPLAY": None, "MPLBACKEND": None, "WAYLAND_DISPLAY": None}),
    ([], {"HOME": "/proc/nowhere", "XDG_CACHE_HOME": "/proc/nowhere", "XDG_CONFIG_HOME": "/proc/nowhere"}),
    ([], {"NUMBA_CACHE_DIR": "/proc/nowhere"}),
    ([], {"NUMBA_DISABLE_JIT": "1"}),
    ([], {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}),
    ([], {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": None}),
], ids=str)
def test_it_works_there(folder, flags, changes):
    env = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
    done = subprocess.run([sys.executable, *flags, "-c", WORK, *NAMES], cwd=folder, env=env, capture_output=True,
    text=True, encoding="utf-8", timeout=120)
    assert done.stdout == "7002 True 0\n", done.stderr
    assert (folder / "報 告" / "index.html").exists()


FAR = """
import warnings
import numpy as np
from backprop_lab import SigmoidNetwork, study
network = SigmoidNetwork([1, 1], bias=False)
network.vector[:] = 1
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    network.fit(np.array([[-800.0], [-1e9], [800.0]]), [0, 0, 1], epochs=3, check_every=0)
print(network.epochs, network.vector[0], "NUMBA_DISABLE_JIT" in str(told[0].message))
try: study({"x": ([[0.0], [1.0]], [0, 1])})
except ValueError as error: print(error)
"""


def test_without_the_compiler():
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", FAR], env=env, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[0] == "3 1.0 True", done.stderr
    assert done.stdout.splitlines()[1].startswith("NUMBA_DISABLE_JIT is set; expected it unset")


def test_a_package_folder_that_cannot_be_written(folder):
    """The package is copied, without its caches, to a folder where even root cannot write: no file system, a zip."""
    shutil.make_archive(str(folder / "package"), "zip", ROOT, "backprop_lab")
    code = (
        "import sys; sys.path.insert(0, 'package.zip')\nimport "
        "backprop_lab\nassert 'package.zip' in backprop_lab.__file__\n" + WORK
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *NAMES], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.stdout == "7002 True 0\n", done.stderr


def train(seed):
    X, y = generate_xor_easy()
    return SigmoidNetwork([2, 4, 4, 1], seed=seed).fit(X, y, epochs=3_000).vector


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(method):
    alone = [train(seed) for seed in range(3)]           # compiled here already, before the fork
    with multiprocessing.get_context(method).Pool(2) as pool:
        together = pool.map(train, range(3))
    for one, other in zip(alone, together):
        assert np.array_equal(one, other)
