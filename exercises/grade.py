"""Marks for what lies in submitted/STUDENT: grades.csv, feedback/STUDENT.html and overview.html.

python grade.py [--seconds 40] [--megabytes 2048] [--again]: only what has changed is marked again.
Ends with 0 if all went well, with 1 and a list of students and reasons if something has to be
looked at, with 2 if there is nothing to mark.
"""
import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import backprop_lab
from backprop_lab.causes import sentence
from grading import gradebook, pages
from grading.course import EDITIONS, plain, read_editions, small_package
from grading.handins import hand_ins
from grading.judge import judge
from grading.student import has_bubblewrap

HERE = Path(__file__).parent
FAULTS = {"time": "does not come back", "exit": "ends its process", "memory": "eats the memory",
          "unreadable": "answers what cannot be read"}


@dataclass
class PieceResult:
    """A piece on a student's page."""
    exercise: str
    name: str
    points: float
    score: float = 0.0
    texts: list = field(default_factory=list)
    causes: list = field(default_factory=list)
    tests: dict = field(default_factory=dict)          # score of each test cell
    code: str = ""
    blank: bool = True

    @property
    def state(self):
        if self.score >= self.points:
            return "right"
        return "partly" if self.score else "blank" if self.blank else "wrong"


@dataclass
class Result:
    """Everything about a student. edition: in which they handed in most."""
    student: str
    assignment: str
    timestamp: str
    pieces: list
    remarks: list
    by_hand: list = field(default_factory=list)        # (name, score, points)

    @property
    def score(self):
        return (sum(piece.score for piece in self.pieces)
                + sum(score for _, score, _ in self.by_hand))

    @property
    def points(self):
        return sum(piece.points for piece in self.pieces) + sum(p for _, _, p in self.by_hand)


def about_cells(exercise, cells):
    """Remarks on what was done to the cells."""
    ids = Counter(name for _, name, _, _ in cells if name)
    intact = {plain(source) for _, _, _, source in cells}
    changed = [test.name for test in exercise.tests if plain(test.released) not in intact]
    twice = [name for name, count in ids.items() if count > 1]
    remarks = []
    if not ids:
        remarks.append("nbgrader's metadata are gone; cells were found by their content")
    if twice:
        remarks.append(f"cells stand more than once: {', '.join(twice)}")
    if changed:
        remarks.append(f"test cells changed or deleted (not used anyway): {', '.join(changed)}")
    return [f"{exercise.name}: {remark}" for remark in remarks]


def fingerprint(*things):
    """A short name for what decides a mark."""
    return hashlib.sha256(json.dumps(things, sort_keys=True).encode()).hexdigest()[:32]


def program():
    """A fingerprint of the code that marks: this folder's and the package's."""
    files = [*HERE.glob("*.py"), *HERE.glob("grading/*.py"),
             *Path(backprop_lab.__file__).parent.glob("*.py")]
    return fingerprint([[path.name, path.read_text(encoding="utf-8")] for path in sorted(files)])


def piece_results(exercise, cells, answer):
    """The `PieceResult`s of one exercise from what the judge says; blank ones without an answer."""
    results = []
    for piece in exercise.pieces:
        result = PieceResult(exercise.name, piece.name, piece.points)
        result.tests = {test.name: 0.0 for test in piece.tests}
        own = [source for source in exercise.own(cells) if piece.is_in(source)]
        result.blank, result.code = not own, own[-1] if own else ""
        for mark in answer["marks"] if answer else []:
            if mark["piece"] == piece.name:
                result.score += mark["score"]
                result.tests[mark["test"]] = mark["score"]
                result.causes += mark["causes"]
                if mark["score"] < mark["points"] and own and mark["text"] not in result.texts:
                    result.texts.append(mark["text"])
        results.append(result)
    return results


def about_running(exercise, cells, answer):
    """Remarks on what happened when a hand-in was run, and functions that are not there."""
    if "failed" in answer:
        return [f"{exercise.name}: could not be marked: {answer['failed']}"]
    sources, remarks = [exercise.setup, *exercise.own(cells)], []
    for number, ending in answer["endings"].items():
        first = sources[int(number)].strip().splitlines()[:1]
        remarks.append(f"the cell that begins with {first[0] if first else ''!r} {ending}; "
                       "only its functions were taken")
    for piece, kind in dict.fromkeys((m["piece"], f) for m in answer["marks"] for f in m["faults"]):
        remarks.append(f"{piece} {FAULTS[kind]}")
    handed_out = {plain(source) for _, _, _, source in cells}
    for piece in exercise.pieces:
        if piece.name in answer["lost"] and plain(piece.stub) not in handed_out:
            remarks.append(answer["lost"][piece.name])
    return [f"{exercise.name}: {remark}" for remark in remarks]


class Grading:
    """One run over a course folder."""

    def __init__(self, folder, seconds=40, megabytes=2048, again=False, workers=None):
        self.folder, self.again, self.workers = Path(folder), again, workers or os.cpu_count()
        self.limits = {"seconds": seconds, "megabytes": megabytes, "isolated": has_bubblewrap()}
        self.editions = read_editions(self.folder)
        self.course = self.editions["lab"]
        self.store = self.folder / ".graded"
        self.troubles, self.fresh = [], 0               # (student, reason); newly marked

    def key(self, exercise, sources, language):
        return fingerprint(self.program, exercise.setup, [vars(test) for piece in exercise.pieces
                           for test in piece.tests], [piece.code for piece in exercise.pieces],
                           sources, language, self.limits)

    def collect(self):
        """{student: (hand-ins by exercise, remarks)}; files in no student's folder are named."""
        submitted, found = self.folder / "submitted", {}
        for path in sorted(submitted.iterdir()):
            if path.is_dir() and not path.name.startswith("."):
                found[path.name] = hand_ins(path, self.editions)
            elif path.is_file() and not path.name.startswith("."):
                self.troubles.append((path.name, "lies outside of a student's folder: not marked"))
        return found

    def judge_all(self, found):
        """{(student, exercise): what the judge says}, from the store where nothing has changed."""
        self.program = program()
        self.store.mkdir(exist_ok=True)
        answers, waiting = {}, {}
        for student, (chosen, _) in found.items():
            for name, one in chosen.items():
                exercise = self.exercise(one)
                sources, language = [exercise.setup, *exercise.own(one.cells)], EDITIONS[one.edition]
                path = self.store / f"{self.key(exercise, sources, language)}.json"
                if path.exists() and not self.again:
                    answers[student, name] = json.loads(path.read_text(encoding="utf-8"))
                else:
                    places = waiting.setdefault(path, (exercise, sources, language, []))[3]
                    places.append((student, name))
        with tempfile.TemporaryDirectory() as folder:
            answers |= self.run(waiting, folder)
        return answers

    def run(self, waiting, folder):
        """Judge what is not in the store, on all cores; a failure costs no other student anything."""
        packages = {exercise.name: small_package(exercise, self.course, Path(folder) / exercise.name)
                    for exercise in self.course}
        answers = {}
        with ProcessPoolExecutor(self.workers) as pool:
            jobs = {pool.submit(judge, exercise, sources, packages[exercise.name], language,
                                **self.limits): (path, places)
                    for path, (exercise, sources, language, places) in waiting.items()}
            for job in as_completed(jobs):
                path, places = jobs[job]
                self.fresh += len(places)
                try:
                    answer = job.result()
                    path.write_text(json.dumps(answer), encoding="utf-8")
                except Exception as error:
                    answer = {"marks": [], "lost": {}, "failed": f"{type(error).__name__}: {error}"}
                answers |= dict.fromkeys(places, answer)
                print(f"{len(answers):4} of {sum(len(w[3]) for w in waiting.values())}  "
                      + ", ".join(f"{student}/{name}" for student, name in places), flush=True)
        return answers

    def exercise(self, one):
        return next(e for e in self.editions[one.edition] if e.name == one.exercise)

    def result(self, student, chosen, remarks, answers):
        """A student's `Result`, whatever was found."""
        pieces, remarks = [], list(remarks)
        for exercise in self.course:
            one = chosen.get(exercise.name)
            answer = answers.get((student, exercise.name))
            cells = one.cells if one else []
            pieces += piece_results(exercise, cells, answer)
            if one:
                remarks += one.remarks + about_cells(self.exercise(one), cells)
                remarks += about_running(self.exercise(one), cells, answer)
        editions = Counter(one.edition for one in chosen.values())
        edition = max(editions, key=editions.get) if editions else "lab"
        times = [one.path.stat().st_mtime for one in chosen.values()]
        when = datetime.fromtimestamp(max(times, default=0), timezone.utc).isoformat(" ", "seconds")
        return Result(student, edition, when if times else "", pieces, remarks)

    def by_hand(self, results, chosen):
        """Where answers carry points: what a person gave them, from nbgrader's gradebook."""
        answers = gradebook.marked_by_hand(self.course)
        if not answers:
            return
        try:
            gradebook.write_notebooks(self.folder, results, chosen, self.course)
            gradebook.exchange(self.folder, results, self.course)
        except Exception as error:
            self.troubles.append(("gradebook", f"answers marked by hand count 0 for now: {error!r}; "
                                  "call `make assignment` once, it fills gradebook.db"))
            for result in results:
                result.by_hand = [(name, 0.0, points) for _, name, points in answers]

    def write(self, results):
        """grades.csv, the pages, and nothing left from an earlier run."""
        feedback = self.folder / "feedback"
        feedback.mkdir(exist_ok=True)
        table, overview = self.folder / "grades.csv", self.folder / "overview.html"
        for old in [*feedback.glob("*.html"), table, overview]:
            old.unlink(missing_ok=True)
        for result in results:
            text = pages.student_page(result, EDITIONS[result.assignment])
            (feedback / f"{result.student}.html").write_text(text, encoding="utf-8")
        table.write_text(pages.grades(results), encoding="utf-8")
        overview.write_text(pages.class_page(results, sentence), encoding="utf-8")

    def __call__(self):
        found = self.collect()
        answers = self.judge_all(found)
        results = [self.result(student, chosen, remarks, answers)
                   for student, (chosen, remarks) in found.items()]
        self.by_hand(results, {student: chosen for student, (chosen, _) in found.items()})
        self.write(results)
        self.troubles += [(one.student, remark) for one in results for remark in one.remarks]
        return results


NOTHING = """Nothing is handed in yet. `make assignment` writes the notebooks for the students to
exercises/release; what comes back belongs into exercises/submitted/STUDENT/lab, a folder for each.
Then call `make grade` again."""
OPEN = """No sandbox: `bwrap` (Debian: apt-get install bubblewrap) is not there or may not run.
Students' code runs as you do: it can read your files, and those of the package."""


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("folder", nargs="?", type=Path, default=HERE, help="the course's folder")
    words.add_argument("--seconds", type=float, default=40, help="for a call of a function")
    words.add_argument("--megabytes", type=int, default=2048, help="for a student's process")
    words.add_argument("--again", action="store_true", help="mark also what has not changed")
    given = words.parse_args()
    submitted = given.folder / "submitted"
    if not submitted.is_dir() or not any(submitted.iterdir()):
        print(NOTHING)
        return 2
    grading = Grading(given.folder, given.seconds, given.megabytes, given.again)
    if not grading.limits["isolated"]:
        print(OPEN)
    results = grading()
    print(f"\n{len(results)} students, {grading.fresh} notebooks marked anew: "
          f"{given.folder}/grades.csv, overview.html, and a page for each in feedback")
    if grading.troubles:
        print("\nTo look at (marks are given as far as they can be):")
        for student, reason in grading.troubles:
            print(f"  {student}: {reason}")
    return 1 if grading.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
