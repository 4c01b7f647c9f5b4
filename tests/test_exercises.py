"""The exercises as a lecturer uses them: released without solutions, then graded, whatever the students hand in."""
import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from helpers import ROOT

pytest.importorskip("nbgrader", reason="nbgrader is not installed (extra: teach)")
NAMES = ["1_sigmoid", "2_forward", "3_backward", "4_training"]
STUB = "# your code here\nraise NotImplementedError()"


def nbgrader(course, *arguments):
    tools = Path(sys.executable).parent                      # nbgrader calls alembic by its name
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([tools / "nbgrader", *arguments], cwd=course, env=env, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]


def hand_in(course, student, change=None):
    """Copy the released notebooks and put `change(name, grade_id, source)` into the solution cells."""
    folder = course / "submitted" / student / "lab"
    shutil.copytree(course / "release" / "lab", folder)
    for name in NAMES:
        notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("solution") and change:
                cell.source = change(cell.metadata.nbgrader.grade_id, cell.source)
        nbformat.write(notebook, folder / f"{name}.ipynb")


def solutions():
    found = {}
    for name in NAMES:
        for cell in nbformat.read(ROOT / "exercises" / "source" / "lab" / f"{name}.ipynb", as_version=4).cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                found[cell.metadata.nbgrader.grade_id] = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source)
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "exercises" / "source" / "lab", course / "source" / "lab")
    shutil.copy(ROOT / "exercises" / "nbgrader_config.py", course)
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.ExecutePreprocessor.timeout = 25\n")        # the endless student need not take that long here
    nbgrader(course, "generate_assignment", "lab", "--force")
    return course


def test_released_notebooks_hold_no_solution(course):
    for name in NAMES:
        source = (ROOT / "exercises" / "source" / "lab" / f"{name}.ipynb").read_text(encoding="utf-8")
        released = (course / "release" / "lab" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" in source and "BEGIN HIDDEN" in source
        for word in ("SOLUTION", "HIDDEN", "seed=2026", "2773"):
            assert word not in released
    cells = [cell.source for name in NAMES for cell in nbformat.read(course / "release" / "lab" / f"{name}.ipynb", as_version=4).cells]
    lines = {line.strip() for source in cells for line in source.splitlines()}
    assert sum(source.count(STUB.splitlines()[1]) for source in cells) == len(solutions())
    for body in solutions().values():
        assert not {line.strip() for line in body.splitlines()[1:] if line.strip()} & lines


def test_graded(course):
    right = solutions()
    wrong = {**right, "output_delta": "def output_delta(y, y_true):\n    return y - y_true"}
    broken = {**right, "sigmoid": "def sigmoid(x):\n    while True: pass", "forward": "def forward(weights, X):\n    return weights[99]", "update": "def update(: nonsense"}
    hand_in(course, "right", lambda cell, source: right[cell])
    hand_in(course, "wrong", lambda cell, source: wrong[cell])
    hand_in(course, "broken", lambda cell, source: broken[cell])
    hand_in(course, "blank")
    nbgrader(course, "autograde", "lab", "--create", "--force")
    nbgrader(course, "generate_feedback", "lab", "--force")
    nbgrader(course, "export", "--to", "grades.csv")
    with open(course / "grades.csv", newline="") as file:
        scores = {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)}
    assert scores["right"] == (28, 28) and scores["blank"] == (0, 28)
    assert scores["wrong"] == (28 - 2 - 1 - 3, 28)                       # the delta and the two checks of backward that need it
    assert scores["broken"] == (28 - 4 - 4 - 9, 28)                      # all of the notebooks with a fault in what the rest needs; the third is whole
    feedback = (course / "feedback" / "wrong" / "lab" / "3_backward.html").read_text(encoding="utf-8")
    assert "The factor y(1 - y) is missing" in feedback
