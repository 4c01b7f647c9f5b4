"""No text is left behind: where the English has changed, its Traditional Chinese edition has to follow."""
import hashlib
import re
import subprocess
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


def test_first_page_of_the_book(tmp_path):
    pytest.importorskip("myst_nb", reason="the book's tools are not installed (extra: book)")
    from babel.messages.pofile import read_po
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['myst_nb']\ngettext_uuid = False\n")
    (source / "index.md").write_text((ROOT / "docs" / "index.md").read_text(encoding="utf-8"), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "gettext", source, tmp_path / "pot"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    read = lambda path: {message.id: message.string for message in read_po(open(path, "rb")) if message.id}
    wanted, found = (
        read(tmp_path / "pot" / "index.pot"),
        read(ROOT / "docs" / "locale" / "zh_TW" / "LC_MESSAGES" / "index.po"),
    )
    assert [text for text in wanted if not found.get(text)] == [] and sorted(set(found) - set(wanted)) == []
