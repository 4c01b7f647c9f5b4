"""Properties that hold for all networks and inputs, tried on random ones."""
import warnings

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, backward, forward, generate_linear, generate_xor_easy, loss, sigmoid, update
from backprop_lab.compiled import train as compiled_train
from backprop_lab.layers import weight_shapes
from backprop_lab.descent import labels, train
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

floats = st.floats(-1e308, 1e308)
widths = st.lists(st.integers(1, 6), min_size=2, max_size=6)


@st.composite
def networks(draw):
    """Sizes, bias flags, weights and a batch of samples with targets."""
    layers = draw(widths)
    bias = draw(st.lists(st.booleans(), min_size=len(layers) - 1, max_size=len(layers) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights = [rng.normal(0, 1, shape) for shape in weight_shapes(layers, bias)]
    n = draw(st.integers(1, 5))
    return layers, bias, weights, rng.normal(0, 1, (n, layers[0])), rng.uniform(0, 1, (n, layers[-1]))


@given(arrays(np.float64, st.integers(1, 20), elements=floats))
def test_sigmoid_is_silent_bounded_and_monotone(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y = sigmoid(np.sort(x))
    assert np.all((0 <= y) & (y <= 1)) and np.all(np.diff(y) >= 0)


@given(networks())
@settings(deadline=None)
def test_the_batch_gradient_is_the_mean_of_the_samples(case):
    _, _, weights, X, y = case
    batch = backward(weights, forward(weights, X), y)
    single = [backward(weights, forward(weights, x), t) for x, t in zip(X, y)]
    for g, parts in zip(batch, zip(*single)):
        np.testing.assert_allclose(g, np.mean(parts, axis=0), rtol=1e-9, atol=1e-15)


@given(networks())
@settings(deadline=None)
def test_a_small_step_lowers_the_loss_by_the_squared_gradient(case):
    _, _, weights, X, y = case
    before, gradients = loss(forward(weights, X)[-1], y), backward(weights, forward(weights, X), y)
    square, rate = sum(np.sum(g**2) for g in gradients), 1e-6
    update(weights, gradients, rate)
    after = loss(forward(weights, X)[-1], y)
    assert before - after == pytest.approx(rate * square, rel=1e-3, abs=1e-15)


@given(networks())
@settings(deadline=None, max_examples=15)
def test_compiled_and_readable_loop_walk_the_same_path(case):
    _, _, weights, X, y = case
    fast, slow = [W.copy() for W in weights], [W.copy() for W in weights]
    for said_fast in compiled_train(fast, X, y, 0.7, range(30)):
        pass
    for said_slow in train(slow, X, y, 0.7, range(30)):
        pass
    assert said_fast == said_slow
    for one, other in zip(fast, slow):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_both_engines_stop_at_the_same_epoch(seed):
    X, y = generate_linear(30, seed=seed)
    runs = [SigmoidNetwork([2, 3, 1], seed=seed).fit(X, y, 0.5, epochs=400, engine=engine)
            for engine in ("fast", "readable")]
    assert runs[0].epochs == runs[1].epochs and runs[0].separated == runs[1].separated
    assert runs[0].history["epoch"] == runs[1].history["epoch"]


def test_the_stop_is_the_very_first_epoch():
    X, y = generate_xor_easy()
    network = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False], seed=0).fit(X, y)
    again = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False], seed=0)
    right = []
    for _ in range(network.epochs):
        again.fit(X, y, epochs=1, check_every=0, record_every=0)
        right.append(np.array_equal(again.predict(X), labels(y)))
    assert right.index(True) == network.epochs - 1 and np.array_equal(again.vector, network.vector)


@given(st.integers(1, 200), st.integers(0, 2**32))
def test_linear_points_follow_their_rule(n, seed):
    X, y = generate_linear(n, seed)
    assert X.shape == (n, 2) and y.shape == (n, 1)
    assert np.array_equal(y[:, 0] == 0, X[:, 0] > X[:, 1]) and np.all((0 <= X) & (X < 1))


def test_same_seed_same_bits():
    X, y = generate_linear(60, seed=3)
    one, two = (SigmoidNetwork([2, 4, 1], seed=9).fit(X, y, epochs=500) for _ in range(2))
    assert np.array_equal(one.vector, two.vector) and one.history == two.history
