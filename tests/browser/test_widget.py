"""The playground in JupyterLab: the same page, trained by the kernel."""
import json

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from test_lab import IN_KERNEL, close_kernel, keep_figures, open_notebook, run

CODE = "from backprop_lab.playground import *\nplayground = Playground()\nplayground"
INSERT = """async (codes) => {
  const panel = window.jupyterapp.shell.currentWidget, model = panel.context.model.sharedModel;
  await window.jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
  while (model.cells.length) model.deleteCell(0);
  codes.forEach((source) => model.addCell({ cell_type: "code", source }));
  await new Promise((after) => setTimeout(after, 300));
  await window.jupyterapp.commands.execute("notebook:run-all-cells");
}"""


def fitted(epochs=100_000, layers=(2, 4, 4, 1), seed=0):
    network = SigmoidNetwork(layers, seed=seed)
    return (network.fit(*generate_xor_easy(), 0.5, epochs=epochs) if epochs else network).vector


class Widget:
    """Playgrounds in one notebook, and what its kernel says."""

    def __init__(self, page, lab, cells=(CODE,)):
        self.page = page
        open_notebook(page, lab, "11_playground")
        run(page, INSERT, list(cells))
        self.root = page.locator(".bp-root").first
        self.root.scroll_into_view_if_needed()
        self.until("data.epochs === '0'")

    def until(self, condition, view=0, timeout=60_000):
        self.page.wait_for_function(
            f"""() => {{ const root = document.querySelectorAll('.bp-root')[{view}], data = root?.dataset;
            const text = root?.textContent; return data && ({condition}); }}""",
            timeout=timeout,
        )

    def button(self, name, view=0):
        return self.page.locator(".bp-root").nth(view).get_by_role("button", name=name, exact=True)

    def python(self, code):
        return run(self.page, IN_KERNEL, code).strip()

    def weights(self):
        return np.array(json.loads(self.python("import json; print(json.dumps(playground.network.vector.tolist()))")))

    def type(self, name, text):
        field = self.root.locator(f"[data-name='{name}']")
        field.fill(text)
        field.press("Enter")

    def epochs(self, view=0):
        return int(self.page.locator(".bp-root").nth(view).get_attribute("data-epochs"))


@pytest.fixture
def widget(page, lab):
    yield lambda *cells: Widget(page, lab, cells or (CODE,))
    close_kernel(page)


def test_training_reaches_what_fit_reaches(widget, kept, tmp_path):
    w = widget()
    w.button("Play").click()
    w.until("data.epochs > 2000")
    other = w.python("print(6 * 7)")                                  # another cell in between
    w.button("Pause").click()
    w.page.wait_for_timeout(500)
    paused = w.epochs()
    pictures, seconds = int(w.root.get_attribute("data-pictures")), float(w.root.get_attribute("data-seconds"))
    w.page.wait_for_timeout(500)
    assert w.epochs() == paused and other == "42" and np.array_equal(w.weights(), fitted(paused))
    keep_figures(kept, pictures_per_second=round(pictures / seconds, 1), epochs_per_second=round(paused / seconds))
    w.button("Epoch").click()
    w.until(f"data.epochs === '{paused + 1}'")
    w.button("Sample").click()
    w.until("data.sample === '1'")
    w.button("Layer").click()
    assert "Layer 1, weighted input" in w.root.locator(".bp-formula").inner_text()
    w.button("Rewind").click()
    w.until("data.epochs === '0'")
    assert np.array_equal(w.weights(), fitted(0))
    w.type("epochs_per_picture", "2000")
    w.button("Play").click()
    w.until("data.separated === 'true'")
    assert np.array_equal(w.weights(), fitted())
    with w.page.expect_download() as download:
        w.button("Save weights").click()
    download.value.save_as(tmp_path / "network.safetensors")
    assert np.array_equal(SigmoidNetwork.load(tmp_path / "network.safetensors").vector, fitted())
    w.root.screenshot(path=kept / "widget.png")


def test_settings_points_and_weights(widget):
    w = widget()
    plane = w.root.locator(".bp-plane")
    plane.focus()
    plane.press("ArrowUp")
    plane.press("Enter")
    w.until("data.points === '22'")
    plane.press("Shift+Enter")
    w.until("data.points === '23'")
    assert w.python("print(playground.y[-2:, 0].tolist())") == "[1.0, 0.0]"
    w.button("Points as at first").click()
    w.until("data.points === '21'")
    w.type("layers", "2 3 1")
    w.until("text.includes('SigmoidNetwork([2, 3, 1], seed=0)')")
    assert w.python("print(playground.network)").startswith("SigmoidNetwork([2, 3, 1], bias=True)")
    w.type("layers", "2 0 1")
    w.until("text.includes('layers[1] is 0')")
    w.root.locator("[data-name=data]").select_option("gauss")
    w.until("data.points === '100'")
    w.type("held_out", "0.3")
    w.until("data.points === '70'")
    w.root.locator("[data-name='bias 1']").uncheck()
    w.until("text.includes('bias=[true, false]'.replaceAll('true', 'True').replaceAll('false', 'False'))")
    assert w.python("print(playground.network.bias, len(playground.X_test))") == "[True, False] 30"
    w.button("New start").click()
    w.until("data.seed === '1'")
    w.root.get_by_text("Read a table").click()
    w.root.locator("textarea").fill("0,0,0\n1,1,1\n0,1,1\n")
    w.button("Take these points").click()
    w.until("data.points === '2'")                      # one of the three is held out


def test_what_a_cell_changes_is_drawn(widget):
    w = widget()
    w.python("playground.change(layers=[2, 6, 1])")
    w.until("text.includes('SigmoidNetwork([2, 6, 1], seed=0)')")
    w.python("playground.network.weights[0][:] = 0")
    w.until("text.includes('not from a seed alone')")
    assert w.page.evaluate("document.querySelector('.bp-root [data-name=layers]').value") == "2 6 1"
    assert w.python("playground.change(layers=5)").startswith("ERROR ValueError")
    w.button("Epoch").click()
    w.until("data.epochs === '1'")


def test_two_views_pause_together_and_quick_clicks_ask_once(widget):
    w = widget(CODE, "playground.change(learning_rate=1e-5)", "playground")
    w.until("data.epochs === '0'", view=1)
    for view in (0, 1):
        w.button("Play", view).scroll_into_view_if_needed()
        w.button("Play", view).click()
    w.until("data.epochs > 20")
    for view in (0, 1):
        w.button("Pause", view).click()
    w.page.wait_for_timeout(700)
    count = w.python("print(playground.network.epochs)")
    w.page.wait_for_timeout(1500)
    assert w.python("print(playground.network.epochs)") == count and w.epochs(0) == w.epochs(1) == int(count)
    w.page.evaluate("""() => { const page = document.querySelector('.bp-root').parentElement.playground, open = new Set();
        const { send } = page.connection, receive = page.receive.bind(page);
        window.most = window.asked = 0;
        page.connection.send = (request) => { open.add(request.id); window.asked += 1;
          window.most = Math.max(window.most, open.size); send(request); };
        page.receive = (answer) => { open.delete(answer.id); receive(answer); }; }""")
    for _ in range(9):
        w.root.locator("[data-name=play]").click()
    w.page.wait_for_timeout(1000)
    assert w.page.evaluate("window.most") == 1 and w.page.evaluate("window.asked") > 3
    w.button("Pause").click()


def test_a_kernel_that_is_gone_is_told_and_the_page_goes_on(widget):
    w = widget()
    w.button("Play").click()
    w.until("data.epochs > 300")
    w.button("Pause").click()
    w.page.wait_for_timeout(400)
    reached = w.epochs()
    run(w.page, "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    w.until("text.includes('does not answer any more') && data.connection === 'page'")
    w.button("Epoch").click()
    w.until(f"data.epochs === '{reached + 1}'")
    weights = w.page.evaluate("[...document.querySelector('.bp-root').parentElement.playground.state.weights]")
    assert np.array_equal(weights, fitted(reached + 1))
    w.button("Play").click()
    w.until("data.separated === 'true'")
    assert w.epochs() == SigmoidNetwork([2, 4, 4, 1], seed=0).fit(*generate_xor_easy(), 0.5).epochs


def test_compiling_is_shown_and_a_long_cell_does_not_stop_it(widget):
    w = widget()
    w.type("layers", "2 9 7 5 1")
    w.until("text.includes('[2, 9, 7, 5, 1]')")
    w.button("Play").click()
    w.until("text.includes('compiles this network')")
    w.until("data.epochs > 3")
    assert "compiles" not in w.root.locator(".bp-notice").inner_text()
    before = w.epochs()
    w.python("import time; time.sleep(2)")
    assert w.epochs() > before


def test_narrow_dark_and_closed(widget, kept):
    w = widget()
    w.page.set_viewport_size({"width": 560, "height": 1000})
    w.page.evaluate("window.jupyterapp.shell.collapseLeft()")
    w.page.wait_for_timeout(500)
    assert w.root.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    run(w.page, "async () => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    w.page.wait_for_timeout(1000)
    w.root.screenshot(path=kept / "widget_dark.png")
    w.python("playground.change(learning_rate=1e-6)")
    w.button("Play").click()                                           # will not end by itself
    w.until("data.epochs > 3")
    run(w.page, "async () => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    w.page.wait_for_timeout(700)
    count = w.python("print(playground.network.epochs)")
    w.page.wait_for_timeout(700)
    assert int(count) > 0 and w.python("print(playground.network.epochs)") == count


def test_a_saved_notebook_holds_a_live_page(widget, page, lab):
    w = widget()
    run(page, """async () => {
      const context = window.jupyterapp.shell.currentWidget.context;
      await context.save();
      await window.jupyterapp.shell.currentWidget.sessionContext.shutdown();
    }""")
    address, token = lab
    page.goto(f"{address}/lab/tree/11_playground.ipynb?reset&token={token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    w.until("data.connection === 'page' && data.epochs === '0'")
    assert page.get_by_text("Error displaying widget").locator("visible=true").count() == 0
    w.button("Play").click()
    w.until("data.separated === 'true'")
    assert w.epochs() == SigmoidNetwork([2, 4, 4, 1], seed=0).fit(*generate_xor_easy(), 0.5).epochs
