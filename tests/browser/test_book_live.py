"""The book trains: the live page on its first pages and in its playground chapter, from the file system."""
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from helpers import ROOT
from test_page import axe_source, violations

pytest.importorskip("myst_nb", reason="the book's tools are not installed (extra: book)")
BOOK = ROOT / "book" / "html"
PAGES = ["index", "nbs/11_playground", "zh_TW/index", "zh_TW/nbs/11_playground"]


def opened(page, name):
    """The frame of the playground in a page of the book."""
    assert (BOOK / f"{name}.html").exists(), "make book comes first"
    page.goto((BOOK / f"{name}.html").as_uri())
    page.locator("iframe.live").scroll_into_view_if_needed()
    page.frame_locator("iframe.live").locator(".bp-root").wait_for()
    return page.frames[-1]


@pytest.mark.parametrize("name", PAGES)
def test_it_trains_in_the_language_of_the_page(page, kept, name):
    frame = opened(page, name)
    frame.get_by_role("button", name="播放" if name.startswith("zh_TW") else "Play", exact=True).click()
    frame.wait_for_function("document.querySelector('.bp-root').dataset.separated === 'true'")
    wanted = SigmoidNetwork([2, 4, 4, 1], seed=0).fit(*generate_xor_easy(), 0.5)
    shown = frame.evaluate("""() => { const { state } = document.querySelector('.bp-live').playground;
        return [state.epochs, [...state.weights]]; }""")
    assert shown == [wanted.epochs, wanted.vector.tolist()]
    page.screenshot(path=kept / f"live_{name.replace('/', '_')}.png")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_the_frame_is_as_large_as_what_it_holds(page, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    frame = opened(page, name)
    page.wait_for_timeout(500)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.evaluate("0 <= innerHeight - document.documentElement.offsetHeight"), "it has a scroll bar of its own"
    assert frame.evaluate("innerHeight - document.documentElement.offsetHeight") < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_as_the_book_is(page):
    frame = opened(page, "index")
    background = "getComputedStyle(document.documentElement).colorScheme"
    for scheme in ("dark", "light"):
        page.evaluate("scheme => { document.documentElement.dataset.theme = scheme; }", scheme)
        frame.wait_for_function(f"{background} === '{scheme}'")


def test_it_rests_out_of_sight(page):
    frame = opened(page, "nbs/11_playground")
    frame.locator("[data-name=learning_rate]").fill("0.00001")
    frame.locator("[data-name=learning_rate]").press("Enter")
    frame.get_by_role("button", name="Play", exact=True).click()
    frame.wait_for_function("Number(document.querySelector('.bp-root').dataset.epochs) > 20")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    frame.wait_for_function("document.querySelector('.bp-notice').textContent.includes('rests')")


@pytest.mark.parametrize("name", ["index", "nbs/11_playground"])
def test_axe_finds_nothing_of_ours(page, name):
    frame, source = opened(page, name), axe_source()
    assert violations(frame, source) == []
    assert violations(page, source, "'article'") == []


def test_the_script_is_there_once():
    holds = [path.relative_to(BOOK).as_posix() for path in [*BOOK.rglob("*.html"), *BOOK.rglob("*.js")]
             if "const playground_page = " in path.read_text(encoding="utf-8")]
    assert holds == ["_static/playground.html"]
