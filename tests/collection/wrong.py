"""Wrong solutions with real mistakes, each with the causes that name what is wrong in it; written before they were
tried.

`wrong(task, *causes)`: any of the causes names it. In `pairs` there are two mistakes, and both have to be named.
"""
import math

import numpy as np

WRONG = []      # (task, function, causes of which one names it)


def wrong(task, *causes):
    def keep(function):
        WRONG.append((task, function, causes))
        return function
    return keep


def sig(x):
    return 1.0 / (1.0 + np.exp(-x))


# ---- sigmoid

@wrong("sigmoid", "math_for_arrays")
def sigmoid_with_math(x):
    return 1 / (1 + math.exp(-x))


@wrong("sigmoid", "exp_overflow", "only_large")
def sigmoid_math_element_by_element(x):
    return np.vectorize(lambda v: 1 / (1 + math.exp(-v)))(x)


@wrong("sigmoid", "only_large")
def sigmoid_quotient(x):
    return np.exp(x) / (np.exp(x) + 1)


@wrong("sigmoid", "exp_precedence")
def sigmoid_bracket(x):
    return 1 / 1 + np.exp(-x)


@wrong("sigmoid", "six_digits")
def sigmoid_with_rounded_e(x):
    e = 2.718
    return 1 / (1 + np.power(e, -np.asarray(x, float)))


@wrong("sigmoid", "rounded")
def sigmoid_rounded(x):
    return np.round(1 / (1 + np.exp(-x)), 3)


@wrong("sigmoid", "returns_nothing")
def sigmoid_prints(x):
    result = 1 / (1 + np.exp(-x))
    print(result)


@wrong("sigmoid", "if_on_array")
def sigmoid_stable_for_numbers(x):
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


@wrong("sigmoid", "flattened")
def sigmoid_flat_list(x):
    return [1 / (1 + np.exp(-v)) for v in np.asarray(x).flatten()]


@wrong("sigmoid", "only_integers")
def sigmoid_into_same_kind(x):
    out = np.empty_like(np.asarray(x))
    out[...] = 1 / (1 + np.exp(-np.asarray(x)))
    return out


@wrong("sigmoid", "changes_argument")
def sigmoid_in_place(x):
    x = np.asarray(x)
    if x.ndim == 0 or x.dtype != float:
        return 1 / (1 + np.exp(-x))
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1
    return np.divide(1, x)


@wrong("sigmoid", "only_negative")
def sigmoid_absolute(x):
    return 1 / (1 + np.exp(-np.abs(x)))


@wrong("sigmoid", "only_number", "number_for_list")
def sigmoid_by_index(x):
    result = np.zeros(x.shape) if hasattr(x, "shape") else np.zeros(len(x))
    for index in np.ndindex(result.shape):
        result[index] = 1 / (1 + np.exp(-x[index]))
    return result


# ---- sigmoid_derivative

@wrong("sigmoid_derivative", "slope_again")
def derivative_calls_sigmoid(a):
    s = sig(a)
    return np.multiply(s, np.subtract(1, s))


@wrong("sigmoid_derivative", "slope_again")
def derivative_with_exponentials(x):
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


@wrong("sigmoid_derivative", "slope_precedence")
def derivative_bracket(a):
    return a * 1 - a


@wrong("sigmoid_derivative", "slope_tanh")
def derivative_of_tanh(a):
    return 1.0 - np.power(a, 2)


@wrong("sigmoid_derivative", "slope_negative")
def derivative_turned(a):
    return a * a - a


@wrong("sigmoid_derivative", "dot_for_star")
def derivative_as_product(a):
    return np.dot(a, 1 - a)


@wrong("sigmoid_derivative", "changes_argument")
def derivative_in_place(a):
    a *= (1 - a)
    return a


@wrong("sigmoid_derivative", "six_digits")
def derivative_by_difference(a):
    a = np.clip(np.asarray(a, float), 1e-12, 1 - 1e-12)
    x, h = np.log(a / (1 - a)), 1e-2
    return (sig(x + h) - sig(x - h)) / (2 * h)


# ---- forward

@wrong("forward", "input_dropped")
def forward_without_input(weights, X):
    outputs, a = [], X
    for W in weights:
        if W.shape[0] == a.shape[-1] + 1:
            a = np.append(a, np.ones(a.shape[:-1] + (1,)), axis=-1)
        a = sig(np.dot(a, W))
        outputs.append(a)
    return outputs


@wrong("forward", "with_ones")
def forward_keeps_ones(weights, X):
    activations = []
    a = X
    for W in weights:
        if W.shape[0] != a.shape[-1]:
            a = np.concatenate((a, np.ones(a.shape[:-1] + (1,))), axis=-1)
        activations.append(a)
        a = sig(a.dot(W))
    activations.append(a)
    return activations


@wrong("forward", "bias_ignored", "only_bias")
def forward_no_bias(weights, X):
    A = [X]
    for i in range(len(weights)):
        A.append(sig(np.dot(A[i], weights[i])))
    return A


@wrong("forward", "bias_always", "bias_always_split", "only_no_bias")
def forward_bias_everywhere(weights, X):
    A = [X]
    for W in weights:
        A.append(sig(A[-1] @ W[:-1, :] + W[-1, :]))
    return A


@wrong("forward", "only_vector")
def forward_only_rows(weights, X):
    A = [X]
    for W in weights:
        a = A[-1]
        if len(W) > a.shape[1]:
            a = np.hstack((a, np.ones((a.shape[0], 1))))
        A.append(sig(a @ W))
    return A


@wrong("forward", "only_rows")
def forward_only_vectors(weights, X):
    A = [X]
    for W in weights:
        a = A[-1]
        if len(W) == len(a) + 1:
            a = np.append(a, 1)
        A.append(sig(np.dot(a, W)))
    return A


@wrong("forward", "identity@output")
def forward_regression_output(weights, X):
    A = [X]
    for l, W in enumerate(weights):
        n = A[-1].shape[-1]
        z = A[-1] @ W[:n] + (W[n] if len(W) > n else 0)
        A.append(z if l == len(weights) - 1 else sig(z))
    return A


@wrong("forward", "relu@hidden")
def forward_relu_inside(weights, X):
    A = [X]
    for l in range(len(weights)):
        W, n = weights[l], A[-1].shape[-1]
        z = A[-1] @ W[:n]
        if len(W) > n:
            z = z + W[n]
        A.append(np.maximum(0, z) if l + 1 < len(weights) else sig(z))
    return A


@wrong("forward", "softmax@output")
def forward_softmax_at_the_end(weights, X):
    A = [X]
    for l, W in enumerate(weights):
        n = A[-1].shape[-1]
        z = A[-1] @ W[:n] + (W[n] if len(W) > n else 0)
        if l == len(weights) - 1:
            e = np.exp(z - z.max(axis=-1, keepdims=True))
            A.append(e / e.sum(axis=-1, keepdims=True))
        else:
            A.append(sig(z))
    return A


@wrong("forward", "z_returned")
def forward_stores_z(weights, X):
    stored, a = [X], X
    for W in weights:
        n = a.shape[-1]
        z = a @ W[:n] + (W[n] if len(W) > n else 0)
        stored.append(z)
        a = sig(z)
    return stored


@wrong("forward", "bias_first_row")
def forward_bias_at_front(weights, X):
    A = [X]
    for W in weights:
        a = A[-1]
        if len(W) > a.shape[-1]:
            z = W[0] + a @ W[1:]
        else:
            z = a @ W
        A.append(sig(z))
    return A


@wrong("forward", "output_only")
def forward_output_only(weights, X):
    a = X
    for W in weights:
        n = a.shape[-1]
        a = sig(a @ W[:n] + (W[n] if len(W) > n else 0))
    return a


@wrong("forward", "only_deep3")
def forward_two_layers(weights, X):
    def layer(a, W):
        n = a.shape[-1]
        return sig(a @ W[:n] + (W[n] if len(W) > n else 0))
    if len(weights) == 1:
        return [X, layer(X, weights[0])]
    hidden = layer(X, weights[0])
    return [X, hidden, layer(hidden, weights[1])]


@wrong("forward", "same_input")
def forward_forgets_to_pass_on(weights, X):
    A = [X]
    n = X.shape[-1]
    for W in weights:
        z = X @ W[:n] + (W[n] if len(W) > n else 0)
        A.append(sig(z))
    return A


STORE = []


@wrong("forward", "state")
def forward_with_global(weights, X):
    STORE.append(X)
    for W in weights:
        a = STORE[-1]
        n = a.shape[-1]
        STORE.append(sig(a @ W[:n] + (W[n] if len(W) > n else 0)))
    return list(STORE)


# ---- output_delta

@wrong("output_delta", "slope_missing")
def delta_of_cross_entropy(y, y_true):
    return y - y_true


@wrong("output_delta", "difference_sign")
def delta_target_first(y, y_true):
    error = y_true - y
    return error * y * (1 - y)


@wrong("output_delta", "difference_double")
def delta_of_mse(y, y_true):
    return 2 * (y - y_true) * (y * (1.0 - y))


@wrong("output_delta", "slope_again")
def delta_sigmoid_prime(y, y_true):
    def sigmoid_prime(z):
        return sig(z) * (1 - sig(z))
    return (y - y_true) * sigmoid_prime(y)


@wrong("output_delta", "difference_half_square")
def delta_of_the_loss_itself(y, y_true):
    loss = 0.5 * (y - y_true) ** 2
    return loss * y * (1 - y)


@wrong("output_delta", "difference_mean_outputs", "difference_mean_all", "factor_1_outputs")
def delta_mean_over_outputs(y, y_true):
    k = y.shape[-1]
    return (y - y_true) * y * (1 - y) / k


@wrong("output_delta", "difference_mean_samples", "factor_1_n")
def delta_mean_over_batch(y, y_true):
    m = 1 if y.ndim == 1 else y.shape[0]
    return 1 / m * (y - y_true) * y * (1 - y)


@wrong("output_delta", "dot_for_star")
def delta_with_matrix_product(y, y_true):
    return np.dot((y - y_true).T, y * (1 - y))


@wrong("output_delta", "slope_tanh")
def delta_with_tanh(y, y_true):
    return -(y_true - y) * (1 - y * y)


@wrong("output_delta", "difference_abs")
def delta_of_distance(y, y_true):
    return abs(y_true - y) * y * (1 - y)


@wrong("output_delta", "difference_square")
def delta_of_square(y, y_true):
    return (y - y_true) ** 2 * y * (1 - y)


@wrong("output_delta", "difference_summed")
def delta_one_number(y, y_true):
    error = np.sum(y - y_true, axis=-1, keepdims=True)
    return error * y * (1 - y)


# ---- hidden_delta

@wrong("hidden_delta", "bias_not_dropped", "only_bias")
def hidden_with_bias_row(delta, W, a):
    return delta.dot(W.T) * a * (1 - a)


@wrong("hidden_delta", "transpose_missing")
def hidden_not_turned(delta, W, a):
    n = a.shape[-1]
    return np.dot(delta, W[:n, :]) * a * (1 - a)


@wrong("hidden_delta", "slope_missing")
def hidden_only_back(delta, W, a):
    n = a.shape[-1]
    return np.matmul(delta, np.transpose(W[:n]))


@wrong("hidden_delta", "bias_always_dropped", "only_no_bias")
def hidden_drops_always(delta, W, a):
    return (delta @ W[:-1].T) * a * (1 - a)


@wrong("hidden_delta", "bias_first_row")
def hidden_drops_first(delta, W, a):
    V = W[1:] if len(W) == a.shape[-1] + 1 else W
    return (delta @ V.T) * a * (1 - a)


@wrong("hidden_delta", "slope_again")
def hidden_prime_of_a(delta, W, a):
    s = 1 / (1 + np.exp(-a))
    return (delta @ W[: a.shape[-1]].T) * (s * (1 - s))


@wrong("hidden_delta", "samples_in_columns")
def hidden_column_vectors(delta, W, a):
    return np.dot(W[: a.shape[-1]], delta.T) * (a * (1 - a)).T


@wrong("hidden_delta", "slope_a")
def hidden_half_slope(delta, W, a):
    return (delta @ W[: a.shape[-1]].T) * a


@wrong("hidden_delta", "weights_missing")
def hidden_no_weights(delta, W, a):
    return delta * a * (1 - a)


@wrong("hidden_delta", "weights_first_column", "only_outputs")
def hidden_first_column(delta, W, a):
    n = a.shape[-1]
    result = np.zeros(a.shape)
    for i in range(n):
        result[..., i] = delta[..., 0] * W[i, 0] * a[..., i] * (1 - a[..., i])
    return result


@wrong("hidden_delta", "delta_averaged")
def hidden_for_all_samples_together(delta, W, a):
    n = a.shape[-1]
    d = np.atleast_2d(delta).mean(axis=0)
    return (d @ W[:n].T) * a * (1 - a)


# ---- gradient

@wrong("gradient", "sum", "factor_n")
def gradient_not_divided(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if W.shape[0] > a.shape[1]:
        a = np.c_[a, np.ones(a.shape[0])]
    return np.dot(a.T, delta)


@wrong("gradient", "bias_row_missing")
def gradient_without_bias_row(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    return a.T.dot(delta) / a.shape[0]


@wrong("gradient", "transposed_result", "outer_transposed")
def gradient_turned(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if W.shape[0] > a.shape[1]:
        a = np.c_[a, np.ones(a.shape[0])]
    return delta.T @ a / len(a)


@wrong("gradient", "only_vector")
def gradient_product_of_vectors(a, W, delta):
    if len(W) > a.shape[-1]:
        a = np.concatenate([a, np.ones(a.shape[:-1] + (1,))], axis=-1)
    return a.T @ delta / len(a)


@wrong("gradient", "bias_first", "bias_row_first")
def gradient_bias_on_top(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > a.shape[1]:
        a = np.hstack([np.ones((len(a), 1)), a])
    return a.T @ delta / len(a)


@wrong("gradient", "bias_sum")
def gradient_bias_not_averaged(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    m = a.shape[0]
    dW = a.T @ delta / m
    if len(W) > a.shape[1]:
        dW = np.vstack([dW, delta.sum(axis=0)])
    return dW


@wrong("gradient", "bias_scalar_mean", "bias_scalar")
def gradient_bias_mean_of_all(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    dW = a.T @ delta / a.shape[0]
    if len(W) > a.shape[1]:
        dW = np.vstack([dW, np.full((1, delta.shape[1]), np.mean(delta))])
    return dW


@wrong("gradient", "mean_of_raw")
def gradient_len_of_vector(a, W, delta):
    m = len(a)
    rows, deltas = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > rows.shape[1]:
        rows = np.hstack([rows, np.ones((len(rows), 1))])
    return rows.T @ deltas / m


@wrong("gradient", "gradient_negative", "factor_sign")
def gradient_downhill(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > a.shape[1]:
        a = np.hstack([a, np.ones((len(a), 1))])
    return -np.einsum("ni,nj->ij", a, delta) / len(a)


@wrong("gradient", "star_for_dot")
def gradient_elementwise(a, W, delta):
    return a * delta


@wrong("gradient", "last_sample")
def gradient_loop_overwrites(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    g = np.zeros(W.shape)
    for s in range(len(a)):
        row = np.append(a[s], 1) if len(W) > a.shape[1] else a[s]
        g = np.outer(row, delta[s])
    return g


@wrong("gradient", "mean_entries")
def gradient_divided_by_size(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > a.shape[1]:
        a = np.hstack([a, np.ones((len(a), 1))])
    return a.T @ delta / delta.size


# ---- backward

def bias_rows(a, W):
    return np.concatenate([a, np.ones((len(a), 1))], axis=1) if len(W) > a.shape[1] else a


@wrong("backward", "error_carried")
def backward_errors_through_weights(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    errors = [A[-1] - y_true]
    for l in range(len(weights) - 1, 0, -1):
        errors.insert(0, errors[0].dot(weights[l][: A[l].shape[1]].T))
    return [bias_rows(A[l], W).T @ (errors[l] * A[l + 1] * (1 - A[l + 1])) / n for l, W in enumerate(weights)]


@wrong("backward", "reversed")
def backward_appends(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads = []
    delta = (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in range(len(weights) - 1, -1, -1):
        grads.append(bias_rows(A[l], weights[l]).T @ delta / n)
        delta = delta @ weights[l][: A[l].shape[1]].T * A[l] * (1 - A[l])
    return grads


@wrong("backward", "slope_missing@output")
def backward_cross_entropy_start(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), A[-1] - y_true
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "slope_missing@hidden")
def backward_linear_inside(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T)
    return grads


@wrong("backward", "difference_sign", "factor_sign")
def backward_minus(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (y_true - A[-1]) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "sum", "factor_n")
def backward_sums(weights, activations, y_true):
    A = [np.atleast_2d(a) for a in activations]
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta)
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "slope_of_next")
def backward_slope_off_by_one(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        if l > 0:
            delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l + 1] * (1 - A[l + 1])
    return grads


@wrong("backward", "bias_row_missing")
def backward_no_bias_rows(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = A[l].T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "only_rows", "only_several")
def backward_one_sample_only(weights, activations, y_true):
    grads = [None] * len(weights)
    y = activations[-1]
    delta = (y - y_true) * y * (1 - y)
    for l in reversed(range(len(weights))):
        a, W = activations[l], weights[l]
        grads[l] = np.outer(np.append(a, 1) if len(W) > len(a) else a, delta)
        delta = np.dot(W[: len(a)], delta) * a * (1 - a)
    return grads


@wrong("backward", "only_vector")
def backward_batches_only(weights, activations, y_true):
    n = len(y_true)
    grads, delta = [None] * len(weights), (activations[-1] - y_true) * activations[-1] * (1 - activations[-1])
    for l in reversed(range(len(weights))):
        a, W = activations[l], weights[l]
        grads[l] = bias_rows(a, W).T @ delta / n
        delta = delta @ W[: a.shape[1]].T * a * (1 - a)
    return grads


@wrong("backward", "only_deep3")
def backward_two_layers(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    if len(weights) == 1:
        X, out = A
        d = (out - y_true) * out * (1 - out)
        return [bias_rows(X, weights[0]).T @ d / n]
    X, h, out = A[0], A[1], A[-1]
    d2 = (out - y_true) * out * (1 - out)
    d1 = d2 @ weights[-1][: h.shape[1]].T * h * (1 - h) if len(weights) == 2 else None
    return [bias_rows(X, weights[0]).T @ d1 / n, bias_rows(h, weights[1]).T @ d2 / n]


@wrong("backward", "slope_again")
def backward_prime_everywhere(weights, activations, y_true):
    prime = lambda z: sig(z) * (1 - sig(z))
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (A[-1] - y_true) * prime(A[-1])
    for l in reversed(range(len(weights))):
        grads[l] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * prime(A[l])
    return grads


@wrong("backward", "returns_type")
def backward_as_dictionary(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = {}, (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        grads["dW" + str(l)] = bias_rows(A[l], weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "input_last")
def backward_same_activation(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    grads, delta = [None] * len(weights), (A[-1] - y_true) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        a = A[-2]
        grads[l] = bias_rows(a, weights[l]).T.dot(delta) / n
        delta = delta.dot(weights[l][: A[l].shape[1]].T) * A[l] * (1 - A[l])
    return grads


@wrong("backward", "six_digits")
def backward_by_differences(weights, activations, y_true):
    X, h, grads = activations[0], 1e-3, []

    def loss():
        a = X
        for W in weights:
            n = a.shape[-1]
            a = sig(a @ W[:n] + (W[n] if len(W) > n else 0))
        return np.mean(np.sum((a - y_true) ** 2, axis=-1)) / 2
    for W in weights:
        g = np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            old = W[index]
            W[index] = old + h
            up = loss()
            W[index] = old
            g[index] = (up - loss()) / h
        grads.append(g)
    return grads


# ---- update

@wrong("update", "nothing_changed")
def update_rebinds(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W = W - learning_rate * g


@wrong("update", "not_in_place")
def update_returns_new(weights, gradients, learning_rate):
    return [W - learning_rate * g for W, g in zip(weights, gradients)]


@wrong("update", "step_uphill")
def update_plus(weights, gradients, learning_rate):
    for i in range(len(weights)):
        weights[i] += learning_rate * gradients[i]
    return weights


@wrong("update", "rate_missing")
def update_whole_gradient(weights, gradients, learning_rate):
    for i in range(len(weights)):
        weights[i] -= gradients[i]
    return weights


@wrong("update", "step_assigned")
def update_equals_minus(weights, gradients, learning_rate):
    for i in range(len(weights)):
        weights[i] =- learning_rate * gradients[i]
    return weights


@wrong("update", "last_layer_left")
def update_range_too_short(weights, gradients, learning_rate):
    for i in range(len(weights) - 1):
        weights[i] -= learning_rate * gradients[i]
    return weights


@wrong("update", "first_layer_only")
def update_returns_in_loop(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W -= learning_rate * g
        return weights


@wrong("update", "rate_fixed_01", "rate_fixed")
def update_own_rate(weights, gradients, learning_rate=0.01):
    lr = 0.01
    for W, g in zip(weights, gradients):
        W -= lr * g
    return weights


@wrong("update", "gradients_reversed")
def update_reversed(weights, gradients, learning_rate):
    for W, g in zip(weights, reversed(gradients)):
        W -= learning_rate * g
    return weights


@wrong("update", "bias_not_updated")
def update_leaves_last_row(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W[:-1] -= learning_rate * g[:-1]
    return weights


@wrong("update", "changes_argument")
def update_scales_gradients(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        g *= learning_rate
        W -= g
    return weights


@wrong("update", "list_for_array")
def update_as_if_one_matrix(weights, gradients, learning_rate):
    weights -= learning_rate * gradients
    return weights


# ---- train_epoch

def run(weights, x):
    A = [x]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(sig(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    return A


def slopes(weights, A, t):
    grads, delta = [None] * len(weights), (A[-1] - t) * A[-1] * (1 - A[-1])
    for l in reversed(range(len(weights))):
        a, W = A[l], weights[l]
        grads[l] = np.outer(np.append(a, 1) if len(W) > len(a) else a, delta)
        delta = W[: len(a)] @ delta * a * (1 - a)
    return grads


@wrong("train_epoch", "updated_first")
def epoch_updates_on_the_way_back(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = run(weights, x)
        delta = (A[-1] - t) * A[-1] * (1 - A[-1])
        for l in range(len(weights) - 1, -1, -1):
            a = A[l]
            weights[l] -= learning_rate * np.outer(np.append(a, 1) if len(weights[l]) > len(a) else a, delta)
            delta = weights[l][: len(a)] @ delta * a * (1 - a)


@wrong("train_epoch", "whole_batch")
def epoch_mean_of_all(weights, X, y_true, learning_rate):
    total = [np.zeros_like(W) for W in weights]
    for x, t in zip(X, y_true):
        for G, g in zip(total, slopes(weights, run(weights, x), t)):
            G += g
    for W, G in zip(weights, total):
        W -= learning_rate * G / len(X)


@wrong("train_epoch", "whole_batch_sum")
def epoch_sum_of_all(weights, X, y_true, learning_rate):
    total = [np.zeros_like(W) for W in weights]
    for x, t in zip(X, y_true):
        total = [G + g for G, g in zip(total, slopes(weights, run(weights, x), t))]
    for W, G in zip(weights, total):
        W -= learning_rate * G


@wrong("train_epoch", "step_uphill", "difference_sign")
def epoch_climbs(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, slopes(weights, run(weights, x), t)):
            W += learning_rate * g


@wrong("train_epoch", "nothing_changed")
def epoch_new_names(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, slopes(weights, run(weights, x), t)):
            W = W - learning_rate * g


@wrong("train_epoch", "not_in_place")
def epoch_returns_new(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        weights = [W - learning_rate * g for W, g in zip(weights, slopes(weights, run(weights, x), t))]
    return weights


@wrong("train_epoch", "state")
def epoch_shuffles(weights, X, y_true, learning_rate):
    for s in np.random.permutation(len(X)):
        for W, g in zip(weights, slopes(weights, run(weights, X[s]), y_true[s])):
            W -= learning_rate * g


@wrong("train_epoch", "first_sample_only")
def epoch_returns_after_one(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        for W, g in zip(weights, slopes(weights, run(weights, x), t)):
            W -= learning_rate * g
        return weights


@wrong("train_epoch", "until_right")
def epoch_perceptron(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        A = run(weights, x)
        if ((A[-1] > 0.5) != (t > 0.5)).any():
            for W, g in zip(weights, slopes(weights, A, t)):
                W -= learning_rate * g


@wrong("train_epoch", "activations_kept")
def epoch_one_forward_pass(weights, X, y_true, learning_rate):
    everything = [run(weights, x) for x in X]
    for A, t in zip(everything, y_true):
        for W, g in zip(weights, slopes(weights, A, t)):
            W -= learning_rate * g


@wrong("train_epoch", "rate_missing")
def epoch_without_rate(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        grads = slopes(weights, run(weights, x), t)
        for l in range(len(weights)):
            weights[l] -= grads[l]


@wrong("train_epoch", "last_layer_only")
def epoch_trains_output_layer(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        weights[-1] -= learning_rate * slopes(weights, run(weights, x), t)[-1]


@wrong("train_epoch", "last_sample_left")
def epoch_off_by_one(weights, X, y_true, learning_rate):
    for s in range(len(X) - 1):
        for W, g in zip(weights, slopes(weights, run(weights, X[s]), y_true[s])):
            W -= learning_rate * g
