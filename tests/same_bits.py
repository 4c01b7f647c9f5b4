"""Six trainings in both kernels; prints the fingerprint of each. Called by test_same_bits.py, once for each processor."""
import hashlib
import json

import numpy as np
from backprop_lab import compiled, generate_linear, generate_xor_easy, many
from backprop_lab.layers import weight_shapes


def cases():
    """name: layers, bias, points, rate, epochs, options."""
    xor, (X, y) = generate_xor_easy(), generate_linear(40, seed=5)
    several = xor[0], np.hstack([xor[1], 1 - xor[1], xor[1] / 2])
    classes = X, np.hstack([1 - y, y])
    return {
        "the report's": ((2, 5, 5, 1), (True, False, False), xor, 0.1, range(500), {"check_every": 0}),
        "bias everywhere": ((2, 4, 4, 1), (True,) * 3, xor, 0.5, range(300), {}),
        "several outputs, wide": ((2, 17, 9, 3), (True, False, True), several, 0.3, range(100), {"check_every": 0}),
        "no bias, one layer": ((2, 3), (False,), several, 0.7, range(10, 200), {"check_every": 7}),
        "stopped": ((2, 3, 2), (True, True), classes, 0.5, range(5_000), {}),
        "shuffled": ((2, 6, 1), (False, True), (X, y), 0.5, range(200), {"check_every": 0, "rng": 7}),
    }


def start(layers, bias):
    """Weights between -1 and 1, without a rounding: even normal(0, 1) needs a logarithm, the system's."""
    rng = np.random.default_rng([len(layers), layers[1]])
    return [2 * rng.random(shape) - 1 for shape in weight_shapes(layers, bias)]


def fingerprint(weights, epochs):
    return hashlib.sha256(b"".join(W.tobytes() for W in weights) + str(epochs).encode()).hexdigest()


def single(layers, bias, points, rate, epochs, options):
    """The fingerprint of weights and epochs done after the compiled loop."""
    weights, options = start(layers, bias), dict(options)
    if "rng" in options:
        options["rng"] = np.random.default_rng(options["rng"])
    for done, _ in compiled.train(weights, *points, rate, epochs, **options):
        pass
    return fingerprint(weights, done)


def side_by_side(layers, bias, points, rate, epochs, options):
    """The same after the kernel for many runs, for the last of 20 equal ones; it does not shuffle."""
    weights = [np.repeat(W[None], 20, axis=0) for W in start(layers, bias)]
    for done, _, _ in many.train(weights, *points, rate, epochs, **options):
        pass
    return fingerprint([W[-1] for W in weights], done[-1])


if __name__ == "__main__":
    found = {name: single(*case) for name, case in cases().items()}
    found |= {f"{name}, side by side": side_by_side(*case) for name, case in cases().items() if "rng" not in case[-1]}
    print(json.dumps(found))
