"""Wrong solutions with two mistakes each; both have to be named."""
import numpy as np

PAIRS = []      # (task, function, causes of the one, causes of the other)


def wrong_twice(task, one, other):
    def keep(function):
        PAIRS.append((task, function, one.split(), other.split()))
        return function
    return keep


def s(x):
    return 1 / (1 + np.exp(-x))


def ones(a, W):
    return np.concatenate([a, np.ones((len(a), 1))], axis=1) if len(W) > a.shape[1] else a


def two_d(activations, y_true):
    return [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))


@wrong_twice("output_delta", "difference_sign", "slope_missing")
def only_the_error(y, y_true):
    return y_true - y


@wrong_twice("output_delta", "difference_sign", "slope_again")
def error_times_prime(y, y_true):
    return (y_true - y) * s(y) * (1 - s(y))


@wrong_twice("output_delta", "difference_double", "slope_missing")
def derivative_of_the_square(y, y_true):
    return 2 * (y - y_true)


@wrong_twice("output_delta", "difference_square", "slope_tanh")
def squared_and_tanh(y, y_true):
    return (y_true - y) ** 2 * (1 - y ** 2)


@wrong_twice("output_delta", "difference_mean_samples factor_1_n", "slope_missing")
def over_m_without_slope(y, y_true):
    return (y - y_true) / (len(y) if y.ndim == 2 else 1)


@wrong_twice("hidden_delta", "transpose_missing", "slope_missing")
def neither_transposed_nor_sloped(delta, W, a):
    return delta @ W[: a.shape[-1]]


@wrong_twice("hidden_delta", "bias_first_row bias_always_first", "slope_again")
def first_row_and_prime(delta, W, a):
    V = W[1:] if len(W) > a.shape[-1] else W
    return delta @ V.T * s(a) * (1 - s(a))


@wrong_twice("hidden_delta", "weights_negative factor_sign slope_negative", "slope_missing")
def minus_without_slope(delta, W, a):
    return -np.dot(delta, W[: a.shape[-1]].T)


@wrong_twice("hidden_delta", "back_averaged factor_1_n", "slope_tanh")
def over_m_with_tanh(delta, W, a):
    m = len(a) if a.ndim == 2 else 1
    return np.dot(delta, W[: a.shape[-1]].T) / m * (1 - a ** 2)


@wrong_twice("gradient", "sum factor_n", "gradient_negative outer_negative factor_sign")
def minus_sum(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return -ones(a, W).T @ delta


@wrong_twice("gradient", "sum factor_n", "bias_row_missing")
def sum_without_bias(a, W, delta):
    return np.atleast_2d(a).T @ np.atleast_2d(delta)


@wrong_twice("gradient", "transposed_result outer_transposed", "sum factor_n")
def turned_sum(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return np.dot(delta.T, ones(a, W))


@wrong_twice("gradient", "bias_row_first bias_first_row", "sum factor_n")
def bias_on_top_sum(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > a.shape[1]:
        a = np.hstack([np.ones((len(a), 1)), a])
    return a.T @ delta


@wrong_twice("gradient", "bias_zero", "sum factor_n")
def zero_bias_sum(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    g = np.zeros(W.shape)
    g[: a.shape[1]] = a.T @ delta
    return g


@wrong_twice("forward", "input_dropped", "bias_first_row")
def no_input_and_bias_first(weights, X):
    A, a = [], X
    for W in weights:
        a = s(W[0] + a @ W[1:]) if len(W) > a.shape[-1] else s(a @ W)
        A.append(a)
    return A


@wrong_twice("forward", "tanh@hidden", "identity@output")
def tanh_and_linear(weights, X):
    A = [X]
    for l, W in enumerate(weights):
        n = A[-1].shape[-1]
        z = A[-1] @ W[:n] + (W[n] if len(W) > n else 0)
        A.append(np.tanh(z) if l < len(weights) - 1 else z)
    return A


@wrong_twice("forward", "bias_left_out", "exp_sign")
def no_bias_falling(weights, X):
    A = [X]
    for W in weights:
        A.append(1 / (1 + np.exp(A[-1] @ W[: A[-1].shape[-1]])))
    return A


@wrong_twice("forward", "input_dropped", "softmax@output")
def no_input_and_softmax(weights, X):
    A, a = [], X
    for l, W in enumerate(weights):
        n = a.shape[-1]
        z = a @ W[:n] + (W[n] if len(W) > n else 0)
        e = np.exp(z)
        a = e / e.sum(axis=-1, keepdims=True) if l == len(weights) - 1 else s(z)
        A.append(a)
    return A


@wrong_twice("forward", "with_ones", "input_squashed")
def ones_kept_and_input_squashed(weights, X):
    a, A = s(X), []
    for W in weights:
        if len(W) > a.shape[-1]:
            a = np.append(a, np.ones(a.shape[:-1] + (1,)), axis=-1)
        A.append(a)
        a = s(a @ W)
    return A + [a]


def backward_with(start, through, last=lambda g, m: g / m):
    def backward(weights, activations, y_true):
        A, m = two_d(activations, y_true)
        grads, delta = [None] * len(weights), start(A[-1], y_true)
        for l in range(len(weights) - 1, -1, -1):
            grads[l] = last(ones(A[l], weights[l]).T @ delta, m)
            delta = through(delta, weights[l], A[l])
        return grads
    return backward


good_start = lambda y, t: (y - t) * y * (1 - y)
good_way = lambda d, W, a: d @ W[: a.shape[1]].T * a * (1 - a)

wrong_twice("backward", "difference_sign factor_sign", "sum factor_n")(
    backward_with(lambda y, t: (t - y) * y * (1 - y), good_way, lambda g, m: g))
wrong_twice("backward", "slope_missing@output", "sum factor_n")(
    backward_with(lambda y, t: y - t, good_way, lambda g, m: g))
wrong_twice("backward", "slope_missing@output", "slope_again@hidden")(
    backward_with(lambda y, t: y - t, lambda d, W, a: d @ W[: a.shape[1]].T * s(a) * (1 - s(a))))
wrong_twice("backward", "difference_sign", "slope_missing@hidden")(
    backward_with(lambda y, t: (t - y) * y * (1 - y), lambda d, W, a: d @ W[: a.shape[1]].T))
wrong_twice("backward", "difference_double factor", "transpose_missing")(
    backward_with(lambda y, t: 2 * (y - t) * y * (1 - y), lambda d, W, a: d @ W[: a.shape[1]] * a * (1 - a)))
wrong_twice("backward", "difference_mean_samples sum factor_1_n", "slope_tanh@hidden")(
    backward_with(lambda y, t: (y - t) * y * (1 - y) / len(y), lambda d, W, a: d @ W[: a.shape[1]].T * (1 - a ** 2)))


@wrong_twice("backward", "reversed", "sum factor_n")
def appended_sums(weights, activations, y_true):
    A, m = two_d(activations, y_true)
    grads, delta = [], good_start(A[-1], y_true)
    for l in range(len(weights) - 1, -1, -1):
        grads.append(ones(A[l], weights[l]).T @ delta)
        delta = good_way(delta, weights[l], A[l])
    return grads


@wrong_twice("backward", "reversed", "slope_missing@output")
def appended_errors(weights, activations, y_true):
    A, m = two_d(activations, y_true)
    grads, delta = [], A[-1] - y_true
    for l in range(len(weights) - 1, -1, -1):
        grads.append(ones(A[l], weights[l]).T @ delta / m)
        delta = good_way(delta, weights[l], A[l])
    return grads


@wrong_twice("backward", "error_carried", "bias_zero")
def errors_and_no_bias(weights, activations, y_true):
    A, m = two_d(activations, y_true)
    grads, error = [np.zeros(W.shape) for W in weights], A[-1] - y_true
    for l in range(len(weights) - 1, -1, -1):
        n = A[l].shape[1]
        grads[l][:n] = A[l].T @ (error * A[l + 1] * (1 - A[l + 1])) / m
        error = error @ weights[l][:n].T
    return grads


@wrong_twice("update", "step_uphill", "rate_missing")
def plus_gradient(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W += g
    return weights


@wrong_twice("update", "step_uphill", "not_in_place also_not_in_place")
def plus_and_returned(weights, gradients, learning_rate):
    return [W + learning_rate * g for W, g in zip(weights, gradients)]


@wrong_twice("update", "rate_missing", "last_layer_left")
def short_and_without_rate(weights, gradients, learning_rate):
    for l in range(len(weights) - 1):
        weights[l] -= gradients[l]


@wrong_twice("update", "gradients_reversed", "rate_fixed")
def reversed_with_own_rate(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients[::-1]):
        W -= 0.1 * g
    return weights


def epoch_with(backward, step):
    def train_epoch(weights, X, y_true, learning_rate):
        for x, t in zip(X, y_true):
            A = [x]
            for W in weights:
                n = A[-1].shape[-1]
                A.append(s(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
            for W, g in zip(weights, backward(weights, A, t)):
                step(W, g, learning_rate)
    return train_epoch


def down(W, g, rate):
    W -= rate * g


def up(W, g, rate):
    W += rate * g


def no_rate(W, g, rate):
    W -= g


wrong_twice("train_epoch", "step_uphill difference_sign", "slope_missing@output")(
    epoch_with(backward_with(lambda y, t: y - t, good_way), up))
wrong_twice("train_epoch", "rate_missing", "slope_missing@hidden")(
    epoch_with(backward_with(good_start, lambda d, W, a: d @ W[: a.shape[1]].T), no_rate))
wrong_twice("train_epoch", "slope_missing@output", "slope_missing@hidden")(
    epoch_with(backward_with(lambda y, t: y - t, lambda d, W, a: d @ W[: a.shape[1]].T), down))
wrong_twice("train_epoch", "slope_again@hidden", "difference_double step_twice")(
    epoch_with(
        backward_with(
            lambda y, t: 2 * (y - t) * y * (1 - y), lambda d, W, a: d @ W[: a.shape[1]].T * s(a) * (1 - s(a))
        ),
        down,
    )
)


@wrong_twice("train_epoch", "whole_batch", "step_uphill difference_sign")
def batch_uphill(weights, X, y_true, learning_rate):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(s(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    for W, g in zip(weights, backward_with(good_start, good_way)(weights, A, y_true)):
        W += learning_rate * g


@wrong_twice("train_epoch", "updated_first", "slope_missing@output")
def updates_first_without_slope(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = [x]
        for W in weights:
            n = len(A[-1])
            A.append(s(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
        delta = A[-1] - t
        for l in range(len(weights) - 1, -1, -1):
            a, W = A[l], weights[l]
            W -= learning_rate * np.outer(np.append(a, 1) if len(W) > len(a) else a, delta)
            delta = W[: len(a)] @ delta * a * (1 - a)
