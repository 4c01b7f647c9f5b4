"""scikit-learn's own questions to an estimator, and what its other tools ask of one."""
import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: sklearn)")
from backprop_lab.classifier import SigmoidClassifier, SigmoidRegressor  # noqa: E402
from sklearn.datasets import make_blobs, make_moons  # noqa: E402
from sklearn.ensemble import AdaBoostClassifier  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

FULL = 10**6                   # more than there are samples: one batch
SETTINGS = [
    SigmoidClassifier(),
    SigmoidClassifier((8, 5), init="uniform", learning_rate=2.0, batch_size=5, epochs=300),
    SigmoidClassifier(5, stop_when_right=True),
    SigmoidClassifier(batch_size=FULL),
    SigmoidRegressor(),
    SigmoidRegressor(batch_size=FULL, learning_rate=3.0, epochs=3_000),
]
EQUIVALENCE = "check_sample_weight_equivalence_on_dense_data"


def expected_to_fail(estimator):
    """With small batches a weight of 3 is not three copies; with one batch of all samples it is."""
    return {} if estimator.batch_size == FULL else {EQUIVALENCE: "a step is taken after each batch"}


@parametrize_with_checks(SETTINGS, expected_failed_checks=expected_to_fail)
def test_scikit_learn_is_content(estimator, check):
    check(estimator)


def copies(class_weight=None, **settings):
    """The weights of two networks, one trained on weighted samples, one on copies; a sample of weight 0 among them."""
    X, y = make_blobs(40, centers=3, random_state=0)
    times = np.random.default_rng(0).integers(0, 4, 40)
    new = lambda: SigmoidClassifier(epochs=200, random_state=0, batch_size=FULL, class_weight=class_weight, **settings)
    rows = np.repeat(np.arange(40), times)
    return [model.network_.vector for model in (new().fit(X, y, sample_weight=times), new().fit(X[rows], y[rows]))]


@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 1, 1: 5, 2: 0.5}])
def test_with_one_batch_a_weight_is_so_many_copies(class_weight):
    np.testing.assert_allclose(*copies(class_weight), rtol=1e-7)


@pytest.mark.parametrize("batch_size", [1, 10, FULL])
def test_only_ratios_of_weights_count(batch_size):
    X, y = make_blobs(40, centers=2, random_state=0)
    weights = np.random.default_rng(0).uniform(0.1, 1, 40)
    one, other = (SigmoidClassifier(epochs=20, batch_size=batch_size, random_state=0).fit(X, y, sample_weight=w)
                  for w in (weights, 1e-6 * weights))
    np.testing.assert_allclose(one.network_.vector, other.network_.vector, rtol=1e-9)


def test_adaboost():
    X, y = make_moons(200, noise=0.2, random_state=0)
    weak = SigmoidClassifier(2, epochs=20, random_state=0)
    boosted = AdaBoostClassifier(weak, n_estimators=15, random_state=0).fit(X, y)
    assert boosted.score(X, y) > weak.fit(X, y).score(X, y) + 0.02


@pytest.mark.parametrize("end", [dict(stop_when_right=True), dict(early_stopping=True)], ids=str)
def test_the_cap_is_told(end):
    X, y = make_moons(200, noise=0.3, random_state=0)
    with pytest.warns(ConvergenceWarning, match="after 3 epochs"):
        SigmoidClassifier(epochs=3, random_state=0, **end).fit(X, y)


def test_balanced_needs_all_samples():
    with pytest.raises(ValueError, match="partial_fit cannot know"):
        SigmoidClassifier(class_weight="balanced").partial_fit([[0.0], [1.0]] * 5, [0, 1] * 5)


@pytest.mark.parametrize("interval", [None, (0, 10), [-5.0, 20.0]])
def test_a_regressor_stays_in_its_interval(interval):
    X = np.linspace(0, 1, 50)[:, None]
    y = 4 + 3 * X[:, 0] ** 2
    model = SigmoidRegressor(epochs=500, interval=interval, random_state=0).fit(X, y)
    low, high = model.interval_
    assert (low, high) == ((3.7, 7.3) if interval is None else tuple(interval))
    assert model.score(X, y) > 0.9 and np.all((low <= model.predict(1e6 * X)) & (model.predict(-1e6 * X) <= high))


@pytest.mark.parametrize("interval", [(0, 1), (5, 4), (4, 4), 3, (0, 9, 10), "all", (np.nan, 10)])
def test_an_interval_that_does_not_hold_the_targets_is_refused(interval):
    with pytest.raises(ValueError, match="interval"):
        SigmoidRegressor(interval=interval).fit([[0.0], [1.0]], [4.0, 7.0])


def test_a_network_trains_on_after_a_read_only_map(tmp_path):
    """joblib hands arrays of more than a megabyte to its processes as read-only maps."""
    joblib = pytest.importorskip("joblib")
    X, y = [[0.0, 1.0], [1.0, 0.0]] * 5, [0, 1] * 5
    joblib.dump(SigmoidClassifier((400, 400), epochs=1, random_state=0).fit(X, y), tmp_path / "model")
    again = joblib.load(tmp_path / "model", mmap_mode="r")
    assert again.network_.vector.nbytes > 1_000_000
    assert again.partial_fit(X, y).n_iter_ == 2


def trained_on(model, X, y):
    return model.partial_fit(X, y)


def test_large_networks_train_in_the_processes_of_joblib():
    joblib = pytest.importorskip("joblib")
    X, y = np.random.default_rng(0).uniform(0, 1, (1_000, 200)), np.arange(1_000) % 2
    model = SigmoidClassifier((400, 400), epochs=1, random_state=0).fit(X, y)
    assert model.network_.vector.nbytes > 1_000_000 and X.nbytes > 1_000_000
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(trained_on)(model, X, y) for _ in range(2))
    expected = model.partial_fit(X, y).network_.vector
    for one in found:
        assert one.n_iter_ == 2
        np.testing.assert_allclose(one.network_.vector, expected, rtol=1e-9)


@pytest.mark.parametrize("wrong", [
    dict(learning_rate=-1), dict(epochs=2.5), dict(hidden_layers=0), dict(hidden_layers=[3, 0]), dict(init="zero"), dict(bias="yes"),
    dict(batch_size=0), dict(shuffle="no"), dict(random_state="a"), dict(validation_fraction=1.0), dict(n_iter_no_change=0),
    dict(verbose=-1), dict(class_weight="heavy"), dict(class_weight={0: -1, 1: 1}), dict(class_weight={0: 0, 1: 0}),
], ids=str)
def test_a_fit_that_raised_leaves_nothing_that_predicts(wrong):
    X, y = [[0.0], [1.0]] * 5, [0, 1] * 5
    model = SigmoidClassifier(epochs=2, random_state=0).fit(X, y)
    with pytest.raises(ValueError):
        model.set_params(**wrong).fit(X, y)
    with pytest.raises(ValueError):
        model.predict([[0.0]])
