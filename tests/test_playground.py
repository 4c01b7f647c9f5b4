"""The playground's half in Python: requests from two threads at once, and pages of what it holds."""
import json
import threading

import numpy as np
import pytest

pytest.importorskip("anywidget", reason="the playground's package is not installed (extra: playground)")
from backprop_lab import SigmoidNetwork, generate_xor_easy
from backprop_lab.playground import Playground, page_state
from helpers import ROOT


def test_steps_from_two_threads_are_not_torn():
    """Whatever order they come in, the samples are those of one training: none is lost, none is learned twice."""
    playground, looks = Playground(seed=1), []

    def train():
        for _ in range(21 * 20):
            playground.train_sample()

    def look():
        while threads[0].is_alive() or threads[1].is_alive():
            with playground.lock:
                whole = playground.network.epochs * 21 + playground.sample
                looks.append(whole <= 2 * 21 * 20)
            playground.picture()

    threads = [threading.Thread(target=train), threading.Thread(target=train), threading.Thread(target=look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    fitted = SigmoidNetwork([2, 4, 4, 1], seed=1).fit(*generate_xor_easy(), 0.5, epochs=40)
    assert playground.network.epochs == 40 and playground.sample == 0 and all(looks)
    assert playground.network.vector.tobytes() == fitted.vector.tobytes()


def test_a_page_of_a_trained_playground_begins_there():
    playground = Playground(seed=2)
    playground.train_epochs(30)
    state = page_state(playground)
    assert state["reached"]["epochs"] == 30 and state["reached"]["weights"] == playground.network.vector.tolist()
    assert state["reached"]["curve"][0][0] == 0 and state["settings"]["seed"] == 2 and "own" not in state
    playground.train_sample()
    assert page_state(playground)["sample"] == 1                   # the page trains the rest itself
    playground.set_weight(0, 0, 0, 1.5)
    assert page_state(playground)["weights"][0] == 1.5             # a start by hand


def test_points_of_three_classes():
    X, y = np.random.default_rng(0).uniform(0, 1, (30, 2)), np.eye(3)[np.arange(30) % 3]
    playground = Playground((X, y))
    assert playground.network.layers == [2, 4, 4, 3]
    playground.add_point([0.5, 0.5], 2)
    assert playground.y[-1].tolist() == [0, 0, 1]
    playground.train_sample()
    assert playground.picture()[0]["right"] <= 31
    playground.load_points(X, y[:, :1])
    assert playground.network.layers == [2, 4, 4, 1]
    playground.change(data="XOR")
    assert playground.picture()[0]["settings"]["data"] == "XOR"


def test_the_widget_is_committed_without_its_output():
    """It would hold the page's whole script, in the notebook and again in the book."""
    notebook = json.loads((ROOT / "nbs" / "11_playground.ipynb").read_text(encoding="utf-8"))
    first, = [cell for cell in notebook["cells"] if "eval: false" in "".join(cell["source"])]
    assert first["outputs"] == [] and list(notebook["metadata"]) == ["kernelspec"]
