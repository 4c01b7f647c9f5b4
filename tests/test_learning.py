"""A network that does not learn is told so, once and with what to do; one that will learn is left alone."""

import warnings

import numpy as np
import pytest
from backprop_lab import SigmoidNetwork, generate_linear, generate_xor_easy

X, y = generate_xor_easy()
rng = np.random.default_rng(0)
WIDE, wide_y = rng.uniform(0, 1, (80, 60)), rng.integers(0, 2, (80, 1)).astype(float)


def told(network, *points, **options):
    """The warnings of a training."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        network.fit(*points, **options)
    return [str(warning.message) for warning in caught]


@pytest.mark.parametrize("rate", [1000.0, 1e6])
def test_a_rate_that_throws_outputs_to_0_and_1(rate):
    [said] = told(SigmoidNetwork([2, 4, 4, 1], seed=0), X, y, rate, epochs=300)
    assert said.startswith("epoch 1: hardly a weight changes") and "smaller learning_rate" in said


def test_outputs_all_alike():
    [said] = told(SigmoidNetwork([60, 4, 4, 1], seed=0), WIDE, wide_y, epochs=500)
    assert said.startswith("epoch 32: nothing of the inputs comes through, hidden layer") and "init='glorot'" in said
    assert told(SigmoidNetwork([60, 4, 4, 1], init="glorot", seed=0), WIDE, wide_y, epochs=500) == []


@pytest.mark.parametrize("init", ["uniform", "glorot"])
def test_inputs_far_from_0_to_1(init):
    network = SigmoidNetwork([60, 4, 4, 1], init=init, seed=0)
    [said] = told(network, 1000 * WIDE, wide_y, epochs=100)
    assert said.startswith("epoch 32: inputs go from 0.19") and "set_scale(X)" in said
    scaled = SigmoidNetwork([60, 4, 4, 1], init="glorot", seed=0).set_scale(1000 * WIDE)
    assert told(scaled, 1000 * WIDE, wide_y, epochs=100) == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "layers, options",
    [
        ([2, 5, 5, 1], dict(bias=[True, False, False])),
        ([2, 4, 4, 1], {}),
        ([2, 4, 4, 1], dict(init="glorot")),
        ([2, 4, 4, 4, 1], {}),
    ],
)
def test_no_false_alarm(seed, layers, options):
    for points in ((X, y), generate_linear(100, seed)):
        assert told(SigmoidNetwork(layers, seed=seed, **options), *points, epochs=6_000) == []


def test_a_plateau_is_told_to_whom_it_concerns():
    said = []
    network = SigmoidNetwork([2, 5, 5, 1], bias=[True, False, False], seed=0).fit(X, y, tell=said.append)
    assert network.separated and len(said) == 1
    assert said[0].startswith(
        "epoch 256: a plateau; the XOR runs of the report leave theirs after some thousand epochs"
    )
    told_nothing = []
    SigmoidNetwork([2, 4, 4, 1], seed=0).fit(*generate_linear(200, 0), tell=told_nothing.append)
    assert told_nothing == []
    with pytest.raises(ValueError, match="tell is 3"):
        network.fit(X, y, tell=3)
