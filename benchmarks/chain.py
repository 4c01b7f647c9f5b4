"""How long the processor takes for one operation after the other, when each waits for the one before, beside a step of
training.

`chain()` returns nanoseconds: {"step": of the report's network, "operations": {name: of one operation}}. All are
measured in
turn, round after round, so that the clock of the processor is the same for all.
"""
import time

import measure
import numpy as np
from backprop_lab import generate_xor_easy
from backprop_lab.compiled import LANES, train
from backprop_lab.layers import weight_shapes
from backprop_lab.rows import CHAIN, fma, get, put, sigmoid, spread
from numba import njit

LENGTH, ROUNDS, SETUP = 20_000, 200, (2, 5, 5, 1)


@njit(**CHAIN)
def across(x, m):
    """Lane 3 of x in all lanes."""
    put(m, 0, x)
    return spread(m[3], LANES)


@njit
def fmas(x, m, n):
    a, b, row = get(x, 8, LANES), get(x, 16, LANES), get(x, 0, LANES)
    for _ in range(n):
        row = fma(row, a, b)
    put(m, 0, row)


@njit
def additions(x, m, n):
    a, row = get(x, 8, LANES), get(x, 0, LANES)
    for _ in range(n):
        row = a - row
    put(m, 0, row)


@njit
def products(x, m, n):
    a, row = get(x, 24, LANES), get(x, 0, LANES)
    for _ in range(n):
        row = a * row
    put(m, 0, row)


@njit
def divisions(x, m, n):
    a, row = get(x, 8, LANES), get(x, 0, LANES)
    for _ in range(n):
        row = a / row
    put(m, 0, row)


@njit
def crossings(x, m, n):
    a, b, row = get(x, 8, LANES), get(x, 16, LANES), get(x, 0, LANES)
    for _ in range(n):
        row = fma(across(row, m), a, b)
    put(m, 0, row)


@njit
def sigmoids(x, m, n):
    row = get(x, 0, LANES)
    for _ in range(n):
        row = sigmoid(row)
    put(m, 0, row)


def chain():
    """Nanoseconds of a step and of each operation in a chain, as quartiles {"low", "median", "high"}."""
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(0.4, 0.6, 24), np.ones(8)])
    m = np.zeros(LANES)
    kernels = {
        "fma": fmas,
        "sum": additions,
        "product": products,
        "quotient": divisions,
        "lane to all": crossings,
        "σ": sigmoids,
    }
    X, T = generate_xor_easy()
    weights = [rng.uniform(0, 1, shape) for shape in weight_shapes(SETUP, (True, False, False))]
    epochs = LENGTH // len(X) // 2

    def step():
        for _ in train([W.copy() for W in weights], X, T, 0.1, range(epochs), check_every=0):
            pass

    def measured(task, count):
        start = time.perf_counter()
        task()
        return (time.perf_counter() - start) * 1e9 / count

    tasks = {name: (lambda kernel=kernel: kernel(x, m, LENGTH), LENGTH) for name, kernel in kernels.items()}
    tasks["step"] = (step, epochs * len(X))
    for task, _ in tasks.values():
        task()
    rounds = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, (task, count) in tasks.items():
            rounds[name].append(measured(task, count))
    rounds["lane to all"] = list(np.array(rounds["lane to all"]) - rounds["fma"])
    found = {name: measure.spread(values) for name, values in rounds.items()}
    return {"step": found.pop("step"), "operations": found}


if __name__ == "__main__":
    found = chain()
    for name, ns in {**found["operations"], "step": found["step"]}.items():
        print(f"{name:12} {ns['median']:8.2f} ns   {ns['low']:.2f} to {ns['high']:.2f}")
