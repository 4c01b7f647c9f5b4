"""Back-propagation to read, run and trust.

The modules are exported from the notebooks in `nbs/`, one each. Numba, matplotlib and what only some users have are loaded when first used.
"""
__version__ = "0.1.0"

from importlib import import_module

from .data import generate_linear, generate_xor_easy, read_points
from .activation import sigmoid, sigmoid_derivative
from .layers import forward
from .gradients import backward, loss
from .descent import update
from .network import SigmoidNetwork
from . import training, saving       # the network's abilities to learn and to be saved
from .explanation import explain
from .studies import study

_LATER = {   # name: its module, loaded when the name is first used
    **dict.fromkeys(["plot_points", "plot_result", "plot_surface", "plot_units", "plot_history"], "plots"),
    "Playground": "playground", "SigmoidClassifier": "classifier",   # need extras, so they are not in __all__
}
__all__ = [
    "generate_linear", "generate_xor_easy", "read_points", "sigmoid", "sigmoid_derivative",
    "forward", "backward", "loss", "update", "SigmoidNetwork", "plot_points", "plot_result", "plot_surface", "plot_units",
    "plot_history", "explain", "study",
]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_LATER[name]}", __name__), name)


def __dir__():
    return sorted([*globals(), *_LATER])
