"""No text is left behind: where the English has changed, its Traditional Chinese edition has to follow."""
import hashlib
import re
import sys

import pytest
from helpers import ROOT


def fingerprint():
    return hashlib.sha256((ROOT / "README.md").read_bytes()).hexdigest()[:16]


def test_readme():
    """The Chinese README names the English one that it was translated from; after translating a change, put the new
    fingerprint there."""
    chinese = (ROOT / "README.zh-TW.md").read_text(encoding="utf-8")
    assert f"translated from README.md {fingerprint()}" in chinese, (
        f"README.md has changed: translate, then write {fingerprint()} in the first line"
    )
    code = lambda text: [re.sub(r"\s*# .*", "", block) for block in re.findall(r"```\w+\n(.*?)```", text, re.S)]
    assert code(chinese) == code((ROOT / "README.md").read_text(encoding="utf-8"))


def test_exercises():
    pytest.importorskip("babel")
    sys.path.insert(0, str(ROOT / "exercises"))
    from translate import left_behind
    assert left_behind("zh_TW")[:2] == ([], [])


sys.path.insert(0, str(ROOT / "docs"))
translate = pytest.importorskip("translate", reason="the book's tools are not installed (extra: book)")


@pytest.mark.parametrize("name", translate.sources())
def test_every_paragraph_is_translated(name):
    """A new English paragraph without its translation fails with the paragraph's text."""
    said = translate.problems(translate.sources()[name], translate.catalogue_path(name, "zh_TW"), "zh_TW")
    assert not said, "\n".join(said)
