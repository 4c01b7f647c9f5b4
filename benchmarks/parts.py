"""The parts of the benchmark, each a function that returns what results.json holds under its name."""
import subprocess
import sys
import time
import warnings

import numpy as np
from backprop_lab import SigmoidNetwork, generate_xor_easy
from backprop_lab.batches import train as batch_train
from backprop_lab.compiled import train as compiled_train
from backprop_lab.descent import train as readable_train
from backprop_lab.layers import weight_shapes, weight_views
from measure import REPEATS, interleaved, same_work, spread
from peers import BASE, DIFFERENT, MANY, WIDE, peers

SKLEARN_RATE = 0.3   # for its log-loss; the best of 0.03, 0.1, 0.3, 1 and 3


def exhaust(generator):
    for _ in generator:
        pass


def sample_loop():
    """The report's network on XOR: first whether all do the same work, then nanoseconds a sample."""
    X, T = generate_xor_easy()
    shapes = weight_shapes((2, 5, 5, 1), (True, False, False))
    start = np.random.default_rng(0).uniform(0, 1, 45)
    fresh = lambda: weight_views(start.copy(), shapes)
    functions, missing = peers()
    work = {name: lambda f=function: f(fresh(), X, T, 0.1, 50) for name, function in functions.items()}   # 1,050 steps
    same = same_work(work, DIFFERENT)

    def task(function):
        def run(count):                      # in pieces that end before ours, with its stop test, is done with XOR
            for done in range(0, count, 5_000):
                function(fresh(), X, T, 0.1, min(5_000, count - done))
        return run

    measured = interleaved({name: task(function) for name, function in functions.items()})
    rows = [
        {
            "name": name, "ns": spread(values, 1e9 / len(X)),
            "ratio": spread(values / measured[BASE.get(name, "backprop_lab")]), "work": same[name],
        }
        for name, values in measured.items()
    ]
    return {"rows": rows, "missing": missing}


def wide_layers():
    """Nanoseconds a sample of networks for digits, one sample a step, 200 random samples; no stop test."""
    functions, found = peers()[0], []
    functions = {name: functions[name] for name in WIDE}
    functions["backprop_lab"] = lambda weights, X, T, rate, epochs: (
        exhaust(compiled_train(weights, X, T, rate, range(epochs), check_every=0)), weights)[1]
    for layers in ((64, 30, 10), (784, 30, 10)):
        rng = np.random.default_rng(0)
        X, T = rng.uniform(0, 1, (200, layers[0])), np.eye(10)[rng.integers(0, 10, 200)]
        start = SigmoidNetwork(layers, init="glorot", seed=0).weights
        fresh = lambda: [W.copy() for W in start]
        same = same_work({name: lambda f=f: f(fresh(), X, T, 0.1, 2) for name, f in functions.items()}, DIFFERENT)
        measured = interleaved({
            name: lambda count, f=f: f(fresh(), X, T, 0.1, count) for name, f in functions.items()
        })
        found += [
            {
                "layers": layers, "name": name, "ns": spread(values, 1e9 / len(X)),
                "ratio": spread(values / measured["backprop_lab"]), "work": same[name],
            }
            for name, values in measured.items()
        ]
    return found


def sweep():
    """Nanoseconds a sample against the number of weights, compiled and readable."""
    rows = []
    for width in (3, 5, 8, 12, 20, 32, 50, 70, 101, 150, 220, 320, 440):
        layers, bias = (2, width, width, 1), (True,) * 3
        shapes = weight_shapes(layers, bias)
        rng = np.random.default_rng(0)
        X, T = rng.uniform(0, 1, (50, 2)), rng.uniform(0, 1, (50, 1))
        start = [rng.normal(0, 0.3, shape) for shape in shapes]
        fresh = lambda: [W.copy() for W in start]

        measured = interleaved({
            "compiled": lambda count: exhaust(compiled_train(fresh(), X, T, 0.1, range(count), check_every=0)),
            "readable": lambda count: exhaust(readable_train(fresh(), X, T, 0.1, range(count), check_every=0)),
        }, repeats=5)
        rows.append(
            {
                "weights": sum(W.size for W in start),
                **{name: spread(values, 1e9 / len(X)) for name, values in measured.items()},
            }
        )
    return rows


def mini_batches():
    """Samples a second of one epoch over 2,000 random samples."""
    import torch
    from sklearn.neural_network import MLPClassifier
    rows = []
    for layers, size in (((784, 30, 10), 10), ((784, 256, 10), 128)):
        for dtype in ("float64", "float32"):
            rng = np.random.default_rng(0)
            X, labels = rng.uniform(0, 1, (2_000, 784)).astype(dtype), rng.integers(0, 10, 2_000)
            T = np.eye(10, dtype=dtype)[labels]
            ours = SigmoidNetwork(layers, init="glorot", seed=0, dtype=dtype)
            net = ours.to_torch()
            optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
            Xt, Tt = torch.from_numpy(X), torch.from_numpy(T)

            def lab(count):
                exhaust(batch_train(ours.weights, X, T, 0.1, range(count), check_every=0, batch_size=size))

            def pytorch(count):
                for _ in range(count):
                    for i in range(0, len(X), size):
                        optimizer.zero_grad()
                        (((net(Xt[i:i + size]) - Tt[i:i + size]) ** 2).sum() / 2 / len(Xt[i:i + size])).backward()
                        optimizer.step()

            def sklearn(count):
                model = MLPClassifier(
                    layers[1:-1], activation="logistic", solver="sgd", alpha=0, batch_size=size,
                    learning_rate_init=0.1, max_iter=count, shuffle=False, momentum=0,
                    n_iter_no_change=count + 1, tol=0, random_state=0,
                )
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    model.fit(X, labels)

            measured = interleaved({"backprop_lab": lab, "PyTorch": pytorch, "scikit-learn": sklearn})
            rate = {name: spread(len(X) / values) for name, values in measured.items()}
            ratio = {name: spread(values / measured["backprop_lab"]) for name, values in measured.items()}
            rows.append({"layers": layers, "batch": size, "dtype": dtype, "samples_per_second": rate, "ratio": ratio})
    return rows


def digits():
    """Five splits of scikit-learn's 1,797 images of digits: seconds and held-out accuracy of the same configuration
    three times."""
    import torch
    from sklearn.datasets import load_digits
    from sklearn.model_selection import StratifiedKFold
    from sklearn.neural_network import MLPClassifier
    X, number = load_digits(return_X_y=True)
    X, Y = X / 16, np.eye(10)[number]
    layers, size, rate, epochs = (64, 30, 10), 10, 3.0, 60

    def lab(rows, seed):
        network = SigmoidNetwork(layers, init="glorot", seed=seed)
        network.fit(X[rows], Y[rows], rate, epochs=epochs, batch_size=size, shuffle=True, check_every=0)
        return network.predict

    def pytorch(rows, seed):
        net, order = SigmoidNetwork(layers, init="glorot", seed=seed).to_torch(), torch.Generator().manual_seed(seed)
        optimizer = torch.optim.SGD(net.parameters(), lr=rate)
        x, t = torch.from_numpy(X[rows]), torch.from_numpy(Y[rows])
        for _ in range(epochs):
            for batch in torch.randperm(len(x), generator=order).split(size):
                optimizer.zero_grad()
                (((net(x[batch]) - t[batch]) ** 2).sum() / 2 / len(batch)).backward()
                optimizer.step()
        return lambda x: net(torch.from_numpy(x)).argmax(1).numpy()

    def sklearn(rows, seed):
        model = MLPClassifier(
            layers[1:-1], activation="logistic", solver="sgd", alpha=0, batch_size=size,
            learning_rate_init=SKLEARN_RATE, max_iter=epochs, momentum=0, n_iter_no_change=epochs, tol=0,
            random_state=seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return model.fit(X[rows], number[rows]).predict

    peers = {"backprop_lab": lab, "PyTorch": pytorch, "scikit-learn": sklearn}
    took, right = {name: [] for name in peers}, {name: [] for name in peers}
    for seed, (rows, held_out) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, number)):
        for name, train in peers.items():
            start = time.process_time()
            predict = train(rows, seed)
            took[name].append(time.process_time() - start)
            right[name].append(float(np.mean(predict(X[held_out]) == number[held_out])))
    return [
        {
            "name": name, "seconds": spread(took[name]), "accuracy": right[name],
            "ratio": spread(np.array(took[name]) / took["backprop_lab"]),
        }
        for name in peers
    ]


def many_runs():
    """Million sample steps a second of 256 runs of the report's network on XOR at the rate 0.1."""
    X, T = generate_xor_easy()
    networks = [SigmoidNetwork((2, 5, 5, 1), bias=(True, False, False), seed=seed).weights for seed in range(256)]
    starts = [np.stack(W) for W in zip(*networks)]
    fresh = lambda runs: [W[:runs].copy() for W in starts]
    same_work({name: lambda f=function: f(fresh(32), X, T, 0.1, 20) for name, function in MANY.items()})
    runs = {name: 16 if name == "one by one" else len(networks) for name in MANY}     # 16: each long enough to count
    measured = interleaved({
        name: lambda count, f=function, n=runs[name]: f(fresh(n), X, T, 0.1, count) for name, function in MANY.items()
    })
    rate = {name: runs[name] * len(X) / 1e6 / values for name, values in measured.items()}
    return {name: {"rate": spread(rate[name]), "ratio": spread(rate[name] / rate["one by one"])} for name in MANY}


def output_of(code):
    """What a new process prints; it may take a minute."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


def start_up():
    """Seconds of the first `fit` in a new process (compiling included) and of the import, each with Python's own start
    taken off."""
    def run(code):
        return float(output_of(f"import time; t = time.perf_counter()\n{code}\nprint(time.perf_counter() - t)"))
    fit = (
        "import numba, numpy as np; from backprop_lab import *; X, y = generate_xor_easy()\n"
        "n = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False])\n"
        "t = time.perf_counter(); n.fit(X, y, epochs=1)"
    )
    cases = {"import backprop_lab": "import backprop_lab", "first fit, compiling": fit}
    return {name: spread([run(code) for _ in range(REPEATS)]) for name, code in cases.items()}


def interrupts():
    """Seconds from Ctrl-C in a process that trains until `fit` has returned, weights and history whole."""
    code = """
import os, signal, threading, time
from backprop_lab import SigmoidNetwork, generate_xor_easy
signal.signal(signal.SIGINT, signal.default_int_handler)
X, y = generate_xor_easy()
network = SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=1)
def interrupt():
    global sent
    sent = time.perf_counter()
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.3, interrupt).start()
try: network.fit(X, y, 1e-3, epochs=10**9, check_every=0)
except KeyboardInterrupt: print(time.perf_counter() - sent)
"""
    took = [float(output_of(code)) for _ in range(2 * REPEATS)]
    return {**spread(took), "largest": max(took)}
