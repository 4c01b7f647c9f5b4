"""Build the book: prepare the executed notebooks, the exercises and the reference for Sphinx, in English and in
Traditional Chinese.

python docs/build.py [folder]: the finished book is in `book/html` (English) and `book/html/zh_TW`, or in the given
folder.
"""
import ast
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import nbformat
import numpy as np
from backprop_lab import check
from backprop_lab.playground import live_page
from PIL import Image

from translate import translated

ROOT = Path(__file__).parent.parent
DIRECTIVE = re.compile(r"^#\|\s*([\w-]+).*\n?", re.M)
PLAIN = re.compile(r'<span class="(?:n|nn|p|w|pre)">([^<]*)</span>')       # a name or mark in the colour of the text
ICON = re.compile(r'("[\w-]+"|\b[\w$]+):\[\d+,\d+,\[[^\]]*\],"[0-9a-f]+",(?:"[^"]*"|\[[^\]]*\])\],?')
ALT = re.compile(r'^#\| fig-alt: "(.*)"$', re.M)
LIVE = re.compile(r"^#\| live: (.*)$", re.M)              # a playground in the place of an output, see live.js
JOINED = re.compile(r'<span class="math [^>]*>[^<]*</span>[，。；：、？！）」]')      # no line begins with the mark
PLAYGROUND = {"en": "Playground", "zh_TW": "互動實驗台"}
FRAME = '```{{raw}} html\n<iframe class="live" title="{}" data-link="{}"></iframe>\n```'


def exported(source, module):
    """The full names of the public functions, classes and patched methods that a cell of this module defines; the
    reference has those with a docstring, but for Numba's intrinsics."""
    names = []
    for node in ast.parse(source).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        decorators = " ".join(map(ast.unparse, node.decorator_list))
        if not ast.get_docstring(node) or "intrinsic" in decorators:
            continue
        if "patch" in decorators:
            owner = getattr(import_module(f"backprop_lab.{module}"), ast.unparse(node.args.args[0].annotation))
            names.append(f"{owner.__module__}.{owner.__name__}.{node.name}")
        else:
            names.append(f"backprop_lab.{module}.{node.name}")
    return names


def prepare_notebook(path, target, language, reference):
    """Copy a notebook in a language, without nbdev's directives and hidden cells, and with a link from each exported
    function to the reference, in the words of `reference`."""
    notebook, cells, module = translated(path, language), [], None
    for cell in notebook.cells:
        words = DIRECTIVE.findall(cell.source) if cell.cell_type == "code" else []
        module = re.search(r"#\| default_exp (\w+)", cell.source)[1] if "default_exp" in words else module
        if "default_exp" in words or "hide" in words:
            continue
        names = exported(cell.source, module) if "export" in words else []
        if alt := ALT.search(cell.source):
            cell.metadata["mystnb"] = {"image": {"alt": alt[1]}}
        live = LIVE.search(cell.source)
        if cell.cell_type == "code":
            cell.source = DIRECTIVE.sub("", cell.source)
        cells.append(cell)
        if live:
            cells.append(nbformat.v4.new_markdown_cell(FRAME.format(PLAYGROUND[language], live[1]), id=f"live{len(cells):04d}"))
        cell.source = cell.source.replace("](../docs/", "](../")
        if names:
            links = ("、" if language == "zh_TW" else ", ").join(f"{{py:obj}}`~{name}`" for name in names)
            cells.append(nbformat.v4.new_markdown_cell(reference.replace("NAMES", links), id=f"link{len(cells):04d}"))
    notebook.cells = cells
    nbformat.write(notebook, target)
    return module


def with_verdicts(page, language):
    """A page whose Python ends in a check, with what the check says of it, as a student sees it."""
    def run(code):
        *before, last = ast.parse(code[1]).body
        names = {"np": np, "check": check}
        exec(compile(ast.Module(before, []), "cell", "exec"), names)
        return f"{code[0]}\n```text\n{eval(compile(ast.Expression(last.value), 'cell', 'eval'), names)!r}\n```\n"
    check.language, old = language, check.language
    try:
        return re.sub(r"^```python\n(.*?)^```\n", run, page, flags=re.M | re.S)
    finally:
        check.language = old


def prepare_exercise(path, target, language):
    """Copy an exercise in a language, without its solutions and the checks that are hidden from students."""
    notebook = translated(path, language)
    notebook.cells = [
        cell for cell in notebook.cells if not (cell.cell_type == "markdown" and cell.metadata.nbgrader.solution)
    ]
    for cell in notebook.cells:
        cell.source = re.sub(
            r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION",
            r"\1# your code here\n\1raise NotImplementedError()",
            cell.source,
            flags=re.S,
        )
        cell.source = re.sub(r"\n### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", "", cell.source, flags=re.S)
    notebook.cells.append(nbformat.v4.new_markdown_cell("→ [](../verdicts.md)", id="verdicts"))
    nbformat.write(notebook, target)


def prepare(source, language):
    """Everything that Sphinx reads, in the folder `source`."""
    shutil.copytree(ROOT / "docs", source, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "answers.md", "*.py"))
    shutil.copy(ROOT / "docs" / "conf.py", source)
    for page in source.glob("*.md"):
        text = translated(page, language).replace('title="Playground"', f'title="{PLAYGROUND[language]}"')
        page.write_text(text, encoding="utf-8")
    verdicts = source / "verdicts.md"
    verdicts.write_text(with_verdicts(verdicts.read_text(encoding="utf-8"), language), encoding="utf-8")
    (source / "nbs").mkdir()
    (source / "exercises").mkdir()
    title, intro, developed, reference = (source / "api.md").read_text(encoding="utf-8").strip().split("\n\n")
    api = [title, intro]
    for path in sorted((ROOT / "nbs").glob("*.ipynb")):
        module = prepare_notebook(path, source / "nbs" / path.name, language, reference)
        if module:
            api += [f"## {module}", developed.replace("NOTEBOOK", path.stem),
                    f"```{{eval-rst}}\n.. raw:: html\n\n   <div lang=\"en\">\n\n.. automodule:: backprop_lab.{module}\n"
                    "   :members:\n\n.. raw:: html\n\n   </div>\n```"]
    for picture in (ROOT / "nbs").glob("*.png"):
        shutil.copy(picture, source / "nbs")
    for path in sorted((ROOT / "exercises" / "source" / "lab").glob("*.ipynb")):
        prepare_exercise(path, source / "exercises" / path.name, language)
    (source / "api.md").write_text("\n\n".join(api) + "\n", encoding="utf-8")


def share(html, other):
    """What both languages need is in the book once: pages in the folder `other` take files that are the same from the
    folder above."""
    same = {path.relative_to(other).as_posix(): path for part in ("_static", "_images") for path in other.rglob("*")
            if path.is_file() and path.relative_to(other).parts[0] == part
            and (html / path.relative_to(other)).exists()
            and path.read_bytes() == (html / path.relative_to(other)).read_bytes()}
    for page in [page for page in other.rglob("*.html") if "_static" not in page.parts]:
        up = "../" * (len(page.relative_to(other).parts) - 1)
        address = re.compile(rf'((?:href|src)="{re.escape(up)})((?:_static|_images)/[^"?#]+)')
        text = address.sub(lambda link: f"{link[1]}{'../' * (link[2] in same)}{link[2]}", page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
    for path in same.values():
        path.unlink()


def slim(html):
    """Take out what no page needs: leftovers, marks without an effect, and all icons of the theme but a dozen."""
    unused = ["*.map", ".buildinfo", "objects.inv", "searchtools.js", "language_data.js", "*-stemmer.js", "fa-brands*", "fa-regular*"]
    for leftover in [path for pattern in unused for path in html.rglob(pattern)]:
        leftover.unlink()
    for leftover in ["_sphinx_design_static", "jupyter_execute", "_sources", "_static/locales"]:
        shutil.rmtree(html / leftover, ignore_errors=True)
    used, icons = set(), html / "_static" / "scripts" / "fontawesome.js"
    pages = [page for page in html.rglob("*.html") if "_static" not in page.parts]
    for page in [*pages, *icons.parent.glob("*theme.js")]:
        text = PLAIN.sub(r"\1", page.read_text(encoding="utf-8"))
        text = text.replace('<th class="head"><p></p></th>', "<td></td>")          # a heading without words is none
        text = re.sub(r'(_images/[^"]+)\.png"', r'\1.webp"', text)
        text = JOINED.sub(r'<span class="whole">\g<0></span>', text)
        page.write_text(text, encoding="utf-8")
        used |= set(re.findall(r"\bfa-([a-z-]+)", text))
    for picture in (html / "_images").glob("*.png"):              # without loss, half the size
        Image.open(picture).save(picture.with_suffix(".webp"), lossless=True)
        picture.unlink()
    keep = lambda icon: icon[0] if icon[1].strip('"') in used else ""
    icons.write_text(ICON.sub(keep, icons.read_text(encoding="utf-8")), encoding="utf-8")


def build(folder):
    html = folder / "html"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for language, target in (("zh_TW", folder / "zh_TW"), ("en", html)):
        with tempfile.TemporaryDirectory() as work:
            source = Path(work) / "source"
            prepare(source, language)
            live_page(path=source / "_static" / "playground.html")
            subprocess.run([sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "-b", "html",
                            "-d", Path(work) / "doctrees", "-D", f"language={language}", source, target], check=True)
        slim(target)
    (folder / "zh_TW").rename(html / "zh_TW")
    share(html, html / "zh_TW")
    print(f"The book: {html / 'index.html'}")


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "book").resolve())
