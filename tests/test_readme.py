"""The README's Python runs, and its results are those in its comments."""
import re

from helpers import ROOT


def test_readme_python(capsys):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert blocks
    for block in blocks:
        names = {}
        exec(block, names)
        printed = capsys.readouterr().out.splitlines()
        promised = re.findall(r"print\(.*\)\s+# (.*)$", block, re.M)
        assert promised and promised == printed[-len(promised):]


def test_readme_commands_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", text, re.M)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets and all(re.search(rf"^{target}:", makefile, re.M) for target in targets)


def test_links_lead_to_files():
    for name in ("README.md", "CONTRIBUTING.md", "nbs/00_index.ipynb"):
        file = ROOT / name
        for link in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / link).exists(), f"{name} links to {link}"
