"""Other judges: PyTorch's and JAX's autograd and the complex step on random networks, lifelines on random tables of
runs, a fuzzer that watches which code it reaches."""
import os
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from backprop_lab import SigmoidNetwork, backward, forward, generate_linear, generate_xor_easy
from backprop_lab.layers import weight_shapes
from backprop_lab.studies import median_interval, survival_bands
from cases import ELEMENTS, FUZZ_SECONDS, NETWORKS, SATURATED, SURVIVAL_TABLES
from helpers import ROOT


def random_network(seed, sizes_seed=None):
    """Weights, bias flags, a batch and its targets: 1 to 6 weight layers, widths 1 to 40, 1 to 30 samples."""
    rng = np.random.default_rng(seed if sizes_seed is None else sizes_seed)
    layers = rng.integers(1, 41, rng.integers(2, 8)).tolist()
    bias = rng.integers(0, 2, len(layers) - 1).astype(bool).tolist()
    n = int(rng.integers(1, 31))
    rng = np.random.default_rng([seed, 1])
    weights = [
        rng.normal(0, 1.5 / np.sqrt(len_in), (len_in, len_out)) for len_in, len_out in weight_shapes(layers, bias)
    ]
    return layers, bias, weights, rng.normal(0, 1, (n, layers[0])), rng.uniform(0, 1, (n, layers[-1]))


def assert_close(ours, theirs, bound):
    for g, h in zip(ours, theirs):
        assert np.max(np.abs(g - h)) <= bound * np.max(np.abs(h))


@pytest.mark.parametrize("block", range(4))
def test_complex_step(block):
    """Im L(w + ih) / h has no difference of near numbers in it, so h may be 1e-30 and the result is exact to the last
    bits."""
    for seed in range(block * NETWORKS // 4, (block + 1) * NETWORKS // 4):
        layers, _, weights, X, y = random_network(seed)
        gradients = backward(weights, forward(weights, X), y)
        rng = np.random.default_rng(seed)
        for l, W in enumerate(weights):
            direction = rng.normal(0, 1, W.shape)                          # the derivative along a random direction
            moved = [w.astype(complex) for w in weights]
            moved[l] += 1e-30j * direction
            step = np.sum((forward(moved, X)[-1] - y) ** 2) / 2 / len(X)
            terms = gradients[l] * direction
            assert abs(step.imag / 1e-30 - terms.sum()) <= 1e-13 * np.abs(terms).sum()


def saturated_network(seed):
    """The report's start, all weights from (0, 1), in layers as wide as in `random_network`."""
    _, _, weights, X, y = random_network(seed)
    return SigmoidNetwork([X.shape[1], *(W.shape[1] for W in weights)], seed=seed).weights, X, y


def test_complex_step_where_units_are_saturated():
    """Element by element, relative to the largest gradient of the layer: near a = 1, 1 - a has few digits."""
    rng = np.random.default_rng(0)
    for seed in range(SATURATED):
        weights, X, y = saturated_network(seed)
        for l, g in enumerate(backward(weights, forward(weights, X), y)):
            largest = np.unravel_index(np.argmax(np.abs(g)), g.shape)
            for place in [largest, *(tuple(rng.integers(g.shape)) for _ in range(ELEMENTS - 1))]:
                moved = [w.astype(complex) for w in weights]
                moved[l][place] += 1e-30j
                step = np.sum((forward(moved, X)[-1] - y) ** 2).imag / 2 / len(X) / 1e-30
                assert abs(step - g[place]) <= 1e-7 * np.abs(g[largest])


@pytest.mark.oracles
def test_pytorch_where_units_are_saturated():
    """The same formula for the slope, so the same digits are lost."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra: oracles)")
    for seed in range(SATURATED):
        weights, X, y = saturated_network(seed)
        tensors, a = [torch.tensor(W, requires_grad=True) for W in weights], torch.tensor(X)
        for W in tensors:
            a = torch.sigmoid(a @ W[:-1] + W[-1])
        (((a - torch.tensor(y)) ** 2).sum() / 2 / len(X)).backward()
        assert_close(backward(weights, forward(weights, X), y), [W.grad.numpy() for W in tensors], 1e-7)


@pytest.mark.oracles
def test_pytorch_autograd():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra: oracles)")
    for seed in range(NETWORKS):
        layers, bias, weights, X, y = random_network(seed)
        tensors, a = [torch.tensor(W, requires_grad=True) for W in weights], torch.tensor(X)
        for W, b in zip(tensors, bias):
            a = torch.sigmoid(a @ W[:-1] + W[-1] if b else a @ W)
        (((a - torch.tensor(y)) ** 2).sum() / 2 / len(X)).backward()
        assert_close(backward(weights, forward(weights, X), y), [W.grad.numpy() for W in tensors], 1e-12)


@pytest.mark.oracles
def test_jax_autograd():
    jax = pytest.importorskip("jax", reason="JAX is not installed (extra: oracles)")
    jax.config.update("jax_enable_x64", True)

    def loss(weights, bias, X, y):
        a = X
        for W, b in zip(weights, bias):
            a = 1 / (1 + jax.numpy.exp(-(a @ W[:-1] + W[-1] if b else a @ W)))
        return ((a - y) ** 2).sum() / 2 / len(X)

    # compiled for each list of sizes, so there are fewer of those
    gradient = jax.jit(jax.grad(loss), static_argnums=1)
    for seed in range(NETWORKS):
        layers, bias, weights, X, y = random_network(seed, sizes_seed=seed // 8)
        theirs = gradient([jax.numpy.asarray(W) for W in weights], tuple(bias), X, y)
        assert_close(backward(weights, forward(weights, X), y), [np.asarray(g) for g in theirs], 1e-12)


@pytest.mark.parametrize("engine", ["fast", "readable"])
@pytest.mark.oracles
@pytest.mark.parametrize("layers, bias, batch_size, points", [
    ([2, 5, 5, 1], [True, False, False], 1, generate_xor_easy()), ([2, 4, 4, 1], True, 1, generate_linear(50, seed=1)),
    ([2, 8, 1], False, 5, generate_linear(50, seed=2)), ([2, 3, 3, 3, 1], True, 10, generate_linear(50, seed=3)),
], ids=["the listing's", "bias", "no bias, batches", "deep, batches"])
def test_a_thousand_steps_beside_pytorch(engine, layers, bias, batch_size, points):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (extra: oracles)")
    X, y = points
    network = SigmoidNetwork(layers, bias=bias, seed=4)
    net = network.to_torch()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    batches = [slice(i, i + batch_size) for i in range(0, len(X), batch_size)]
    epochs = -(-1_000 // len(batches))
    for _ in range(epochs):
        for rows in batches:
            optimizer.zero_grad()
            target = torch.tensor(y[rows])
            (((net(torch.tensor(X[rows])) - target) ** 2).sum() / 2 / len(target)).backward()
            optimizer.step()
    network.fit(X, y, 0.3, epochs=epochs, batch_size=batch_size, check_every=0, engine=engine)
    again = SigmoidNetwork(layers, bias=bias)
    again.weights = [
        np.vstack([m.weight.detach().numpy().T, *([] if m.bias is None else [m.bias.detach().numpy()])])
        for m in net[::2]
    ]
    np.testing.assert_allclose(network.vector, again.vector, rtol=0, atol=1e-10)


@pytest.mark.oracles
def test_survival_curves_beside_lifelines():
    lifelines = pytest.importorskip("lifelines", reason="lifelines is not installed (extra: dev)")
    rng = np.random.default_rng(0)
    for _ in range(SURVIVAL_TABLES):
        n = int(rng.integers(2, 200))
        table = pd.DataFrame({"epochs": rng.integers(1, rng.integers(3, 100), n), "separated": rng.random(n) < rng.uniform(0.2, 1)})
        theirs = lifelines.KaplanMeierFitter().fit(table.epochs, table.separated)
        survival, low, high = survival_bands(table)
        at = lambda frame: frame.loc[survival.quantiles].to_numpy()
        np.testing.assert_allclose(survival.probabilities, at(theirs.survival_function_)[:, 0], rtol=0, atol=1e-12)
        inner = (survival.probabilities > 0) & (survival.probabilities < 1)
        bands = at(theirs.confidence_interval_survival_function_)
        np.testing.assert_allclose(low.probabilities[inner], bands[inner, 0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(high.probabilities[inner], bands[inner, 1], rtol=0, atol=1e-12)
        heights = theirs.survival_function_["KM_estimate"]
        below = heights.index[heights <= 0.5 * (1 + 1e-9)]
        assert median_interval(table)[0] == (below[0] if len(below) else np.inf)


@pytest.mark.oracles
@pytest.mark.parametrize("kind", ["network", "table"])
def test_coverage_guided_fuzzing(tmp_path, kind):
    """`make fuzz` does it for longer."""
    pytest.importorskip("atheris", reason="Atheris is not installed (extra: oracles; Linux)")
    command = [sys.executable, ROOT / "tests" / "fuzz.py", kind, str(FUZZ_SECONDS)]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=30 + 6 * FUZZ_SECONDS)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert int(re.search(r"Done (\d+) runs", done.stderr)[1]) > 1_000
