"""Built, installed into a fresh environment and used from elsewhere."""
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy
import pytest
from helpers import ROOT

USE = """
import sys, time, pathlib, backprop_lab
assert "site-packages" in backprop_lab.__file__, backprop_lab.__file__
from backprop_lab import SigmoidNetwork, generate_xor_easy
X, y = generate_xor_easy()
network = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False], seed=0).fit(X, y)
assert network.separated
assert not [name for name in sys.modules if name.startswith(("nbdev", "execnb"))]
print("epochs", network.epochs)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the sdist, which is built from a copy of the files under version control."""
    folder = tmp_path_factory.mktemp("build")
    clone = folder / "clone"
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines():
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, clone], check=True, capture_output=True, timeout=600
    )
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    with tarfile.open(sdist) as files:
        inside = {name.split("/", 1)[-1] for name in files.getnames()}
    # the notebooks are the source
    assert {"nbs/01_data.ipynb", "tests/helpers.py", "docs/conf.py", "settings.ini"} <= inside
    with zipfile.ZipFile(wheel) as files:
        shipped = {Path(name).name for name in files.namelist()}
    assert {
        path.name for path in (ROOT / "backprop_lab").iterdir() if path.suffix in (".py", ".js", ".css", ".json")
    } <= shipped
    return wheel


VERSIONS = ("3.12", "3.13")


def interpreters():
    """This Python, and the oldest and newest that we support where they are found."""
    yield pytest.param(sys.executable, id="this")
    for version in VERSIONS:
        if sys.version_info[:2] != tuple(map(int, version.split("."))):
            places = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
            found = str(places[-1]) if places else shutil.which(f"python{version}")
            yield pytest.param(found, id=version, marks=[] if found else pytest.mark.skip(f"no Python {version} here"))


@pytest.mark.parametrize("python", list(interpreters()))
def test_the_wheel_works_elsewhere(wheel, tmp_path, python):
    subprocess.run([python, "-m", "venv", tmp_path / "env"], check=True, timeout=120)
    tools = tmp_path / "env" / "bin"
    quick = ["uv", "pip", "install", "--python", tools / "python"]         # where it is there
    install = [*(quick if shutil.which("uv") else [tools / "pip", "install"]), "--quiet"]
    if python == sys.executable:                # what it needs is here already; the others resolve everything anew
        subprocess.run([*install, "--no-deps", wheel], check=True, timeout=900)
        here = next((tmp_path / "env" / "lib").glob("python*")) / "site-packages" / "needed.pth"
        here.write_text(str(Path(numpy.__file__).parent.parent))
    else:
        subprocess.run([*install, wheel], check=True, timeout=900)
    options = dict(cwd=tmp_path, capture_output=True, text=True, timeout=300)
    used = subprocess.run([tools / "python", "-c", USE], **options)
    assert used.stdout == "epochs 7002\n", used.stderr
    assert subprocess.run([tools / "backprop-lab", "report"], **options).returncode == 0
