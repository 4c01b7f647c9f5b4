"""Back-propagation to read, run and trust.

The modules are exported from the notebooks in `nbs/`, one each. Numba and matplotlib are loaded when they are first used.
"""
__version__ = "0.1.0"

from .data import generate_linear, generate_xor_easy, read_points
from .sigmoid import sigmoid, sigmoid_derivative
from .forward import forward
from .backward import backward, loss
from .update import update
from .network import SigmoidNetwork

_PLOTS = ["plot_points", "plot_result", "plot_surface", "plot_history"]
__all__ = [
    "generate_linear", "generate_xor_easy", "read_points", "sigmoid", "sigmoid_derivative",
    "forward", "backward", "loss", "update", "SigmoidNetwork", *_PLOTS,
]


def __getattr__(name):
    if name not in _PLOTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import plots
    return getattr(plots, name)


def __dir__():
    return sorted([*globals(), *_PLOTS])
