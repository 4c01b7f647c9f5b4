"""The two roads: times and headings that the index names are those of the notebooks, and words keep their meaning."""
import re

import nbformat
import pytest
from helpers import ROOT

NBS = ROOT / "nbs"
OFF = "*Off the course road.*"
INDEX = "\n".join(cell.source for cell in nbformat.read(NBS / "00_index.ipynb", as_version=4).cells)
ROAD = re.search(r"### The course road\n(.*?)\n\n(?!\|)", INDEX.replace("road\n\n|", "road\n|"), re.S)[1]
ROW = re.compile(r"^\| \[[^]]+\]\((\w+)\.ipynb\) \| (\d+) \| (.*) \|$", re.M)


def texts(name):
    cells = nbformat.read(NBS / f"{name}.ipynb", as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("row", re.findall(r"^\| \[[^]]+\]\((\w+)\.ipynb\) \| [^|]+ \| (\d+) \|", INDEX, re.M), ids="-".join)
def test_the_index_gives_the_time_that_the_notebook_gives(row):
    name, minutes = row
    head = re.search(r"^\*Part \d.*[Aa]bout (\d+) minutes(?:;.* another (\d+))?", "\n".join(texts(name)[:2]), re.M)
    assert int(minutes) == sum(int(part) for part in head.groups(default=0))


def test_the_course_takes_about_six_hours():
    assert 340 <= sum(int(minutes) for _, minutes, _ in ROW.findall(ROAD)) <= 370


@pytest.mark.parametrize("row", ROW.findall(ROAD), ids=lambda row: row[0])
def test_what_the_road_leaves_out_is_there_and_says_so(row):
    name, minutes, left_out = row
    text = "\n".join(texts(name))
    for heading in re.findall(r"\*([^*]+)\*", left_out):
        found = re.search(rf"^#+ {heading}.*\n\n(.*)", text, re.M)
        assert found, heading
        if heading in ("Four more sets, and noise", "For engineers", "How it is made", "Two colours, two markers", "The listing's names"):
            assert found[1].startswith((OFF, "The rest of this notebook builds `study`. It is no part of the course road"))
    assert all(part.startswith(OFF) for part in re.findall(r"^## For engineers.*\n\n(.*)", text, re.M))


@pytest.mark.parametrize("path", sorted(NBS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_one_letter_for_the_loss_and_two_names_for_the_two_networks(path):
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert not re.search(r"\\partial L\b|\bdL/d|ΔL\b", text), "the loss is E, L the last layer"
    for after in re.findall(r"report's network\b(.{0,15})", text):
        assert after.startswith((" as run", " as described", " did")), after
