"""Every notebook in a real JupyterLab, and the playground under a real mouse and keyboard."""
import json
import re
import time

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from helpers import ROOT

NOTEBOOKS = sorted(path.stem for path in (ROOT / "nbs").glob("*.ipynb"))

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
    source: cell.model.sharedModel.getSource(), count: cell.model.executionCount, outputs: cell.model.outputs.toJSON().map((output) => output.output_type)}));
}"""
IN_KERNEL = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, said = [];
  const future = kernel.requestExecute({ code });
  future.onIOPub = (message) => { if (message.header.msg_type === "stream") said.push(message.content.text); if (message.header.msg_type === "error") said.push("ERROR " + message.content.ename + ": " + message.content.evalue); };
  await future.done;
  return said.join("");
}"""
INTERRUPT = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel, future = kernel.requestExecute({ code });
  await new Promise((after) => setTimeout(after, 1500));
  const sent = performance.now();
  kernel.interrupt();
  await future.done;
  return (performance.now() - sent) / 1000;
}"""


def run(page, function, argument=None):
    """The answer of an async function in the page. The page keeps the promise: one that only the driver waits for may be collected as garbage."""
    page.evaluate(f"argument => {{ window.answer = undefined; window.held = ({function})(argument).then((value) => {{ window.answer = {{ value }}; }}, (error) => {{ window.answer = {{ error: String(error) }}; }}); }}", argument)
    page.wait_for_function("window.answer", polling=50, timeout=600_000)
    answer = page.evaluate("window.answer")
    assert "error" not in answer, answer
    return answer.get("value")


def open_notebook(page, lab, name):
    address, token = lab
    page.goto(f"{address}/lab/tree/nbs/{name}.ipynb?reset&token={token}")
    page.wait_for_function("window.jupyterapp && window.jupyterapp.shell.currentWidget && window.jupyterapp.shell.currentWidget.context")
    for _ in range(240):
        if run(page, READY):
            return
        time.sleep(0.25)
    raise AssertionError("the kernel did not come up")


def close_kernel(page):
    run(page, "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs(page, lab, kept, name):
    open_notebook(page, lab, name)
    cells = run(page, RUN_ALL)
    missing = [cell["source"] for cell in cells if cell["source"].strip() and not cell["count"]]
    assert missing == [], (missing, [cell["outputs"] for cell in cells])
    assert cells and all(cell["count"] for cell in cells if cell["source"].strip()), "a cell has not run"
    assert [cell["source"] for cell in cells if "error" in cell["outputs"]] == []
    page.screenshot(path=kept / f"{name}.png")
    close_kernel(page)


def keep_figures(kept, **figures):
    path = kept / "figures.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps({**old, **figures}, indent=1))


def test_playground(page, lab, kept, tmp_path):
    open_notebook(page, lab, "11_playground")
    run(page, RUN_ALL)
    root = page.locator(".bp-root").first
    root.scroll_into_view_if_needed()
    button = lambda name: root.get_by_role("button", name=name, exact=True)
    epochs = lambda: int(root.get_attribute("data-epochs"))
    python = lambda code: run(page, IN_KERNEL, code).strip()
    weights = lambda: np.array(json.loads(python("import json; print(json.dumps(playground.network.vector.tolist()))")))
    until = lambda words: page.wait_for_function("words => document.querySelector('.bp-root [role=status]').textContent.includes(words)", arg=words)
    fitted = lambda epochs, layers=(2, 4, 4, 1), seed=0: SigmoidNetwork(layers, seed=seed).fit(*generate_xor_easy(), 0.5, epochs, 0).vector

    def eventually(code, wanted):            # the page's messages and cells may reach the kernel in either order
        for _ in range(100):
            if (found := python(code)).startswith(wanted):
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"{code} gives {found}, not {wanted}")
    until("epoch 0,")

    root.get_by_label("Epochs a picture").fill("150")
    root.get_by_label("Epochs a picture").press("Enter")
    button("Play").click()
    page.wait_for_function("Number(document.querySelector('.bp-root').dataset.epochs) > 2000")
    other = python("print(6 * 7)")                                   # another cell in between
    button("Pause").click()
    page.wait_for_timeout(500)
    paused = epochs()
    pictures, seconds = int(root.get_attribute("data-pictures")), float(root.get_attribute("data-seconds"))
    page.wait_for_timeout(500)
    assert epochs() == paused and other == "42"
    keep_figures(kept, pictures_per_second=round(pictures / seconds, 1), epochs_per_second=round(paused / seconds))
    assert np.array_equal(weights(), fitted(paused))
    root.screenshot(path=kept / "playground_paused.png")

    button("Epoch").click()
    until(f"epoch {paused + 1}, ")
    assert np.array_equal(weights(), fitted(paused + 1))
    button("Sample").click()
    until("and 1 samples")
    for kind in ("Layer 1, weighted input", "Layer 2", "Layer 3", "Loss", "Delta of the output layer", "Delta of layer 2"):
        button("Layer").click()
        page.wait_for_function("kind => document.querySelector('.bp-formula').textContent.includes(kind)", arg=kind)
    root.get_by_label("Show").select_option("backward")
    root.screenshot(path=kept / "playground_layer.png")
    root.get_by_label("Show").select_option("forward")
    button("Epoch").click()
    until(f"epoch {paused + 3}, ")
    assert np.array_equal(weights(), fitted(paused + 3))

    button("Rewind").click()
    until("epoch 0,")
    assert np.array_equal(weights(), SigmoidNetwork([2, 4, 4, 1], seed=0).vector)
    root.get_by_label("Epochs a picture").fill("2000")
    root.get_by_label("Epochs a picture").press("Enter")
    button("Play").click()
    until("all points are classified correctly")
    assert np.array_equal(weights(), fitted(100_000)) and button("Play").is_visible()
    root.screenshot(path=kept / "playground.png")

    with page.expect_download() as download:
        button("Save weights").click()
    download.value.save_as(tmp_path / "network.safetensors")
    assert np.array_equal(SigmoidNetwork.load(tmp_path / "network.safetensors").vector, fitted(100_000))

    plane = root.locator(".bp-plane")
    box = plane.bounding_box()
    plane.hover(position={"x": 30, "y": 40})
    page.wait_for_function("document.querySelector('.bp-root figcaption').textContent.startsWith('output 0.')")
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5)
    plane.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.5})
    until("of 22 points")
    plane.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.5}, modifiers=["Shift"])
    until("of 23 points")
    eventually("print(playground.y[-2:, 0].tolist())", "[1.0, 0.0]")
    plane.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.5})
    until("of 22 points")
    plane.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        plane.press(key)
    until("of 23 points")
    plane.press("Delete")
    until("of 22 points")

    root.get_by_label("Layers").fill("2 3 1")
    root.get_by_label("Layers").press("Enter")
    until("epoch 0,")
    eventually("print(playground.network)", "SigmoidNetwork([2, 3, 1], bias=True)")
    root.get_by_label("Layers").fill("2 0 1")
    root.get_by_label("Layers").press("Enter")
    page.wait_for_function("document.querySelector('.bp-error').textContent.includes('layers[1] is 0')")
    root.get_by_role("combobox", name="Points").select_option("linear")
    until("of 100 points")
    root.get_by_label("Bias").uncheck()
    eventually("print(playground.network.bias)", "[False, False]")
    before = weights()
    button("New start").click()
    eventually("print(playground._seed)", "1")
    page.wait_for_timeout(300)
    assert not np.array_equal(weights(), before)
    root.get_by_role("combobox", name="Points").select_option("XOR")
    until("of 21 points")

    page.set_viewport_size({"width": 560, "height": 1000})
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    page.wait_for_timeout(500)
    root.scroll_into_view_if_needed()
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    root.screenshot(path=kept / "playground_narrow.png")
    page.set_viewport_size({"width": 1280, "height": 1100})
    run(page, "async () => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_timeout(1500)
    root.scroll_into_view_if_needed()
    root.screenshot(path=kept / "playground_dark.png")

    python("playground.change(learning_rate=1e-6)")
    button("Play").click()                                           # will not end by itself
    page.wait_for_timeout(700)
    run(page, "async () => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.wait_for_timeout(700)
    count = "print(playground.network.epochs)"
    first = python(count)
    page.wait_for_timeout(700)
    assert re.fullmatch(r"\d+", first) and int(first) > 0 and python(count) == first
    close_kernel(page)


def test_interrupting_the_kernel(page, lab, kept):
    open_notebook(page, lab, "01_data")
    python = lambda code: run(page, IN_KERNEL, code).strip()
    python("from backprop_lab import *\nX, y = generate_xor_easy()\nnetwork = SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=1, print_every=0)")
    took = [run(page, INTERRUPT, "network.fit(X, y, 1e-4, 10**9, 0, check_every=0)") for _ in range(5)]
    keep_figures(kept, kernel_interrupt_seconds=[round(seconds, 3) for seconds in took])
    assert python("print(network.history[-1].epoch == network.epochs - 1 > 10_000, network.history[-1].loss == network.loss(X, y))") == "True True"
    close_kernel(page)
