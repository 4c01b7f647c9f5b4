"""The answers for lecturers: their Python runs, section by section, and each question of a notebook has one."""
import re

import nbformat
import pytest
from helpers import ROOT

TEXT = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d\d .*)\n((?:(?!^## ).*\n?)*)", TEXT, re.M))


def questions_of_the_notebooks():
    """{number and title of a notebook: the numbers of its questions}, of those that have some."""
    found = {}
    for path in sorted((ROOT / "nbs").glob("*.ipynb")):
        texts = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        title = re.match(r"# (.+)", texts[0])[1]
        for text in texts:
            if "## Questions" in text:
                numbers = re.findall(r"^(\d+)\. ", text.split("## Questions")[1], re.M)
                found[f"{path.stem[:2]} {title}"] = numbers
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_the_numbers_of_the_answers(section, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {}
    for block in re.findall(r"```python\n(.*?)```", SECTIONS[section], re.S):
        exec(block, names)


def test_each_question_has_its_answer_and_each_answer_its_question():
    asked = questions_of_the_notebooks()
    answered = {title: re.findall(r"^\*\*(\d+)\. ", text, re.M) for title, text in SECTIONS.items()}
    assert answered == asked and list(answered) == list(asked)
    assert sum(map(len, asked.values())) > 80
