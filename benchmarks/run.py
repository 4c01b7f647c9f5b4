"""Measure this package beside its peers, interleaved in one run on one core; writes results.json beside this file.

`make bench` calls it in an environment of its own and then runs the notebook on speed, which shows the results.
"""
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from backprop_lab import SigmoidNetwork, generate_xor_easy, many
from backprop_lab.batches import train as batch_train
from backprop_lab.compiled import train as compiled_train
from backprop_lab.layers import weight_shapes, weight_views
from backprop_lab.descent import train as readable_train
from chain import chain
from peers import BASE, DIFFERENT, peers
from tqdm import tqdm

REPEATS = 9
SKLEARN_RATE = 0.3   # for its log-loss; the best of 0.03, 0.1, 0.3, 1 and 3
SECONDS = 0.15   # about what one measurement of one peer takes


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def interleaved(tasks, repeats=REPEATS):
    """{name: function of a count} -> {name: seconds per count, one for each repeat}; each repeat runs all of them in
    turn."""
    counts = {}
    for name, task in tasks.items():
        task(1)                                            # compile, warm up
        counts[name] = 1
        while (took := seconds(lambda: task(counts[name]))) < SECONDS / 4:
            counts[name] *= 4
        counts[name] = max(1, round(counts[name] * SECONDS / took))
    measured = {name: [] for name in tasks}
    for _ in tqdm(range(repeats), disable=None):
        for name, task in tasks.items():
            measured[name].append(seconds(lambda: task(counts[name])) / counts[name])
    return measured


def spread(values, scale=1.0):
    low, median, high = np.percentile(values, [25, 50, 75]) * scale
    return {"median": float(median), "low": float(low), "high": float(high)}


def sample_loop():
    """The report's network on XOR: first whether all do the same work, then nanoseconds a sample."""
    X, T = generate_xor_easy()
    shapes = weight_shapes((2, 5, 5, 1), (True, False, False))
    start = np.random.default_rng(0).uniform(0, 1, 45)
    fresh = lambda: weight_views(start.copy(), shapes)
    functions, missing = peers()
    wanted, same = None, {}
    for name, function in functions.items():
        if name in DIFFERENT:
            same[name] = DIFFERENT[name]
            continue
        weights = np.concatenate([W.ravel() for W in function(fresh(), X, T, 0.1, 50)])   # 1,050 steps
        wanted = weights if wanted is None else wanted
        error = np.max(np.abs(weights - wanted))
        assert error < 1e-9, f"{name} does other work: weights differ by {error}"
        same[name] = "same"

    def task(function):
        def run(count):                      # in pieces that end before ours, with its stop test, is done with XOR
            for done in range(0, count, 5_000):
                function(fresh(), X, T, 0.1, min(5_000, count - done))
        return run

    measured = interleaved({name: task(function) for name, function in functions.items()})
    ratios = {
        name: spread(np.array(values) / measured[BASE.get(name, "backprop_lab")]) for name, values in measured.items()
    }
    rows = [
        {"name": name, "ns": spread(values, 1e9 / len(X)), "ratio": ratios[name], "work": same[name]}
        for name, values in measured.items()
    ]
    return {"rows": rows, "missing": missing}


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

        def exhaust(generator):
            for _ in generator:
                pass
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
    torch.set_num_threads(1)
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
                for _ in batch_train(ours.weights, X, T, 0.1, range(count), check_every=0, batch_size=size):
                    pass

            def pytorch(count):
                for _ in range(count):
                    for i in range(0, len(X), size):
                        optimizer.zero_grad()
                        (((net(Xt[i:i + size]) - Tt[i:i + size]) ** 2).sum() / 2 / len(Xt[i:i + size])).backward()
                        optimizer.step()

            def sklearn(count):
                model = MLPClassifier(
                    layers[1:-1],
                    activation="logistic",
                    solver="sgd",
                    alpha=0,
                    batch_size=size,
                    learning_rate_init=0.1,
                    max_iter=count,
                    shuffle=False,
                    momentum=0,
                    n_iter_no_change=count + 1,
                    tol=0,
                    random_state=0,
                )
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    model.fit(X, labels)

            measured = interleaved({"backprop_lab": lab, "PyTorch": pytorch, "scikit-learn": sklearn})
            rate = {name: spread(len(X) / np.array(values)) for name, values in measured.items()}
            ratio = {name: spread(np.array(values) / measured["backprop_lab"]) for name, values in measured.items()}
            rows.append({"layers": layers, "batch": size, "dtype": dtype, "samples_per_second": rate, "ratio": ratio})
    return rows


def many_runs():
    """Sample steps a second of 256 runs of the report's network on XOR for 2,000 epochs, one by one and side by side."""
    X, T = generate_xor_easy()
    layers, bias, epochs = (2, 5, 5, 1), (True, False, False), 2_000
    networks = [SigmoidNetwork(layers, bias=bias, seed=seed).weights for seed in range(256)]
    starts = [np.stack(W) for W in zip(*networks)]

    def single():
        for weights in networks[:32]:
            for _ in compiled_train([W.copy() for W in weights], X, T, 0.1, range(epochs)):
                pass

    def side_by_side():
        for _ in many.train([W.copy() for W in starts], X, T, 0.1, range(epochs)):
            pass

    single()
    side_by_side()
    steps, measured = epochs * len(X), {"single loop": [], "side by side": []}
    for _ in range(REPEATS):
        measured["single loop"].append(32 * steps / seconds(single) / 1e6)
        measured["side by side"].append(256 * steps / seconds(side_by_side) / 1e6)
    return {
        name: {"rate": spread(values), "ratio": spread(np.array(values) / measured["single loop"])}
        for name, values in measured.items()
    }


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
        network.fit(X[rows], Y[rows], rate, epochs, 0, batch_size=size, shuffle=True, check_every=0)
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
            layers[1:-1],
            activation="logistic",
            solver="sgd",
            alpha=0,
            batch_size=size,
            learning_rate_init=SKLEARN_RATE,
            max_iter=epochs,
            momentum=0,
            n_iter_no_change=epochs,
            tol=0,
            random_state=seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return model.fit(X[rows], number[rows]).predict

    peers = {"backprop_lab": lab, "PyTorch": pytorch, "scikit-learn": sklearn}
    took, right = {name: [] for name in peers}, {name: [] for name in peers}
    for seed, (rows, held_out) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, number)):
        for name, train in peers.items():
            start = time.perf_counter()
            predict = train(rows, seed)
            took[name].append(time.perf_counter() - start)
            right[name].append(float(np.mean(predict(X[held_out]) == number[held_out])))
    return [
        {
            "name": name,
            "seconds": spread(took[name]),
            "ratio": spread(np.array(took[name]) / took["backprop_lab"]),
            "accuracy": right[name],
        }
        for name in peers
    ]


def interrupts():
    """Seconds from Ctrl-C in a process that trains until `fit` has returned, weights and history whole."""
    code = """
import os, signal, threading, time
from backprop_lab import SigmoidNetwork, generate_xor_easy
X, y = generate_xor_easy()
network = SigmoidNetwork([2, 4, 4, 1], seed=0).fit(X, y, epochs=1, print_every=0)
def interrupt():
    global sent
    sent = time.perf_counter()
    os.kill(os.getpid(), signal.SIGINT)
threading.Timer(0.3, interrupt).start()
try: network.fit(X, y, 1e-3, 10**9, print_every=0, check_every=0)
except KeyboardInterrupt: print(time.perf_counter() - sent)
"""
    took = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _
    in range(2 * REPEATS)]
    return {**spread(took), "largest": max(took)}


def start_up():
    """Seconds of the first `fit` in a new process (compiling included) and of the import, each with Python's own start
    taken off."""
    def run(code):
        return float(
            subprocess.run(
                [
                    sys.executable,
                    "-c",
                    "import time; t = time.perf_counter()\n" + code + "\nprint(time.perf_counter() - t)",
                ],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    fit = (
        "import numba, numpy as np; from backprop_lab import *; X, y = "
        "generate_xor_easy(); n = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False])\n"
        "t = time.perf_counter(); n.fit(X, y, epochs=1, print_every=0)"
    )
    cases = {"import backprop_lab": "import backprop_lab", "first fit, compiling": fit}
    return {name: spread([run(code) for _ in range(REPEATS)]) for name, code in cases.items()}


def machine():
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    packages = ["numpy", "numba", "torch", "jax", "scikit-learn"]
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
    }


if __name__ == "__main__":
    import torch
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})   # one core for all
    results = {
        "machine": machine(),
        "start_up": start_up(),
        "sample_loop": sample_loop(),
        "mini_batches": mini_batches(),
        "sweep": sweep(),
        "digits": digits(),
        "many_runs": many_runs(),
        "chain": chain(),
        "interrupt": interrupts(),
    }
    path = Path(__file__).with_name("results.json")
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for row in results["sample_loop"]["rows"]:
        print(
            f"{row['name']:32} {row['ns']['median']:10.0f} ns   "
            f"{row['ratio']['median']:8.2f} times backprop_lab   {row['work']}"
        )
    for name, reason in results["sample_loop"]["missing"].items():
        print(f"{name:32} left out: {reason}")
    for row in results["mini_batches"]:
        print(
            row["layers"],
            row["batch"],
            row["dtype"],
            {name: round(value["median"]) for name, value in row["samples_per_second"].items()},
        )
    for row in results["sweep"]:
        print(
            f"{row['weights']:7} weights {row['compiled']['median']:10.0f} ns "
            f"compiled {row['readable']['median']:10.0f} ns readable"
        )
    print("many runs", results["many_runs"])
    for row in results["digits"]:
        print(
            row["name"],
            f"{row['seconds']['median']:.2f} s, accuracy {np.mean(row['accuracy']):.4f}",
            np.round(row["accuracy"], 4),
        )
    print("interrupt", results["interrupt"])
    print({name: round(value["median"], 2) for name, value in results["start_up"].items()})
