"""What a reader need not see of SigmoidNetwork: faults, interrupts, and the report's class."""
import subprocess
import sys
import threading
from fractions import Fraction

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_linear, generate_xor_easy
from backprop_lab.report import Sigmoid_Network
from cases import EARLY_INTERRUPTS, INTERRUPTED, INTERRUPTS

X, y = generate_xor_easy()
BAD = {
    "X": [
        X[:, 0],
        X[:0],
        X[None],
        np.where(X == X[0], np.nan, X),
        np.where(X == X[0], np.inf, X),
        X * 1j,
        np.ma.masked_equal(X, 0.5),
        [[10**400, 1]] * 21,
        [["a", "b"]] * 21,
        None,
        [[1, 2], [3]],
    ],
    "y": [y[:5], y[:0], np.hstack([y, y]), y - 0.5, y + 0.5, y * np.nan, ["red"] * 21, None],
    "learning_rate": [0, -0.1, np.nan, np.inf, "0.1", None, True, [0.1], 1j, 10**400],
    "epochs": [0, -1, 1.5, "10", None, True, 2**63],
    "print_every": [-1, 0.5, "5"],
    "record_every": [-1, 0.5],
    "check_every": [-1, 0.5, None],
    "engine": ["torch", "numba", None],
    "batch_size": [0, -1, 2.0, None],
    "shuffle": [1, None, "yes"],
    "patience": [-1, 1.5],
    "keep": ["worst", None],
    "sample_weight": [[1] * 20, [-1] + [1] * 20, [0] * 21, [np.nan] * 21, np.ones((21, 2)), "heavy", 3],
    "test": [X, 3, (X,), (X[:, :1], y)],
}


@pytest.mark.parametrize("name, value", [(name, value) for name, values in BAD.items() for value in values])
def test_fit_refuses_and_changes_nothing(name, value):
    network = SigmoidNetwork([2, 3, 1], seed=0)
    before = network.vector.copy()
    with pytest.raises(ValueError) as error:
        network.fit(**{"X": X, "y": y, "epochs": 1, name: value})
    said = str(error.value)
    assert said.startswith(f"{name} ") or (name == "y" and "targets" in said) or (name == "test" and said[0] in "Xy")
    assert "\n" not in said
    assert np.array_equal(network.vector, before) and network.history == {} and network.epochs == 0


@pytest.mark.parametrize("arguments", [
    dict(layers=[]), dict(layers=[3]), dict(layers=[2, 0]), dict(layers=[2, -1, 1]), dict(layers=[2.0, 1]), dict(layers=None), dict(layers=5),
    dict(layers=["2", "1"]), dict(layers=[2, 1], bias=[]), dict(layers=[2, 1], bias=None), dict(layers=[2, 1], bias=[1]),
    dict(layers=[2, 1], bias=[True, False]), dict(layers=[2, 1], init="zeros"), dict(layers=[2, 1], dtype=np.int64),
    dict(layers=[2, 10**6, 10**6, 1]), dict(layers=[2, 1], dtype="nonsense"), dict(layers=[2, 1], seed="a"),
    dict(layers=[2, 1], scale=3), dict(layers=[2, 1], scale=([0], [1])), dict(layers=[2, 1], scale=([1, 1], [0, 0])),
])
def test_the_constructor_refuses(arguments):
    with pytest.raises(ValueError, match="expected"):
        SigmoidNetwork(**arguments)


def test_targets_of_one_output_may_be_a_row():
    one = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, epochs=5)
    two = SigmoidNetwork([2, 3, 1], seed=0).fit(X.tolist(), y[:, 0].astype(int).tolist(), epochs=5)
    assert np.array_equal(one.vector, two.vector)


@pytest.mark.parametrize("engine", ["fast", "readable"])
def test_weights_count_gradients(engine):
    """A weight for all alike is another rate; a weight of 0 leaves a sample out of the steps."""
    options = dict(epochs=20, batch_size=5, engine=engine, check_every=0)
    twice = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, 0.25, sample_weight=np.full(21, 2), **options)
    rate = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, 0.5, **options)
    np.testing.assert_allclose(twice.vector, rate.vector, rtol=1e-12)
    options["batch_size"] = 1
    without = SigmoidNetwork([2, 3, 1], seed=0).fit(X[5:], y[5:], **options)
    weighted = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, sample_weight=[0] * 5 + [1] * 16, **options)
    np.testing.assert_allclose(weighted.vector, without.vector, rtol=1e-12)


@pytest.mark.parametrize("engine", ["fast", "readable"])
def test_divergence_is_named(engine):
    network = SigmoidNetwork([2, 1])
    network.vector[:] = 0
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match="diverged by epoch"):
        network.fit(1e6 * (X + 1), y, 1e308, epochs=1_000, engine=engine)
    assert np.all(network.vector == 0) and network.epochs == 0


@pytest.mark.parametrize("engine", ["fast", "readable"])
def test_frozen_training_is_named(engine):
    network = SigmoidNetwork([2, 3, 1], seed=0)
    with pytest.warns(RuntimeWarning, match="epoch 50: hardly a weight changes any more"):
        network.fit(X, y, 1e6, epochs=50, record_every=0, engine=engine)
    before = network.vector.copy()
    with pytest.warns(RuntimeWarning, match="epoch 51"):
        network.fit(X, y, 0.1, epochs=1)
    assert np.array_equal(network.vector, before)


def test_an_assigned_matrix_is_not_lost():
    network = SigmoidNetwork([2, 3, 1], seed=0)
    with pytest.raises(TypeError):
        network.weights[0] = np.ones((3, 3))
    network.weights = [np.ones((3, 3)), np.ones((4, 1))]
    assert np.all(network.vector == 1) and np.shares_memory(network.weights[0], network.vector)


def test_rates_of_every_kind():
    ends = []
    for rate in (0.5, Fraction(1, 2), np.float32(0.5), np.float64(0.5)):
        ends.append(SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, rate, epochs=10).vector)
    assert all(np.array_equal(end, ends[0]) for end in ends)


def test_float32_scales_before_it_rounds():
    far, targets = np.array([[1e9], [1e9 + 1], [1e9 + 2], [1e9 + 3]]), np.array([0, 0, 1, 1])
    network = SigmoidNetwork([1, 3, 1], seed=0, dtype=np.float32, init="glorot").set_scale(far)
    assert network.fit(far, targets, 2.0).separated
    with pytest.raises(ValueError, match="trained"):
        network.set_scale(far)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_columns_wider_than_floats_are_refused(dtype):
    wide = np.array([[-1e308, 0], [1e308, 1]])
    with pytest.raises(ValueError, match="column 0 of X has values from -1e.308 to 1e.308"):
        SigmoidNetwork([2, 3, 1], dtype=dtype).set_scale(wide)


def test_two_hundred_layers_train():
    with pytest.warns(RuntimeWarning, match="200 weight layers"):
        network = SigmoidNetwork([2] + [3] * 199 + [1], seed=0, init="glorot").fit(X, y, epochs=3)
    other = SigmoidNetwork([2] + [3] * 199 + [1], seed=0, init="glorot").fit(X, y, epochs=3, engine="readable")
    np.testing.assert_allclose(network.vector, other.vector, rtol=1e-12)


def test_a_rate_beyond_float32_is_refused():
    with pytest.raises(ValueError, match="learning_rate is 1e"):
        SigmoidNetwork([2, 1], dtype=np.float32).fit(X, y, 1e39)


def test_float32_learns_too():
    points, targets = generate_linear(40, seed=0)
    network = SigmoidNetwork([2, 4, 1], seed=0, dtype=np.float32).fit(points, targets, 0.5)
    assert network.separated and network.vector.dtype == network.outputs(points).dtype == np.float32


INTERRUPTING = """
import os, random, signal, sys, threading
import numpy as np
from backprop_lab import SigmoidNetwork, generate_xor_easy
X, y = generate_xor_easy()
engine, interrupts, times = sys.argv[1], int(sys.argv[2]), random.Random(1)
settings = {"fast": {}, "readable": dict(engine="readable"), "batches": dict(batch_size=4), "shuffled": dict(shuffle=True),
            "weighted": dict(batch_size=4, shuffle=True, sample_weight=np.arange(1, 22))}[engine]
new = lambda: SigmoidNetwork([2, 3, 1], seed=0)
new().fit(X, y, epochs=1, check_every=0, **settings)   # compiled now
interrupts = 0
while interrupts < 51:
    network, record_every = new(), [0, 50, None][interrupts % 3]
    try:
        threading.Timer(times.uniform(0.001, 0.06), os.kill, (os.getpid(), signal.SIGINT)).start()
        network.fit(X, y, 0.01, epochs=10**9, check_every=0, record_every=record_every, **settings)
    except KeyboardInterrupt:
        pass
    done = network.epochs
    if network.stopped is None:            # before `fit` was there
        assert done == 0 and np.array_equal(network.vector, new().vector)
        continue
    assert network.stopped == "interrupted"
    interrupts += 1
    if done:
        assert network.history["epoch"][-1] == done and network.history["loss"][-1] == network.loss(X, y)
        whole = new().fit(X, y, 0.01, epochs=done, check_every=0, record_every=0, **settings)
        assert np.array_equal(network.vector, whole.vector), done
    network.fit(X, y, 0.01, epochs=5, check_every=0, **settings)
    whole = new().fit(X, y, 0.01, epochs=done + 5, check_every=0, record_every=0, **settings)
    assert np.array_equal(network.vector, whole.vector), done
print(f"{interrupts} interrupts, each of a whole epoch")
"""


@pytest.mark.parametrize("engine", INTERRUPTED)
def test_interrupts_at_random_times_leave_a_whole_epoch(engine):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTING, engine, str(INTERRUPTS)], capture_output=True, text=True, timeout=300
    )
    assert done.stdout == f"{INTERRUPTS} interrupts, each of a whole epoch\n", done.stderr


EARLY = """
import os, signal, sys, threading
from backprop_lab import SigmoidNetwork, generate_xor_easy
X, y = generate_xor_easy()
try:
    threading.Timer(float(sys.argv[1]), os.kill, (os.getpid(), signal.SIGINT)).start()
    SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, 0.01, epochs=10**9, check_every=0)
except KeyboardInterrupt: pass
print(SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, 0.5).separated)
"""


@pytest.mark.parametrize("seconds", np.linspace(0.05, 1.5, EARLY_INTERRUPTS).round(2))
def test_an_interrupt_while_numba_is_imported_and_compiles(seconds):
    done = subprocess.run([sys.executable, "-c", EARLY, str(seconds)], capture_output=True, text=True, timeout=120)
    assert done.stdout == "True\n", done.stderr


def test_saved_from_another_thread_while_it_trains(tmp_path):
    network = SigmoidNetwork([2, 3, 1], seed=0)
    thread = threading.Thread(target=network.fit, args=(X, y, 0.01), kwargs=dict(epochs=150_000, check_every=0))
    thread.start()
    states = []
    while thread.is_alive():
        network.save(tmp_path / "now")
        states.append(SigmoidNetwork.load(tmp_path / "now"))
    thread.join()
    assert len({state.epochs for state in states}) > 3
    for state in states[:: 1 + len(states) // 8]:
        if state.epochs:
            whole = SigmoidNetwork([2, 3, 1], seed=0).fit(X, y, 0.01, epochs=state.epochs, check_every=0,
            record_every=0)
            assert np.array_equal(state.vector, whole.vector)


def test_two_threads_train_two_networks():
    alone = [SigmoidNetwork([2, 4, 4, 1], seed=seed).fit(X, y, epochs=5_000) for seed in (0, 1)]
    together = [SigmoidNetwork([2, 4, 4, 1], seed=seed) for seed in (0, 1)]
    threads = [threading.Thread(target=network.fit, args=(X, y, 0.1), kwargs=dict(epochs=5_000)) for network in
    together]
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
    assert outputs.shape == (21, 1) and loss == network.network.loss(X, y)


def test_a_run_that_fails_says_so(capsys):
    SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=10, print_every=5)
    assert capsys.readouterr().out.splitlines()[-1] == "10 of 21 points are still wrong after 10 epochs"
