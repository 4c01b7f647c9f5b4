"""The other languages: each paragraph of the notebooks and pages has its translation in a catalogue, docs/locale/LANGUAGE.

A catalogue NAME.po belongs to nbs/NAME.ipynb or docs/NAME.md. A message is what stands between two blank lines of the
English: a heading, a paragraph, a list or a table, with its marks (`## `, `> `, `**`). Code and formulas that hold no
words are not in it; the alternative text of a picture is. For a translator:

    python docs/translate.py extract            new and changed paragraphs into the catalogues; old ones leave
    python docs/translate.py dump 04_backward   what is not translated yet, numbered; --all: everything, both languages
    python docs/translate.py fill 04_backward FILE
                        reads "%% 12", then the translation of paragraph 12 on the next lines, and so on
    python docs/translate.py check [NAME ...]   what is missing, and what breaks a rule; fails if there is any

A paragraph that changes a little keeps its old translation, marked `fuzzy`; it counts as missing until `fill` gives the
new one (or the mark is taken away by hand). `--language` chooses another language than zh_TW.
"""
import argparse
import re
import sys
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
ALT = re.compile(r'(?<=^#\| fig-alt: ")(.*)(?="$)', re.M)
CAPTION = re.compile(r"(?<=^:caption: )(.*)$", re.M)
PIECES = re.compile(r"(^```.*?^```[ ]*$|\n[ ]*\n\s*)", re.M | re.S)
FORMULA = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<!\\)\$[^$]+\$", re.S)
WORDS = re.compile(r"\\text\{(?!true\b)([^}]*)\}")              # of a formula
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def sources():
    """{name of a catalogue: the English file}."""
    pages = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem != "answers"]
    return {path.stem: path for path in [*sorted((ROOT / "nbs").glob("*.ipynb")), *pages]}


def has_words(piece):
    """Is there something to translate outside code and formulas?"""
    if piece.startswith("```"):
        return False
    text = FORMULA.sub(lambda formula: " ".join(WORDS.findall(formula[0])), piece)
    text = re.sub(r"<[^>]+>|^\([\w-]+\)=$", "", LINK.sub("]", CODE.sub("", text)), flags=re.M)
    return bool(re.search(r"[^\W\d_]{2}", text))


def changed(text, word_for):
    """A Markdown text with word_for(paragraph) in place of each paragraph."""
    pieces = PIECES.split(text)
    for i, piece in enumerate(pieces):
        if piece.startswith("```{toctree}"):
            pieces[i] = CAPTION.sub(lambda caption: word_for(caption[0]), piece)
        elif has_words(piece):
            body = piece.strip()
            pieces[i] = piece.replace(body, word_for(body))
    return "".join(pieces)


def changed_notebook(notebook, word_for):
    """The same for a notebook: its Markdown and the alternative texts of its pictures."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = changed(cell.source, word_for)
        else:
            cell.source = ALT.sub(lambda alt: word_for(alt[0]), cell.source)
    return notebook


def changed_file(path, word_for):
    if path.suffix == ".ipynb":
        return changed_notebook(nbformat.read(path, as_version=4), word_for)
    return changed(path.read_text(encoding="utf-8"), word_for)


def paragraphs(path):
    """The texts of a file that need a translation, in their order."""
    found = {}
    changed_file(path, lambda text: found.setdefault(text, text))
    return list(found)


def catalogue_path(name, language):
    return ROOT / "docs" / "locale" / language / f"{name}.po"


def read(path, language):
    if not path.exists():
        return Catalog(locale=language)
    with open(path, "rb") as file:
        return read_po(file, locale=language)


def write(catalogue, path, language):
    path.parent.mkdir(parents=True, exist_ok=True)
    for text in catalogue:
        text.flags &= {"fuzzy"}                 # formulas are no Python formats
    with open(path, "wb") as file:
        file.write(HEADER.format(language).encode())
        write_po(file, catalogue, width=0, omit_header=True, ignore_obsolete=True)


def extract(path, target, language):
    """Bring a catalogue up to date with the English."""
    template = Catalog(locale=language)
    for text in paragraphs(path):
        template.add(text)
    catalogue = read(target, language)
    catalogue.update(template)
    write(catalogue, target, language)


def translations(path, language):
    """{paragraph: its translation} of a catalogue, without those that are empty or out of date."""
    return {text.id: text.string for text in read(path, language) if text.id and text.string and not text.fuzzy}


def translated(path, language):
    """A notebook or page in another language; what has no translation stays English."""
    words = translations(catalogue_path(Path(path).stem, language), language) if language != "en" else {}
    return changed_file(Path(path), lambda text: words.get(text, text))


def shared(text):
    """What a paragraph and its translation have in common: formulas, code, targets of links."""
    formulas = {WORDS.sub(r"\\text{}", formula).strip() for formula in FORMULA.findall(text)}
    rest = FORMULA.sub("", text)
    return formulas | set(CODE.findall(rest)) | {f"]({target})" for target in LINK.findall(rest)}


def problems(path, target, language):
    """What is missing in a catalogue, left over or not faithful: a list of sentences with the paragraph's text."""
    wanted, found = paragraphs(path), translations(target, language)
    said = [f"{path.name}: no translation of\n{text}\n" for text in wanted if text not in found]
    said += [f"{target.name}: no longer used\n{text.id}\n" for text in read(target, language)
             if text.id and text.id not in wanted]
    for text, translation in found.items():
        if text in wanted and shared(text) != shared(translation):
            lost, new = sorted(shared(text) - shared(translation)), sorted(shared(translation) - shared(text))
            said.append(f"{target.name}: code, formulas or links differ (lost: {lost}, new: {new})\n{translation}\n")
    return said


def dump(name, language, everything=False):
    """The paragraphs of a catalogue, numbered."""
    for number, text in enumerate((text for text in read(catalogue_path(name, language), language) if text.id), 1):
        if everything or text.fuzzy or not text.string:
            old = f"\n%% {'before' if text.fuzzy else 'now'}:\n{text.string}" if text.string else ""
            print(f"%% {number}\n{text.id}{old}\n")


def fill(name, file, language):
    """Put numbered translations into a catalogue."""
    path = catalogue_path(name, language)
    catalogue, given = read(path, language), re.split(r"^%% (\d+)\n", file.read(), flags=re.M)
    texts = [text for text in catalogue if text.id]
    for number, translation in zip(given[1::2], given[2::2]):
        text = texts[int(number) - 1]
        text.string = translation.strip()
        text.flags.discard("fuzzy")
    write(catalogue, path, language)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "check", "dump", "fill"])
    parser.add_argument("names", nargs="*", metavar="NAME", help="of catalogues; for fill also a file, - for input")
    parser.add_argument("--language", default="zh_TW")
    parser.add_argument("--all", action="store_true", help="dump: also what is translated")
    options = parser.parse_args()
    language, names = options.language, options.names or list(sources())
    if options.command == "extract":
        for name in names:
            extract(sources()[name], catalogue_path(name, language), language)
    elif options.command == "dump":
        for name in names:
            dump(name, language, options.all)
    elif options.command == "fill":
        with sys.stdin if names[1] == "-" else open(names[1], encoding="utf-8") as file:
            fill(names[0], file, language)
        names = names[:1]
    if options.command in ("check", "fill"):
        said = [each for name in names for each in problems(sources()[name], catalogue_path(name, language), language)]
        print("\n".join(said))
        sys.exit(f"{len(said)} to do" if said else 0)


if __name__ == "__main__":
    main()
