"""The notebooks in a real JupyterLab: the newcomer's walk, every notebook opened, some of them run."""
import json
import time

import pytest
from helpers import ROOT

NOTEBOOKS = sorted(path.stem for path in (ROOT / "nbs").glob("*.ipynb"))
FIRST_PART = [name for name in NOTEBOOKS if name < "1"]
# where a notebook's last line names two ways, the words of the link that leads on in the first part
WORDS = {"05_update": "update", "06_network": "network", "09_report": "report"}
RUN_HERE = ["10_explain", "12_movie"]        # what only a page can show; tests/test_sync.py runs every notebook

READY = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  if (!panel || !panel.context) return false;
  await panel.context.ready; await panel.sessionContext.ready;
  return panel.sessionContext.session?.kernel?.status === "idle";
}"""
RUN_ALL = """async () => {
  const app = window.jupyterapp, panel = app.shell.currentWidget;
  await app.commands.execute("notebook:run-all-cells");
  return panel.content.widgets.filter((cell) => cell.model.type === "code").map((cell) => ({
    source: cell.model.sharedModel.getSource(), count: cell.model.executionCount,
    outputs: cell.model.outputs.toJSON().map((output) => output.output_type) }));
}"""
IN_KERNEL = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, said = [];
  const future = kernel.requestExecute({ code });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") said.push(content.text);
    if (header.msg_type === "error") said.push("ERROR " + content.ename + ": " + content.evalue);
  };
  await future.done;
  return said.join("");
}"""
INTERRUPT = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code });
  await new Promise((after) => setTimeout(after, 1500));
  const sent = performance.now();
  kernel.interrupt();
  await future.done;
  return (performance.now() - sent) / 1000;
}"""


def run(page, function, argument=None):
    """The answer of an async function in the page.

    The page keeps the promise: one that only the driver waits for may be collected as garbage.
    """
    page.evaluate(f"""argument => {{
      window.answer = undefined;
      window.held = ({function})(argument).then(
        (value) => {{ window.answer = {{ value }}; }}, (error) => {{ window.answer = {{ error: String(error) }}; }});
    }}""", argument)
    page.wait_for_function("window.answer", polling=50, timeout=600_000)
    answer = page.evaluate("window.answer")
    assert "error" not in answer, answer
    return answer.get("value")


def open_notebook(page, lab, name):
    address, token = lab
    page.goto(f"{address}/lab/tree/{name}.ipynb?reset&token={token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context")
    for _ in range(240):
        if run(page, READY):
            return
        time.sleep(0.25)
    raise AssertionError("the kernel did not come up")


def close_kernel(page):
    run(page, "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")


CUT = """() => [...document.querySelectorAll(".jp-CodeCell .cm-line")].filter((line) => {
    const text = document.createRange();
    text.selectNodeContents(line);
    const room = line.closest(".cm-scroller").getBoundingClientRect();
    return !line.textContent.startsWith("#| fig-alt") && text.getBoundingClientRect().right > room.right + 1;
  }).map((line) => line.textContent)"""
BROKEN = """() => document.querySelectorAll("mjx-merror").length
  + [...document.querySelectorAll(".jp-Notebook img[src]")]
      .filter((image) => !(image.complete && image.naturalWidth)).length"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_opens(page, lab, kept, name):
    """As committed: no code line is cut off beside the file browser at 1280 px, maths and pictures are there."""
    open_notebook(page, lab, name)
    page.wait_for_timeout(1_000)
    assert page.evaluate(CUT) == []
    assert page.evaluate(BROKEN) == 0
    page.screenshot(path=kept / f"{name}.png")
    close_kernel(page)


@pytest.mark.parametrize("name", RUN_HERE)
def test_notebook_runs(page, lab, kept, name):
    open_notebook(page, lab, name)
    cells = run(page, RUN_ALL)
    missing = [cell["source"] for cell in cells if cell["source"].strip() and not cell["count"]]
    assert missing == [], (missing, [cell["outputs"] for cell in cells])
    assert [cell["source"] for cell in cells if "error" in cell["outputs"]] == []
    page.screenshot(path=kept / f"{name}_run.png")
    close_kernel(page)


def open_first_page(page, lab):
    address, token = lab
    page.goto(f"{address}/?token={token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.path === '00_index.ipynb'")
    for _ in range(240):
        if run(page, READY):
            break
        page.wait_for_timeout(250)
    assert page.locator(".jp-DirListing-itemName").first.inner_text() == "00_index.ipynb"
    assert page.get_by_text("Would you like to").count() == 0


def walk(page, leads_on, words):
    """By links alone through the whole first part."""
    shown = ".jp-NotebookPanel:not(.lm-mod-hidden)"
    for name in [name for name in FIRST_PART if name > "01"]:
        page.locator(f"{shown} .jp-MarkdownOutput p:has-text('{leads_on}') a", has_text=words.get(name)).last.click()
        page.wait_for_function(
            "path => window.jupyterapp.shell.currentWidget?.context?.path === path", arg=f"{name}.ipynb"
        )
        page.locator(f"{shown} .jp-MarkdownOutput p:has-text('{leads_on}') a").last.wait_for()


def test_the_walk_of_a_newcomer(page, lab, kept):
    """The page that opens trains a network in its first two cells; links alone lead through the whole first part."""
    open_first_page(page, lab)
    assert all(cell["count"] for cell in run(page, RUN_ALL) if cell["source"].strip())
    page.get_by_text("All points are classified correctly").first.wait_for()
    page.screenshot(path=kept / "walk.png")
    walk(page, "Next:", WORDS)


def test_the_walk_in_chinese(page, chinese_lab, kept):
    """The copies run, and their links lead through the first part."""
    open_first_page(page, chinese_lab)
    assert all(cell["count"] for cell in run(page, RUN_ALL) if cell["source"].strip())
    page.locator(".jp-RenderedMarkdown", has_text="台灣的一位學生").first.wait_for()
    page.screenshot(path=kept / "walk_zh_TW.png")
    walk(page, "接下來：", {"05_update": "更新", "06_network": "網路", "09_report": "報告"})


def keep_figures(kept, **figures):
    path = kept / "figures.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**old, **figures}, indent=1))


def test_interrupting_the_kernel(page, lab, kept):
    open_notebook(page, lab, "01_data")
    python = lambda code: run(page, IN_KERNEL, code).strip()
    python(
        "from backprop_lab import *\nX, y = generate_xor_easy()\nnetwork = "
        "SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=1)"
    )
    took = [run(page, INTERRUPT, "network.fit(X, y, 1e-4, epochs=10**9, check_every=0)") for _ in range(5)]
    keep_figures(kept, kernel_interrupt_seconds=[round(seconds, 3) for seconds in took])
    whole = "network.history['epoch'][-1] == network.epochs > 10_000, network.history['loss'][-1] == network.loss(X, y)"
    assert python(f"print({whole})") == "True True"
    close_kernel(page)
