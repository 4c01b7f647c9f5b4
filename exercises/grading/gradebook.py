"""Answers that a person marks: nbgrader's gradebook and form grader, filled with our marks.

Used only where an answer cell of the source carries points.
"""
import warnings
from pathlib import Path

import nbformat

from .course import EDITIONS, plain, translated


def marked_by_hand(course):
    """(exercise, cell, points) of the answers that carry points."""
    return [(exercise, name, points) for exercise in course
            for name, points in exercise.by_hand if points]


def answer_of(cell, cells, exercise):
    """What a student wrote in a cell of the source: found by its id, else by its content."""
    name = cell.metadata.nbgrader.grade_id
    same = [source for _, found, _, source in cells if found == name]
    if same:
        return same[0]
    if cell.cell_type == "markdown":
        own = [source for kind, _, _, source in cells
               if kind == "markdown" and plain(source) not in exercise.texts]
        return own[-1] if own else ""
    piece = next(piece for piece in exercise.pieces if piece.name == name)
    own = [source for source in exercise.own(cells) if piece.is_in(source)]
    return own[-1] if own else piece.stub


def filled(path, language, cells, exercise):
    """The source notebook with a student's answers in it, as the form grader shows it."""
    notebook = translated(path, language)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answer_of(cell, cells, exercise)
    return notebook


def write_notebooks(folder, results, hand_ins, course):
    """autograded/STUDENT/EDITION/*.ipynb, for the form grader."""
    for result in results:
        target = Path(folder) / "autograded" / result.student / result.assignment
        target.mkdir(parents=True, exist_ok=True)
        for exercise in course:
            one = hand_ins[result.student].get(exercise.name)
            path = Path(folder) / "source" / "lab" / f"{exercise.name}.ipynb"
            notebook = filled(path, EDITIONS[result.assignment], one.cells if one else [], exercise)
            nbformat.write(notebook, target / path.name)


def exchange(folder, results, course):
    """Put our marks into the gradebook, and take into the results what was marked by hand."""
    from nbgrader.api import Gradebook
    book_file = Path(folder).resolve() / "gradebook.db"
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{book_file}", "backprop_lab") as book:
        warnings.simplefilter("ignore")                 # SQLAlchemy's, about nbgrader's own code
        for result in results:
            book.update_or_create_student(result.student)
            book.update_or_create_submission(result.assignment, result.student)
            place = result.assignment, result.student
            for piece in result.pieces:
                for test, score in piece.tests.items():
                    grade = book.find_grade(test, piece.exercise, *place)
                    grade.auto_score, grade.needs_manual_grade = score, False
            for exercise, name, points in marked_by_hand(course):
                grade = book.find_grade(name, exercise.name, *place)
                grade.needs_manual_grade = grade.manual_score is None
                result.by_hand.append((name, float(grade.score or 0), points))
            book.db.commit()
