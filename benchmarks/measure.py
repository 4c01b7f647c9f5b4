"""How the parts measure: in turn, round after round, so that the processor's clock is the same for all, and the time
that the processor works for this process, so that other programs count as little as can be."""
import importlib.metadata
import os
import platform
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

REPEATS = 9
SECONDS = 0.15   # about what one measurement of one task takes


def seconds(function):
    start = time.process_time()
    function()
    return time.process_time() - start


def interleaved(tasks, repeats=REPEATS):
    """{name: function of a count} -> {name: seconds per count, one for each repeat}; each repeat runs all in turn."""
    counts = {}
    for name, task in tasks.items():
        task(1)                                            # compile, warm up
        counts[name] = 1
        while (took := seconds(lambda: task(counts[name]))) < SECONDS / 4:
            counts[name] *= 4
        counts[name] = max(1, round(counts[name] * SECONDS / took))
    measured = {name: [] for name in tasks}
    for _ in tqdm(range(repeats), disable=None, leave=False):
        for name, task in tasks.items():
            measured[name].append(seconds(lambda: task(counts[name])) / counts[name])
    return {name: np.array(values) for name, values in measured.items()}


def spread(values, scale=1.0):
    low, median, high = np.percentile(values, [25, 50, 75]) * scale
    return {"median": float(median), "low": float(low), "high": float(high)}


def same_work(functions, but=(), tolerance=1e-9):
    """Call all and compare their weights; {name: "same"}, or what `but` says of a name. AssertionError if one does
    other work."""
    wanted, same = None, {}
    for name, function in functions.items():
        if name in but:
            same[name] = but[name]
            continue
        weights = np.concatenate([np.ravel(W) for W in function()])
        wanted = weights if wanted is None else wanted
        error = np.max(np.abs(weights - wanted))
        assert error < tolerance, f"{name} does other work: weights differ by {error}"
        same[name] = "same"
    return same


def machine():
    """What the figures belong to: the processor, and the versions of all that runs."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if os.path.exists("/proc/cpuinfo") else []
    found = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in lines if ":" in line}
    flags = set(found.get("flags", "").split())
    vectors = next((name for name in ("avx512f", "avx2", "avx") if name in flags), "none known")
    packages = ["numpy", "numba", "torch", "jax", "scikit-learn"]
    return {
        "processor": found.get("model name", platform.processor()),
        "vectors": vectors,
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in packages},
    }
