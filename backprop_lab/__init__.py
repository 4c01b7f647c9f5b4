"""Back-propagation to read, run and trust.

The modules are exported from the notebooks in `nbs/`, one each. Promised are the names in `__all__`, the module
`check`, the command and the file format. Numba, matplotlib and what only some users have are loaded when first used.
"""
__version__ = "0.2.0"

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .data import (
    generate_circle, generate_curve, generate_gauss, generate_linear, generate_spiral, generate_xor_easy, with_noise,
)
from .activation import sigmoid, sigmoid_derivative
from .layers import forward
from .gradients import backward, loss
from .descent import update
from .network import SigmoidNetwork
from . import training, saving       # what the network learned to do in later notebooks
from .explanation import explain

if TYPE_CHECKING:
    from .classifier import SigmoidClassifier, SigmoidRegressor
    from .playground import Playground, hold_out, live_page
    from .plots import plot_history, plot_points, plot_result, plot_surface, plot_units
    from .points import read_points
    from .studies import study

_LATER = {   # name: its module, loaded when the name is first used
    "read_points": "points",
    "plot_points": "plots", "plot_result": "plots", "plot_surface": "plots", "plot_units": "plots", "plot_history": "plots",
    "study": "studies",
    "hold_out": "playground", "live_page": "playground",
}
# these need extras, so they are not in __all__
_EXTRAS = {"Playground": "playground", "SigmoidClassifier": "classifier", "SigmoidRegressor": "classifier"}
__all__ = [
    "generate_linear", "generate_xor_easy", "generate_circle", "generate_gauss", "generate_spiral", "generate_curve",
    "with_noise", "sigmoid", "sigmoid_derivative", "forward", "backward", "loss", "update",
    "SigmoidNetwork", "explain", *_LATER,
]


def __getattr__(name):
    if name in (later := _LATER | _EXTRAS):
        return getattr(import_module(f".{later[name]}", __name__), name)
    if not name.startswith("_") and find_spec(f"{__name__}.{name}"):
        return import_module(f".{name}", __name__)       # a module by its name: backprop_lab.check
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_LATER, *_EXTRAS])
