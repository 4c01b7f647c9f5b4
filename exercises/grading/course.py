"""The course as its source notebooks tell it: exercises, pieces, tests, and what may be imported."""
import ast
import importlib
import inspect
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from backprop_lab import asking

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "docs"))
from translate import translated  # noqa: E402

EDITIONS = {"lab": "en", "lab_zh_TW": "zh_TW"}          # folder and language of each edition
STUB = ["# your code here", "raise NotImplementedError()"]
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION\n?", re.M | re.S)
HIDDEN = re.compile(r"^ *### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.M | re.S)


@dataclass
class Test:
    """A test cell: what it is worth, its code, and the line from which it is hidden."""
    name: str
    points: float
    code: str

    @property
    def released(self):
        return HIDDEN.sub("", self.code)

    @property
    def hidden_from(self):
        before, mark, _ = self.code.partition("### BEGIN HIDDEN TESTS")
        return before.count("\n") + 1 if mark else float("inf")


@dataclass
class Piece:
    """What a student writes in one cell: the reference, the functions in it, the tests below it."""
    name: str
    code: str
    tests: list = field(default_factory=list)

    @property
    def reference(self):
        return re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", self.code, flags=re.M)

    @property
    def stub(self):
        return SOLUTION.sub(lambda found: "".join(f"{found[1]}{line}\n" for line in STUB), self.code)

    @property
    def functions(self):
        return [part.name for part in ast.parse(self.reference).body
                if isinstance(part, ast.FunctionDef)]

    @property
    def points(self):
        return sum(test.points for test in self.tests)

    def is_in(self, source):
        """Whether a cell seems to hold this piece."""
        return any(re.search(rf"^\s*(def {name}\b|{name}\s*=)", source, re.M)
                   for name in self.functions)


@dataclass
class Exercise:
    """One notebook: what stands before the first piece, the pieces, and all texts to know it by."""
    name: str
    setup: str
    pieces: list
    texts: set
    shown: set                                      # code cells that are no piece and no test
    by_hand: list                                   # (name, points) of answers marked by a person

    @property
    def points(self):
        return sum(piece.points for piece in self.pieces)

    @property
    def asked(self):
        return [name for piece in self.pieces for name in piece.functions]

    @property
    def tests(self):
        return [test for piece in self.pieces for test in piece.tests]

    def own(self, cells):
        """Sources of what a student has written: no test, nothing that stands there as handed out.

        Tests and given cells are known by their content, wherever their metadata went.
        """
        given = self.shown | {plain(piece.stub) for piece in self.pieces}
        given |= {plain(code) for test in self.tests for code in (test.code, test.released)}
        return [source for kind, _, test, source in cells
                if kind == "code" and not test and plain(source) not in given]


def plain(text):
    """A text without its white space at the ends of lines and between them, for comparing."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())


def read_exercise(name, notebook):
    """An `Exercise` from a source notebook with nbgrader's metadata."""
    setup, pieces, texts, shown, by_hand = [], [], set(), set(), []
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and marks.get("grade"):
            by_hand.append((marks.grade_id, float(marks.points)))
        elif cell.cell_type == "markdown":
            texts.add(plain(cell.source))
        elif marks.get("solution"):
            pieces.append(Piece(marks.grade_id, cell.source))
        elif marks.get("grade"):
            pieces[-1].tests.append(Test(marks.grade_id, float(marks.points), cell.source))
        else:
            shown.add(plain(cell.source))
            setup += [] if pieces else [cell.source]
    return Exercise(name, "\n".join(setup), pieces, texts, shown, by_hand)


def read_editions(folder):
    """{"lab": [Exercise, ...], "lab_zh_TW": ...}: the course in each language."""
    paths, editions = sorted((Path(folder) / "source" / "lab").glob("*.ipynb")), {}
    for edition, language in EDITIONS.items():
        editions[edition] = [read_exercise(path.stem, translated(path, language)) for path in paths]
    return editions


# what a student's process may import of the package

def allowed_names(exercise, course):
    """Names of backprop_lab that the exercise imports itself, or that earlier ones have asked for."""
    package = importlib.import_module("backprop_lab")
    names = [alias.name for part in ast.parse(exercise.setup).body
             if isinstance(part, ast.ImportFrom) and part.module == "backprop_lab"
             for alias in part.names if alias.name != "check"]
    for earlier in course[:course.index(exercise)]:
        names += [name for name in earlier.asked if name in package.__all__]
    return list(dict.fromkeys(names))


def modules_of(names):
    """Files of backprop_lab that hold the names, and what those import in turn: {module: path}."""
    package, found = importlib.import_module("backprop_lab"), {}
    left = [getattr(package, name).__module__.rpartition(".")[2] for name in names]
    while left:
        if (module := left.pop()) in found:
            continue
        path = Path(package.__file__).parent / f"{module}.py"
        found[module] = path
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.ImportFrom) and part.level == 1:
                left += [part.module] if part.module else [alias.name for alias in part.names]
    return found


QUIET = '''"""Stands for backprop_lab.check where marks are given: tests are run elsewhere."""


class Quiet(float):
    def __call__(self, *args, **named):
        return self

    def __getattr__(self, name):
        return self


def __getattr__(name):
    return Quiet(1)
'''


def small_package(exercise, course, folder):
    """Write what the exercise's process can see: the worker and a backprop_lab without answers."""
    names = allowed_names(exercise, course)
    asked = {name for later in course[course.index(exercise):] for name in later.asked}
    target = Path(folder) / "backprop_lab"
    target.mkdir(parents=True)
    for file in (HERE / "worker.py", HERE / "wire.py", asking.__file__):
        shutil.copy(file, folder)
    for module, path in modules_of(names).items():
        text = path.read_text(encoding="utf-8")
        defined = {part.name for part in ast.parse(text).body if isinstance(part, ast.FunctionDef)}
        if defined & asked:
            raise RuntimeError(f"{module}.py holds {sorted(defined & asked)}, asked in "
                               f"{exercise.name} or later: a student's process may not have it")
        (target / f"{module}.py").write_text(text, encoding="utf-8")
    (target / "check.py").write_text(QUIET)
    package = importlib.import_module("backprop_lab")
    lines = [f"from .{inspect.getmodule(getattr(package, name)).__name__.rpartition('.')[2]} "
             f"import {name}\n" for name in names]
    (target / "__init__.py").write_text("".join([*lines, "from . import check\n"]))
    return Path(folder)
