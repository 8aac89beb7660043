"""A compiler for neural networks that are written down, not programmed.

net = netc.load("digits.net")
run = netc.train(net)
net.predict(images, weights=run.best)
net.compile("digits.onnx", weights=run.best)
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netc.api import Net, SpecError, Trained, load, resume, train
    from netc.calibration import calibrate
    from netc.exploration import search
    from netc.training import Trainer

__all__ = [
    "Net",
    "SpecError",
    "Trained",
    "Trainer",
    "__version__",
    "calibrate",
    "load",
    "resume",
    "search",
    "train",
]

_ELSEWHERE = {"calibrate": "netc.calibration", "search": "netc.exploration"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import netc` takes no time."""
    if name.startswith("_") or name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _ELSEWHERE.get(name, "netc.api")
    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
