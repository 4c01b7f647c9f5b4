"""Once started, training allocates nothing per sample and nothing per epoch: the peak does not grow with either."""
import gc
import tracemalloc

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork


def peak(epochs, samples, **settings):
    """Largest memory, in bytes, that Python and numpy held at once during the training, beyond what was there before."""
    rng = np.random.default_rng(0)
    X, y = rng.uniform(0, 1, (samples, 20)), rng.integers(0, 2, (samples, 3)).astype(float)
    network = SigmoidNetwork([20, 15, 3], init="glorot", seed=0)
    train = lambda epochs: network.fit(X, y, 0.1, epochs=epochs, check_every=0, record_every=0, **settings)
    train(2)                                          # compiled and warm
    gc.collect()
    tracemalloc.start()
    train(epochs)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("settings", [dict(), dict(shuffle=True), dict(batch_size=7), dict(batch_size=7, shuffle=True)], ids=str)
def test_the_peak_does_not_grow_with_the_epochs(settings):
    few, many = peak(10, 200, **settings), peak(400, 200, **settings)
    assert many < few + 2_000, f"{few} bytes for 10 epochs, {many} for 400"


def test_allocations_do_not_grow_with_the_samples():
    """Beyond fit's own checks and records, a few arrays the size of the data, there is nothing for each sample."""
    per_sample = (peak(5, 2_000, batch_size=10) - peak(5, 1_000, batch_size=10)) / 1_000
    assert per_sample < 3 * 8 * (20 + 15 + 3)
