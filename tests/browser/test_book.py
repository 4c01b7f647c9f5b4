"""The book, opened from the file system: typeset maths, pictures, search, and not one request to anywhere."""
import pytest
from helpers import ROOT

pytest.importorskip("myst_nb", reason="the book's tools are not installed (extra: book)")
BOOK = ROOT / "book" / "html"


PAGES = [
    ("index", 0, 0), ("nbs/04_backward", 10, 0), ("nbs/10_explain", 5, 0), ("nbs/30_study", 0, 2),
    ("nbs/11_playground", 0, 0), ("exercises/3_backward", 5, 0), ("api", 0, 0),
    ("zh_TW/index", 0, 0), ("zh_TW/exercises/3_backward", 5, 0),
]


@pytest.mark.parametrize("name, maths, pictures", PAGES, ids=[name for name, *_ in PAGES])
def test_page(page, kept, name, maths, pictures):
    assert (BOOK / f"{name}.html").exists(), "make book comes first"
    page.goto((BOOK / f"{name}.html").as_uri())
    if maths:
        page.wait_for_function("least => document.querySelectorAll('mjx-container svg').length >= least", arg=maths)
        assert page.locator("mjx-merror").count() == 0
    assert page.locator("article img").count() >= pictures
    assert (
        page.evaluate(
            "[...document.images].filter(image => !image.complete || image.naturalWidth === 0).map(image => image.src)"
        )
        == []
    )
    assert ("練習三" in page.content()) == name.startswith("zh_TW")
    if name == "nbs/04_backward":
        assert page.evaluate(
            "[...document.querySelectorAll('a')].some(a => "
            "a.href.includes('api.html#backprop_lab.gradients.hidden_delta'))"
        )
    page.screenshot(path=kept / f"book_{name.replace('/', '_')}.png")


def test_search(page):
    page.goto((BOOK / "search.html").as_uri() + "?q=delta")
    page.wait_for_selector("#search-results li")
    assert page.locator("#search-results li").count() > 2
