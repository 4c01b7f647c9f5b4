"""The answers for lecturers: their Python runs, section by section, and each question of a notebook has one."""
import re

import nbformat
import pytest
from conftest import ROOT

TEXT = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d\d) .*\n((?:(?!^## ).*\n?)*)", TEXT, re.M))


@pytest.mark.parametrize("number", SECTIONS)
def test_the_numbers_of_the_answers(number):
    names = {}
    for block in re.findall(r"```python\n(.*?)```", SECTIONS[number], re.S):
        exec(block, names)


@pytest.mark.parametrize("number", SECTIONS)
def test_each_question_has_its_answer(number):
    path, = (ROOT / "nbs").glob(f"{number}_*.ipynb")
    cell, = (cell for cell in nbformat.read(path, as_version=4).cells if "## Questions" in cell.source)
    questions = re.findall(r"^(\d+)\. ", cell.source.split("## Questions")[1], re.M)
    assert re.findall(r"^\*\*(\d+)\. ", SECTIONS[number], re.M) == questions
