"""Print the finished book as one PDF with contents and page numbers: python docs/pdf.py [language [file]]
writes book/backprop_lab.pdf (zh_TW: book/backprop_lab.zh_TW.pdf).

The articles of all pages are joined into one, which Chromium prints twice: first to learn on which page each begins.
"""
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter

BOOK = Path(__file__).parent.parent / "book"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FOOT = '<div style="font-size: 8px; width: 100%; text-align: center"><span class="pageNumber"></span></div>'
STYLE = """
.bd-article { padding: 0 !important; break-before: page; }
.toctree-wrapper, noscript { display: none !important; }
table.contents { width: 100%; display: table; break-inside: auto !important; } .contents td:last-child { text-align: right; }
.contents th { text-align: left; padding-top: 1rem; }
"""
ORDER = """[...document.querySelectorAll(".bd-links .caption, .bd-links .toctree-l1 > a:not([href='#'])")].map(
    (each) => each.matches("a") ? [each.getAttribute("href"), each.textContent.trim()] : [null, each.textContent.trim()])"""

NUMBERED = """numbers => document.querySelectorAll("[data-page]").forEach(
    (cell) => { cell.textContent = numbers[cell.dataset.page]; })"""


def name_of(href):
    return href.removesuffix(".html").replace("/", "-")


def moved(text, page):
    """A page's article for the joined one: its ids begin with the page's name, links and pictures follow."""
    name = name_of(page)
    up = "../" if "/" in page else ""
    text = re.sub(r'<a class="headerlink".*?</a>', "", text)
    text = re.sub(r'\bid="(?!_anim)', f'id="{name}--', text)
    text = re.sub(r'(href="|url\()#', rf"\1#{name}--", text)

    def link(match):
        folder = "" if match[1] or not up else page.split("/")[0] + "/"
        return f'href="#{name_of(folder + match[2])}' + (f"--{match[3][1:]}" if match[3] else "") + '"'
    text = re.sub(rf'href="({re.escape(up)})?((?:nbs/|exercises/)?[\w-]+\.html)(#[^"]*)?"', link, text)
    text = text.replace(f'src="{up}', 'src="') if up else text
    return f'<div id="{name}">{text}</div>'


def contents(order):
    """The table of contents, to be numbered."""
    rows = [f'<tr><td><a href="#{name_of(href)}">{title}</a></td><td data-page="{href}"></td></tr>' if href
            else f"<tr><th>{title}</th><td></td></tr>" for href, title in order]
    return f'<article class="bd-article"><h1>backprop_lab</h1><table class="contents">{"".join(rows)}</table></article>'


def print_book(language="en", target=None, most=None):
    """most: how many entries of the contents; all if None."""
    html = BOOK / "html" / ("" if language == "en" else language)
    target = target or BOOK / ("backprop_lab.pdf" if language == "en" else f"backprop_lab.{language}.pdf")
    first, joined = (html / "index.html").read_text(encoding="utf-8"), html / "joined.html"
    article = lambda page: re.search(r'<article class="bd-article.*?</article>',
                                     (html / page).read_text(encoding="utf-8"), re.S)[0]
    head = "".join(re.findall(r'<link [^>]*rel="stylesheet"[^>]*>', first))
    maths = "".join(re.findall(r'<script>window\.MathJax.*?</script>|<script [^>]*tex-svg\.js[^>]*></script>',
                               (html / "nbs/04_backward.html").read_text(encoding="utf-8"), re.S)).replace('src="../', 'src="')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=FLAGS)
        page = browser.new_page()
        page.goto((html / "index.html").as_uri())
        order = [["index.html", "backprop_lab"], *page.evaluate(ORDER)][:most and int(most)]
        body = "".join(moved(article(href), href) for href, _ in order if href)
        joined.write_text(
            f'<!DOCTYPE html><html lang="{language.replace("_", "-")}" data-theme="light"><meta charset="utf-8">'
            f"<title>backprop_lab</title>{head}<style>{STYLE}</style>{maths}<body>{contents(order)}{body}",
            encoding="utf-8")
        page.goto(joined.as_uri(), timeout=300_000)
        page.evaluate("MathJax.startup.promise")
        numbers = dict.fromkeys((href for href, _ in order if href), 100)
        for _ in range(2):
            page.evaluate(NUMBERED, numbers)
            page.pdf(path=target, format="A4", tagged=True, print_background=True,
                     display_header_footer=True, header_template="<i></i>", footer_template=FOOT,
                     margin={"top": "15mm", "bottom": "18mm", "left": "18mm", "right": "15mm"})
            reader = PdfReader(target)
            found = reader.named_destinations
            numbers = {href: reader.get_destination_page_number(found["/" + name_of(href)]) + 1 for href in numbers}
        browser.close()
    joined.unlink()
    bookmarks(target, order, numbers)
    print(f"{target}: {len(reader.pages)} pages")


def bookmarks(target, order, numbers):
    """The contents beside the pages too, as a reader of PDF shows them."""
    writer, part = PdfWriter(clone_from=target), None
    for (href, title), (following, _) in zip(order, [*order[1:], (None, "")]):
        item = writer.add_outline_item(title=title, page_number=numbers[href or following] - 1, parent=part if href else None)
        part = part if href else item
    writer.add_metadata({"/Title": "backprop_lab"})
    writer.write(target)


if __name__ == "__main__":
    print_book(*sys.argv[1:])
