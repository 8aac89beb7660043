"""Every layer type. Importing a family's file here is what registers it."""

from netc.layers import (
    activation,
    combine,
    conv,
    dense,
    dropout,
    loss,
    measure,
    normalize,
    pool,
    shape,
    softmax,
)
from netc.layers.base import (
    LENT,
    REGISTRY,
    Layer,
    State,
    Weight,
    Window,
    arguments_of,
    has_weights,
    inputs_of,
    layer,
)
from netc.layers.initializers import INITIALIZERS, Constant, Initializer
from netc.layers.learning import Counting, Learning

__all__ = [
    "INITIALIZERS",
    "LENT",
    "REGISTRY",
    "Constant",
    "Counting",
    "Initializer",
    "Layer",
    "Learning",
    "State",
    "Weight",
    "Window",
    "activation",
    "arguments_of",
    "combine",
    "conv",
    "dense",
    "dropout",
    "has_weights",
    "inputs_of",
    "layer",
    "loss",
    "measure",
    "normalize",
    "pool",
    "shape",
    "softmax",
]
