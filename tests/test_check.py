"""Right solutions get full marks whatever their style; faults in a student's function stay the student's."""
import os
import signal

import numpy as np
import pytest
from backprop_lab import check


def forward_loops(weights, X):
    rows = [list(map(float, row)) for row in np.atleast_2d(X)]
    activations = [rows]
    for W in weights:
        rows = []
        for a in activations[-1]:
            a = a + [1.0] if len(W) == len(a) + 1 else a
            rows.append([1 / (1 + np.exp(-sum(a[i] * W[i][j] for i in range(len(W))))) for j in range(len(W[0]))])
        activations.append(rows)
    return [np.array(a) if np.ndim(X) == 2 else np.array(a[0]) for a in activations]


def forward_matrices(weights, X):
    activations = [X]
    for W in weights:
        a, n = activations[-1], activations[-1].shape[-1]
        activations.append(1 / (1 + np.exp(-(a @ W[:n] + (W[n] if len(W) > n else 0)))))
    return activations


def forward_einsum(weights, X):
    activations = [X]
    for W in weights:
        n = activations[-1].shape[-1]
        activations.append(1 / (1 + np.exp(-np.einsum("...i,ij->...j", activations[-1], W[:n]) - W[n:].sum(0))))
    return tuple(activations)


def backward_loops(weights, activations, y_true):
    samples = [[np.atleast_2d(a)[s] for a in activations] for s in range(len(np.atleast_2d(y_true)))]
    gradients = [np.zeros_like(W) for W in weights]
    for a, t in zip(samples, np.atleast_2d(y_true)):
        delta = [(y - u) * y * (1 - y) for y, u in zip(a[-1], t)]
        for l in reversed(range(len(weights))):
            for j, d in enumerate(delta):
                for i in range(len(weights[l])):
                    gradients[l][i, j] += d * (a[l][i] if i < len(a[l]) else 1) / len(samples)
            delta = [sum(weights[l][i, j] * d for j, d in enumerate(delta)) * a[l][i] * (1 - a[l][i]) for i in range(len(a[l]))]
    return gradients


def backward_matrices(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    delta, gradients = (A[-1] - y_true) * A[-1] * (1 - A[-1]), []
    for W, a in zip(weights[::-1], A[-2::-1]):
        extended = np.c_[a, np.ones((n, len(W) - a.shape[1]))]
        gradients.append(extended.T @ delta / n)
        delta = delta @ W[: a.shape[1]].T * a * (1 - a)
    return gradients[::-1]


def backward_einsum(weights, activations, y_true):
    A, y = [np.atleast_2d(a) for a in activations], np.atleast_2d(y_true)
    delta, gradients = np.einsum("nk,nk,nk->nk", A[-1] - y, A[-1], 1 - A[-1]), []
    for W, a in zip(weights[::-1], A[-2::-1]):
        g = np.einsum("ni,nj->ij", a, delta) / len(y)
        gradients.insert(0, np.vstack([g, delta.mean(0)]) if len(W) > a.shape[1] else g)
        delta = np.einsum("nj,ij,ni->ni", delta, W[: a.shape[1]], a * (1 - a))
    return gradients


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_three_styles(seed):
    for function in (forward_loops, forward_matrices, forward_einsum):
        check.forward(function, seed=seed).require()
    for function in (backward_loops, backward_matrices, backward_einsum):
        check.backward(function, seed=seed).require()


def test_every_known_mistake_has_its_own_message():
    for name, mistakes in check.MISTAKES.items():
        assert len({sentence for _, sentence in mistakes}) == len(mistakes)
        for wrong, sentence in mistakes:
            for seed in (0, 2026):
                verdict = check._check(name, wrong, seed=seed)
                assert not verdict and verdict.message == sentence


def test_a_function_that_kills_its_process_is_reported():
    verdict = check.forward(lambda weights, X: os.kill(os.getpid(), signal.SIGKILL))
    assert not verdict and "ends the whole process" in verdict.message


def test_what_is_no_function():
    with pytest.raises(ValueError, match="expected your function"):
        check.sigmoid(0.5)


def test_a_mistake_in_two_places_is_not_called_by_one_name():
    verdict = check.output_delta(lambda y, t: -3 * (y - t))
    assert not verdict and "none of the known mistakes" in verdict.message
