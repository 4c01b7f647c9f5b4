"""Forty-three wrong solutions written last, after the diagnoses were finished; nothing was changed in `check` for them.

The causes were written down before they were tried. A cause that `check` has no sentence for counts as not named.
"""
import math
import random

import numpy as np

WRONG = []      # (task, function, causes of which one names it)


def wrong(task, *causes):
    def keep(function):
        WRONG.append((task, function, causes))
        return function
    return keep


def logistic(z):
    return 1 / (1 + np.exp(-z))


def weighted(a, W):
    n = a.shape[-1]
    return a @ W[:n] + (W[n] if len(W) > n else 0)


def run(weights, x):
    A = [np.asarray(x)]
    for W in weights:
        A.append(logistic(weighted(A[-1], W)))
    return A


def ext(a, W):
    return np.c_[a, np.ones(len(a))] if len(W) > a.shape[1] else a


# ---- sigmoid

@wrong("sigmoid", "six_digits", "shifted_denominator")
def with_a_small_epsilon(x):
    return 1 / (1 + np.exp(-x) + 1e-3)


@wrong("sigmoid", "exp_sign")
def plus_in_the_exponent(x):
    return np.power(1 + np.e ** x, -1)


@wrong("sigmoid", "whole_numbers", "step")
def as_integer(x):
    return np.array(1 / (1 + np.exp(-np.asarray(x))) + 0.5).astype(int)


@wrong("sigmoid", "formula")
def exp_over_two(x):
    return np.exp(x) / 2


@wrong("sigmoid", "only_number", "number_for_list")
def loops_over_x(x):
    return np.array([1 / (1 + np.exp(-row)) for row in x])


@wrong("sigmoid", "gain", "exp_scaled")
def steeper(x):
    beta = 2.0
    return 1 / (1 + np.exp(-beta * x))


# ---- sigmoid_derivative

@wrong("sigmoid_derivative", "slope_sigmoid")
def the_function_itself(a):
    return 1 / (1 + np.exp(-a))


@wrong("sigmoid_derivative", "slope_only_square", "formula")
def minus_square(a):
    return 1 - 2 * a


@wrong("sigmoid_derivative", "only_rows", "dot_for_star")
def with_at(a):
    return np.atleast_1d(a) @ np.atleast_1d(1 - np.asarray(a))


@wrong("sigmoid_derivative", "no_chain", "difference_quotient_of_a", "six_digits")
def quotient(a):
    h = 1e-5
    return (logistic(a + h) - logistic(a)) / h


# ---- forward

@wrong("forward", "step@output", "rounded_output")
def class_at_the_end(weights, X):
    A = run(weights, X)
    A[-1] = (A[-1] > 0.5).astype(float)
    return A


@wrong("forward", "returns_type")
def dictionary(weights, X):
    return {f"A{l}": a for l, a in enumerate(run(weights, X))}


@wrong("forward", "two_results", "two_results_second")
def zs_and_activations(weights, X):
    zs, A = [], [X]
    for W in weights:
        zs.append(weighted(A[-1], W))
        A.append(logistic(zs[-1]))
    return zs, A


@wrong("forward", "first_matrix_only")
def index_forgotten(weights, X):
    A = [X]
    for l in range(len(weights)):
        A.append(logistic(weighted(A[-1], weights[0])))
    return A


@wrong("forward", "input_normed", "input_squashed")
def input_scaled_to_one(weights, X):
    X = np.asarray(X, float)
    return run(weights, X / np.abs(X).max())


@wrong("forward", "relu")
def relu_everywhere(weights, X):
    A = [X]
    for W in weights:
        z = weighted(A[-1], W)
        A.append(z * (z > 0))
    return A


@wrong("forward", "bias_per_sample", "bias_first_row", "shapes_clash", "only_rows")
def ones_below(weights, X):
    A = [X]
    for W in weights:
        a = A[-1]
        if len(W) > a.shape[-1]:
            a = np.vstack([a, np.ones(a.shape[-1])])
        A.append(logistic(a @ W))
    return A


# ---- output_delta

@wrong("output_delta", "formula")
def quotient_of_slope(y, y_true):
    return (y - y_true) * y / (1 - y)


@wrong("output_delta", "difference_half")
def half_too_much(y, y_true):
    return 0.5 * (y - y_true) * y * (1 - y)


@wrong("output_delta", "slope_1_minus_a")
def lost_factor(y, y_true):
    return (y - y_true) * (1 - y)


@wrong("output_delta", "broadcast_by_mistake", "shapes_clash", "shapes")
def targets_in_a_row(y, y_true):
    return (y - y_true.reshape(-1)) * y * (1 - y)


@wrong("output_delta", "difference_direction", "difference_rounded", "whole_numbers")
def perceptron_rule(y, y_true):
    return np.where(y > 0.5, 1, 0) - y_true


# ---- hidden_delta

@wrong("hidden_delta", "slope_of_weights", "formula")
def times_delta_again(delta, W, a):
    back = delta @ W[: a.shape[-1]].T
    return back * a * (1 - back)


@wrong("hidden_delta", "only_outputs")
def one_output_in_mind(delta, W, a):
    w = W[: a.shape[-1], 0]
    return delta[..., 0:1] * w * a * (1 - a)


@wrong("hidden_delta", "weights_of_bias_added", "bias_added_back")
def bias_comes_back(delta, W, a):
    n = a.shape[-1]
    back = delta @ W[:n].T
    if len(W) > n:
        back = back + np.sum(delta * W[n], axis=-1, keepdims=True)
    return back * a * (1 - a)


@wrong("hidden_delta", "axis", "only_vector")
def always_rows(delta, W, a):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return delta @ W[: a.shape[1]].T * a * (1 - a)


# ---- gradient

@wrong("gradient", "bias_one")
def bias_row_of_ones(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    g = a.T @ delta / len(a)
    return np.vstack([g, np.ones(g.shape[1])]) if len(W) > a.shape[1] else g


@wrong("gradient", "mean_minus_one")
def bessel(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return ext(a, W).T @ delta / max(len(a) - 1, 1)


@wrong("gradient", "flattened")
def one_long_vector(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return (ext(a, W).T @ delta / len(a)).flatten()


@wrong("gradient", "axis", "one_for_each_sample", "only_several", "shapes")
def one_gradient_per_sample(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return np.einsum("ni,nj->nij", ext(a, W), delta)


@wrong("gradient", "weights_subtracted", "step_for_gradient", "formula", "added")
def already_updated(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return W - ext(a, W).T @ delta / len(a)


# ---- backward

def back(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    deltas = [(A[-1] - y_true) * A[-1] * (1 - A[-1])]
    for l in range(len(weights) - 1, 0, -1):
        deltas.insert(0, deltas[0] @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l]))
    return A, n, deltas


@wrong("backward", "deltas_returned", "shapes")
def deltas_for_gradients(weights, activations, y_true):
    return back(weights, activations, y_true)[2]


@wrong("backward", "bias_sum")
def bias_rows_not_averaged(weights, activations, y_true):
    A, n, deltas = back(weights, activations, y_true)
    grads = [a.T @ d / n for a, d in zip(A, deltas)]
    return [np.vstack([g, d.sum(axis=0)]) if len(W) > len(g) else g for g, d, W in zip(grads, deltas, weights)]


@wrong("backward", "one_too_many_first", "shapes_clash")
def one_delta_more(weights, activations, y_true):
    A, n, deltas = back(weights, activations, y_true)
    grads = [ext(a, W).T @ d / n for a, d, W in zip(A, deltas, weights)]
    return [np.zeros_like(weights[0])] + grads


@wrong("backward", "slope_a@hidden")
def half_a_slope_inside(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    d, grads = (A[-1] - y_true) * A[-1] * (1 - A[-1]), []
    for l in reversed(range(len(weights))):
        grads.append(ext(A[l], weights[l]).T @ d / n)
        d = d @ weights[l][: A[l].shape[1]].T * A[l]
    return grads[::-1]


@wrong("backward", "input_next")
def activation_behind(weights, activations, y_true):
    A, n, deltas = back(weights, activations, y_true)
    return [ext(A[l + 1], weights[l]).T @ deltas[l] / n for l in range(len(weights))]


@wrong("backward", "weights_normed", "formula@hidden", "weights_shared_out")
def error_shared_by_weights(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    d, grads = (A[-1] - y_true) * A[-1] * (1 - A[-1]), []
    for l in reversed(range(len(weights))):
        grads.append(ext(A[l], weights[l]).T @ d / n)
        V = weights[l][: A[l].shape[1]]
        d = d @ (V / V.sum(axis=0)).T * A[l] * (1 - A[l])
    return grads[::-1]


# ---- update

@wrong("update", "noise", "state")
def with_a_little_noise(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W -= learning_rate * g + random.gauss(0, 0.01)
    return weights


@wrong("update", "first_layer_left")
def one_off(weights, gradients, learning_rate):
    for l in range(1, len(weights)):
        weights[l] -= learning_rate * gradients[l]
    return weights


# ---- train_epoch

def grads_of(weights, x, t):
    A, n, deltas = back(weights, run(weights, x), t)
    return [ext(a, W).T @ d for a, d, W in zip(A, deltas, weights)]


@wrong("train_epoch", "two_epochs")
def for_in_for(weights, X, y_true, learning_rate):
    for _ in range(2):
        for x, t in zip(X, y_true):
            for W, g in zip(weights, grads_of(weights, x, t)):
                W -= learning_rate * g


@wrong("train_epoch", "activations_kept", "previous_sample", "inputs_shifted")
def activations_of_the_sample_before(weights, X, y_true, learning_rate):
    x_before = X[0]
    for x, t in zip(X, y_true):
        for W, g in zip(weights, grads_of(weights, x_before, t)):
            W -= learning_rate * g
        x_before = x


@wrong("train_epoch", "gradients_reversed", "shapes_clash")
def wrong_way_round(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, grads_of(weights, x, t)[::-1]):
            W -= learning_rate * g


@wrong("train_epoch", "stops_early", "until_right")
def stops_when_small(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        if math.fsum(((run(weights, x)[-1] - t) ** 2).ravel()) < 0.1:
            continue
        for W, g in zip(weights, grads_of(weights, x, t)):
            W -= learning_rate * g
