"""The judge: runs the source's tests here, with functions that ask a student's process."""
import ast
import contextlib
import io
from dataclasses import asdict, dataclass, field

from backprop_lab import check

from .student import Student, StudentError

LONGEST = 6_000                                   # characters of what a page shows of one test
SAYS = {
    "hidden": ("Right in what this check shows, wrong in a case that it does not show.\n",
               "這項檢查列出的案例都正確，但沒有列出的案例有錯。\n"),
    "blank": ("Nothing here yet.", "尚未作答。"),
    "holds": ("This does not hold: {0}\n", "這一行不成立：{0}\n"),
    "line": ("{0}\n(in the test's line: {1})\n", "{0}\n（在檢查的這一行：{1}）\n"),
    "student": ("Your code {0}.", "你的程式沒有給出可用的結果（{0}）。"),
    "memory": ("MemoryError: your code wants more memory than there is for it.",
               "MemoryError：你的程式需要的記憶體超過上限。"),
    "lost": ("There is no function {0} that could be called. {1}", "找不到可以呼叫的函式 {0}。{1}"),
    "code": ("{0}: {1} (in the line: {2})", "{0}：{1}（在這一行：{2}）"),
}


def say(what, language, *values):
    """A sentence for the student's page, in the language of the edition."""
    return SAYS[what][language != "en"].format(*values)


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
        known = {"seed": seed, "language": self.language, "seconds": function.student.seconds}
        answers, why = function.student.answers(function.__name__, task.questions(seed))
        try:
            hungry = any((answer["error"] or {}).get("type") == "MemoryError" for answer in answers)
            return task.judge(answers, stopped=why, **known), why or ("memory" if hungry else None)
        except Exception:                             # not what `asking` writes
            return task.judge([], stopped="exit", **known), "unreadable"


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
            failed = run_statement(part, namespace, mark, bench.language)
        fresh = [verdict for verdict, _ in bench.verdicts[before:] if not verdict]
        if failed and not fresh:
            text = explain(failed, part, test, bench.language)
        if fresh:
            text, failed = str(fresh[0]), failed or "wrong"
        if failed:
            shown.write(say("hidden", bench.language) if hidden else text)
            break
    verdicts = bench.verdicts
    scores = [verdict.score for verdict, _ in verdicts if not verdict]
    mark.score = round(test.points * min(scores), 2) if scores else 0.0 if failed else test.points
    mark.causes = [cause for verdict, _ in verdicts if not verdict for cause in verdict.causes]
    mark.faults += [why for _, why in verdicts if why]
    mark.text = shown.getvalue()[:LONGEST]
    return mark


def run_statement(part, namespace, mark, language):
    """Run one statement of a test; "" or what went wrong."""
    try:
        exec(compile(ast.Module([part], []), "test", "exec"), namespace)
    except NotImplementedError:
        return say("blank", language)
    except AssertionError as error:
        return f"AssertionError: {error}" if str(error) else "AssertionError"
    except StudentError as error:
        mark.faults.append(error.kind)
        return say("student", language, error)
    except MemoryError:
        mark.faults.append("memory")
        return say("memory", language)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def explain(failed, part, test, language):
    """A failed statement as text: what it says, and which line of the test it was."""
    line = ast.get_source_segment(test.code, part) or ""
    if failed == "AssertionError":
        return say("holds", language, line.removeprefix("assert "))
    return say("line", language, failed, line)


class Trial:
    """One hand-in's cells in a process, and its functions tried piece by piece."""

    def __init__(self, exercise, cells, package, language, options, lent=()):
        self.exercise = exercise
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
        if lost := self.lost(piece, self.bench.language):
            return [Mark(test.name, "", test.points, text=lost) for test in piece.tests]
        return [run_test(test, namespace, self.bench) for test in piece.tests]

    def lost(self, piece, language="en"):
        """Why a piece's function cannot be called, or nothing."""
        missing = [name for name in piece.functions if name not in self.student.found]
        if not missing:
            return ""
        why = [say("code", language, *trouble)
               for source, trouble in zip(self.student.job["cells"], self.student.troubles)
               if trouble and missing[0] in source]
        return say("lost", language, missing[0], why[-1] if why else "").strip()


def judge(exercise, cells, package, language="en", seconds=40, megabytes=2048, isolated=True):
    """Marks of all pieces of one hand-in. cells: the sources to run, in order.

    Each piece is tried as it stands; where an earlier one is not right, it is tried with the
    reference for the earlier ones first, and the better of the two counts. Returns plain JSON.
    """
    options = {"seconds": seconds, "megabytes": megabytes, "isolated": isolated}
    common = (exercise, cells, package, language, options)
    marks, lacking = [], False
    with Trial(*common) as trial:
        lost = {piece.name: trial.lost(piece) for piece in exercise.pieces if trial.lost(piece)}
        for number, piece in enumerate(exercise.pieces):
            found = []
            if lacking and piece.name not in lost:
                with Trial(*common, lent=exercise.pieces[:number]) as lent:
                    found.append(lent.marks(piece))
                options["seconds"] = min(options["seconds"], lent.student.seconds)
            endless = found and any("time" in mark.faults for mark in found[0])
            if not found or full(found[0]) < 1 and not endless:
                found.append(trial.marks(piece))
                options["seconds"] = trial.student.seconds
            mine = [max(both, key=lambda mark: mark.score) for both in zip(*found)]
            lacking |= full(mine) < 1
            marks += [dict(asdict(mark), piece=piece.name) for mark in mine]
        endings = {str(number): text for number, text in trial.student.endings.items()}
    return {"marks": marks, "lost": lost, "endings": endings}


def full(marks):
    """Share of the points that the marks are."""
    return sum(mark.score for mark in marks) / max(sum(mark.points for mark in marks), 1e-9)
