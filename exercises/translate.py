"""Write the exercises in another language: the same formulas and code, the text of a catalogue.

python translate.py zh_TW [FOLDER]: reads source/lab of the folder (default: this one) and
locale/zh_TW.po, writes source/lab_zh_TW.
Ends with an error if a text has no translation, or if the catalogue holds one no longer used.
"""
import sys
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po

HERE = Path(__file__).parent


def catalogue_of(language):
    """{text: its translation} of a language's catalogue."""
    with open(HERE / "locale" / f"{language}.po", "rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def left_behind(language):
    """Texts without a translation, and translations without a text."""
    catalogue = catalogue_of(language)
    used = {cell.source for path in (HERE / "source" / "lab").glob("*.ipynb")
            for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"}
    missing = sorted(text for text in used if not catalogue.get(text))
    return missing, sorted(set(catalogue) - used), catalogue


def translated(path, language, catalogue):
    """A notebook in another language; its checks speak it too."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = catalogue.get(cell.source, cell.source)
        else:
            ours = f'check.language = "{language}"'
            cell.source = cell.source.replace('check.language = "en"', ours)
    return notebook


def translate(language, folder=HERE):
    """Write a course's exercises in a language, or end the program with what is left behind."""
    missing, unused, catalogue = left_behind(language)
    if missing or unused:
        sys.exit("\n".join([f"no translation: {text[:80]!r}" for text in missing]
                           + [f"no longer used: {text[:80]!r}" for text in unused]))
    source = Path(folder) / "source"
    target = source / f"lab_{language}"
    target.mkdir(exist_ok=True)
    for path in sorted((source / "lab").glob("*.ipynb")):
        nbformat.write(translated(path, language, catalogue), target / path.name)


if __name__ == "__main__":
    translate(*sys.argv[1:])
