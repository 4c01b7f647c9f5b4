"""More wrong solutions after public questions and bug reports. When they were new, 27 of 42 were named; the search for
formulas came of them."""
import math

import numpy as np

WRONG = []      # (task, function, causes of which one names it)


def wrong(task, *causes):
    def keep(function):
        WRONG.append((task, function, causes))
        return function
    return keep


def sig(z):
    return 1 / (1 + np.exp(-z))


def extended(a, W):
    return np.concatenate([a, np.ones((len(a), 1))], axis=1) if len(W) > a.shape[1] else a


def passed(weights, x):
    A = [x]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(sig(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    return A


def rows(activations, y_true):
    return [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))


# ---- sigmoid

@wrong("sigmoid", "name_unknown")
def uses_an_attribute_that_is_not_there(x):
    return 1 / (1 + np.exp(-z))  # noqa: F821


@wrong("sigmoid", "arguments_number")
def with_self(self, x):
    return 1 / (1 + np.exp(-x))


@wrong("sigmoid", "exp_base_wrong", "six_digits")
def with_a_short_e(x):
    return 1 / (1 + 2.7183 ** -np.asarray(x, dtype=float))


@wrong("sigmoid", "returns_type")
def as_a_string(x):
    return str(1 / (1 + np.exp(-x)))


@wrong("sigmoid", "exp_square_missing", "slope_for_sigmoid")
def the_derivative_instead(x):
    return np.exp(-x) / np.square(1 + np.exp(-x))


# ---- sigmoid_derivative

@wrong("sigmoid_derivative", "formula")
def goes_back_to_x_wrongly(a):
    x = np.log(a)
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


@wrong("sigmoid_derivative", "slope_a_squared")
def a_minus_cube(a):
    return a * (1 - a ** 2)


@wrong("sigmoid_derivative", "slope_missing")
def of_relu(a):
    return np.where(a > 0, 1.0, 0.0)


# ---- forward

@wrong("forward", "identity@hidden")
def activation_at_the_end_only(weights, X):
    A = [X]
    for W in weights[:-1]:
        n = A[-1].shape[-1]
        A.append(A[-1] @ W[:n] + (W[n] if len(W) > n else 0))
    n, W = A[-1].shape[-1], weights[-1]
    A.append(sig(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    return A


@wrong("forward", "output_dropped")
def range_one_short(weights, X):
    A = [X]
    for l in range(len(weights) - 1):
        W, n = weights[l], A[-1].shape[-1]
        A.append(sig(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    return A


@wrong("forward", "samples_in_columns")
def points_in_columns(weights, X):
    A = [np.atleast_2d(X).T]
    for W in weights:
        n = len(A[-1])
        b = W[n][:, None] if len(W) > n else 0
        A.append(sig(W[:n].T @ A[-1] + b))
    return A


@wrong("forward", "changes_argument")
def appends_to_the_weights(weights, X):
    A = [X]
    for l in range(len(weights)):
        n = A[-1].shape[-1]
        if len(weights[l]) == n:
            weights[l] = np.vstack([weights[l], np.zeros(weights[l].shape[1])])
        A.append(sig(A[-1] @ weights[l][:n] + weights[l][n]))
    return A


@wrong("forward", "same_array_twice")
def one_array_for_all_layers(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        z = A[-1] @ W[:n] + (W[n] if len(W) > n else 0)
        if z.shape == np.shape(A[-1]) and len(A) > 1:
            A[-1][...] = sig(z)
            A.append(A[-1])
        else:
            A.append(sig(z))
    return A


@wrong("forward", "bias_counted")
def bias_times_half(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(sig(A[-1] @ W[:n] + (0.5 * W[n] if len(W) > n else 0)))
    return A


# ---- output_delta

@wrong("output_delta", "slope_inverse_kept", "slope_missing")
def with_epsilon(y, y_true):
    grad = (y - y_true) / (y * (1 - y) + 1e-8)
    return grad * y * (1 - y)


@wrong("output_delta", "slope_of_target")
def slope_of_the_label(y, y_true):
    return (y - y_true) * y_true * (1 - y_true)


@wrong("output_delta", "difference_plus")
def plus_in_a_hurry(y, y_true):
    return (y + y_true) * y * (1 - y)


@wrong("output_delta", "slope_precedence")
def product_read_from_the_left(y, y_true):
    return (y - y_true) * (y * 1 - y)


@wrong("output_delta", "formula")
def bracket_around_the_difference(y, y_true):
    return y - y_true * y * (1 - y)


# ---- hidden_delta

@wrong("hidden_delta", "weights_ignored", "weights_missing")
def output_error_for_everybody(delta, W, a):
    return delta.sum(axis=-1, keepdims=True) * a * (1 - a)


@wrong("hidden_delta", "formula")
def slope_of_the_wrong_thing(delta, W, a):
    back = delta @ W[: a.shape[-1]].T
    return back * back * (1 - back)


@wrong("hidden_delta", "extra_column")
def broadcasting_trick(delta, W, a):
    back = np.atleast_2d(delta) @ W.T
    padded = np.pad(np.atleast_2d(a), ((0, 0), (0, back.shape[1] - a.shape[-1])), constant_values=1)
    return (back * padded * (1 - padded)).reshape(a.shape[:-1] + (-1,))


@wrong("hidden_delta", "formula")
def slope_is_added(delta, W, a):
    return delta @ W[: a.shape[-1]].T + a * (1 - a)


# ---- gradient

@wrong("gradient", "factor")
def two_over_n(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return 2 * extended(a, W).T @ delta / len(a)


@wrong("gradient", "only_several", "only_rows", "bias_not_averaged")
def bias_is_the_delta_itself(a, W, delta):
    n = a.shape[-1]
    g = np.zeros(W.shape)
    g[:n] = np.atleast_2d(a).T @ np.atleast_2d(delta) / len(np.atleast_2d(a))
    if len(W) > n:
        g[n] = delta
    return g


@wrong("gradient", "rate_included", "factor")
def with_a_rate_of_its_own(a, W, delta):
    learning_rate = 0.1
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return learning_rate * extended(a, W).T @ delta / len(a)


@wrong("gradient", "outer_slope_kept", "slope_included")
def slope_once_more(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    b = extended(a * a * (1 - a), W)
    return b.T @ delta / len(a)


@wrong("gradient", "added")
def with_regularization(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return extended(a, W).T @ delta / len(a) + 0.01 * W


# ---- backward

@wrong("backward", "slopes_of_gradients", "gradient_for_weights")
def sums_of_weight_gradients(weights, activations, y_true):
    A, m = rows(activations, y_true)
    delta = (A[-1] - y_true) * A[-1] * (1 - A[-1])
    grads = [None] * len(weights)
    for l in range(len(weights) - 1, -1, -1):
        grads[l] = extended(A[l], weights[l]).T @ delta / m
        delta = grads[l][: A[l].shape[1]].sum(axis=1) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "bias_row_only")
def bias_from_the_error(weights, activations, y_true):
    A, m = rows(activations, y_true)
    grads, error = [None] * len(weights), A[-1] - y_true
    for l in range(len(weights) - 1, -1, -1):
        delta = error * A[l + 1] * (1 - A[l + 1])
        n = A[l].shape[1]
        grads[l] = A[l].T @ delta / m
        if len(weights[l]) > n:
            grads[l] = np.vstack([grads[l], error.mean(axis=0)])
        error = delta @ weights[l][:n].T
    return grads


@wrong("backward", "arguments_number")
def one_argument_more(weights, activations, y_true, learning_rate):
    return [0 * W for W in weights]


@wrong("backward", "output_carried")
def delta_never_renamed(weights, activations, y_true):
    A, m = rows(activations, y_true)
    delta_out = (A[-1] - y_true) * A[-1] * (1 - A[-1])
    grads = [extended(A[-2], weights[-1]).T @ delta_out / m]
    for l in range(len(weights) - 1, 0, -1):
        delta = delta_out @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l])
        grads.insert(0, extended(A[l - 1], weights[l - 1]).T @ delta / m)
    return grads


@wrong("backward", "number_in_product")
def helper_without_return(weights, activations, y_true):
    def output_delta(y, t):
        d = (y - t) * y * (1 - y)  # noqa: F841
    A, m = rows(activations, y_true)
    delta = output_delta(A[-1], y_true)
    return [extended(A[-2], weights[-1]).T @ delta / m]


# ---- update

@wrong("update", "bias_row_only")
def rate_for_the_weights_only(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W[:-1] -= learning_rate * g[:-1]
        W[-1] -= g[-1]
    return weights


@wrong("update", "gradients_of_all", "first_gradient_only")
def index_left_out(weights, gradients, learning_rate):
    for W in weights:
        W -= learning_rate * gradients[0]
    return weights


@wrong("update", "steps_rounded")
def rounds_the_step(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W -= np.round(learning_rate * g, 2)
    return weights


# ---- train_epoch

def nudges(weights, A, t):
    grads, delta = [None] * len(weights), (A[-1] - t) * A[-1] * (1 - A[-1])
    for l in range(len(weights) - 1, -1, -1):
        a, W = A[l], weights[l]
        grads[l] = np.outer(np.append(a, 1) if len(W) > len(a) else a, delta)
        delta = W[: len(a)] @ delta * a * (1 - a)
    return grads


@wrong("train_epoch", "last_sample_only")
def indentation(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = passed(weights, x)
    for W, g in zip(weights, nudges(weights, A, t)):
        W -= learning_rate * g


@wrong("train_epoch", "first_target")
def always_the_first_target(weights, X, y_true, learning_rate):
    for x in X:
        for W, g in zip(weights, nudges(weights, passed(weights, x), y_true[0])):
            W -= learning_rate * g


@wrong("train_epoch", "first_layer_left")
def from_one_on(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        grads = nudges(weights, passed(weights, x), t)
        for l in range(1, len(weights)):
            weights[l] -= learning_rate * grads[l]


@wrong("train_epoch", "no_end")
def until_it_is_right(weights, X, y_true, learning_rate):
    while not np.array_equal(np.round(passed(weights, X)[-1]), y_true):
        for x, t in zip(X, y_true):
            for W, g in zip(weights, nudges(weights, passed(weights, x), t)):
                W -= learning_rate * g


@wrong("train_epoch", "rate_by_samples", "math_sqrt_rate")
def rate_over_the_number(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, nudges(weights, passed(weights, x), t)):
            W -= learning_rate / len(X) * g


@wrong("train_epoch", "bounded")
def keeps_weights_small(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, nudges(weights, passed(weights, x), t)):
            W -= learning_rate * g
            np.clip(W, -math.pi / 3, math.pi / 3, out=W)
