"""The trust notebook's table: its tests are there, its figures those of the tests."""
import json
import re

import cases
import pytest
from babel.messages.pofile import read_po
from helpers import ROOT
from trust_table import NOTEBOOK, filled, key, rows, table_cell, tried

TABLE = "".join(table_cell(json.loads(NOTEBOOK.read_text(encoding="utf-8")))["source"])


@pytest.mark.skipif(bool(cases.FUZZ), reason="FUZZ_CASES is set, so the figures are others")
def test_figures_are_those_of_the_tests():
    assert filled(TABLE) == TABLE, "run `python tests/trust_table.py`"


def test_every_figure_has_its_row():
    assert set(tried()) <= {key(row[1]) for row in rows(TABLE)}


@pytest.mark.parametrize("row", rows(TABLE), ids=lambda row: row[0].strip()[:40])
def test_every_row_names_what_proves_it(row):
    """`tests/test_x.py -k words` names a test that is there; a link a notebook."""
    found = re.findall(r"`(tests/\w+\.py) -k (\w+)`", row[1])
    for file, word in found:
        assert re.search(rf"^def test_\w*{word}", (ROOT / file).read_text(), re.M), (file, word)
    links = re.findall(r"\]\((\w+\.ipynb)\)", row[1])
    assert all((ROOT / "nbs" / link).exists() for link in links)
    folders = [name for name in re.findall(r"`([\w/.]+)`", row[1]) if (ROOT / name.replace(".", "/")).exists()]
    assert found or links or folders or "above" in row[1]


def test_the_translations_have_the_same_figures():
    for catalogue in (ROOT / "docs" / "locale").glob("*/50_trust.po"):
        with open(catalogue, "rb") as file:
            [theirs] = [message.string for message in read_po(file) if str(message.id).startswith("| promise |")]
        for ours, other in zip(rows(TABLE), rows(theirs), strict=True):
            numbers = [sorted(re.findall(r"\d[\d,.]*\d|\d", row[2])) for row in (ours, other)]
            assert numbers[0] == numbers[1], other[0]
