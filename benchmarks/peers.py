"""The same training by other means: each peer is a function (weights, X, T, rate, epochs) -> weights after the epochs.

All train sample by sample. `PEERS` do it for the report's network, widths 2-5-5-1 with a bias on the first weight
layer, some of them (`WIDE`) for any, and `MANY` for many networks at once, W (runs, rows, columns). Where a peer cannot
do exactly the same, `DIFFERENT` says what it does instead, and its weights are not compared.
"""
import ctypes
import ctypes.util
import shutil
import subprocess
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path

import numpy as np
from backprop_lab import SigmoidNetwork
from backprop_lab.layers import network_sizes

DIFFERENT = {
    "scikit-learn MLPClassifier": "log-loss instead of half squares, a bias on every layer",
    "backprop_lab, FANN's net": "2-4-4-1 with a bias in every layer",
    "FANN": "2-4-4-1 with a constant unit in every layer, slopes clipped away from 0",
}
BASE = {"FANN": "backprop_lab, FANN's net"}   # compared with this row instead of the first


def listing(weights, X, T, rate, epochs):
    """The report's own loop, with its two faults mended."""
    sigmoid, slope = lambda x: 1.0 / (1.0 + np.exp(-x)), lambda a: np.multiply(a, 1.0 - a)
    X = np.concatenate((X, np.ones((len(X), 1))), axis=1)
    for _ in range(epochs):
        for x, t in zip(X, T):
            output = [x]
            for W in weights:
                output.append(sigmoid(output[-1].dot(W)))
            product = (output[-1] - t) * slope(output[-1])
            deltas = [output[-2].reshape(-1, 1).dot(product.reshape(1, -1))]
            for i in range(len(output) - 2, 0, -1):
                product = weights[i].dot(product) * slope(output[i])
                deltas.append(output[i - 1].reshape(-1, 1).dot(product.reshape(1, -1)))
            deltas.reverse()
            for i in range(len(weights)):
                weights[i] -= rate * deltas[i]
    return weights


def readable(weights, X, T, rate, epochs):
    from backprop_lab.descent import train
    for _ in train(weights, X, T, rate, range(epochs)):
        pass
    return weights


def compiled(weights, X, T, rate, epochs):
    """This package's loop as `fit` calls it, exact stop test included."""
    from backprop_lab.compiled import train
    for _ in train(weights, X, T, rate, range(epochs), check_every=1):
        pass
    return weights


def compiled_as_fann(weights, X, T, rate, epochs):
    net = SigmoidNetwork((2, 4, 4, 1), seed=0)
    return compiled(net.weights, X, T, rate, epochs)


def torch_nn(weights, X, T, rate, epochs):
    import torch
    layers, bias = network_sizes(weights, X.shape[1])
    start = SigmoidNetwork(layers, bias=bias)
    for W, given in zip(start.weights, weights):
        W[...] = given
    net = start.to_torch()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)
    X, T = torch.from_numpy(X), torch.from_numpy(T)
    for _ in range(epochs):
        for x, t in zip(X, T):
            optimizer.zero_grad()
            (((net(x) - t) ** 2).sum() / 2).backward()
            optimizer.step()
    rows = [
        [linear.weight.detach().numpy().T] + ([] if linear.bias is None else [linear.bias.detach().numpy()[None]])
        for linear in net[::2]
    ]
    return [np.vstack(parts) for parts in rows]


def torch_tensors(weights, X, T, rate, epochs):
    import torch
    W, (layers, bias) = [torch.from_numpy(w.copy()) for w in weights], network_sizes(weights, X.shape[1])
    X, T, one = torch.from_numpy(X), torch.from_numpy(T), torch.ones(1, dtype=torch.float64)
    with torch.no_grad():
        for _ in range(epochs):
            for x, t in zip(X, T):
                a = [x]
                for w, b in zip(W, bias):
                    a.append(torch.sigmoid(torch.addmv(w[-1], w[:-1].T, a[-1]) if b else a[-1] @ w))
                delta = (a[-1] - t) * a[-1] * (1 - a[-1])
                for l in range(len(W) - 1, -1, -1):
                    step = torch.outer(torch.cat([a[l], one]) if bias[l] else a[l], delta)
                    if l:
                        delta = (W[l][:layers[l]] @ delta) * a[l] * (1 - a[l])
                    W[l].sub_(step, alpha=rate)
    return [w.numpy() for w in W]


@lru_cache
def _jax_run(many):
    import jax
    import jax.numpy as jnp
    jax.config.update("jax_enable_x64", True)

    def loss(W, x, t):
        a = x
        for w in W:
            a = jax.nn.sigmoid(a @ w if len(w) == len(a) else a @ w[:-1] + w[-1])
        return ((a - t) ** 2).sum() / 2

    def step(W, x, t, rate):
        return [w - rate * g for w, g in zip(W, jax.grad(loss)(W, x, t))]
    steps = jax.vmap(step, (0, None, None, None)) if many else step

    @jax.jit
    def run(W, X, T, rate, epochs):
        def sample(W, xt):
            return steps(W, *xt, rate), None
        return jax.lax.fori_loop(0, epochs, lambda _, W: jax.lax.scan(sample, W, (X, T))[0], W)
    return lambda W, X, T, rate, epochs: [np.asarray(w) for w in run([jnp.asarray(w) for w in W], X, T, rate, epochs)]


def jax_scan(weights, X, T, rate, epochs):
    return _jax_run(many=False)(weights, X, T, rate, epochs)


def jax_vmap(weights, X, T, rate, epochs):
    """The step of one run, with jax.vmap for all runs; the scan over the samples is compiled as a whole."""
    return _jax_run(many=True)(weights, X, T, rate, epochs)


def torch_vmap(weights, X, T, rate, epochs):
    """The step of one run, with torch.func.vmap for all runs; the loop over the samples is Python's."""
    import torch

    def loss(W, x, t):
        a = x
        for w in W:
            a = torch.sigmoid(a @ w if len(w) == len(a) else a @ w[:-1] + w[-1])
        return ((a - t) ** 2).sum() / 2
    gradients = torch.func.vmap(torch.func.grad(loss), (0, None, None))
    W, X, T = [torch.from_numpy(w.copy()) for w in weights], torch.from_numpy(X), torch.from_numpy(T)
    for _ in range(epochs):
        for x, t in zip(X, T):
            for w, g in zip(W, gradients(W, x, t)):
                w.sub_(g, alpha=rate)
    return [w.numpy() for w in W]


def one_by_one(weights, X, T, rate, epochs):
    """This package's loop for one run, without a stop test, run after run."""
    from backprop_lab.compiled import train
    weights = [W.copy() for W in weights]
    for run in range(len(weights[0])):
        for _ in train([W[run] for W in weights], X, T, rate, range(epochs), check_every=0):
            pass
    return weights


def side_by_side(weights, X, T, rate, epochs):
    """This package's kernel for many runs, without a stop test."""
    from backprop_lab.many import train
    weights = [W.copy() for W in weights]
    for _ in train(weights, X, T, rate, range(epochs), check_every=0):
        pass
    return weights


def sklearn_mlp(weights, X, T, rate, epochs):
    from sklearn.neural_network import MLPClassifier
    model = MLPClassifier(
        [W.shape[1] for W in weights[:-1]], activation="logistic", solver="sgd", alpha=0, batch_size=1,
        learning_rate_init=rate, max_iter=epochs, shuffle=False, momentum=0, n_iter_no_change=epochs, tol=0,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, T[:, 0].astype(int) if T.shape[1] == 1 else T.argmax(axis=1))
    return model.coefs_


@lru_cache
def _fann():
    name = ctypes.util.find_library("doublefann")
    if name is None:
        return None
    fann = ctypes.CDLL(name)
    fann.fann_create_standard_array.restype = fann.fann_read_train_from_file.restype = ctypes.c_void_p
    return fann


@lru_cache
def _fann_data(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".data") as file:
        file.write(f"{len(rows)} 2 1\n" + "".join(f"{a} {b}\n{t}\n" for a, b, t in rows))
        file.flush()
        return ctypes.c_void_p(_fann().fann_read_train_from_file(file.name.encode()))


def fann(weights, X, T, rate, epochs):
    fann = _fann()
    net = ctypes.c_void_p(fann.fann_create_standard_array(4, (ctypes.c_uint * 4)(2, 4, 4, 1)))
    for layer in ("hidden", "output"):
        getattr(fann, f"fann_set_activation_function_{layer}")(net, 3)                              # sigmoid
        getattr(fann, f"fann_set_activation_steepness_{layer}")(net, ctypes.c_double(0.5))          # 1 / (1 + exp(-z))
    fann.fann_set_learning_rate(net, ctypes.c_float(rate))
    fann.fann_set_training_algorithm(net, 0)       # incremental: sample by sample
    fann.fann_set_train_error_function(net, 0)     # the plain difference
    data = _fann_data(tuple((*x, *t) for x, t in zip(X.tolist(), T.tolist())))
    for _ in range(epochs):
        fann.fann_train_epoch(net, data)
    fann.fann_destroy(net)
    return []


@lru_cache
def _c_loop():
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = Path(tempfile.mkdtemp()) / "loop.so"
    subprocess.run(
        [compiler, "-O3", "-shared", "-fPIC", Path(__file__).with_name("loop.c"), "-o", library, "-lm"], check=True
    )
    return ctypes.CDLL(str(library))


def c_loop(weights, X, T, rate, epochs):
    pointer = lambda array: array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
    _c_loop().train(
        *map(pointer, weights),
        pointer(X),
        pointer(T),
        ctypes.c_long(len(X)),
        ctypes.c_double(rate),
        ctypes.c_long(epochs),
    )
    return weights


PEERS = {
    "backprop_lab": compiled,
    "C, cc -O3": c_loop,
    "FANN": fann,
    "backprop_lab, FANN's net": compiled_as_fann,
    "JAX, jitted lax.scan": jax_scan,
    "numpy, the report's listing": listing,
    "numpy, our readable loop": readable,
    "PyTorch, tensors by hand": torch_tensors,
    "PyTorch, nn.Sequential and SGD": torch_nn,
    "scikit-learn MLPClassifier": sklearn_mlp,
}
WIDE = ("backprop_lab", "JAX, jitted lax.scan", "numpy, our readable loop", "PyTorch, tensors by hand",
        "PyTorch, nn.Sequential and SGD", "scikit-learn MLPClassifier")
MANY = {"one by one": one_by_one, "side by side": side_by_side, "JAX, vmap in a scan": jax_vmap,
        "PyTorch, func.vmap": torch_vmap}


def peers():
    """The peers that are here, by name, and the reasons why others are missing."""
    missing = {}
    if _fann() is None:
        missing["FANN"] = "libdoublefann is not installed (Debian: libfann2)"
    if _c_loop() is None:
        missing["C, cc -O3"] = "no C compiler here"
    return {name: function for name, function in PEERS.items() if name not in missing}, missing
