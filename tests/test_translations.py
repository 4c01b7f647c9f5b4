"""No text is left behind: where the English has changed, its Traditional Chinese edition has to follow."""
import json
import re
import sys

import nbformat
import pytest
from helpers import ROOT

sys.path.insert(0, str(ROOT / "docs"))
translate = pytest.importorskip("translate", reason="the book's tools are not installed (extra: book)")
CHINESE = "zh_TW"


@pytest.mark.parametrize("name", translate.sources())
def test_every_paragraph_is_translated(name):
    """A new English paragraph without its translation fails with the paragraph's text."""
    said = translate.problems(translate.sources()[name], translate.catalogue_path(name, CHINESE), CHINESE)
    assert not said, "\n".join(said)


def test_a_catalogue_belongs_to_each_source():
    found = {path.stem for path in translate.catalogue_path("x", CHINESE).parent.glob("*.po")}
    assert found == set(translate.sources())


def test_readme():
    assert (ROOT / "README.zh-TW.md").read_text(encoding="utf-8") == translate.translated(
        ROOT / "README.md", CHINESE), "python docs/translate.py write"


def test_words_outside_the_catalogues():
    """The verdicts of check, the feedback's words and the command's page keep to the glossary too."""
    sentences = json.loads((ROOT / "backprop_lab" / "sentences.json").read_text(encoding="utf-8"))
    sys.path.insert(0, str(ROOT / "exercises"))
    from grading.pages import WORDS
    phrases = json.loads((ROOT / "backprop_lab" / "page_words.json").read_text(encoding="utf-8"))["zh-TW"].values()
    texts = [*(sentence[CHINESE] for sentence in sentences.values()), *WORDS[CHINESE].values(), *phrases]
    plain = [text.replace("*", "×") for text in texts]            # no Markdown
    assert [(text, said) for text in plain if (said := translate.faults(text, CHINESE))] == []


@pytest.mark.parametrize("wrong, said", [
    ("這是數據。", "資料"), ("呼叫 `forward` 函數", "函式"), ("输入", "simplified"), ("**問題。**網路", "visible"),
    ("網路,權重", "half-width"), ("輸入x", "no space"), ("輸入 ，權重", "space beside"),
    ("The loss is the mean over the samples of this sum 損失", "English"),
])
def test_rules_find_what_breaks_them(wrong, said):
    assert any(said in each for each in translate.faults(wrong, CHINESE))


@pytest.mark.parametrize("english, translation, said", [
    ("The gradients fall.", "斜率變小。", ["gradients: 梯度"]), ("The gradients fall.", "梯度變小。", []),
    ("Half the loss, as `weights`", "誤差的一半，如 `weights`", ["loss: 損失；損失函數"]), ("the TensorFlow Playground", "那個網頁", []),
])
def test_the_glossary_says_what_has_to_stand(english, translation, said):
    assert translate.unsaid(english, translation, CHINESE) == said


@pytest.mark.parametrize("right", [
    "**問題**：網路的 `forward` 函式，$z$ 的函數；見[第一頁](a.ipynb)（第 1 章）。", "| 列 | 欄 |\n|---|---|\n| 1 。| （無） |",
])
def test_rules_let_pass_what_is_right(right):
    assert translate.faults(right, CHINESE) == []


def test_a_paragraph_is_found_in_every_form(tmp_path):
    """Heading, list, table and the words of a formula or a picture; neither code nor bare formulas."""
    text = "## A heading\n\n1. one\n2. two\n\n| a b | cd |\n|---|---|\n\n$$a = b$$\n\n```python\nx = 1\n\ny = 2\n```\n\n" \
           "$$a = \\text{otherwise}$$\n"
    (tmp_path / "page.md").write_text(text)
    found = translate.paragraphs(tmp_path / "page.md")
    assert found == ["## A heading", "1. one\n2. two", "| a b | cd |\n|---|---|", "$$a = \\text{otherwise}$$"]
    assert translate.changed(text, lambda piece: piece) == text
    assert translate.changed(text, lambda piece: "X") == re.sub(
        "|".join(map(re.escape, found)), "X", text)


def test_copies_for_jupyterlab(tmp_path):
    """The same code, links that stay in the folder; what its reader has changed is not written over."""
    translate.write_lab(tmp_path, CHINESE)
    names = [path.name for path in (ROOT / "nbs").glob("*.ipynb")]
    for name in names:
        ours, theirs = (nbformat.read(folder / name, as_version=4) for folder in (tmp_path, ROOT / "nbs"))
        code = lambda book: [translate.ALT.sub("", cell.source) for cell in book.cells if cell.cell_type == "code"]
        assert code(ours) == code(theirs)
        for cell in ours.cells:
            if cell.cell_type == "markdown":
                for target in translate.LINK.findall(translate.FORMULA.sub("", cell.source)):
                    assert "://" in target or (tmp_path / target.partition("#")[0]).exists(), (name, target)
    mine, other = tmp_path / names[0], tmp_path / names[1]
    notebook = nbformat.read(mine, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1 + 1"))
    nbformat.write(notebook, mine)
    kept = mine.read_bytes()
    before = other.read_bytes()
    other.write_bytes(before.replace(b'"outputs": [', b'"outputs": [ ', 1))       # only run again
    translate.write_lab(tmp_path, CHINESE)
    assert mine.read_bytes() == kept and other.read_bytes() == before
