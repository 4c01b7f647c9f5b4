"""More wrong solutions, most of them after mistakes in public questions and bug reports.

The causes beside them were written before they were tried. A cause that `check` has no sentence for counts as not
named.
"""
import math

import numpy as np

WRONG = []      # (task, function, causes of which one names it)


def wrong(task, *causes):
    def keep(function):
        WRONG.append((task, function, causes))
        return function
    return keep


def sigma(x):
    return 1.0 / (1.0 + np.exp(-x))


def layer(a, W):
    n = a.shape[-1]
    return sigma(a @ W[:n] + (W[n] if len(W) > n else 0))


def run(weights, x):
    A = [x]
    for W in weights:
        A.append(layer(A[-1], W))
    return A


def rows(a, W):
    return np.concatenate([a, np.ones((len(a), 1))], axis=1) if len(W) > a.shape[1] else a


# ---- sigmoid and its derivative

@wrong("sigmoid", "exp_sign")
def growth_turned_round(x):
    return np.exp(-x) / (1 + np.exp(-x))


@wrong("sigmoid", "tanh")
def hyperbolic(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


@wrong("sigmoid", "clipped", "only_large")
def clipped_argument(x):
    return 1 / (1 + np.exp(-np.clip(x, -5, 5)))


@wrong("sigmoid", "only_integers")
def loops_into_zeros_like(x):
    x = np.asarray(x)
    y = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        y[index] = 1 / (1 + np.exp(-x[index]))
    return y


@wrong("sigmoid", "only_rows")
def comprehension_over_rows(x):
    if np.ndim(x) == 0:
        return 1 / (1 + math.exp(-x)) if x > -700 else 0.0
    return [1 / (1 + math.exp(-v)) if v > -700 else 0.0 for v in x]


@wrong("sigmoid_derivative", "slope_sigmoid_1_minus_a", "slope_again")
def half_again(a):
    return sigma(a) * (1 - a)


@wrong("sigmoid_derivative", "factor", "slope_half_size")
def a_quarter_at_most(a):
    return 0.25 * a * (1 - a)


@wrong("sigmoid_derivative", "returns_nothing")
def only_named(a):
    derivative = a * (1 - a)


# ---- forward

@wrong("forward", "bias_summed", "bias_scalar")
def bias_as_one_number(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        b = np.sum(W[n:]) if len(W) > n else 0
        A.append(sigma(np.dot(A[-1], W[:n]) + b))
    return A


@wrong("forward", "bias_after_sigmoid")
def bias_outside(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(sigma(np.dot(A[-1], W[:n])) + (W[n] if len(W) > n else 0))
    return A


@wrong("forward", "bias_first_layer_only", "only_late_bias")
def ones_for_the_input_only(weights, X):
    A = [X]
    for l, W in enumerate(weights):
        a = A[-1]
        if l == 0 and len(W) > a.shape[-1]:
            a = np.append(a, np.ones(a.shape[:-1] + (1,)), axis=-1)
        A.append(sigma(a @ W))
    return A


@wrong("forward", "with_ones")
def input_keeps_its_one(weights, X):
    a = X
    if len(weights[0]) > X.shape[-1]:
        a = np.append(X, np.ones(X.shape[:-1] + (1,)), axis=-1)
    A = [a, sigma(a @ weights[0])]
    for W in weights[1:]:
        A.append(layer(A[-1], W))
    return A


@wrong("forward", "sigmoid_twice")
def squashed_in_the_layer_and_in_the_loop(weights, X):
    A = [X]
    for W in weights:
        A.append(sigma(layer(A[-1], W)))
    return A


@wrong("forward", "output_dropped")
def stops_before_the_output(weights, X):
    A, a = [], X
    for W in weights:
        A.append(a)
        a = layer(a, W)
    return A


@wrong("forward", "z_carried")
def linear_chain(weights, X):
    A, z = [X], X
    for W in weights:
        n = z.shape[-1]
        z = z @ W[:n] + (W[n] if len(W) > n else 0)
        A.append(sigma(z))
    return A


@wrong("forward", "transposed")
def weights_from_the_left(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(sigma(np.dot(W[:n], A[-1]) + (W[n] if len(W) > n else 0)))
    return A


# ---- the deltas

@wrong("output_delta", "slope_squared")
def slope_in_both_places(y, y_true):
    derror = (y - y_true) * y * (1 - y)
    return derror * (y * (1 - y))


@wrong("output_delta", "difference_averaged", "difference_averaged_all")
def mean_error_of_the_batch(y, y_true):
    return np.mean(y - y_true, axis=0) * y * (1 - y)


@wrong("output_delta", "difference_log")
def cross_entropy_derivative(y, y_true):
    return -(y_true / y) * y * (1 - y)


@wrong("hidden_delta", "delta_averaged", "factor_1_n", "back_averaged")
def one_over_m_too_early(delta, W, a):
    m = 1 if a.ndim == 1 else a.shape[0]
    return 1 / m * (delta @ W[: a.shape[-1]].T) * (a * (1 - a))


@wrong("hidden_delta", "slope_1_minus_a_squared", "slope_tanh")
def tanh_in_the_hidden_layer(delta, W, a):
    return np.multiply(np.dot(delta, W[: a.shape[-1]].T), 1 - np.power(a, 2))


@wrong("hidden_delta", "dot_for_star")
def everything_with_dot(delta, W, a):
    return np.dot(np.dot(delta, W[: a.shape[-1]].T), a * (1 - a))


@wrong("hidden_delta", "slope_times_a")
def activation_multiplied_in(delta, W, a):
    return (delta @ W[: a.shape[-1]].T) * a * (1 - a) * a


@wrong("hidden_delta", "bias_not_dropped", "only_bias")
def weights_with_their_bias(delta, W, a):
    back = np.dot(W, delta.T).T
    return back * a * (1 - a)


# ---- gradient

@wrong("gradient", "weights_for_activations", "outer_weights")
def weight_in_place_of_input(a, W, delta):
    d = np.atleast_2d(delta).mean(axis=0)
    return W * d


@wrong("gradient", "bias_scalar_sum", "bias_scalar")
def db_without_axis(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    m = a.shape[0]
    dW = 1 / m * np.dot(a.T, delta)
    if len(W) == a.shape[1]:
        return dW
    db = 1 / m * np.sum(delta)
    return np.vstack([dW, np.ones((1, dW.shape[1])) * db])


@wrong("gradient", "mean_of_each")
def product_of_means(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    a = rows(a, W)
    return np.outer(a.mean(axis=0), delta.mean(axis=0))


@wrong("gradient", "bias_apart")
def weights_and_bias_apart(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return a.T @ delta / len(a), delta.mean(axis=0)


@wrong("gradient", "bias_from_product", "bias_row_only")
def db_from_the_product(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    dW = a.T @ delta / len(a)
    return np.vstack([dW, dW.sum(axis=0)]) if len(W) > a.shape[1] else dW


# ---- backward

def pieces(activations, y_true):
    return [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))


@wrong("backward", "delta_averaged", "mean_in_every_layer", "back_averaged")
def divides_in_every_layer(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = rows(A[l], weights[l]).T @ delta / m
        delta = delta @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l]) / m
    return grads


@wrong("backward", "weights_of_other_layer")
def index_of_the_weights_one_off(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    deltas = [(A[-1] - y_true) * A[-1] * (1 - A[-1])]
    for l in range(len(weights) - 1, 0, -1):
        deltas.insert(0, deltas[0] @ weights[l - 1][: A[l].shape[1]].T * A[l] * (1 - A[l]))
    return [rows(a, W).T @ d / m for a, W, d in zip(A, weights, deltas)]


@wrong("backward", "gradient_for_weights")
def dw_in_place_of_w(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = rows(A[l], weights[l]).T @ delta / m
        delta = delta @ grads[l][: A[l].shape[1]].T * A[l] * (1 - A[l])
    return grads


@wrong("backward", "slope_of_previous", "slope_of_wrong_layer")
def slope_of_the_layer_before(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = rows(A[l], weights[l]).T @ delta / m
        if l:
            delta = delta @ weights[l][: A[l].shape[1]].T * A[l - 1] * (1 - A[l - 1])
    return grads


@wrong("backward", "first_dropped")
def loop_stops_at_one(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    grads, delta = [], (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in range(len(weights) - 1, 0, -1):
        grads.insert(0, rows(A[l], weights[l]).T @ delta / m)
        delta = delta @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l])
    return grads


SUMS = {}


@wrong("backward", "state")
def nabla_never_reset(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    key = str([W.shape for W in weights])
    grads = SUMS.setdefault(key, [np.zeros_like(W) for W in weights])
    delta = (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = grads[l] + rows(A[l], weights[l]).T @ delta / m
        delta = delta @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l])
    return grads


@wrong("backward", "bias_zero")
def bias_left_at_zero(weights, activations, y_true):
    A, m = pieces(activations, y_true)
    grads, delta = [np.zeros(W.shape) for W in weights], (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        n = A[l].shape[1]
        grads[l][:n] = A[l].T @ delta / m
        delta = delta @ weights[l][:n].T * A[l] * (1 - A[l])
    return grads


# ---- update and train_epoch

@wrong("update", "half_of_layers")
def half_of_the_dictionary(weights, gradients, learning_rate):
    for l in range(len(weights) // 2):
        weights[l] -= learning_rate * gradients[l]
    return weights


@wrong("update", "nothing_changed")
def loop_variable(weights, gradients, learning_rate):
    for l, W in enumerate(weights):
        W = np.subtract(W, np.multiply(learning_rate, gradients[l]))
    return weights


@wrong("update", "rate_divides")
def over_eta(weights, gradients, learning_rate):
    for l in range(len(weights)):
        weights[l] -= gradients[l] / learning_rate


VELOCITY = {}


@wrong("update", "state")
def with_momentum(weights, gradients, learning_rate):
    for l, (W, g) in enumerate(zip(weights, gradients)):
        v = VELOCITY.get((l, W.shape), 0)
        VELOCITY[l, W.shape] = 0.9 * v + learning_rate * g
        W -= VELOCITY[l, W.shape]
    return weights


def slopes(weights, A, t):
    grads, delta = [None] * len(weights), (A[-1] - t) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        a, W = A[l], weights[l]
        grads[l] = np.outer(np.append(a, 1) if len(W) > len(a) else a, delta)
        delta = W[: len(a)] @ delta * a * (1 - a)
    return grads


@wrong("train_epoch", "gradients_added_up")
def gradients_add_up(weights, X, y_true, learning_rate):
    total = [0] * len(weights)
    for x, t in zip(X, y_true):
        for l, g in enumerate(slopes(weights, run(weights, x), t)):
            total[l] = total[l] + g
            weights[l] -= learning_rate * total[l]


@wrong("train_epoch", "bias_not_updated", "bias_zero")
def biases_stay(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = run(weights, x)
        for l, g in enumerate(slopes(weights, A, t)):
            n = len(A[l])
            weights[l][:n] -= learning_rate * g[:n]


@wrong("train_epoch", "first_sample_only")
def always_the_first_point(weights, X, y_true, learning_rate):
    for _ in range(1):
        for l, g in enumerate(slopes(weights, run(weights, X[0]), y_true[0])):
            weights[l] -= learning_rate * g


@wrong("train_epoch", "slope_missing@output", "slope_missing")
def error_as_output_delta(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = run(weights, x)
        delta, grads = A[-1] - t, []
        for l in reversed(range(len(weights))):
            a, W = A[l], weights[l]
            grads.insert(0, np.outer(np.append(a, 1) if len(W) > len(a) else a, delta))
            delta = W[: len(a)] @ delta * a * (1 - a)
        for W, g in zip(weights, grads):
            W -= learning_rate * g


@wrong("train_epoch", "rate_decays")
def rate_gets_smaller(weights, X, y_true, learning_rate):
    for k, (x, t) in enumerate(zip(X, y_true)):
        for W, g in zip(weights, slopes(weights, run(weights, x), t)):
            W -= learning_rate / (k + 1) * g
