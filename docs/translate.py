"""The other languages: each paragraph of the notebooks, pages, exercises and README has its translation in a catalogue.

docs/locale/LANGUAGE/NAME.po belongs to nbs/NAME.ipynb, docs/NAME.md, exercises/source/lab/NAME.ipynb or README.md;
glossary.csv beside it says which word is used for what (where the English has this pattern, one of these words has to
stand in the translation), and which never. A message is what stands between two blank lines of the English: a heading,
a paragraph, a list or a table, with its marks (`## `, `> `, `**`). Code and formulas that hold no words are not in it;
the alternative text of a picture is. For a translator:

    python docs/translate.py extract            new and changed paragraphs into the catalogues; old ones leave
    python docs/translate.py dump 04_backward   what is not translated yet, numbered; --all: everything, both languages
    python docs/translate.py fill 04_backward FILE
                        reads "%% 12", then the translation of paragraph 12 on the next lines, and so on
    python docs/translate.py check [NAME ...]   what is missing, and what breaks a rule; fails if there is any
    python docs/translate.py write              README.zh-TW.md, from the catalogue
    python docs/translate.py exercises [FOLDER] source/lab of a course (exercises) to source/lab_LANGUAGE; fails if
                                                a text has no translation
    python docs/translate.py lab                copies of the notebooks that run, in nbs_LANGUAGE (`make lab LANGUAGE=zh_TW`)

A paragraph that changes a little keeps its old translation, marked `fuzzy`; it counts as missing until `fill` gives the
new one (or the mark is taken away by hand). `--language` chooses another language than zh_TW.
"""
import argparse
import csv
import functools
import hashlib
import re
import shutil
import sys
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
ALT = re.compile(r'(?<=^#\| fig-alt: ")(.*)(?="$)', re.M)
CAPTION = re.compile(r"(?<=^:caption: )(.*)$", re.M)
PIECES = re.compile(r"(^```.*?^```[ ]*$|\n[ ]*\n\s*)", re.M | re.S)
FORMULA = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<!\\)\$[^$]+\$", re.S)
WORDS = re.compile(r"\\text\{(?!true\b)([^}]*)\}")              # of a formula
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMENT = re.compile(r"(?<=# )(.*)$", re.M)
HAN, MARKS = "\u4e00-\u9fff", "，。、；：？！（）「」"
RULES = {                                       # of typesetting
    f"[{HAN}][,;:?!.(]|[,;:?!)][{HAN}]": "a half-width mark beside Chinese",
    f"[{HAN}][A-Za-z0-9$`]|[A-Za-z0-9$`%][{HAN}]": "no space between Chinese and something else",
    f"[{MARKS}] +(?![|-])(?=\\S)|(?<![-|.>#\\d\\s]) +[{MARKS}]": "a space beside a full-width mark",
    r"(?:[A-Za-z]+[ ,]+){8}": "English",
}
HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def sources():
    """{name of a catalogue: the English file}."""
    notebooks = [*sorted((ROOT / "nbs").glob("*.ipynb")), *sorted((ROOT / "exercises/source/lab").glob("*.ipynb"))]
    pages = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem != "answers"]
    return {path.stem: path for path in [*notebooks, *pages, ROOT / "README.md"]}


def has_words(piece):
    """Is there something to translate outside code and formulas?"""
    if piece.startswith("```"):
        return False
    text = FORMULA.sub(lambda formula: " ".join(WORDS.findall(formula[0])), piece)
    text = re.sub(r"<[^>]+>|^\([\w-]+\)=$", "", LINK.sub("]", CODE.sub("", text)), flags=re.M)
    return bool(re.search(r"[^\W\d_]{2}", text))


def changed(text, word_for, comments=False):
    """A Markdown text with word_for(paragraph) in place of each paragraph, and of each comment in its code."""
    pieces, word_of = PIECES.split(text), lambda match: word_for(match[0]) if has_words(match[0]) else match[0]
    for i, piece in enumerate(pieces):
        if piece.startswith("```{toctree}"):
            pieces[i] = CAPTION.sub(word_of, piece)
        elif piece.startswith("```") and comments:
            pieces[i] = COMMENT.sub(word_of, piece)
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
    return changed(path.read_text(encoding="utf-8"), word_for, comments=path.stem == "README")


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
    """A notebook or page in another language; what has no translation stays English. An exercise's checks speak it."""
    words = translations(catalogue_path(Path(path).stem, language), language) if language != "en" else {}
    text = changed_file(Path(path), lambda text: words.get(text, text))
    for cell in [] if isinstance(text, str) else text.cells:
        cell.source = cell.source.replace('check.language = "en"', f'check.language = "{language}"')
    return text


def shared(text):
    """What a paragraph and its translation have in common: formulas, code, targets of links (but to the other README)."""
    formulas = {WORDS.sub(r"\\text{}", formula).strip() for formula in FORMULA.findall(text)}
    rest = FORMULA.sub("", text)
    return formulas | set(CODE.findall(rest)) | {f"]({target})" for target in LINK.findall(rest)
                                                       if not target.startswith("README")}


@functools.cache
def glossary(language, column):
    """{pattern of that column: the words to use}: "where" holds English words, "never" wrong translations."""
    with open(catalogue_path("glossary", language).with_suffix(".csv"), encoding="utf-8") as file:
        return {re.compile(row[column], re.I): row["chinese"] for row in csv.DictReader(file) if row[column]}


def faults(translation, language):
    """What in a translated text breaks the glossary or a rule of typesetting."""
    bare = LINK.sub("]", CODE.sub("`", FORMULA.sub("$", translation)))
    said = [f"{match[0]}: {instead}" for never, instead in glossary(language, "never").items()
            for match in never.finditer(bare)]
    said += [f"{char} is a simplified character" for char in re.findall(f"[{HAN}]", bare)
             if not char.encode("cp950", "ignore")]
    if "*" in MarkdownIt("commonmark").enable("table").render(bare):
        said.append("** or * stays visible: no mark may stand inside before its end, see 「**問題**：」")
    flat = re.sub(r"[*\[\]]", "", bare)
    return said + [f"…{flat[max(0, match.start() - 6):match.end() + 6]}…: {rule}".replace("\n", " ")
                   for pattern, rule in RULES.items() for match in re.finditer(pattern, flat)]


def unsaid(text, translation, language):
    """Words of the glossary that stand in a paragraph, and not in its translation."""
    bare = LINK.sub("]", CODE.sub("`", FORMULA.sub("$", text)))
    return [f"{match[0]}: {word}" for where, word in glossary(language, "where").items() if text != translation
            and (match := re.search(rf"\b(?:{where.pattern})\b", bare, re.I))
            and not any(one in translation for one in re.split("[；／]", word))]


def problems(path, target, language):
    """What is missing in a catalogue, left over or not faithful: a list of sentences with the paragraph's text."""
    wanted, found = paragraphs(path), translations(target, language)
    said = [f"{path.name}: no translation of\n{text}\n" for text in wanted if text not in found]
    said += [f"{target.name}: no longer used\n{text.id}\n" for text in read(target, language)
             if text.id and text.id not in wanted]
    for text, translation in found.items():
        lost, new = shared(text) - shared(translation), shared(translation) - shared(text)
        if text in wanted and (lost or any(piece[0] != "`" for piece in new)):       # a name of code may be added
            lost, new = sorted(lost), sorted(new)
            said.append(f"{target.name}: code, formulas or links differ (lost: {lost}, new: {new})\n{translation}\n")
        if broken := faults(translation, language) + unsaid(text, translation, language):
            said.append(f"{target.name}: {'; '.join(broken)}\n{translation}\n")
    return said


def write_exercises(folder, language):
    """A course's exercises in a language, or the program's end with what has no translation."""
    source = Path(folder) / "source"
    said = [each for path in sorted((source / "lab").glob("*.ipynb"))
            for each in problems(path, catalogue_path(path.stem, language), language)]
    if said:
        sys.exit("\n".join(said))
    (source / f"lab_{language}").mkdir(exist_ok=True)
    for path in sorted((source / "lab").glob("*.ipynb")):
        nbformat.write(translated(path, language), source / f"lab_{language}" / path.name)


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


def write_lab(folder, language):
    """Copies of the notebooks in a language beside the English ones, and the pages they link to. A copy that its reader
    has changed stays."""
    folder.mkdir(exist_ok=True)
    for path in sorted((ROOT / "nbs").glob("*.ipynb")):
        notebook, target = translated(path, language), folder / path.name
        for cell in notebook.cells:
            cell.source = cell.source.replace("](../docs/", "](")
        if target.exists():
            old = nbformat.read(target, as_version=4)
            if old.metadata.get("written") not in (None, fingerprint(old)):
                print(f"{target}: left as it is, you have changed it")
                continue
        notebook.metadata["written"] = fingerprint(notebook)
        nbformat.write(notebook, target)
    for picture in (ROOT / "nbs").glob("*.png"):
        shutil.copy(picture, folder)
    (folder / "lesson-plan.md").write_text(translated(ROOT / "docs" / "lesson-plan.md", language), encoding="utf-8")


def fingerprint(notebook):
    """Of what stands in the cells, whatever they have printed."""
    return hashlib.sha256("\0".join(cell.source for cell in notebook.cells).encode()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "check", "dump", "fill", "write", "exercises", "lab"])
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="of catalogues; for fill also a file, - for input; for exercises a folder")
    parser.add_argument("--language", default="zh_TW")
    parser.add_argument("--all", action="store_true", help="dump: also what is translated")
    options = parser.parse_args()
    language, names = options.language, options.names or list(sources())
    if options.command == "write":
        (ROOT / f"README.{language.replace('_', '-')}.md").write_text(
            translated(ROOT / "README.md", language), encoding="utf-8")
    elif options.command == "exercises":
        write_exercises(*(options.names or [ROOT / "exercises"]), language)
    elif options.command == "lab":
        write_lab(ROOT / f"nbs_{language}", language)
    elif options.command == "extract":
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
