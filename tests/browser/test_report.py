"""The pages of the command, live: the report's four runs and a training of one's own."""
import re
import subprocess
import sys

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork
from test_page import Live, axe_source, violations


class Run(Live):
    """One of several playgrounds of a page."""

    def __init__(self, page, path, number=1):
        self.number = number
        super().__init__(page, path)

    def open(self, address):
        super().open(address)
        self.choose(self.number)

    def choose(self, number):
        self.number = number
        self.root = self.page.locator(".bp-root").nth(number - 1)
        self.until("data.epochs !== undefined")

    def until(self, condition, **more):
        self.page.wait_for_function(
            f"() => {{ const data = document.querySelectorAll('.bp-root')[{self.number - 1}].dataset; "
            f"return {condition}; }}", **more)

    def state(self):
        return self.page.evaluate("""(k) => { const { state } = document.querySelectorAll('.bp-live')[k].playground;
            return { ...state, weights: [...state.weights] }; }""", self.number - 1)


def command(folder, *arguments):
    done = subprocess.run([sys.executable, "-m", "backprop_lab", *map(str, arguments)], cwd=folder,
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "report" / "index.html", done.stdout


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return command(tmp_path_factory.mktemp("report"), "report")


def test_the_four_runs_train_to_the_epochs_of_make_run(page, report):
    """Each begins where the command has brought it, goes back to its start, and comes to the same end again."""
    path, said = report
    told = [int(epochs.replace(",", "")) for epochs in re.findall(r"learning rate [\d.]+  +\S.*?  +([\d,]+)  ", said)]
    assert len(told) == 4
    live = Run(page, path)
    for number, epochs in enumerate(told, 1):
        live.choose(number)
        reached = live.state()
        assert reached["epochs"] == epochs and reached["separated"] and reached["pure"]
        assert reached["curve"][0][0] == 0 and reached["curve"][-1][0] == epochs
        live.button("Rewind").click()
        live.until("data.epochs === '0'")
        live.root.locator("summary", has_text="Settings").click()
        live.type("epochs_per_picture", "100000")
        live.button("Play").click()
        live.until("data.separated === 'true'")
        again = live.state()
        assert (again["epochs"], again["weights"]) == (epochs, reached["weights"])
    names = {}
    exec(live.text(".bp-python"), names)
    assert names["network"].vector.tolist() == again["weights"]
    assert live.errors == []


def test_a_link_opens_the_page_at_its_run(page, report):
    live = Run(page, report[0], 3)
    page.wait_for_timeout(300)
    assert "#" not in page.url                                 # nobody has done anything yet
    live.button("Rewind").click()
    live.until("data.epochs === '0'")
    live.button("Play").click()
    live.until("data.epochs > 40")
    live.pause()
    before = live.state()
    live.button("Copy link").click()
    link = live.root.locator(".bp-link").input_value()
    assert "at=run3" in link and len(link) < 500
    live.open(link)
    live.until(f"data.epochs === '{before['epochs']}'")
    after = live.state()
    same = ("weights", "X", "T", "settings", "epochs", "pure")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert page.evaluate("scrollY") > 1000
    live.choose(1)
    assert live.data("separated") == "true"                    # the others are where the command brought them


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, report, scheme, kept):
    page.emulate_media(color_scheme=scheme)
    Run(page, report[0])
    assert violations(page, axe_source()) == []
    page.screenshot(path=kept / f"report_{scheme}.png", full_page=True)


def test_on_a_phone_nothing_is_wider_than_the_page(page, report, kept):
    page.set_viewport_size({"width": 390, "height": 844})
    Run(page, report[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=kept / "report_phone.png", full_page=True)


def test_one_s_own_points_of_three_classes_with_some_held_out(page, tmp_path):
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(centre, 0.3, (30, 2)) for centre in ((0, 0), (2, 0), (0, 2))]).round(3)
    rows = [f"{a},{b},{kind}" for (a, b), kind in zip(X, np.repeat(["east", "north", "west"], 30))]
    (tmp_path / "three.csv").write_text("\n".join(["long,wide,kind", *rows]) + "\n")
    path, _ = command(tmp_path, "train", "three.csv")
    live = Run(page, path)
    network = SigmoidNetwork.load(tmp_path / "report" / "network.safetensors")
    reached = live.state()
    assert reached["epochs"] == network.epochs and reached["weights"] == network.vector.tolist()
    assert len(reached["X"]) == 72 and len(reached["XTest"]) == 18 and reached["curve"][0][2] is not None
    assert live.page.evaluate("document.querySelector('.bp-live').playground.view.names") == ["long", "wide"]
    assert "adds west" in live.text("[data-name=tool]")
    live.button("Rewind").click()
    live.until("data.epochs === '0'")
    live.button("Play").click()
    live.until("data.separated === 'true'")
    assert live.state()["weights"] == reached["weights"]
    live.button("Copy link").click()
    link = live.root.locator(".bp-link").input_value()
    assert "xy=" not in link                                   # the points are in the page already
    live.open(link)
    live.until(f"data.epochs === '{network.epochs}'")
    after = live.state()
    assert {name: after[name] for name in ("X", "T", "XTest", "weights")} == {
        name: reached[name] for name in ("X", "T", "XTest", "weights")}
    assert live.errors == []


def test_points_that_are_too_many_have_pictures(tmp_path):
    (tmp_path / "many.csv").write_text("a,b,c\n" + "".join(f"{i % 97},{i % 89},{i % 2}\n" for i in range(30_000)))
    done = subprocess.run([sys.executable, "-m", "backprop_lab", "train", "many.csv", "--epochs", "1"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=300)
    page = (tmp_path / "report" / "index.html").read_text()
    assert done.returncode == 1 and page.count("<img") == 4 and "<script" not in page
