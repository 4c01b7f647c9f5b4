"""One contract for all training loops: what they yield, when they stop, what they leave behind."""
import numpy as np
import pytest
from backprop_lab import batches, compiled, descent, generate_linear, generate_xor_easy, many, twin
from backprop_lab.layers import weight_shapes


def many_as_one(weights, X, y_true, learning_rate, epochs, **options):
    """The kernel for many runs with a single one."""
    runs = [W[None] for W in weights]
    for done, separated, through in many.train(runs, X, y_true, learning_rate, epochs, **options):
        yield int(done[0]), bool(separated[0])


LOOPS = {
    "readable": descent.train,
    "compiled": compiled.train,
    "batches": batches.train,
    "many": many_as_one,
    "twin": twin.train,
}
NETWORKS = [
    ((2, 5, 5, 1), (True, False, False)),
    ((2, 4, 2), (True, True)),
    ((2, 3), (False,)),
    ((2, 9, 2, 3), (False, True, True)),
]


def start(layers, bias, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.uniform(0, 1, shape).astype(dtype) for shape in weight_shapes(layers, bias)]


def points(layers, n=12):
    X, y = generate_linear(n, seed=3)
    return X, np.hstack([y, 1 - y, y / 2])[:, : layers[-1]]


def exhaust(loop):
    return list(loop)


@pytest.fixture(params=LOOPS)
def loop(request):
    return LOOPS[request.param]


@pytest.mark.parametrize("layers, bias", NETWORKS)
@pytest.mark.parametrize("dtype, bound", [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_the_path_is_that_of_the_readable_loop(loop, layers, bias, dtype, bound):
    if loop is twin.train:                         # plain Python has float64 only
        dtype, bound = np.float64, 1e-12
    ours, theirs = start(layers, bias, dtype), start(layers, bias)
    exhaust(loop(ours, *points(layers), 0.5, range(6), check_every=0))
    exhaust(descent.train(theirs, *points(layers), 0.5, range(6), check_every=0))
    for W, V in zip(ours, theirs):
        assert W.dtype == dtype
        np.testing.assert_allclose(W, V, rtol=0, atol=bound)


def test_counts_go_from_done_to_last(loop):
    said = exhaust(loop(start((2, 3, 1), (True, True)), *points((2, 3, 1)), 0.1, range(7, 12), check_every=0))
    counts = [done for done, _ in said]
    assert counts == sorted(counts) and counts[-1] == 12 and counts[0] >= 7
    assert not any(separated for _, separated in said)


def test_no_epoch_to_do(loop):
    weights = start((2, 3, 1), (True, True))
    before = [W.copy() for W in weights]
    exhaust(loop(weights, *points((2, 3, 1)), 0.1, range(5, 5)))
    assert all(np.array_equal(W, V) for W, V in zip(weights, before))


@pytest.mark.parametrize("check_every", [0, 1, 4, 50])
def test_it_asks_after_every_so_many_epochs_and_stops_at_the_first_yes(loop, check_every):
    """On these points every loop has all right from epoch 11 on, but for a few later ones."""
    X, y = np.array([[0.0, 0.1], [1.0, 0.9], [0.1, 0.0]]), np.array([[0.0], [1.0], [0.0]])
    weights, right = start((2, 3, 1), (True, True)), []
    for e in range(60):
        exhaust(descent.train(weights, X, y, 2.0, range(e, e + 1), check_every=0))
        right.append(np.array_equal(descent.labels(descent.forward(weights, X)[-1]), descent.labels(y)))
    yes = [e for e in range(1, 61) if check_every and e % check_every == 0 and right[e - 1]]
    expected = (yes[0], True) if yes else (60, False)
    assert exhaust(loop(start((2, 3, 1), (True, True)), X, y, 2.0, range(60), check_every=check_every))[-1] == expected
    assert any(right) and not right[0]


@pytest.mark.parametrize("name", ["readable", "compiled", "batches", "twin"])
@pytest.mark.parametrize("check_every", [0, 1])
def test_shuffled_the_generator_stands_after_one_permutation_an_epoch(name, check_every):
    X, y = points((2, 3, 1))
    rng, counted, weights, first = np.random.default_rng(1), np.random.default_rng(1), start((2, 3, 1), (True, True)), 0
    for done, separated in LOOPS[name](weights, X, y, 1.0, range(40), check_every=check_every, rng=rng):
        for _ in range(done - first):
            counted.permutation(len(X))
        first = done
        assert rng.bit_generator.state == counted.bit_generator.state
    theirs = start((2, 3, 1), (True, True))
    said = exhaust(descent.train(theirs, X, y, 1.0, range(40), check_every=check_every, rng=np.random.default_rng(1)))
    assert (done, separated) == said[-1]
    for W, V in zip(weights, theirs):
        np.testing.assert_allclose(W, V, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_pieces_leave_no_trace(loop, dtype):
    if loop is twin.train:
        dtype = np.float64
    whole, pieces = start((2, 4, 1), (True, False), dtype), start((2, 4, 1), (True, False), dtype)
    X, y = points((2, 4, 1))
    exhaust(loop(whole, X, y, 0.5, range(12), check_every=0))
    for a, b in ((0, 1), (1, 5), (5, 12)):
        exhaust(loop(pieces, X, y, 0.5, range(a, b), check_every=0))
    assert all(W.tobytes() == V.tobytes() for W, V in zip(whole, pieces))


def test_left_between_two_yields_the_weights_are_those_of_the_count():
    """The compiled loop, left after its first yields, by the clock in the middle of a training."""
    X, y = generate_xor_easy()
    for _ in range(5):
        weights = start((2, 5, 5, 1), (True, False, False))
        loop = compiled.train(weights, X, y, 0.1, range(10**9), check_every=0)
        for _ in range(3):
            done, _ = next(loop)
        loop.close()
        again = start((2, 5, 5, 1), (True, False, False))
        exhaust(compiled.train(again, X, y, 0.1, range(done), check_every=0))
        assert all(np.array_equal(W, V) for W, V in zip(weights, again))


@pytest.mark.parametrize("name", ["compiled", "many", "twin"])
def test_loops_for_single_samples_refuse_batches(name):
    with pytest.raises(ValueError, match="one sample"):
        next(LOOPS[name](start((2, 3, 1), (True, True)), *points((2, 3, 1)), 0.1, range(3), batch_size=2))


def side_by_side_and_one_by_one(layers, bias, weights, X, y, rate, epochs):
    """Asserts that the kernel for many runs and the single loop end with the same bits, at the same epochs."""
    one = [W.copy() for W in weights]
    for done, separated, through in many.train(weights, X, y, rate, epochs):
        pass
    runs = len(done)
    X, y = (np.broadcast_to(a, (runs, *a.shape[-2:])) for a in (X, y))
    assert through == runs
    for i in range(runs):
        for said in compiled.train([W[i] for W in one], X[i], y[i], rate, epochs):
            pass
        assert said == (done[i], separated[i])
    assert all(W.tobytes() == V.tobytes() for W, V in zip(weights, one))
    return separated.mean()


def test_500_trainings_of_xor_have_the_same_bits_side_by_side():
    rng, layers, bias = np.random.default_rng(0), (2, 5, 5, 1), (True, False, False)
    weights = [rng.uniform(0, 1, (500, *shape)) for shape in weight_shapes(layers, bias)]
    separated = side_by_side_and_one_by_one(layers, bias, weights, *generate_xor_easy(), 0.1, range(20_000))
    assert separated > 0.5


def test_300_trainings_of_linear_points_have_the_same_bits_side_by_side():
    layers, bias = (2, 4, 4, 1), (True, True, True)
    rng = np.random.default_rng(0)
    weights = [rng.uniform(0, 1, (300, *shape)) for shape in weight_shapes(layers, bias)]
    sets = [generate_linear(100, seed) for seed in range(300)]
    X, y = (np.stack(arrays) for arrays in zip(*sets))
    assert side_by_side_and_one_by_one(layers, bias, weights, X, y, 0.1, range(5_000)) > 0.2
