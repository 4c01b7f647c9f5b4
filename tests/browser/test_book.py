"""The book, opened from the file system, page by page in both languages: typeset maths, pictures with their texts,
nothing cut off on a desk or a phone, search, and not one request to anywhere."""
import re
import subprocess
import sys
from unicodedata import normalize

import nbformat
import pytest
from helpers import ROOT
from test_page import axe_source, violations

pytest.importorskip("myst_nb", reason="the book's tools are not installed (extra: book)")
BOOK = ROOT / "book" / "html"
LANGUAGES = {"en": ("", "zh_TW/"), "zh-TW": ("zh_TW/", "../")}          # folder, and the way to the other
PAGES = ["index", "lesson-plan", "verdicts", "api", "search",
         *(f"nbs/{path.stem}" for path in sorted((ROOT / "nbs").glob("*.ipynb"))),
         *(f"exercises/{path.stem}" for path in sorted((ROOT / "exercises/source/lab").glob("*.ipynb")))]
ENGLISH = re.compile(r"[A-Za-z]+(?:[ ,]+[a-z]+){4}")

# what a reader would see wrong on a page
LOOK = r"""async () => {
  if (window.MathJax?.startup?.promise) await MathJax.startup.promise;
  const article = document.querySelector("article"), wrong = [], text = [];
  const shown = (node) => node.textContent.trim().slice(0, 80);
  const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.closest("pre, code, script, style, mjx-container, .cell_output, dl, [lang=en]")) {
      text.push(node.data);
    }
  }
  const raw = text.filter((words) => /\$|\\[a-z]+|\*\*/.test(words));
  if (raw.length) wrong.push(["raw mathematics or marks", raw]);
  const errors = [...article.querySelectorAll("mjx-merror, [data-mjx-error]")];
  if (errors.length) wrong.push(["formulas with errors", errors.map((node) => node.outerHTML.slice(0, 300))]);
  for (const image of article.querySelectorAll("img")) {
    if (!image.complete || !image.naturalWidth) wrong.push(["picture does not load", image.src]);
    if (!image.alt || /[0-9a-f]{16}|\.png/.test(image.alt)) wrong.push(["picture without text", image.src, image.alt]);
  }
  return { wrong, text, lang: document.documentElement.lang,
           paragraphs: [...article.querySelectorAll("p, li, th, td, h1, h2, h3, figcaption")]
             .filter((node) => !node.closest("pre, .cell_output, dl, [lang=en]")).map((node) => {
               const copy = node.cloneNode(true);
               copy.querySelectorAll("code, mjx-container, script, ul, ol").forEach((part) => part.remove());
               return copy.textContent; }) };
}"""
WIDE = r"""() => {
  const width = document.documentElement.clientWidth, wrong = [];
  if (document.documentElement.scrollWidth > width) wrong.push(["page is wider than its window", document.documentElement.scrollWidth]);
  for (const node of document.querySelectorAll("article *")) {
    if (node.closest("svg, iframe, .headerlink, button, mjx-assistive-mml")) continue;
    const style = getComputedStyle(node), hidden = ["hidden", "clip"].includes(style.overflowX);
    if (hidden && node.scrollWidth > node.clientWidth + 1) wrong.push(["cut off", node.outerHTML.slice(0, 200)]);
    const box = node.getBoundingClientRect();
    if (node.matches("td, th") && node.textContent.trim().length > 9 && box.width < 60) {
      wrong.push(["column of single letters", node.textContent.trim().slice(0, 80)]);
    }
    if (box.width && box.right > width + 1) {
      let inside = node.parentElement;
      while (inside && getComputedStyle(inside).overflowX === "visible") inside = inside.parentElement;
      if (!inside || inside === document.body || inside === document.documentElement) {
        wrong.push(["wider than its column", node.outerHTML.slice(0, 200)]);
      }
    }
  }
  return wrong.slice(0, 5);
}"""

CUT = """() => [...document.querySelectorAll("article pre")].filter((node) => node.scrollWidth > node.clientWidth + 1)
    .map((node) => [node.textContent.split("\\n").reduce((a, b) => (b.length > a.length ? b : a))])"""
FORMULAS = """() => [...document.querySelectorAll("article mjx-container[display]")].filter((node) => node.clientWidth
    && node.querySelector("svg").getBoundingClientRect().width > node.clientWidth + 2).map((node) => [node.textContent])"""


@pytest.fixture(scope="module")
def browser_page(chromium):
    """One page for the whole book; a fresh one each time would load MathJax anew."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.said, page.asked = [], []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_page(browser_page, language, name):
    page, (folder, _) = browser_page, LANGUAGES[language]
    path = BOOK / f"{folder}{name}.html"
    assert path.exists(), "make book comes first"
    page.said.clear()
    page.asked.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path.as_uri())
    found = page.evaluate(LOOK)
    wrong = found["wrong"] + page.evaluate(WIDE)
    wrong += [["cut off on a desk", *each] for each in page.evaluate(CUT) + page.evaluate(FORMULAS)]
    page.set_viewport_size({"width": 390, "height": 844})
    wrong += [["on a phone", *each] for each in page.evaluate(WIDE)]
    page.emulate_media(media="print")
    wrong += [["cut off in print", *each] for each in page.evaluate(CUT)]
    page.emulate_media(media="screen")
    assert wrong == [] and page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert found["lang"] == language
    if language == "zh-TW" and name != "api":
        assert [words for words in found["paragraphs"] if ENGLISH.search(words) and not re.search("[一-鿿]", words)] == []
    other = page.locator("a.twin")
    target = (path.parent / other.get_attribute("href")).resolve()
    assert target == BOOK / f"{next(folder for key, (folder, _) in LANGUAGES.items() if key != language)}{name}.html"
    assert target.exists() and other.get_attribute("lang") != language and other.is_visible()


def test_links_of_the_reference(browser_page):
    page = browser_page
    page.goto((BOOK / "nbs/04_backward.html").as_uri())
    assert page.locator("a[href$='api.html#backprop_lab.gradients.hidden_delta']").count() > 0
    page.goto((BOOK / "zh_TW/exercises/3_backward.html").as_uri())
    assert "練習三" in page.locator("article h1").inner_text()


@pytest.mark.parametrize("folder, query, first, word", [
    ("", "delta", "backward", "delta"), ("", "gradients sigmoid", "", "sigmoid"), ("", "hidden_delta", "", "hidden_delta"),
    ("zh_TW/", "梯度", "backward", "梯度"), ("zh_TW/", "delta", "", "delta"), ("zh_TW/", "連鎖律", "", "連鎖律"),
])
def test_search(browser_page, folder, query, first, word):
    """Found with an excerpt that shows the word; a result leads to a page that holds it."""
    page = browser_page
    page.goto(f"{(BOOK / folder / 'search.html').as_uri()}?q={query}")
    results = page.locator("#search-results li")
    results.first.wait_for()
    assert results.count() > 2 and str(results.count()) in page.locator("#search-count").inner_text()
    top = [results.nth(i).locator("a").get_attribute("href") for i in range(4)]
    assert any(first in address for address in top)
    assert results.first.locator("mark").first.inner_text().lower() == word
    results.first.locator("a").click()
    assert word in page.locator("article").inner_text().lower()


def test_search_finds_nothing(browser_page):
    browser_page.goto(f"{(BOOK / 'search.html').as_uri()}?q=xyzzyx")
    assert browser_page.locator("#search-count").inner_text() == "Nothing found."


def test_search_from_a_page(browser_page):
    """The field of any page leads to the search of its own language."""
    page = browser_page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((BOOK / "zh_TW/nbs/04_backward.html").as_uri())
    page.locator(".bd-sidebar-primary .search-button-field").click()
    page.locator("dialog input[name=q]").fill("梯度")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zh_TW/search.html?q=*")
    page.locator("#search-results li").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "nbs/04_backward", "nbs/12_movie", "api", "search", "zh_TW/index"])
def test_axe_finds_nothing(page, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((BOOK / f"{name}.html").as_uri() + ("?q=delta" if name == "search" else ""))
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished))")     # colours on their way
    assert violations(page, axe_source()) == []


@pytest.mark.parametrize("language, title", [("en", "The backward pass"), ("zh_TW", "反向傳遞")])
def test_one_file_to_be_printed(chromium, tmp_path, language, title):
    """The first pages of it: contents with the right numbers, formulas typeset, long lines of code whole."""
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (extra: book)")
    subprocess.run([sys.executable, ROOT / "docs" / "pdf.py", language, tmp_path / "book.pdf", "8"], check=True, timeout=300)
    pages = [normalize("NFKC", page.extract_text()) for page in pypdf.PdfReader(tmp_path / "book.pdf").pages]
    number = int(re.search(rf"{title} (\d+)", pages[0])[1])
    assert pages[number - 1].strip().startswith(title) and pages[number - 1].rstrip().endswith(str(number))
    text = "".join("".join(pages).split())
    assert "\\(" not in text and "\\[" not in text
    long = [line for cell in nbformat.read(ROOT / "nbs/03_forward.ipynb", as_version=4).cells if cell.cell_type == "code"
            for line in cell.source.splitlines() if len(line) > 85 and line.isascii() and "#|" not in cell.source[:7]]
    assert len(long) > 3 and [line for line in long if "".join(line.split()) not in text] == []
    assert [item.title for item in pypdf.PdfReader(tmp_path / "book.pdf").outline if not isinstance(item, list)][0] == "backprop_lab"


def test_size():
    """Both languages in less than 15 MB, with one copy of what they share."""
    sizes = [path.stat().st_size for path in BOOK.rglob("*") if path.is_file()]
    assert sum(sizes) < 15e6
    for name in ("tex-svg.js", "playground.html", "fontawesome.js"):
        assert len(list(BOOK.rglob(name))) == 1
    assert list((BOOK / "zh_TW" / "_images").glob("*")) == []
