"""scikit-learn's own questions to an estimator."""
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (extra: sklearn)")
from backprop_lab.classifier import SigmoidClassifier  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402


@parametrize_with_checks([SigmoidClassifier(), SigmoidClassifier((8, 5), init="uniform", learning_rate=2.0, batch_size=5, epochs=1_000)])
def test_scikit_learn_is_content(estimator, check):
    check(estimator)
