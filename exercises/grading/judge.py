"""The judge: runs the source's tests here, with functions that ask a student's process."""
import ast
import contextlib
import io
from dataclasses import asdict, dataclass, field

from backprop_lab import check

from .student import Student, StudentError

LONGEST = 6_000                                   # characters of what a page shows of one test
HIDDEN = "Right in what this check shows, wrong in a case that it does not show.\n"


@dataclass
class Mark:
    """What one test cell gave: the points, what to show, and the causes that were found."""
    test: str
    piece: str
    points: float
    score: float = 0.0
    text: str = ""
    causes: list = field(default_factory=list)
    faults: list = field(default_factory=list)    # for the lecturer: ended, endless, memory


class Bench:
    """Stands for `check` in a test: asks the student's process and keeps the verdicts."""

    def __init__(self, language):
        self.language, self.verdicts = language, []

    def __getattr__(self, name):
        task = getattr(check, name)
        if not isinstance(task, check.Task):
            return task

        def judged(function, *, seed=0, **options):
            if not hasattr(function, "student"):
                return task(function, seed=seed, language=self.language, **options)
            verdict, why = self.ask(task, function, seed)
            self.verdicts.append((verdict, why))
            return verdict
        return judged

    def ask(self, task, function, seed):
        """The verdict on a student's answers, and why some are missing."""
        student = function.student
        answers, why = student.answers(function.__name__, task.questions(seed))
        known = {"seed": seed, "language": self.language, "seconds": student.seconds}
        try:
            hungry = any((answer["error"] or {}).get("type") == "MemoryError" for answer in answers)
            return task.judge(answers, why=why, **known), why or ("memory" if hungry else None)
        except Exception:                             # not what `asking` writes
            return task.judge([], why="exit", **known), "unreadable"


def run_test(test, namespace, bench):
    """The `Mark` of a test cell: the least score of its verdicts, 0 where something else fails."""
    bench.verdicts.clear()
    mark = Mark(test.name, "", test.points)
    shown, failed = io.StringIO(), ""
    tree = ast.parse(test.code)
    for part in tree.body:
        hidden = part.lineno > test.hidden_from
        before = len(bench.verdicts)
        with contextlib.redirect_stdout(io.StringIO() if hidden else shown):
            failed = run_statement(part, namespace, mark)
        fresh = [verdict for verdict, _ in bench.verdicts[before:] if not verdict]
        if failed and not fresh:
            shown.write(HIDDEN if hidden else explain(failed, part, test))
        if fresh:
            shown.write(HIDDEN if hidden else str(fresh[0]))
            failed = failed or "wrong"
        if failed:
            break
    verdicts = bench.verdicts
    scores = [verdict.score for verdict, _ in verdicts if not verdict]
    mark.score = round(test.points * min(scores), 2) if scores else 0.0 if failed else test.points
    mark.causes = [cause for verdict, _ in verdicts if not verdict for cause in verdict.causes]
    mark.faults += [why for _, why in verdicts if why]
    mark.text = shown.getvalue()[:LONGEST]
    return mark


def run_statement(part, namespace, mark):
    """Run one statement of a test; "" or what went wrong."""
    try:
        exec(compile(ast.Module([part], []), "test", "exec"), namespace)
    except NotImplementedError:
        return "Nothing here yet."
    except AssertionError as error:
        return f"AssertionError: {error}" if str(error) else "AssertionError"
    except StudentError as error:
        mark.faults.append(error.kind)
        return f"Your code {error}."
    except MemoryError:
        mark.faults.append("memory")
        return "MemoryError: your code wants more memory than there is for it."
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def explain(failed, part, test):
    """A failed statement as text: what it says, and which line of the test it was."""
    line = ast.get_source_segment(test.code, part) or ""
    if failed == "AssertionError":
        return f"This does not hold: {line.removeprefix('assert ')}\n"
    return f"{failed}\n(in the test's line: {line})\n"


class Trial:
    """One hand-in's cells in a process, and its functions tried piece by piece."""

    def __init__(self, exercise, cells, package, language, options, lent=()):
        self.exercise, self.language, self.options = exercise, language, options
        self.student = Student(cells, exercise.asked, package, [piece.reference for piece in lent],
                               **options)
        self.bench = Bench(language)

    def __enter__(self):
        self.student.start()
        return self

    def __exit__(self, *error):
        self.student.close()

    def marks(self, piece):
        """Marks of a piece's tests; functions of earlier pieces are the reference in the tests."""
        namespace = {"__name__": "test"}
        exec(self.exercise.setup, namespace)
        namespace["check"] = self.bench
        for earlier in self.exercise.pieces[:self.exercise.pieces.index(piece)]:
            exec(earlier.reference, namespace)
        for name in piece.functions:
            namespace[name] = self.student.function(name)
        if lost := self.lost(piece):
            return [Mark(test.name, "", test.points, text=lost) for test in piece.tests]
        return [run_test(test, namespace, self.bench) for test in piece.tests]


    def lost(self, piece):
        """"" or why a piece's function cannot be called."""
        missing = [name for name in piece.functions if name not in self.student.found]
        if not missing:
            return ""
        why = [f"{kind}: {message}" + (f" (in the line: {line})" if line else "")
               for source, trouble in zip(self.student.job["cells"], self.student.troubles)
               if trouble and piece.is_in(source) for kind, message, line in [trouble]]
        return "; ".join([f"there is no function {missing[0]} that could be called", *why[-1:]])


def judge(exercise, cells, package, language="en", seconds=60, megabytes=2048, isolated=True):
    """Marks of all pieces of one hand-in. cells: the sources to run, in order.

    Each piece is tried as it stands and, where an earlier one is not right, with the reference for
    the earlier ones; the better of the two counts. Returns what can be kept as JSON.
    """
    options = {"seconds": seconds, "megabytes": megabytes, "isolated": isolated}
    common = (exercise, cells, package, language, options)
    marks, lacking = [], False
    with Trial(*common) as trial:
        student = trial.student
        lost = {piece.name: trial.lost(piece) for piece in exercise.pieces if trial.lost(piece)}
        for number, piece in enumerate(exercise.pieces):
            mine = trial.marks(piece)
            if lacking and full(mine) < 1 and piece.name not in lost:
                with Trial(*common, lent=exercise.pieces[:number]) as lent:
                    mine = [max(pair, key=lambda mark: mark.score)
                            for pair in zip(mine, lent.marks(piece))]
            lacking |= full(mine) < 1
            for mark in mine:
                mark.piece = piece.name
            marks += mine
    return {"marks": [asdict(mark) for mark in marks], "lost": lost,
            "endings": {str(number): text for number, text in student.endings.items()}}


def full(marks):
    """Share of the points that the marks are."""
    return sum(mark.score for mark in marks) / max(sum(mark.points for mark in marks), 1e-9)
