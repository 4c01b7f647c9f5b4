"""scikit-learn's own questions to an estimator."""
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: sklearn)")
from backprop_lab.classifier import SigmoidClassifier  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

SETTINGS = [
    SigmoidClassifier(),
    SigmoidClassifier((8, 5), init="uniform", learning_rate=2.0, batch_size=5, epochs=300),
    SigmoidClassifier(5, stop_when_right=True),
]


@parametrize_with_checks(SETTINGS)
def test_scikit_learn_is_content(estimator, check):
    check(estimator)


def test_a_network_trains_on_after_a_read_only_map(tmp_path):
    """joblib hands arrays of more than a megabyte to its processes as read-only maps."""
    joblib = pytest.importorskip("joblib")
    X, y = [[0.0, 1.0], [1.0, 0.0]] * 5, [0, 1] * 5
    joblib.dump(SigmoidClassifier((400, 400), epochs=1, random_state=0).fit(X, y), tmp_path / "model")
    again = joblib.load(tmp_path / "model", mmap_mode="r")
    assert again.network_.vector.nbytes > 1_000_000
    assert again.partial_fit(X, y).n_iter_ == 2


def test_a_fit_that_raised_leaves_nothing_that_predicts():
    model = SigmoidClassifier(epochs=2, random_state=0).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
    for wrong in (dict(learning_rate=-1), dict(epochs=2.5), dict(hidden_layers=0), dict(init="zero")):
        with pytest.raises(ValueError):
            model.set_params(**{**SigmoidClassifier().get_params(), **wrong}).fit([[0.0], [1.0]] * 5, [0, 1] * 5)
        with pytest.raises(ValueError):
            model.predict([[0.0]])
