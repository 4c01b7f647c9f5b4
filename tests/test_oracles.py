"""Other people's derivatives: PyTorch's and JAX's autograd, and the complex step, on random networks."""
import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, backward, forward, generate_linear, generate_xor_easy
from backprop_lab.layers import weight_shapes

NETWORKS = 240


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
