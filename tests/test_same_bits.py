"""The weights of six trainings have the committed bits, compiled for this processor and for others, and in plain
Python."""
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from backprop_lab import rows, twin
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba import njit
from same_bits import cases, fingerprint, start

BITS = json.loads((Path(__file__).parent / "same_bits.json").read_text())
INTEL = platform.machine().lower() in ("x86_64", "amd64")
PROCESSORS = {
    "this one": {},
    "AVX2": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,+bmi,+bmi2,+sse4.2"},
    "no fused multiply-add": {"NUMBA_CPU_NAME": "nehalem", "NUMBA_CPU_FEATURES": "+sse4.2"},
}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_both_kernels_have_the_committed_bits(processor):
    if PROCESSORS[processor] and not INTEL:
        pytest.skip("these processors belong to another architecture")
    environment = {**os.environ, **PROCESSORS[processor]}
    script = Path(__file__).parent / "same_bits.py"
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == 11
    assert {name: bits for name, bits in found.items() if BITS[name.removesuffix(", side by side")] != bits} == {}


@pytest.mark.parametrize("name", BITS)
def test_plain_python_has_the_bits_too(name):
    """The stopped training would take minutes in plain Python; its first epochs are compared instead."""
    from backprop_lab.compiled import train as compiled_train

    layers, bias, points, rate, epochs, options = cases()[name]
    epochs, bits = epochs[:4], []
    for loop in (compiled_train, twin.train):
        weights = start(layers, bias)
        rng = np.random.default_rng(options["rng"]) if "rng" in options else None
        for done, _ in loop(weights, *points, rate, epochs, **{**options, "rng": rng}):
            pass
        bits.append(fingerprint(weights, done))
    assert bits[0] == bits[1]


@njit
def sigmoids(z, out):
    for i in range(0, len(z), 8):
        rows.put(out, i, rows.sigmoid(rows.get(z, i, 8)))


@given(st.lists(st.floats(-1000, 1000) | st.floats(), min_size=1, max_size=8))
@example([0.0, -0.0, 709.4, -709.4, 709.5, -709.5, 1e308, -1e308])
@example([float("inf"), float("-inf"), float("nan"), 5e-324, -5e-324, 1e16, -1e16, 36.8])
@settings(deadline=None)
def test_sigma_of_a_row_is_that_of_plain_python(z):
    padded, out = np.array(z + [0.0] * (8 - len(z))), np.zeros(8)
    sigmoids(padded, out)
    np.testing.assert_array_equal(out, [twin.sigmoid(float(x)) for x in padded])
    assert np.all(np.isnan(out) | ((out >= 0) & (out <= 1)))
