"""The same checks at every door: what one training refuses, all refuse, in the same words and before anything is done."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from backprop_lab import SigmoidNetwork, explain, generate_xor_easy, live_page, many, read_points, study
from backprop_lab.classifier import SigmoidClassifier
from backprop_lab.layers import weight_shapes
from backprop_lab.playground import Playground

X, y = generate_xor_easy()
STORE = "runs.sqlite"


def by_fit(X, y, layers, learning_rate, epochs):
    network = SigmoidNetwork(layers, seed=0)
    before = network.vector.copy()
    try:
        return network.fit(X, y, learning_rate, epochs=epochs)
    except ValueError:
        assert np.array_equal(network.vector, before) and network.history == {} and network.scale is None
        raise


def by_study(X, y, layers, learning_rate, epochs):
    grid = dict(layers=[layers], learning_rate=[learning_rate])
    return study({"points": (X, y)}, grid=grid, epochs=epochs, seeds=range(3), side_by_side=True, store=STORE)


def by_many(X, y, layers, learning_rate, epochs):
    rng, shapes = np.random.default_rng(0), weight_shapes(layers, [True] * (len(layers) - 1))
    weights = [rng.uniform(0, 1, (3, *shape)) for shape in shapes]
    before = [W.copy() for W in weights]
    try:
        return list(many.train(weights, X, y, learning_rate, range(epochs)))
    except ValueError:
        assert all(np.array_equal(W, V) for W, V in zip(weights, before))
        raise


DOORS = {"fit": by_fit, "study": by_study, "many": by_many}
TABLE = pd.DataFrame({"width": [1.0, None] + [2.0] * 19, "height": 1.0})
WRONG = {
    "targets 1 and 2": (dict(y=y + 1), "y goes from 1 to 2; expected targets between 0 and 1"),
    "-1 and 1": (dict(y=2 * y - 1), "y goes from -1 to 1; .*for classes -1 and 1: "),
    "words": (dict(y=np.where(y > 0, "blue", "red")), "y holds text; expected numbers"),
    "class numbers": (dict(y=np.arange(21) % 3, layers=[2, 3, 3]), r"the network 3 outputs; .*np.eye\(3\)\[y\]"),
    "NaN": (dict(X=np.where(X == X[3], np.nan, X)), "X holds nan in row 2, column 0"),
    "NaN in y": (dict(y=y * np.nan), "y holds nan in row 0"),
    "a hole in a table": (dict(X=TABLE), "X holds nan in row 1, column 'width'.*leave those rows out"),
    "sparse": (dict(X=scipy.sparse.csr_matrix(X)), r"X is a sparse matrix; .*X.toarray\(\)"),
    "sparse y": (dict(y=scipy.sparse.csr_matrix(y)), r"y is a sparse matrix; .*y.toarray\(\)"),
    "too few targets": (dict(y=y[:4]), "X has 21 rows and y has 4"),
    "no points": (dict(X=X[:0], y=y[:0]), "X is empty"),
    "a path": (dict(X="points.csv"), "X is 'points.csv'; .*read_points"),
    "rate below 0": (dict(learning_rate=-1.0), "learning_rate is -1.0; expected a positive finite number"),
    "no rate": (dict(learning_rate=np.nan), "learning_rate is nan"),
    "a word for a rate": (dict(learning_rate="fast"), "learning_rate is 'fast'"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", WRONG)
def test_refused_in_the_same_words(case, door, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong, words = WRONG[case]
    arguments = dict(X=X, y=y, layers=[2, 3, 1], learning_rate=0.1, epochs=3)
    with pytest.raises(ValueError, match=words) as refusal:
        DOORS[door](**{**arguments, **wrong})
    assert "\n" not in str(refusal.value) and not (tmp_path / STORE).exists()


@pytest.mark.parametrize("door", DOORS)
def test_one_column_of_targets_may_be_a_row_of_them(door, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = dict(X=X.tolist(), layers=[2, 3, 1], learning_rate=0.1, epochs=3)
    for targets in (y, y[:, 0], y[:, 0].tolist(), y > 0):
        DOORS[door](y=targets, **arguments)


def test_epochs_are_counted_before_anything_is_done(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for door in ("fit", "study"):
        with pytest.raises(ValueError, match="epochs is 0; expected a whole number"):
            DOORS[door](X, y, [2, 3, 1], 0.1, 0)
    weights = [np.zeros((3, *shape)) for shape in weight_shapes([2, 1], [True])]
    for wrong in (0, range(-1, 5), range(0, 10, 2), [0, 1]):
        with pytest.raises(ValueError, match="epochs is .*; expected range"):
            next(many.train(weights, X, y, 0.1, wrong))


@pytest.mark.parametrize("door", [Playground, lambda points: live_page(points)])
@pytest.mark.parametrize(
    "points, words",
    [
        (X, "not a pair"),
        (5, "not a pair"),
        ((X, y, 1), "not a pair"),
        ((X, 2 * y - 1), "for classes -1 and 1"),
        ((X, np.where(y > 0, "blue", "red")), "y holds text"),
        ((X, np.eye(3)[:20]), "X has 21 rows and y has 3"),
        ((TABLE, y), "column 'width'"),
        ((X[:, :1], y), "2 or more inputs"),
        ((X[0, 0], y), "2 or more inputs"),
    ],
    ids=range(9),
)
def test_the_playground_refuses_in_words(door, points, words):
    with pytest.raises(ValueError, match=words):
        door(points)


def test_explain_takes_a_tuple_and_refuses_in_words():
    network = SigmoidNetwork([2, 3, 1], seed=0)
    assert str(explain(network, (0.5, 0.25), 1, 0.1)) == str(explain(network, np.array([0.5, 0.25]), [1.0], 0.1))
    for arguments, words in (
        ((network, ("a", "b"), 1, 0.1), "x holds text"),
        ((network, (0.5, np.nan), 1, 0.1), "x holds nan"),
        ((network, (0.5, 0.5), 2, 0.1), "y goes from 2 to 2"),
        ((network, (0.5, 0.5), "blue", 0.1), "y holds text"),
        ((None, (0.5, 0.5), 1, 0.1), "network is None"),
    ):
        with pytest.raises(ValueError, match=words):
            explain(*arguments)


def test_a_study_asks_about_its_arguments():
    for options, words in (
        (dict(grid=dict(layers=[2, 4, 1])), r"grid\['layers'\] is \[2, 4, 1\]; expected a list of networks"),
        (dict(grid=dict(rate=[0.1])), "grid has 'rate'"),
        (dict(side_by_side="yes"), "side_by_side is 'yes'; expected True or False"),
        (dict(progress=1), "progress is 1; expected True or False"),
        (dict(seeds=5), "seeds is 5; expected several"),
    ):
        with pytest.raises(ValueError, match=words):
            study({"points": (X, y)}, epochs=3, **options)


def test_a_table_of_pandas_is_no_file():
    with pytest.raises(ValueError, match="a DataFrame: not the path of a file"):
        read_points(TABLE)


def test_the_classifier_takes_one_width():
    one, several = (SigmoidClassifier(hidden, epochs=3, random_state=0).fit(X, y[:, 0]) for hidden in (4, (4,)))
    assert one.network_.layers == [2, 4, 1] and np.array_equal(one.network_.vector, several.network_.vector)
    with pytest.raises(ValueError, match=r"layers\[1\] is 4.5"):
        SigmoidClassifier((4.5,)).fit(X, y[:, 0])
