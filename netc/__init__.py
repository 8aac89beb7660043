"""A compiler for neural networks that are written down, not programmed.

net = netc.load("digits.net")
run = netc.train(net)
net.predict(images, weights=run.best)
net.compile("digits.onnx", weights=run.best)
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netc.api import Net, SpecError, Trained, load, resume, train
    from netc.train import Trainer

__all__ = ["Net", "SpecError", "Trained", "Trainer", "__version__", "load", "resume", "train"]

_FROM_API = ("Net", "SpecError", "Trained", "Trainer", "load", "resume")


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import netc` takes no time."""
    if name == "train":
        return importlib.import_module("netc.train")
    if name in _FROM_API:
        return getattr(importlib.import_module("netc.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Train(ModuleType):
    """The package `netc.train`, that can be called: `netc.train("digits.net")`."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return importlib.import_module("netc.api").train(*arguments, **named)


class _Netc(ModuleType):
    """This package. Python sets a subpackage as its attribute, and so `train` would hide the
    function of that name; it becomes both."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "train" and isinstance(value, ModuleType):
            value.__class__ = _Train
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Netc
