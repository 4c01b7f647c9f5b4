"""The exercises as a lecturer uses them: released without solutions, graded whatever comes back."""
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
from nbclient import NotebookClient

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
    subprocess.run([sys.executable, ROOT / "docs" / "translate.py", "exercises", course],
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
            path.write_text(json.dumps(notebook), encoding="utf-8")

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


def test_released_notebooks_hold_no_solution(course):
    for name in NAMES:
        source = (ROOT / "exercises" / "source" / "lab" / f"{name}.ipynb").read_text("utf-8")
        released = (course / "release" / "lab" / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" in source and "BEGIN HIDDEN" in source
        for word in ("SOLUTION", "HIDDEN", "seed=2026", "2773", "9e-13"):
            assert word not in released
    notebooks = [nbformat.read(course / "release" / "lab" / f"{name}.ipynb", as_version=4)
                 for name in NAMES]
    cells = [cell.source for notebook in notebooks for cell in notebook.cells
             if cell.cell_type == "code"]
    lines = {line.strip() for source in cells for line in source.splitlines()}
    assert sum(source.count(STUB.splitlines()[1]) for source in cells) == len(RIGHT)
    for body in RIGHT.values():
        assert not {line.strip() for line in body.splitlines()[1:] if line.strip()} & lines


def test_chinese_edition_has_chinese_checks(course):
    text = (course / "release" / "lab_zh_TW" / "1_sigmoid.ipynb").read_text(encoding="utf-8")
    assert 'check.language = \\"zh_TW\\"' in text and "# 練習一" in text


def test_run_all_goes_on_and_shows_a_verdict_once(course):
    """Nothing is written yet, and every cell still runs: wrong pieces do not stop the right ones."""
    notebook = nbformat.read(course / "release" / "lab" / "1_sigmoid.ipynb", as_version=4)
    cell_of(notebook, "sigmoid_derivative").source = "def sigmoid_derivative(a):\n    return 1 - a"
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    for piece, said in [("sigmoid", "not yet"), ("sigmoid_derivative", "factor a is missing")]:
        outputs = cell_of(notebook, f"test-{piece}").outputs
        assert [output.output_type for output in outputs] == ["execute_result"]
        assert outputs[0].data["text/plain"].count(said) == 1


def test_nothing_handed_in_says_what_to_do(tmp_path):
    status, said = grade(tmp_path)
    assert status == 2 and "make assignment" in said and "submitted/STUDENT/lab" in said


# what is wrong in one student's hand-in, and in which piece
WRONG = {
    "no_slope": {"output_delta": "def output_delta(y, y_true):\n    return y - y_true"},
    "sum": {"gradient": RIGHT["gradient"].replace(" / len(a)", "")},
    "tanh": {"sigmoid": "def sigmoid(x):\n    return np.tanh(x)"},
    "uphill": {"update": RIGHT["update"].replace("-=", "+=")},
    "own_names": {
        "hidden_delta": "def hidden_delta(delta, W, a, slope=None):\n    raise ValueError('see f')\n"
                        "def f(d, W, a):\n    return (d @ W[:a.shape[-1]].T) * a * (1 - a)",
        "backward": RIGHT["backward"].replace("hidden_delta(", "f(")},
}


def plain_class(course):
    """Twenty who hand in nothing broken, and their marks."""
    wanted = {}
    for k in range(8):
        Student(course, f"right{k}", list(EDITIONS)[k % 2])
        wanted[f"right{k}"] = POINTS
    for name, wrong in WRONG.items():
        Student(course, name, answers={**RIGHT, **wrong})
        wanted[name] = {**POINTS, next(iter(wrong)): None}      # None: less than all
    Student(course, "blank", answers={})
    wanted["blank"] = dict.fromkeys(POINTS, 0)
    for k, piece in enumerate(["sigmoid", "output_delta", "update", "train_epoch", "forward"]):
        Student(course, f"without_{piece}", list(EDITIONS)[k % 2], without(piece))
        wanted[f"without_{piece}"] = {**POINTS, piece: 0}
    Student(course, "three_of_four", names=NAMES[:3])
    wanted["three_of_four"] = {**POINTS, "update": 0, "train_epoch": 0, "train": 0}
    return wanted


def copy_cell(name):
    return lambda notebook: notebook.cells.append(copy.deepcopy(cell_of(notebook, name)))


def put_first(source):
    return lambda notebook: notebook.cells.insert(0, code_cell(source))


def strip(notebook):
    for cell in notebook.cells:
        cell.metadata.clear()


def without_tests(notebook):
    notebook.cells = [cell for cell in notebook.cells
                      if not cell.metadata.get("nbgrader", {}).get("grade")]


def broken_class(course):
    """Ten broken hand-ins: {student: (marks, what is said about it)}."""
    wanted = {}

    def add(name, said, lost=(), answers=RIGHT):
        wanted[name] = {**POINTS, **dict.fromkeys(lost, 0)}, said
        return Student(course, name, answers=answers)

    twice = add("duplicate", "stand more than once: test-sigmoid")
    twice.change(copy_cell("test-sigmoid"), "1_sigmoid")
    cut = add("cut_json", "is damaged", ["backward"]).path("3_backward")
    text = cut.read_text(encoding="utf-8")
    cut.write_text(text[:text.index("def backward")], encoding="utf-8")
    kill = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    add("killed", "ends the whole process").change(put_first(kill), "2_forward")
    add("endless", "has not come back").change(put_first("while True: pass"), "1_sigmoid")
    eater = "def sigmoid(x):\n    return [bytearray(2**20) for _ in range(10**6)]"
    add("eater", "eats the memory", ["sigmoid"], {**RIGHT, "sigmoid": eater})
    add("missing", "2_forward is missing", ["forward"]).path("2_forward").unlink()
    renamed = add("renamed", "was found as").folder
    (renamed / "1_sigmoid.ipynb").rename(renamed / "my homework (1).ipynb")
    nested = add("nested", "was found as").folder
    shutil.move(nested, nested.parent / "homework" / "final")
    add("stripped", "metadata are gone").change(strip)
    tests = add("no_tests", "test cells changed or deleted")
    tests.change(without_tests, "3_backward")
    tests.change(lambda nb: cell_of(nb, "test-forward").update(source="assert True"), "2_forward")
    return wanted


CHEATS = {
    "transformers": "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass\\n'])",
    "imports": "from backprop_lab import backward\nfrom backprop_lab.gradients import backward",
    "reads_source": """
import json, pathlib, re
for path in pathlib.Path("{root}").rglob("3_backward.ipynb"):
    for cell in json.loads(path.read_text())["cells"]:
        if "BEGIN SOLUTION" in "".join(cell["source"]):
            exec("".join(cell["source"]))""",
    "patches": """
import numpy as np
np.allclose = np.array_equal = lambda *args, **named: True
np.testing.assert_allclose = lambda *args, **named: None
def backward(weights, activations, y_true):
    return [np.zeros_like(W) for W in weights]""",
    "frames": """
import sys
def backward(weights, activations, y_true):
    frame = sys._getframe()
    while frame := frame.f_back:
        for name in ("wanted", "expected", "gradients", "backward", "case"):
            if name in frame.f_locals and not callable(frame.f_locals[name]):
                return frame.f_locals[name]
    raise NotImplementedError""",
    "queue": """
import gc, multiprocessing.queues, os
def backward(weights, activations, y_true):
    for thing in gc.get_objects():
        if isinstance(thing, multiprocessing.queues.Queue) or type(thing).__name__ == "Connection":
            (thing.put if hasattr(thing, "put") else thing.send)(("backward", 12, 12, "right"))
    for channel in range(3, 20):
        try:
            os.write(channel, b'\\x10' + bytes(7) + b'{"done": "right"}')
        except OSError:
            pass
    os._exit(0)""",
}


def cheats(course):
    """Six ways to marks without work, for `backward` (the first for its whole notebook)."""
    for name, trick in CHEATS.items():
        student = Student(course, f"cheat_{name}", answers=without("backward"))
        trick = trick.replace("{root}", str(ROOT))

        def put(notebook):
            if name == "transformers":
                for cell in notebook.cells:
                    if cell.metadata.get("nbgrader", {}).get("solution"):
                        cell.source = trick if cell.cell_type == "code" else cell.source
            else:
                cell_of(notebook, "backward").source = trick
        student.change(put, "3_backward")


@pytest.fixture(scope="module")
def graded(course):
    """The class of 30, and six who cheat, graded once: (wanted, broken, exit status, output)."""
    wanted, broken = plain_class(course), broken_class(course)
    assert len(wanted) == 20 and len(broken) == 10
    cheats(course)
    (course / "grades.csv").write_text("old")
    return wanted, broken, *grade(course, "--seconds", "25", "--megabytes", "1024")


def assert_marks(found, wanted):
    for piece, points in wanted.items():
        if points is None:
            assert 0 <= float(found[piece]) < POINTS[piece], (found["student_id"], piece)
        else:
            assert float(found[piece]) == points, (found["student_id"], piece)


def test_everybody_gets_the_marks_they_deserve(course, graded):
    wanted, broken, _, _ = graded
    found = marks(course)
    assert len(found) == 36
    for name, points in wanted.items():
        assert_marks(found[name], points)
    for name, (points, _) in broken.items():
        assert_marks(found[name], points)
    for row in found.values():
        assert float(row["max_score"]) == 28
        assert float(row["score"]) == pytest.approx(sum(float(row[piece]) for piece in POINTS))


def test_what_has_to_be_looked_at_is_listed(course, graded):
    _, broken, status, said = graded
    assert status == 1
    listed = said[said.index("To look at"):].splitlines()
    for name, (_, reason) in broken.items():
        assert any(line.startswith(f"  {name}: ") and reason in line for line in listed), name
    assert not any(line.strip().startswith("right") for line in listed)


@pytest.mark.parametrize("name", CHEATS)
def test_no_marks_without_work(course, graded, name):
    if name == "reads_source" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed: files are not kept out")
    found = marks(course)[f"cheat_{name}"]
    assert float(found["backward"]) == 0
    assert float(found["sigmoid"]) == POINTS["sigmoid"]


def test_pages(course, graded):
    page = (course / "feedback" / "no_slope.html").read_text(encoding="utf-8")
    assert "the slope of the sigmoid, is missing" in page and "expected" in page
    for file in [*(course / "feedback").glob("*.html"), course / "overview.html"]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|<script|<link", text)
        assert "2026" not in text and "2773" not in text
    assert "人工評分" not in page
    chinese = (course / "feedback" / "right1.html").read_text(encoding="utf-8")
    assert '<html lang="zh-TW">' in chinese and "正確" in chinese
    overview = (course / "overview.html").read_text(encoding="utf-8")
    assert "The class: 36 students" in overview and "slope of the sigmoid" in overview


def test_only_what_changed_is_marked_again(course, graded):
    before = marks(course)
    assert "0 notebooks marked anew" in grade(course, "--seconds", "25", "--megabytes", "1024")[1]
    assert marks(course) == before
    shutil.rmtree(course / "submitted")
    Student(course, "right0")
    status, said = grade(course, "--seconds", "25", "--megabytes", "1024")
    assert status == 0 and "0 notebooks marked anew" in said and len(marks(course)) == 1
    assert [path.name for path in (course / "feedback").iterdir()] == ["right0.html"]


def test_an_answer_is_marked_by_hand(tmp_path):
    """With nbgrader's form grader, which writes a manual score into the gradebook."""
    from nbgrader.api import Gradebook
    path = tmp_path / "source" / "lab" / "1_sigmoid.ipynb"
    path.parent.mkdir(parents=True)
    notebook = nbformat.read(ROOT / "exercises/source/lab/1_sigmoid.ipynb", as_version=4)
    cell_of(notebook, "think-sigmoid").metadata.nbgrader.points = 2
    nbformat.write(notebook, path)
    shutil.copy(ROOT / "exercises" / "nbgrader_config.py", tmp_path)
    nbgrader(tmp_path, "generate_assignment", "lab", "--force")
    answers = {**RIGHT, "think-sigmoid": "At 0, one quarter."}
    Student(tmp_path, "thinks", answers=answers, names=["1_sigmoid"])
    status, said = grade(tmp_path)
    assert status == 0, said
    row = marks(tmp_path)["thinks"]
    assert (row["score"], row["max_score"]) == ("4", "6")
    shown = tmp_path / "autograded" / "thinks" / "lab" / "1_sigmoid.ipynb"
    assert "one quarter" in shown.read_text(encoding="utf-8")
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "backprop_lab") as book:
        mark = book.find_grade("think-sigmoid", "1_sigmoid", "lab", "thinks")
        assert mark.needs_manual_grade
        mark.manual_score = 1.5
        book.db.commit()
    grade(tmp_path)
    assert marks(tmp_path)["thinks"]["score"] == "5.5"
    assert "marked by hand" in (tmp_path / "feedback" / "thinks.html").read_text(encoding="utf-8")
