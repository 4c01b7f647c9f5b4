"""The live page in a browser: what it can do, row by row, and that it asks nobody for anything."""
import json
import re
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_xor_easy
from backprop_lab.playground import (
    checked_settings,
    draw_points,
    generate_circle,
    live_page,
    live_place,
    live_script,
    page_state,
)

FAST = dict(epochs_per_picture=100_000)
FOUR = [dict(data=data, n=500, layers=[2, 5, 5, 1], bias=[True, False, False], learning_rate=rate)
        for data in ("report", "XOR") for rate in (0.1, 0.02)]


class Live:
    """One playground in a page, as a user has it: by roles and names."""

    def __init__(self, page, path):
        self.page, self.path, self.errors = page, path, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.open(path.as_uri())

    def open(self, address):
        self.page.goto("about:blank")
        self.page.goto(address)
        self.root = self.page.locator(".bp-root")
        self.page.wait_for_function("document.querySelector('.bp-root')?.dataset.epochs !== undefined")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.root.locator(f"[data-name='{name}']")

    def type(self, name, text):
        self.field(name).fill(text)
        self.field(name).press("Enter")

    def data(self, name):
        return self.root.get_attribute(f"data-{name}")

    def until(self, condition, **more):
        self.page.wait_for_function(
            f"() => {{ const data = document.querySelector('.bp-root').dataset; return {condition}; }}", **more
        )

    def state(self):
        return self.page.evaluate("""() => { const { state } = document.querySelector('.bp-live').playground;
            return { ...state, weights: [...state.weights] }; }""")

    def text(self, css):
        return self.root.locator(css).inner_text()

    def play(self, until="data.separated === 'true'"):
        self.button("Play").click()
        self.until(until)

    def pause(self):
        """Pause, and wait for what was under way."""
        self.button("Pause").click()
        before = None
        while (now := (self.state()["weights"], self.data("epochs"))) != before:
            before = now
            self.page.wait_for_timeout(300)

    def at(self, css, x, y):
        """The pixel of a canvas at a share of its width and height."""
        box = self.root.locator(css).bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def place(self, x0, x1):
        """The pixel of a point of the plane, in the canvas."""
        return dict(
            zip(
                "xy",
                self.page.evaluate(
                    """([x0, x1]) => { const { view, plane } = document.querySelector('.bp-live').playground,
            { width, height } = plane.getBoundingClientRect(), [[a, b], [c, d]] = view.range;
            return [38 + (x0 - a) / (b - a) * (width - 46), 6 + (d - x1) / (d - c) * (height - 42)]; }""",
                    [x0, x1],
                ),
            )
        )

    def click(self, x0, x1, **more):
        self.root.locator(".bp-plane").click(position=self.place(x0, x1), **more)


@pytest.fixture
def live(page, tmp_path):
    opened = []

    def make(*shown, **settings):
        opened.append(Live(page, live_page(*shown, path=tmp_path / "page.html", **settings)))
        return opened[-1]

    yield make
    assert [error for one in opened for error in one.errors] == []


def fitted(epochs=100_000, **settings):
    s = checked_settings(**settings)
    X, y, *_ = draw_points(s)
    network = SigmoidNetwork(s["layers"], s["bias"], s["init"], s["seed"])
    return network.fit(X, y, s["learning_rate"], epochs=epochs, batch_size=s["batch_size"]) if epochs else network


# ---- training

@pytest.mark.parametrize("settings", FOUR, ids=lambda s: f"{s['data']} {s['learning_rate']}")
def test_the_four_runs_of_the_report_stop_as_in_python(live, settings):
    page = live(**settings, **FAST)
    page.play()
    wanted = fitted(**settings)
    assert int(page.data("epochs")) == wanted.epochs
    assert page.state()["weights"] == wanted.vector.tolist()


def test_the_lines_of_python_give_exactly_this_run(live):
    for settings in (
        dict(),
        dict(data="gauss", noise=0.1, held_out=0.25, init="glorot", layers=[2, 3, 1], bias=[True, False]),
        dict(data="curve", curve="x^2", n=30),
        dict(data="XOR", noise=0.02, seed=4),
        dict(data="spiral", n=40),
    ):
        page = live(**settings)
        page.play("data.epochs > 40")
        page.pause()
        names = {}
        exec(page.text(".bp-python"), names)
        assert names["network"].epochs == int(page.data("epochs"))
        assert names["network"].vector.tolist() == page.state()["weights"]


def test_play_pause_epoch_sample_layer_rewind_and_a_new_start(live):
    page = live()
    page.button("Epoch").click()
    page.until("data.epochs === '1'")
    page.button("Sample").click()
    page.until("data.sample === '1'")
    for kind in (
        "Layer 1, weighted input",
        "Layer 2",
        "Layer 3",
        "Loss",
        "Delta of the output layer",
        "Delta of layer 2",
    ):
        page.button("Layer").click()
        assert kind in page.text(".bp-formula")
    for _ in range(8):
        page.button("Layer").click()
    page.until("data.sample === '2'")
    page.button("Epoch").click()
    page.until("data.epochs === '2' && data.sample === '0'")
    assert page.state()["weights"] == fitted(2).vector.tolist()
    page.button("Rewind").click()
    page.until("data.epochs === '0'")
    assert page.state()["weights"] == fitted(0).vector.tolist()
    page.button("New start").click()
    page.until("data.seed === '1'")
    assert page.state()["weights"] == fitted(0, seed=1).vector.tolist()


def test_it_begins_slowly_so_that_the_linear_points_are_seen_learning(live):
    page = live(data="linear")
    page.page.evaluate("""() => { const seen = window.seen = [], root = document.querySelector('.bp-root');
        new MutationObserver(() => seen.at(-1) === root.dataset.epochs || seen.push(root.dataset.epochs)).observe(root, { attributes: true }); }""")
    page.play()
    seen = [int(epoch) for epoch in page.page.evaluate("window.seen")]
    assert (
        [epoch for epoch in seen if epoch][:2] == [1, 3]
        and len(seen) >= 6
        and len(page.state()["curve"]) == int(page.data("epochs")) + 1
    )


def test_pace_by_samples_and_by_formulas(live):
    page = live()
    page.field("pace").select_option("sample")
    page.play("Number(data.sample) >= 2")
    page.button("Pause").click()
    page.field("pace").select_option("layer")
    page.play("document.querySelector('.bp-formula').textContent.includes('Layer 2')")
    assert "sample" in page.text(".bp-formula")


def test_thirty_pictures_a_second(live, kept):
    page = live(epochs_per_picture=60, learning_rate=1e-4)
    page.play("data.epochs > 200")
    before, start = int(page.data("pictures")), int(page.data("epochs"))
    page.page.wait_for_timeout(3000)
    pictures, epochs = int(page.data("pictures")) - before, int(page.data("epochs")) - start
    figures = dict(live_pictures_per_second=pictures / 3, live_steps_per_second=epochs * 21 / 3)
    (kept / "live.json").write_text(json.dumps(figures))
    assert pictures > 30, figures           # beside other work on the machine; alone some 60 a second


def test_training_rests_while_nobody_sees_it(live):
    page = live(learning_rate=1e-5)
    page.page.evaluate("document.querySelector('main').style.paddingBottom = '4000px'")
    page.play("data.epochs > 20")
    page.page.evaluate("window.scrollTo(0, 4000)")
    page.page.wait_for_function("document.querySelector('.bp-notice').textContent.includes('rests')")
    rested = page.data("epochs")
    page.page.wait_for_timeout(500)
    assert page.data("epochs") == rested and page.data("playing") == "true"
    page.page.evaluate("window.scrollTo(0, 0)")
    page.until(f"Number(data.epochs) > {rested}")


def test_training_rests_in_a_hidden_tab(live):
    page = live(learning_rate=1e-5)
    hide = """(hidden) => { Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange")); }"""
    page.play("data.epochs > 20")
    page.page.evaluate(hide, True)
    page.page.wait_for_function("document.querySelector('.bp-notice').textContent.includes('rests')")
    rested = page.data("epochs")
    page.page.wait_for_timeout(500)
    assert page.data("epochs") == rested
    page.page.evaluate(hide, False)
    page.until(f"Number(data.epochs) > {rested}")


def test_wide_networks_that_cannot_learn_say_so(live):
    page = live(layers=[2, 50, 50, 1])
    assert "glorot" in page.text(".bp-words")
    page.field("init").select_option("glorot")
    page.page.wait_for_function("document.querySelector('.bp-words').textContent.startsWith('Before training')")
    page.play("data.epochs > 3")


# ---- points

def test_sets_noise_and_points_held_out(live):
    page = live()
    for name in ("linear", "report", "circle", "gauss", "spiral", "curve"):
        page.field("data").select_option(name)
        page.until("data.points === '100'")
        page.page.wait_for_function(
            "name => document.querySelector('.bp-live').playground.state.settings.data === name", arg=name
        )
        assert np.array_equal(page.state()["X"], draw_points(checked_settings(data=name))[0])
    page.type("curve", "0.2 + x^2/2")
    page.type("noise", "0.05")
    page.type("held_out", "0.3")
    page.type("data_seed", "7")
    page.until("data.points === '70'")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.state.settings.data_seed === 7")
    X, y, X_test, y_test = draw_points(
        checked_settings(data="curve", curve="0.2 + x^2/2", noise=0.05, held_out=0.3, data_seed=7)
    )
    state = page.state()
    assert np.array_equal(state["X"], X) and np.array_equal(state["T"], y) and np.array_equal(state["XTest"], X_test)
    assert "of 30 held out right" in page.text(".bp-status") and state["curve"][0][2] is not None


def test_points_by_hand_and_as_at_first(live):
    page = live()
    page.click(0.5, 0.9)
    page.until("data.points === '22'")
    page.click(0.1, 0.5, modifiers=["Shift"])
    page.until("data.points === '23'")
    assert [row[0] for row in page.state()["T"][-2:]] == [1, 0]
    assert np.allclose(page.state()["X"][-2:], [[0.5, 0.9], [0.1, 0.5]], atol=0.005)
    page.click(0.1, 0.5)
    page.until("data.points === '22'")
    page.button("Points as at first").click()
    page.until("data.points === '21'")
    assert page.state()["X"] == generate_xor_easy()[0].tolist() and page.field("data").input_value() == "XOR"


def test_a_double_click_makes_one_point_and_the_last_one_stays(live):
    page = live()
    page.root.locator(".bp-plane").dblclick(position=page.place(0.5, 0.9))
    page.page.wait_for_timeout(500)
    assert page.data("points") == "22"
    page = live(([[0, 0]], [[1]]))
    page.click(0, 0)
    page.page.wait_for_function("document.querySelector('.bp-error').textContent.includes('last point stays')")
    assert page.data("points") == "1"


def test_points_by_the_keyboard(live):
    page = live()
    plane = page.root.locator(".bp-plane")
    plane.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        plane.press(key)
    page.until("data.points === '22'")
    assert page.text("figcaption >> nth=0").startswith("output 0.")
    plane.press("Delete")
    page.until("data.points === '21'")
    plane.press("Shift+Enter")
    page.until("data.points === '22'")
    assert page.state()["T"][-1] == [0]


def test_a_tool_puts_red_points_and_reads_by_touch(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = Live(context.new_page(), live_page(path=tmp_path / "page.html"))
    page.field("tool").select_option("red")
    place = page.place(0.5, 0.9)
    page.root.locator(".bp-plane").tap(position=place)
    page.until("data.points === '22'")
    assert page.state()["T"][-1] == [0]
    page.field("tool").select_option("read")
    page.root.locator(".bp-plane").tap(position=page.place(0.3, 0.6))
    page.page.wait_for_function("document.querySelector('figcaption').textContent.startsWith('output 0.')")
    assert page.data("points") == "22" and "(0.30" in page.text("figcaption >> nth=0")
    assert page.page.evaluate("document.documentElement.scrollWidth <= 390") and page.errors == []
    context.close()


# ---- tables, files, links

CSV = "a;b;kind\n0,1;0,9;no\n0,8;0,2;yes\n0,7;0,3;yes\n"


def test_a_table_pasted_dropped_or_chosen(live, tmp_path):
    page = live()
    page.root.get_by_text("Read a table").click()
    page.root.locator("textarea").fill(CSV)
    page.button("Take these points").click()
    page.until("data.points === '3'")
    assert page.state()["X"] == [[0.1, 0.9], [0.8, 0.2], [0.7, 0.3]] and page.state()["T"] == [[0], [1], [1]]
    page.root.locator("textarea").fill("1,2,a\n3,?,b")
    page.button("Take these points").click()
    assert 'Line 2, column 2 holds "?"' in page.text(".bp-error") and page.data("points") == "3"
    page.page.evaluate(
        """(text) => { const data = new DataTransfer(); data.items.add(new File([text], "points.csv"));
        document.querySelector(".bp-root").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })); }""",
        "x0,x1,label\n0,0,0\n1,1,1\n",
    )
    page.until("data.points === '2'")
    (tmp_path / "own.csv").write_text("0.5 0.5 0\n1 0 1\n0 1 1\n1 1 0\n")
    page.root.locator("input[type=file]").set_input_files(tmp_path / "own.csv")
    page.until("data.points === '4'")
    assert page.text(".bp-status").startswith("0 epochs done")


def saved(page, name, path):
    with page.page.expect_download() as download:
        page.button(name).click()
    download.value.save_as(path)
    return path


def test_weights_points_and_picture_are_saved(live, tmp_path):
    page = live(data="gauss", n=20, layers=[2, 3, 1], init="glorot")
    page.play()
    network = SigmoidNetwork.load(saved(page, "Save weights", tmp_path / "network.safetensors"))
    wanted = fitted(data="gauss", n=20, layers=[2, 3, 1], init="glorot")
    assert network.vector.tolist() == page.state()["weights"] and network.epochs == wanted.epochs and network.separated
    assert network.rng.uniform() == wanted.rng.uniform() and network.init == "glorot"
    lines = saved(page, "Save points", tmp_path / "points.csv").read_text().splitlines()
    X, y, *_ = draw_points(checked_settings(data="gauss", n=20))
    assert lines[0] == "x0,x1,label"
    assert np.array_equal([[float(cell) for cell in line.split(",")] for line in lines[1:]], np.hstack([X, y]))
    picture = saved(page, "Save picture", tmp_path / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000


def opened_anew(page):
    """The state before and after the page's own link is opened in a fresh page."""
    before, address = page.state(), page.page.url
    page.open(address)
    page.until(
        f"data.epochs === '{before['epochs']}' && data.sample === "
        f"'{before['sample']}' && data.points === '{len(before['X'])}'"
    )
    return before, page.state()


def test_a_link_opened_anew_shows_the_same(live):
    page = live(data="gauss", n=30, noise=0.2, held_out=0.2, layers=[2, 3, 1], learning_rate=0.3)
    page.play("data.epochs > 30")
    page.pause()
    before, after = opened_anew(page)                     # a run that Python could repeat
    names = ("weights", "X", "T", "XTest", "settings", "epochs", "sample", "pure")
    assert {name: after[name] for name in names} == {name: before[name] for name in names} and before["pure"]
    page.click(0.1, 0.9)                                  # and one that was changed by hand
    page.until("data.points === '25'")
    page.button("Copy link").click()
    assert page.root.locator(".bp-link").input_value() == page.page.url
    before, after = opened_anew(page)
    assert {name: after[name] for name in names} == {name: before[name] for name in names} and not before["pure"]


def test_for_a_lecture_parts_hidden_a_question_and_a_start(live):
    page = live(question="Which points are learned last?", hide=["settings", "keep", "new"], epoch=250)
    page.until("data.epochs === '250'")
    assert page.text(".bp-question") == "Which points are learned last?"
    for part in ("settings", "keep"):
        assert not page.root.locator(f"[data-part={part}]").first.is_visible()
    assert not page.button("New start").is_visible() and page.button("Rewind").is_visible()
    page.open(page.path.as_uri() + "#data=linear&epoch=5&hide=python&question=And%20here%3F")
    page.until("data.epochs === '5'")
    assert page.text(".bp-question") == "And here?" and not page.root.locator(".bp-python").is_visible()
    assert page.root.locator("[data-part=settings]").is_visible()


def test_a_link_that_makes_no_sense_is_named(live):
    page = live()
    page.open(page.path.as_uri() + "#data=moons&layers=2-4-1")
    assert "data is moons" in page.text(".bp-error")


# ---- the network

def test_layers_by_buttons_and_typed(live):
    page = live()
    page.root.get_by_role("button", name="Layer 1: one unit more").click()
    page.page.wait_for_function("document.querySelector('[data-name=layers]').value === '2 5 4 1'")
    page.root.get_by_role("button", name="One layer more").click()
    page.page.wait_for_function("document.querySelector('[data-name=layers]').value === '2 5 4 4 1'")
    page.root.get_by_role("button", name="One layer less").click()
    page.root.get_by_role("button", name="Layer 2: one unit less").click()
    page.page.wait_for_function("document.querySelector('[data-name=layers]').value === '2 5 3 1'")
    page.type("layers", "2 3 1")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.state.settings.layers.length === 3")
    page.field("bias 1").uncheck()
    page.field("init").select_option("glorot")
    page.type("seed", "5")
    page.type("batch_size", "4")
    page.type("learning_rate", "0.25")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.state.settings.learning_rate === 0.25")
    settings = page.state()["settings"]
    assert (settings["layers"], settings["bias"], settings["init"], settings["seed"], settings["batch_size"]) == (
        [2, 3, 1], [True, False], "glorot", 5, 4)
    page.button("Epoch").click()
    page.until("data.epochs === '1'")
    wanted = fitted(1, layers=[2, 3, 1], bias=[True, False], init="glorot", seed=5, batch_size=4, learning_rate=0.25)
    assert np.allclose(page.state()["weights"], wanted.vector, rtol=0, atol=1e-14)


def test_wrong_entries_are_named_and_put_back(live):
    page = live()
    for name, typed, said, back in (
        ("layers", "2 x 1", 'Layers: "2 x 1" was typed', "2 4 4 1"),
        ("learning_rate", "", "nothing", "0.5"),
        ("learning_rate", "-1", '"-1" was typed', "0.5"),
        ("epochs_per_picture", "0", '"0" was typed', "100"),
        ("held_out", "2", '"2" was typed', "0"),
        ("layers", "3 4 1", "expected 2 inputs", "2 4 4 1"),
    ):
        page.type(name, typed)
        page.page.wait_for_function("said => document.querySelector('.bp-error').textContent.includes(said)", arg=said)
        page.page.wait_for_function(
            "([name, back]) => document.querySelector(`[data-name=${name}]`).value === back", arg=[name, back]
        )
    page.button("Epoch").click()
    page.until("data.epochs === '1'")
    assert page.text(".bp-error") == ""


def test_a_unit_large_and_live_readings(live):
    page = live(learning_rate=0.5)
    graph = page.root.locator(".bp-graph")
    unit = page.page.evaluate("""() => { const { graph, view } = document.querySelector('.bp-live').playground,
        { width, height } = graph.getBoundingClientRect(); return [22 + (width - 44) / 3, height / 2 - 2 * 46]; }""")
    graph.hover(position={"x": unit[0], "y": unit[1]})
    page.page.wait_for_function("document.querySelectorAll('figcaption')[1].textContent.startsWith('a1[0] = ')")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.view.unit + '' === '1,0'")
    first = page.text("figcaption >> nth=1")
    page.page.keyboard.press("Tab")
    page.root.get_by_role("button", name="Epoch", exact=True).evaluate("node => node.click()")
    page.until("data.epochs === '1'")
    page.page.wait_for_function("first => document.querySelectorAll('figcaption')[1].textContent !== first", arg=first)
    plane = page.root.locator(".bp-plane")
    plane.hover(position=page.place(0.4, 0.6))
    page.page.wait_for_function("document.querySelector('figcaption').textContent.startsWith('output 0.')")
    before = page.text("figcaption >> nth=0")
    page.root.get_by_role("button", name="Epoch", exact=True).evaluate("node => node.click()")
    page.until("data.epochs === '2'")
    page.page.wait_for_function("before => document.querySelector('figcaption').textContent !== before", arg=before)


def test_a_weight_by_dragging_typing_and_keys(live):
    page = live(layers=[2, 1])
    weight = lambda k: page.state()["weights"][k]
    x, y = page.page.evaluate("""() => { const { graph, view } = document.querySelector('.bp-live').playground,
        box = graph.getBoundingClientRect(), mid = (box.height - 3 * 46) / 2; return [box.x + box.width / 2, box.y + box.height / 2 - 23]; }""")
    before = weight(0)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x, y - 30, steps=5)
    page.page.mouse.up()
    page.page.wait_for_function(
        "before => document.querySelector('.bp-live').playground.state.weights[0] > before + 0.5", arg=before
    )
    assert "W0[0, 0] = " in page.text("figcaption >> nth=1")
    page.type("weight", "-1.5")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.state.weights[0] === -1.5")
    graph = page.root.locator(".bp-graph")
    graph.focus()
    graph.press("Escape")
    for key in ("ArrowRight", "Enter", "ArrowDown", "+"):
        graph.press(key)
    page.page.wait_for_timeout(300)
    assert weight(1) == pytest.approx(fitted(0, layers=[2, 1]).vector[1] + 0.1)
    assert "SigmoidNetwork.load" in page.text(".bp-python")
    before = weight(1)
    graph.press("Enter")                                       # into the field, where arrows change it too
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        page.field("weight").press(key)
    page.page.wait_for_timeout(300)
    assert weight(1) == pytest.approx(before + 0.1)


# ---- what one sees

def test_the_curve_is_true_from_epoch_0_and_can_be_read(live):
    page = live(held_out=0.2, **FAST)
    page.play()
    curve = page.state()["curve"]
    settings = dict(held_out=0.2)
    s = checked_settings(**settings)
    X, y, X_test, y_test = draw_points(s)
    for epoch, loss, test in (curve[0], curve[len(curve) // 2], curve[-1]):
        network = fitted(epoch, **settings)
        assert network.loss(X, y) == pytest.approx(loss, rel=1e-9) and network.loss(X_test, y_test) == pytest.approx(
            test, rel=1e-9
        )
    assert curve[0][0] == 0 and 200 <= len(curve) <= 402 and len({b[0] - a[0] for a, b in zip(curve, curve[1:-1])}) == 1
    page.page.mouse.move(*page.at(".bp-curve", 0.5, 0.5))
    page.page.wait_for_function("document.querySelectorAll('figcaption')[2].textContent.includes('held out')")
    page.root.locator(".bp-curve").focus()
    page.root.locator(".bp-curve").press("Home")
    page.page.wait_for_function("document.querySelectorAll('figcaption')[2].textContent.startsWith('epoch 0: loss')")


def test_axes_legend_seed_words_and_an_explanation(live, kept):
    page = live()
    assert "seed 0" in page.text(".bp-status") and page.text(".bp-words").startswith("Before training")
    legend = page.text(".bp-main")
    for words in ("red circle", "blue triangle", "black line", "positive weight", "negative weight", "points held out"):
        assert words in legend
    page.root.get_by_text("What am I looking at?").click()
    assert "logarithmic" in page.text("[data-part=help]")
    page.play("data.epochs > 500")
    page.page.wait_for_function("/plateau|falls|rises/.test(document.querySelector('.bp-words').textContent)")
    page.root.locator("[data-name=show]").select_option("backward")
    page.page.screenshot(path=kept / "page_backward.png", full_page=True)
    page.root.locator("[data-name=show]").select_option("forward")
    page.until("data.separated === 'true'")
    assert "ended by itself" in page.text(".bp-words")
    page.page.screenshot(path=kept / "page.png", full_page=True)


def test_in_traditional_chinese_with_a_switch(live, kept):
    page = live(language="zh-TW")
    for name in ("播放", "一個 epoch", "一個樣本", "回到開頭", "儲存權重"):
        assert page.button(name).is_visible()
    assert (
        page.text(".bp-status").startswith("完成 0 個 epoch")
        and page.page.evaluate("document.documentElement.lang") == "zh-TW"
    )
    for _ in range(3):
        page.button("一層").click()
    assert "加權輸入與活化值" in page.text(".bp-formula")
    page.page.screenshot(path=kept / "page_zh.png", full_page=True)
    page.root.locator("[data-name=language]").click()
    assert page.button("Play").is_visible() and page.page.evaluate("document.documentElement.lang") == "en"
    assert page.button("Epoch").is_visible() and "lang=en" in page.page.url


def test_the_status_is_spoken_at_most_once_a_second(live):
    page = live(learning_rate=1e-4)
    page.page.evaluate("""() => { window.said = 0; new MutationObserver(() => { window.said += 1; })
        .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true }); }""")
    page.play("data.epochs > 100")
    page.page.wait_for_timeout(3000)
    assert 1 <= page.page.evaluate("window.said") <= 8


def luminance(colour):
    parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_points_stand_out_from_every_colour_of_the_surface():
    contrast = lambda a, b: (max(luminance(a), luminance(b)) + 0.05) / (min(luminance(a), luminance(b)) + 0.05)
    source = (Path(__file__).parents[2] / "backprop_lab" / "playground_drawing.js").read_text()
    red, blue = re.search(r'RED = "(#\w+)"', source)[1], re.search(r'BLUE = "(#\w+)"', source)[1]
    for point in (red, blue):
        for surface in ("#f0a894", "#fafafa", "#93c4e6"):
            assert contrast(point, surface) >= 3


def violations(frame, source, within="document"):
    """What axe-core finds in a page or a frame of it: [[rule, [elements]]]."""
    frame.evaluate(source + "; undefined")
    return frame.evaluate(
        f"axe.run({within}).then(({{ violations }}) => violations.map(({{ id, nodes }}) => "
        "[id, nodes.map(({ html }) => html.slice(0, 120))]))"
    )


def axe_source():
    """axe-core's own text, from the package that ships it."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not here (extra: dev)")
    return next(Path(package.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(live, scheme):
    source = axe_source()
    page = live(data="gauss", held_out=0.2)
    page.page.emulate_media(color_scheme=scheme)
    page.button("Layer").click()
    page.root.get_by_text("What am I looking at?").click()
    assert violations(page.page, source) == []


def test_everything_is_reached_by_the_keyboard(live):
    page = live()
    reached = set()
    for _ in range(60):
        page.page.keyboard.press("Tab")
        reached.add(page.page.evaluate("document.activeElement.dataset.name ?? document.activeElement.className"))
    for name in (
        "play",
        "epoch",
        "layers",
        "data",
        "bp-plane",
        "bp-graph",
        "bp-curve",
        "save weights",
        "copy link",
        "tool",
        "show",
        "seed",
    ):
        assert name in reached, (name, reached)


# ---- the file

def test_one_small_file_without_requests(live):
    page = live()
    assert page.path.stat().st_size < 300_000 and "://" not in page.path.read_text()
    assert page.page.url.startswith("file:")


def test_a_trained_network_with_its_points(live, tmp_path):
    X, y = generate_circle(60)
    network = SigmoidNetwork([2, 6, 1], seed=2).fit(X, y, 0.5, epochs=50)
    page = live(network, (X, y), learning_rate=0.5)
    assert page.data("epochs") == "50" and page.state()["weights"] == network.vector.tolist()
    page.button("Epoch").click()
    page.until("data.epochs === '51'")
    network.fit(X, y, 0.5, epochs=1)
    assert page.state()["weights"] == network.vector.tolist()
    page.button("Rewind").click()
    page.until("data.epochs === '50'")


def test_a_network_of_three_classes(live, tmp_path):
    X = np.round(np.random.default_rng(1).uniform(0, 1, (60, 2)), 3)
    kind = np.where(X[:, 0] > 0.6, 2, np.where(X[:, 1] > 0.5, 1, 0))
    network = SigmoidNetwork([2, 6, 3], seed=2, init="glorot").fit(X, np.eye(3)[kind], 0.5, epochs=40)
    page = live(network, (X, np.eye(3)[kind]), learning_rate=0.5)
    assert page.text(".bp-status").startswith(f"40 epochs done, loss {network.loss(X, np.eye(3)[kind]):.5g}"[:24])
    page.field("tool").select_option("class 2")
    page.click(0.2, 0.2)
    page.until("data.points === '61'")
    assert page.state()["T"][-1] == [0, 0, 1]
    page.button("Points as at first").click()
    page.until("data.points === '60'")
    page.button("Epoch").click()
    page.until("data.epochs === '41'")
    network.fit(X, np.eye(3)[kind], 0.5, epochs=1)
    assert page.state()["weights"] == network.vector.tolist()
    lines = saved(page, "Save points", tmp_path / "points.csv").read_text().splitlines()[1:]
    assert [int(line.split(",")[-1]) for line in lines] == kind.tolist()


def test_more_inputs_than_two_and_a_scale(live, tmp_path):
    rng = np.random.default_rng(0)
    X = rng.uniform(0, 10, (40, 4))
    y = (X[:, 0] + X[:, 3] > 10).astype(float)[:, None]
    network = SigmoidNetwork([4, 3, 1], seed=0)
    network.set_scale(X)
    network.fit(X, y, 0.5, epochs=20)
    page = live(network, (X, y), learning_rate=0.5)
    page.field("axis 1").select_option("3")
    page.page.wait_for_function("document.querySelector('.bp-live').playground.view.names[1] === 'x3'")
    page.button("Epoch").click()
    page.until("data.epochs === '21'")
    loaded = SigmoidNetwork.load(saved(page, "Save weights", tmp_path / "n.safetensors"))
    network.fit(X, y, 0.5, epochs=1)
    assert np.array_equal(loaded.vector, network.vector) and np.allclose(loaded.outputs(X), network.outputs(X))


def test_a_frame_without_an_address_trains_too(page, tmp_path):
    text = live_page(data="gauss", n=20)
    page.set_content("<iframe width=900 height=900></iframe>")
    page.evaluate("text => { document.querySelector('iframe').srcdoc = text; }", text)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Epoch", exact=True).click()
    frame.locator(".bp-root[data-epochs='1']").wait_for()
    frame.get_by_role("button", name="Play", exact=True).click()
    frame.locator(".bp-root[data-separated='true']").wait_for()


def test_two_playgrounds_in_one_page(page, tmp_path):
    places = live_place(page_state(data="linear", **FAST)) + live_place(page_state(data="gauss", **FAST))
    (tmp_path / "two.html").write_text(
        f"<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>Two</title>{places}{live_script()}</html>"
    )
    page.goto((tmp_path / "two.html").as_uri())
    for k in range(2):
        page.get_by_role("button", name="Play", exact=True).nth(0).click()
        page.wait_for_function(
            "k => document.querySelectorAll('.bp-root')[k].dataset.separated === 'true'", arg=k
        ) if k else page.wait_for_timeout(50)
        page.locator(".bp-root").nth(1).get_by_role("button", name="Play", exact=True).click() if not k else None
    assert "#" not in page.url
