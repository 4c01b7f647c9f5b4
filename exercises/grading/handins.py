"""What students hand in, found and read whatever it looks like."""
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from .course import plain

NAMED = {".py": "a script", ".zip": "an archive", ".html": "a page", ".pdf": "a PDF",
         ".docx": "a document", ".rar": "an archive", ".7z": "an archive"}


@dataclass
class HandIn:
    """A notebook of a student for one exercise: its cells as (type, grade_id, is a test, source)."""
    student: str
    exercise: str
    edition: str
    path: Path
    cells: list
    remarks: list = field(default_factory=list)     # (reason, where the lecturer should look)


def read_cells(path):
    """The cells of a notebook and, where it is damaged, a sentence about it."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    if not text.strip():
        return [], "is empty"
    try:
        notebook = json.loads(text)
        found = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        trouble = ""
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        found = cells_until_the_damage(text)
        trouble = f"is damaged; {len(found)} cells could be read"
    return [cell for cell in map(tidy, found) if cell], trouble


def cells_until_the_damage(text):
    """The whole cells of a cut or damaged notebook."""
    decoder, cells = json.JSONDecoder(), []
    start = re.search(r'"cells"\s*:\s*\[\s*', text)
    place = start.end() if start else len(text)
    while place < len(text):
        try:
            cell, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        cells.append(cell)
        place = re.compile(r"[\s,]*").match(text, place).end()
    return cells


def tidy(cell):
    """(type, grade_id, is a test, source), or None for what is no cell."""
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    marks = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    test = bool(marks.get("grade")) and not marks.get("solution")
    return str(cell.get("cell_type")), str(marks.get("grade_id", "")), test, source


def likeness(cells, exercise):
    """How much a notebook looks like an exercise: its grade ids, texts and functions."""
    ids = {test.name for piece in exercise.pieces for test in piece.tests}
    ids |= {piece.name for piece in exercise.pieces}
    score = len(ids & {name for _, name, _, _ in cells})
    for kind, _, _, source in cells:
        if kind == "markdown":
            score += plain(source) in exercise.texts
        else:
            score += sum(f"def {name}(" in source for name in exercise.asked)
    return score


def written(cells, exercise):
    """How many pieces hold something other than what was handed out."""
    own = exercise.own(cells)
    return sum(any(piece.is_in(source) for source in own) for piece in exercise.pieces)


def hand_ins(folder, editions):
    """The hand-ins of a student's folder, and remarks about what is in it.

    editions: {"lab": [Exercise, ...], "lab_zh_TW": [...]}. Returns ({exercise: HandIn}, remarks).
    """
    found, remarks = {}, []
    for path in sorted(folder.rglob("*")):
        if ".ipynb_checkpoints" in path.parts or not path.is_file():
            continue
        if path.suffix.lower() != ".ipynb":
            if path.suffix.lower() in NAMED:
                kind = NAMED[path.suffix.lower()]
                remarks.append(f"{path.relative_to(folder)} is {kind}, not a notebook: not marked")
            continue
        offer = recognise(path, folder, editions)
        if isinstance(offer, str):
            remarks.append(offer)
        else:
            found.setdefault(offer.exercise, []).append(offer)
    chosen = {}
    for exercise, offers in found.items():
        chosen[exercise] = choose(offers, folder, editions)
    for exercise in next(iter(editions.values())):
        if exercise.name not in chosen:
            remarks.append(f"{exercise.name} is missing")
    return chosen, remarks


def recognise(path, folder, editions):
    """A `HandIn`, or a sentence why the file is none."""
    place = path.relative_to(folder)
    try:
        cells, trouble = read_cells(path)
    except OSError as error:
        return f"{place} cannot be opened: {error.strerror}"
    ranks = [(likeness(cells, exercise) + 0.5 * (exercise.name == path.stem)
              + 0.25 * (edition in place.parts[:-1]), edition, exercise.name)
             for edition, exercises in editions.items() for exercise in exercises]
    score, edition, name = max(ranks, key=lambda rank: rank[0])
    if score < 1:
        if trouble:
            return f"{place} {trouble}"
        return f"{place} looks like none of the exercises: not marked"
    remarks = [f"{place} {trouble}"] if trouble else []
    if place != Path(edition) / f"{name}.ipynb":
        remarks.append(f"{name} was found as {place}")
    return HandIn(folder.name, name, edition, path, cells, remarks)


def choose(offers, folder, editions):
    """Of several notebooks for one exercise the one to mark; the others are named."""
    def rank(offer):
        exercise = next(e for e in editions[offer.edition] if e.name == offer.exercise)
        in_place = offer.path.relative_to(folder) == Path(offer.edition) / f"{offer.exercise}.ipynb"
        return written(offer.cells, exercise) > 0, in_place, offer.path.stat().st_mtime
    best, *others = sorted(offers, key=rank, reverse=True)
    for other in others:
        name = other.path.relative_to(folder)
        best.remarks.append(f"{name} is another {best.exercise}: not marked")
    return best
