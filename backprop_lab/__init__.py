"""Back-propagation to read, run and trust.

The modules are exported from the notebooks in `nbs/`, one each. The names below load their module, and with it
Numba or matplotlib, when they are first used.
"""
__version__ = "0.1.0"

from importlib import import_module

_HOME = {
    "generate_linear": "data",
    "generate_xor_easy": "data",
    "sigmoid": "sigmoid",
    "sigmoid_derivative": "sigmoid",
    "forward": "forward",
    "backward": "backward",
    "loss": "backward",
    "update": "update",
    "SigmoidNetwork": "network",
    "plot_points": "plots",
    "plot_surface": "plots",
    "plot_history": "plots",
}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *__all__])
