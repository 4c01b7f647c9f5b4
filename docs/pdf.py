"""Print the finished book as one PDF with contents and page numbers: python docs/pdf.py [language] writes
book/backprop_lab.pdf (zh_TW: book/backprop_lab.zh_TW.pdf).

The articles of all pages are joined into one, which Chromium prints twice: first to learn on which page each begins.
"""
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader

BOOK = Path(__file__).parent.parent / "book"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FOOT = '<div style="font-size: 8px; width: 100%; text-align: center"><span class="pageNumber"></span></div>'
STYLE = """
.bd-article { padding: 0 !important; break-before: page; }
.headerlink, .toctree-wrapper, noscript { display: none !important; }
table.contents { width: 100%; display: table; } .contents td:last-child { text-align: right; }
.contents th { text-align: left; padding-top: 1rem; }
"""
ORDER = """[...document.querySelectorAll(".bd-links__inner > .caption, .bd-links__inner .toctree-l1 > a")].map(
    (each) => each.matches("a") ? [each.getAttribute("href"), each.textContent.trim()] : [null, each.textContent.trim()])"""


def moved(text, page):
    """A page's article for the joined one: its ids begin with the page's name, links and pictures follow."""
    name = page.removesuffix(".html").replace("/", "-")
    up = "../" if "/" in page else ""
    text = re.sub(r'\bid="(?!_anim)', f'id="{name}--', text)
    text = re.sub(r'(href="|url\()#', rf"\1#{name}--", text)

    def link(match):
        folder = "" if match[1] or not up else page.split("/")[0] + "/"
        target = (folder + match[2]).removesuffix(".html").replace("/", "-")
        return f'href="#{target}' + (f"--{match[3][1:]}" if match[3] else "") + '"'
    text = re.sub(rf'href="({re.escape(up)})?((?:nbs/|exercises/)?[\w-]+\.html)(#[^"]*)?"', link, text)
    text = text.replace(f'src="{up}', 'src="') if up else text
    return f'<div id="{name}">{text}</div>'


def contents(order, pages):
    """The table of contents; pages: {href: number}."""
    rows = [f'<tr><td><a href="#{href.removesuffix(".html").replace("/", "-")}">{title}</a></td>'
            f"<td>{pages.get(href, 0)}</td></tr>" if href else f"<tr><th>{title}</th><td></td></tr>"
            for href, title in order]
    return f'<article class="bd-article"><h1>backprop_lab</h1><table class="contents">{"".join(rows)}</table></article>'


def print_book(language="en"):
    html = BOOK / "html" / ("" if language == "en" else language)
    target = BOOK / ("backprop_lab.pdf" if language == "en" else f"backprop_lab.{language}.pdf")
    first, joined = (html / "index.html").read_text(encoding="utf-8"), html / "joined.html"
    article = lambda page: re.search(r'<article class="bd-article.*?</article>',
                                     (html / page).read_text(encoding="utf-8"), re.S)[0]
    head = "".join(re.findall(r'<link [^>]*rel="stylesheet"[^>]*>|<script>window\.MathJax.*?</script>', first, re.S))
    mathjax = re.search(r'src="([^"]*tex-svg\.js)', (html / "nbs/04_backward.html").read_text(encoding="utf-8"))[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=FLAGS)
        page = browser.new_page()
        page.goto((html / "index.html").as_uri())
        order, numbers = [["index.html", "backprop_lab"], *page.evaluate(ORDER)], {}
        body = "".join(moved(article(href), href) for href, _ in order if href)
        for _ in range(2):
            joined.write_text(
                f'<!DOCTYPE html><html lang="{language.replace("_", "-")}" data-theme="light"><meta charset="utf-8">'
                f'<title>backprop_lab</title>{head}<style>{STYLE}</style><script src="{mathjax.removeprefix("../")}">'
                f"</script><body>{contents(order, numbers)}{body}", encoding="utf-8")
            page.goto(joined.as_uri(), timeout=300_000)
            page.evaluate("MathJax.startup.promise")
            page.pdf(path=target, format="A4", outline=True, tagged=True, print_background=True,
                     display_header_footer=True, header_template="<i></i>", footer_template=FOOT,
                     margin={"top": "15mm", "bottom": "18mm", "left": "18mm", "right": "15mm"})
            reader = PdfReader(target)
            tops = [entry for entry in reader.outline if not isinstance(entry, list)]
            numbers = {href: reader.get_destination_page_number(entry) + 1
                       for (href, _), entry in zip([each for each in order if each[0]], tops[1:], strict=True)}
        browser.close()
    joined.unlink()
    print(f"{target}: {len(reader.pages)} pages")


if __name__ == "__main__":
    print_book(*sys.argv[1:])
