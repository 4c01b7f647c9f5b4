"""Right solutions in all styles; none of them may fail."""
import functools
import math

import numpy as np

RIGHT = []      # (task, function)


def right(task):
    def keep(function):
        RIGHT.append((task, function))
        return function
    return keep


# ---- sigmoid

@right("sigmoid")
def one_line(x):
    return 1 / (1 + np.exp(-x))


@right("sigmoid")
def asarray(x):
    x = np.asarray(x, dtype=float)
    return np.power(1 + np.exp(-x), -1)


@right("sigmoid")
def with_where(x):
    x = np.asarray(x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


@right("sigmoid")
def with_tanh(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))


@right("sigmoid")
def recursive_lists(x):
    if np.ndim(x):
        return [recursive_lists(part) for part in x]
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


@right("sigmoid")
def single(x):
    return (1 / (1 + np.exp(-np.asarray(x, dtype=np.float64)))).astype(np.float32)


@right("sigmoid")
def vectorized(x):
    return np.vectorize(
        lambda v: 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)), otypes=[float]
    )(x)


@right("sigmoid")
def with_out(x):
    y = np.array(x, dtype=float)
    np.negative(y, out=y)
    np.exp(y, out=y)
    y += 1
    return np.reciprocal(y, out=y)


@right("sigmoid")
def with_logaddexp(x):
    return np.exp(-np.logaddexp(0, -np.asarray(x, float)))


# ---- sigmoid_derivative

@right("sigmoid_derivative")
def product(a):
    return a * (1 - a)


@right("sigmoid_derivative")
def difference_of_squares(a):
    return a - a ** 2


@right("sigmoid_derivative")
def multiply(a):
    return np.multiply(a, np.subtract(1.0, a))


@right("sigmoid_derivative")
def completed_square(a):
    return 0.25 - (np.asarray(a) - 0.5) ** 2


@right("sigmoid_derivative")
def derivative_single(a):
    a = np.asarray(a, dtype=np.float32)
    return a * (1 - a)


@right("sigmoid_derivative")
def derivative_nested(a):
    return [derivative_nested(part) for part in a] if np.ndim(a) else a * (1 - a)


@right("sigmoid_derivative")
def derivative_prints(a):
    print("a =", a)
    slope = a * (1 - a)
    print("slope =", slope)
    return slope


# ---- forward

@right("forward")
def forward_short(weights, X):
    A = [X]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(one_line(A[-1] @ W[:n] + (W[n] if len(W) > n else 0)))
    return A


@right("forward")
def forward_hstack(weights, X):
    rows = np.atleast_2d(X)
    A = [rows]
    for W in weights:
        if W.shape[0] == rows.shape[1] + 1:
            rows = np.hstack([rows, np.ones((rows.shape[0], 1))])
        rows = one_line(rows.dot(W))
        A.append(rows)
    return [a[0] for a in A] if np.ndim(X) == 1 else A


@right("forward")
def forward_einsum(weights, X):
    A = [np.asarray(X, float)]
    for W in weights:
        n = A[-1].shape[-1]
        A.append(one_line(np.einsum("...i,ij->...j", A[-1], W[:n]) + W[n:].sum(axis=0)))
    return tuple(A)


@right("forward")
def forward_generator(weights, X):
    a = X
    yield a
    for W in weights:
        n = a.shape[-1]
        a = one_line(a @ W[:n] + (W[n] if len(W) != n else 0.0))
        yield a


@right("forward")
def forward_lists(weights, X):
    def unit(a, W, j):
        z = sum(value * W[i][j] for i, value in enumerate(a)) + (W[len(a)][j] if len(W) > len(a) else 0)
        return 1 / (1 + math.exp(-z)) if z > -700 else 0.0

    def one(x):
        A = [[float(v) for v in x]]
        for W in weights:
            A.append([unit(A[-1], W, j) for j in range(len(W[0]))])
        return A
    if np.ndim(X) == 1:
        return one(X)
    samples = [one(x) for x in X]
    return [[sample[l] for sample in samples] for l in range(len(weights) + 1)]


@right("forward")
def forward_recursive(weights, X):
    if not weights:
        return [X]
    n, W = X.shape[-1], weights[0]
    return [X] + forward_recursive(weights[1:], one_line(X @ W[:n] + (W[n] if len(W) > n else 0)))


@right("forward")
def forward_reduce(weights, X):
    def step(A, W):
        a = A[-1]
        ones = np.ones(a.shape[:-1] + (len(W) - a.shape[-1],))
        return A + [one_line(np.concatenate([a, ones], axis=-1) @ W)]
    return functools.reduce(step, weights, [np.array(X, dtype=float)])


@right("forward")
def forward_single(weights, X):
    A = [np.asarray(X, dtype=np.float32)]
    for W in weights:
        W, n = W.astype(np.float32), A[-1].shape[-1]
        A.append((1 / (1 + np.exp(-(A[-1] @ W[:n] + (W[n] if len(W) > n else 0))))).astype(np.float32))
    return A


@right("forward")
def forward_object_array(weights, X):
    A = forward_short(weights, X)
    result = np.empty(len(A), dtype=object)
    for l, a in enumerate(A):
        result[l] = a
    return result


@right("forward")
def forward_map(weights, X):
    return map(np.array, forward_short(weights, X))


# ---- output_delta

@right("output_delta")
def delta_short(y, y_true):
    return (y - y_true) * y * (1 - y)


@right("output_delta")
def delta_two_minuses(y, y_true):
    return -(y_true - y) * (y - y ** 2)


@right("output_delta")
def delta_einsum(y, y_true):
    return np.einsum("...k,...k,...k->...k", y - y_true, y, 1 - y)


@right("output_delta")
def delta_loops(y, y_true):
    if np.ndim(y) == 2:
        return [delta_loops(a, b) for a, b in zip(y, y_true)]
    return [(a - b) * a * (1 - a) for a, b in zip(y, y_true)]


@right("output_delta")
def delta_in_place_of_its_own(y, y_true):
    delta = y.copy()
    delta -= y_true
    delta *= y
    delta *= 1 - y
    return delta


@right("output_delta")
def delta_through_z(y, y_true):
    y = np.asarray(y)
    return np.multiply(y - y_true, product(y))


# ---- hidden_delta

@right("hidden_delta")
def hidden_short(delta, W, a):
    return (delta @ W[: a.shape[-1]].T) * a * (1 - a)


@right("hidden_delta")
def hidden_dot(delta, W, a):
    V = np.delete(W, -1, axis=0) if W.shape[0] == a.shape[-1] + 1 else W
    return np.dot(delta, V.T) * a * (1 - a)


@right("hidden_delta")
def hidden_cut_after(delta, W, a):
    back = delta @ W.T
    return back[..., : a.shape[-1]] * (a * (1 - a))


@right("hidden_delta")
def hidden_einsum(delta, W, a):
    return np.einsum("...j,ij,...i->...i", delta, W[: a.shape[-1]], a - a * a)


@right("hidden_delta")
def hidden_loops(delta, W, a):
    result = np.zeros_like(a)
    for row in np.ndindex(a.shape[:-1]):
        for i in range(a.shape[-1]):
            result[row][i] = sum(delta[row][j] * W[i, j] for j in range(W.shape[1])) * a[row][i] * (1 - a[row][i])
    return result


@right("hidden_delta")
def hidden_columns(delta, W, a):
    return (np.dot(W[: a.shape[-1]], delta.T) * a.T * (1 - a.T)).T


@right("hidden_delta")
def hidden_one_by_one(delta, W, a):
    if a.ndim == 2:
        return np.array([hidden_one_by_one(d, W, row) for d, row in zip(delta, a)])
    return [np.dot(W[i], delta) * a[i] * (1 - a[i]) for i in range(len(a))]


# ---- gradient

@right("gradient")
def gradient_c_(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    if len(W) > a.shape[1]:
        a = np.c_[a, np.ones(len(a))]
    return a.T @ delta / len(a)


@right("gradient")
def gradient_two_cases(a, W, delta):
    bias = W.shape[0] == a.shape[-1] + 1
    if a.ndim == 1:
        g = np.outer(a, delta)
        return np.vstack([g, delta]) if bias else g
    g = a.T.dot(delta) / a.shape[0]
    return np.concatenate([g, [delta.mean(axis=0)]]) if bias else g


@right("gradient")
def gradient_einsum(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    g = np.zeros(W.shape)
    g[: a.shape[1]] = np.einsum("ni,nj->ij", a, delta)
    if len(W) > a.shape[1]:
        g[-1] = delta.sum(0)
    return g / a.shape[0]


@right("gradient")
def gradient_mean_of_outers(a, W, delta):
    rows = [np.append(r, 1) if len(W) > len(r) else r for r in np.atleast_2d(a)]
    return np.mean([np.outer(r, d) for r, d in zip(rows, np.atleast_2d(delta))], axis=0)


@right("gradient")
def gradient_lists(a, W, delta):
    A, D = np.atleast_2d(a).tolist(), np.atleast_2d(delta).tolist()
    A = [row + [1.0] * (len(W) - len(row)) for row in A]
    return [[sum(A[s][i] * D[s][j] for s in range(len(A))) / len(A) for j in range(len(D[0]))] for i in range(len(W))]


@right("gradient")
def gradient_broadcast(a, W, delta):
    a, delta = np.atleast_2d(a), np.atleast_2d(delta)
    a = np.pad(a, ((0, 0), (0, len(W) - a.shape[1])), constant_values=1)
    return (a[:, :, None] * delta[:, None, :]).mean(axis=0)


@right("gradient")
def gradient_single(a, W, delta):
    return gradient_c_(np.float32(a), W, np.float32(delta)).astype(np.float32)


# ---- backward

@right("backward")
def backward_short(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    delta, grads = (A[-1] - y_true) * A[-1] * (1 - A[-1]), []
    for W, a in zip(weights[::-1], A[-2::-1]):
        grads.append(np.c_[a, np.ones((n, len(W) - a.shape[1]))].T @ delta / n)
        delta = delta @ W[: a.shape[1]].T * a * (1 - a)
    return grads[::-1]


@right("backward")
def backward_with_the_mean_first(weights, activations, y_true):
    A, n = [np.atleast_2d(a) for a in activations], len(np.atleast_2d(y_true))
    delta, grads = (A[-1] - y_true) * A[-1] * (1 - A[-1]) / n, [None] * len(weights)
    for l in range(len(weights) - 1, -1, -1):
        grads[l] = gradient_einsum(A[l], weights[l], delta) * n
        delta = hidden_short(delta, weights[l], A[l])
    return grads


@right("backward")
def backward_sample_by_sample(weights, activations, y_true):
    if np.ndim(y_true) == 2:
        each = [backward_sample_by_sample(weights, [a[s] for a in activations], y_true[s]) for s in range(len(y_true))]
        return [sum(parts) / len(each) for parts in zip(*each)]
    delta, grads = delta_short(activations[-1], y_true), []
    for l in range(len(weights))[::-1]:
        grads.insert(0, gradient_two_cases(activations[l], weights[l], delta))
        delta = hidden_short(delta, weights[l], activations[l])
    return grads


@right("backward")
def backward_from_z(weights, activations, y_true):
    a, zs = activations[0], []
    for W in weights:
        n = a.shape[-1]
        zs.append(a @ W[:n] + (W[n] if len(W) > n else 0))
        a = one_line(zs[-1])
    prime = lambda z: one_line(z) * (1 - one_line(z))
    delta, grads = (activations[-1] - y_true) * prime(zs[-1]), []
    for l in range(len(weights) - 1, -1, -1):
        grads.insert(0, gradient_c_(activations[l], weights[l], delta))
        if l:
            delta = delta @ weights[l][: activations[l].shape[-1]].T * prime(zs[l - 1])
    return grads


@right("backward")
def backward_generator(weights, activations, y_true):
    yield from backward_short(weights, activations, y_true)


@right("backward")
def backward_dictionary_inside(weights, activations, y_true):
    grads, delta = {}, delta_short(activations[-1], y_true)
    for l in reversed(range(len(weights))):
        grads[l] = gradient_lists(activations[l], weights[l], delta)
        delta = hidden_einsum(delta, weights[l], activations[l])
    return [grads[l] for l in range(len(weights))]


@right("backward")
def backward_recursive(weights, activations, y_true):
    def go(l):
        if l == len(weights):
            return delta_short(activations[-1], y_true), []
        behind, grads = go(l + 1)
        g = gradient_two_cases(activations[l], weights[l], behind)
        return hidden_dot(behind, weights[l], activations[l]), [g, *grads]
    return go(0)[1]


# ---- update

@right("update")
def update_minus_equals(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        W -= learning_rate * g
    return weights


@right("update")
def update_by_index(weights, gradients, learning_rate):
    for l in range(len(weights)):
        weights[l] -= learning_rate * gradients[l]


@right("update")
def update_new_entries(weights, gradients, learning_rate):
    for l, g in enumerate(gradients):
        weights[l] = weights[l] - learning_rate * g
    return weights


@right("update")
def update_slice(weights, gradients, learning_rate):
    weights[:] = [W - learning_rate * g for W, g in zip(weights, gradients)]
    return weights


@right("update")
def update_loops(weights, gradients, learning_rate):
    for W, g in zip(weights, gradients):
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                W[i, j] = W[i, j] - learning_rate * g[i, j]
    return True


@right("update")
def update_subtract_out(weights, gradients, learning_rate):
    [np.subtract(W, learning_rate * g, out=W) for W, g in zip(weights, gradients)]


# ---- train_epoch

@right("train_epoch")
def epoch_plain(weights, X, y_true, learning_rate):
    for x, t in zip(X, y_true):
        update_minus_equals(weights, backward_short(weights, forward_short(weights, x), t), learning_rate)


@right("train_epoch")
def epoch_returns_loss(weights, X, y_true, learning_rate):
    loss = 0.0
    for x, t in zip(X, y_true):
        A = forward_short(weights, x)
        loss += 0.5 * np.sum((A[-1] - t) ** 2)
        update_minus_equals(weights, backward_short(weights, A, t), learning_rate)
    return loss / len(X)


@right("train_epoch")
def epoch_returns_both(weights, X, y_true, learning_rate):
    loss = epoch_returns_loss(weights, X, y_true, learning_rate)
    return weights, loss


@right("train_epoch")
def epoch_returns_true(weights, X, y_true, learning_rate):
    for s in range(len(X)):
        A = forward_short(weights, X[s])
        update_new_entries(weights, backward_sample_by_sample(weights, A, y_true[s]), learning_rate)
    return True


@right("train_epoch")
def epoch_rows_of_one(weights, X, y_true, learning_rate):
    for s in range(len(X)):
        A = forward_hstack(weights, X[s:s + 1])
        for W, g in zip(weights, backward_short(weights, A, y_true[s:s + 1])):
            W -= learning_rate * g
    return weights


@right("train_epoch")
def epoch_prints(weights, X, y_true, learning_rate):
    for i, (x, t) in enumerate(zip(X, y_true)):
        print("sample", i, end="\r")
        update_slice(weights, backward_recursive(weights, forward_reduce(weights, x), t), learning_rate)
