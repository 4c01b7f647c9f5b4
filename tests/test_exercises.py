"""The exercises as a lecturer uses them: released without solutions, then graded, whatever comes back."""
import copy
import csv
import json
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
sys.path.insert(0, str(ROOT / "exercises"))
from grading.course import EDITIONS, read_editions  # noqa: E402

NAMES = ["1_sigmoid", "2_forward", "3_backward", "4_training"]
STUB = "# your code here\nraise NotImplementedError()"
COURSE = read_editions(ROOT / "exercises")["lab"]
RIGHT = {piece.name: piece.reference for exercise in COURSE for piece in exercise.pieces}
POINTS = {piece.name: piece.points for exercise in COURSE for piece in exercise.pieces}


def nbgrader(course, *arguments):
    tools = Path(sys.executable).parent                      # nbgrader calls alembic by its name
    env = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([tools / "nbgrader", *arguments], cwd=course, env=env,
                          capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]


def grade(course, *options):
    """Run the grading as `make grade` does; returns (exit status, what it prints)."""
    done = subprocess.run([sys.executable, ROOT / "exercises" / "grade.py", course, *options],
                          capture_output=True, text=True, timeout=900)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout


def marks(course):
    """{student: {piece: its mark}} of grades.csv."""
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder with both editions released."""
    course = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "exercises" / "source" / "lab", course / "source" / "lab")
    shutil.copy(ROOT / "exercises" / "nbgrader_config.py", course)
    subprocess.run([sys.executable, ROOT / "exercises" / "translate.py", "zh_TW", course],
                   check=True)
    for edition in EDITIONS:
        nbgrader(course, "generate_assignment", edition, "--force")
    return course


class Student:
    """Hands in: the released notebooks with answers, changed as a student might."""

    def __init__(self, course, name, edition="lab", answers=RIGHT, names=NAMES):
        self.folder = course / "submitted" / name / edition
        self.folder.mkdir(parents=True)
        for notebook in names:
            shutil.copy(course / "release" / edition / f"{notebook}.ipynb", self.folder)
        self.solve(answers)

    def path(self, name):
        return self.folder / f"{name}.ipynb"

    def change(self, action, name=None):
        """Apply action(notebook) to the notebook of that name, or to all."""
        for path in [self.path(name)] if name else sorted(self.folder.glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            action(notebook)
            path.write_text(nbformat.writes(notebook, version=nbformat.NO_CONVERT), encoding="utf-8")

    def solve(self, answers):
        def put(notebook):
            for cell in notebook.cells:
                if (piece := cell.metadata.get("nbgrader", {}).get("grade_id")) in answers:
                    cell.source = answers[piece]
        self.change(put)


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells
                if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def without(*pieces):
    """The right answers without those of some pieces, which stay as they were handed out."""
    return {name: code for name, code in RIGHT.items() if name not in pieces}


def code_cell(source, name=None):
    cell = nbformat.v4.new_code_cell(source)
    if name:
        cell.metadata["nbgrader"] = {"grade_id": name, "grade": False, "solution": True,
                                     "locked": False, "schema_version": 3, "task": False}
    return cell
