"""What a reader need not see of SigmoidNetwork: faults, interrupts, and the report's class."""
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_linear, generate_xor_easy
from backprop_lab.report import Sigmoid_Network

X, y = generate_xor_easy()
BAD = {
    "X": [X[:, 0], X[:0], X[None], np.where(X == X[0], np.nan, X), np.where(X == X[0], np.inf, X), X * 1j, [["a", "b"]] * 21, None, [[1, 2], [3]]],
    "y": [y[:5], y[:0], np.hstack([y, y]), y - 0.5, y + 0.5, y * np.nan, ["red"] * 21, None],
    "learning_rate": [0, -0.1, np.nan, np.inf, "0.1", None, True, [0.1], 1j],
    "epochs": [0, -1, 1.5, "10", None, True],
    "print_every": [-1, 0.5, "5"],
    "record_every": [-1, 0.5],
    "check_every": [-1, 0.5, None],
    "engine": ["torch", None],
    "batch_size": [0, -1, 2.0, None],
    "shuffle": [1, None, "yes"],
}


@pytest.mark.parametrize("name, value", [(name, value) for name, values in BAD.items() for value in values])
def test_fit_refuses_and_changes_nothing(name, value):
    network = SigmoidNetwork([2, 3, 1], seed=0)
    before = network.vector.copy()
    with pytest.raises(ValueError) as error:
        network.fit(**{"X": X, "y": y, "epochs": 1, "print_every": 0, name: value})
    assert str(error.value).startswith(f"{name} ") or (name == "y" and "targets" in str(error.value))
    assert "\n" not in str(error.value)
    assert np.array_equal(network.vector, before) and network.history == [] and network.epochs == 0


@pytest.mark.parametrize("arguments", [
    dict(layers=[]), dict(layers=[3]), dict(layers=[2, 0]), dict(layers=[2, -1, 1]), dict(layers=[2.0, 1]), dict(layers=None), dict(layers=5),
    dict(layers=["2", "1"]), dict(layers=[2, 1], bias=[]), dict(layers=[2, 1], bias=None), dict(layers=[2, 1], bias=[1]),
    dict(layers=[2, 1], bias=[True, False]), dict(layers=[2, 1], init="zeros"), dict(layers=[2, 1], dtype=np.int64),
])
def test_the_constructor_refuses(arguments):
    with pytest.raises(ValueError, match="expected"):
        SigmoidNetwork(**arguments)


def test_targets_of_one_output_may_be_a_row():
    one = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, epochs=5, print_every=0)
    two = SigmoidNetwork([2, 3, 1], seed=0).fit(X.tolist(), y[:, 0].astype(int).tolist(), epochs=5, print_every=0)
    assert np.array_equal(one.vector, two.vector)


@pytest.mark.parametrize("engine", ["numba", "numpy"])
def test_divergence_is_named(engine):
    network = SigmoidNetwork([2, 1])
    network.vector[:] = 0
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="diverged by epoch"):
        network.fit(1e6 * (X + 1), y, 1e308, 1_000, print_every=0, engine=engine)


@pytest.mark.parametrize("engine", ["numba", "numpy"])
def test_frozen_training_is_named(engine):
    network = SigmoidNetwork([2, 3, 1], seed=0)
    with pytest.warns(RuntimeWarning, match="no weight changes any more at epoch 50:"):
        network.fit(X, y, 1e6, 50, print_every=0, engine=engine)
    before = network.vector.copy()
    with pytest.warns(RuntimeWarning, match="epoch 51"):
        network.fit(X, y, 0.1, 1, print_every=0)
    assert np.array_equal(network.vector, before)


def test_weights_put_into_the_list_by_hand_are_trained():
    one, two = SigmoidNetwork([2, 3, 1], seed=0), SigmoidNetwork([2, 3, 1], seed=1)
    two.weights[0], two.weights[1] = one.weights[0].copy(), one.weights[1].copy()
    assert np.array_equal(one.predict_proba(X), two.predict_proba(X))
    one.fit(X, y, epochs=20, print_every=0), two.fit(X, y, epochs=20, print_every=0)
    assert np.array_equal(one.vector, two.vector) and np.shares_memory(two.weights[0], two.vector)


def test_a_rate_beyond_float32_is_refused():
    with pytest.raises(ValueError, match="learning_rate is 1e"):
        SigmoidNetwork([2, 1], dtype=np.float32).fit(X, y, 1e39)


def test_float32_learns_too():
    points, targets = generate_linear(40, seed=0)
    network = SigmoidNetwork([2, 4, 1], seed=0, dtype=np.float32).fit(points, targets, 0.5, print_every=0)
    assert network.separated and network.vector.dtype == network.predict_proba(points).dtype == np.float32


INTERRUPTED = """
import os, signal, threading, time
import numpy as np
from backprop_lab import SigmoidNetwork, generate_xor_easy
X, y = generate_xor_easy()
network = SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=1, print_every=0, check_every=0)   # compiled now
sent = []
def interrupt():
    sent.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.5, interrupt).start()
try:
    network.fit(X, y, 1e-3, 10**9, print_every=0, check_every=0)
except KeyboardInterrupt:
    took = time.perf_counter() - sent[0]
    assert network.epochs > 1_000 and network.history[-1].epoch == network.epochs - 1
    assert np.all(np.isfinite(network.vector)) and network.history[-1].loss == network.loss(X, y)
    network.fit(X, y, 1e-3, 10, print_every=0)
    print("interrupted, whole", "soon" if took < 2 else took)
"""


def test_ctrl_c_gets_through_and_leaves_everything_whole():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=120)
    assert done.stdout == "interrupted, whole soon\n", done.stderr


def test_two_threads_train_two_networks():
    alone = [SigmoidNetwork([2, 4, 4, 1], seed=seed).fit(X, y, epochs=5_000, print_every=0) for seed in (0, 1)]
    together = [SigmoidNetwork([2, 4, 4, 1], seed=seed) for seed in (0, 1)]
    threads = [threading.Thread(target=network.fit, args=(X, y, 0.1, 5_000, 0)) for network in together]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    for one, other in zip(alone, together):
        assert np.array_equal(one.vector, other.vector)


def test_the_listing_looks_only_when_it_prints(capsys):
    network = Sigmoid_Network([2, 4, 4, 1], seed=0)
    network.fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" loss : ")[0] for line in lines[:-1]] == ["epoch 0", "epoch 5000", "epoch 10000"]
    assert lines[-1] == "All points are classified correctly, break training"
    outputs, loss = network.predict(X, y)
    assert outputs.shape == (21, 1) and loss == network.history[-1].loss


def test_a_run_that_fails_says_so(capsys):
    SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=10)
    assert capsys.readouterr().out.splitlines()[-1] == "10 of 21 points are still wrong after 10 epochs"
