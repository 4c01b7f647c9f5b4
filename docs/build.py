"""Build the book: prepare the executed notebooks, the exercises and the reference for Sphinx, in English and in
Traditional Chinese.

python docs/build.py [folder]: the finished book is in `book/html` (English) and `book/html/zh_TW`, or in the given
folder.
"""
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import nbformat
from backprop_lab.playground import live_page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "exercises"))
from translate import left_behind  # noqa: E402
DIRECTIVE = re.compile(r"^#\|\s*([\w-]+).*\n?", re.M)
ALT = re.compile(r'^#\| fig-alt: "(.*)"$', re.M)
LIVE = re.compile(r"^#\| live: (.*)$", re.M)              # a playground in the place of an output, see live.js
FRAME = '```{{raw}} html\n<iframe class="live" title="Playground" data-link="{}"></iframe>\n```'


def exported(source, module):
    """The full names of the public functions, classes and patched methods that a cell of this module defines."""
    names = []
    for node in ast.parse(source).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if any("patch" in ast.unparse(decorator) for decorator in node.decorator_list):
            owner = getattr(import_module(f"backprop_lab.{module}"), ast.unparse(node.args.args[0].annotation))
            names.append(f"{owner.__module__}.{owner.__name__}.{node.name}")
        else:
            names.append(f"backprop_lab.{module}.{node.name}")
    return names


def prepare_notebook(path, target):
    """Copy a notebook without nbdev's directives and hidden cells, and with a link from each exported function to the
    reference."""
    notebook, cells, module = nbformat.read(path, as_version=4), [], None
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
            cells.append(nbformat.v4.new_markdown_cell(FRAME.format(live[1]), id=f"live{len(cells):04d}"))
        cell.source = cell.source.replace("](../docs/", "](../")
        if names:
            links = ", ".join(f"{{py:obj}}`~{name}`" for name in names)
            cells.append(nbformat.v4.new_markdown_cell(f"*In the reference:* {links}", id=f"link{len(cells):04d}"))
    notebook.cells = cells
    nbformat.write(notebook, target)
    return module


def prepare_exercise(path, target, words):
    """Copy an exercise, in the words of a catalogue, without its solutions and checks that are hidden from students."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells if not (cell.cell_type == "markdown" and cell.metadata.nbgrader.solution)
    ]
    for cell in notebook.cells:
        cell.source = words.get(cell.source, cell.source)
        cell.source = re.sub(
            r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION",
            r"\1# your code here\n\1raise NotImplementedError()",
            cell.source,
            flags=re.S,
        )
        cell.source = re.sub(r"\n### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", "", cell.source, flags=re.S)
    nbformat.write(notebook, target)


def prepare(source, words):
    """Everything that Sphinx reads, in the folder `source`; words: {English: translation} for the exercises."""
    shutil.copytree(ROOT / "docs", source, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "answers.md"))
    (source / "nbs").mkdir()
    (source / "exercises").mkdir()
    api = ["# Reference\n", "One section a module, in the order of the notebooks.\n"]
    for path in sorted((ROOT / "nbs").glob("*.ipynb")):
        module = prepare_notebook(path, source / "nbs" / path.name)
        if module:
            api.append(
                f"## {module}\n\nDeveloped in "
                f"[{path.stem}](nbs/{path.name}).\n\n```{{eval-rst}}\n.. automodule:: "
                f"backprop_lab.{module}\n   :members:\n```\n"
            )
    for picture in (ROOT / "nbs").glob("*.png"):
        shutil.copy(picture, source / "nbs")
    for path in sorted((ROOT / "exercises" / "source" / "lab").glob("*.ipynb")):
        prepare_exercise(path, source / "exercises" / path.name, words)
    (source / "api.md").write_text("\n".join(api), encoding="utf-8")


def build(folder):
    html = folder / "html"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for language, target, words in (("en", html, {}), ("zh_TW", html / "zh_TW", left_behind("zh_TW")[2])):
        with tempfile.TemporaryDirectory() as work:
            source = Path(work) / "source"
            prepare(source, words)
            if language == "en":                       # one copy of the playground and of MathJax for all languages
                live_page(path=source / "_static" / "playground.html")
            else:
                (source / "_static" / "tex-svg.js").unlink()
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "sphinx",
                    "--fail-on-warning",
                    "--keep-going",
                    "--quiet",
                    "-b",
                    "html",
                    "-d",
                    Path(work) / "doctrees",
                    "-D",
                    f"language={language}",
                    source,
                    target,
                ],
                check=True,
                env={**os.environ, "MATHJAX": "tex-svg.js" if language == "en" else "../../_static/tex-svg.js"},
            )
    for leftover in [*html.rglob("*.map"), *html.rglob(".buildinfo"), *html.rglob("objects.inv")]:
        leftover.unlink()
    for leftover in [*html.rglob("_sphinx_design_static"), *html.rglob("jupyter_execute")]:
        shutil.rmtree(leftover)
    print(f"The book: {html / 'index.html'}")


if __name__ == "__main__":
    build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "book").resolve())
