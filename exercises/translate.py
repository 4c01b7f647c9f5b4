"""Write the exercises in another language: the same notebooks, formulas and code, with the text of a gettext catalogue.

python translate.py zh_TW: reads source/lab and locale/zh_TW.po, writes source/lab_zh_TW. Ends with an error if a text has no translation,
or if the catalogue holds one that is no longer used.
"""
import sys
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po

HERE = Path(__file__).parent


def left_behind(language):
    """Texts without a translation, and translations without a text."""
    with open(HERE / "locale" / f"{language}.po", "rb") as file:
        catalogue = {message.id: message.string for message in read_po(file) if message.id}
    used = {cell.source for path in (HERE / "source" / "lab").glob("*.ipynb") for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"}
    return sorted(text for text in used if not catalogue.get(text)), sorted(set(catalogue) - used), catalogue


def translate(language):
    missing, unused, catalogue = left_behind(language)
    if missing or unused:
        sys.exit("\n".join([f"no translation: {text[:80]!r}" for text in missing] + [f"no longer used: {text[:80]!r}" for text in unused]))
    target = HERE / "source" / f"lab_{language}"
    target.mkdir(exist_ok=True)
    for path in sorted((HERE / "source" / "lab").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = catalogue[cell.source]
        nbformat.write(notebook, target / path.name)


if __name__ == "__main__":
    translate(sys.argv[1])
