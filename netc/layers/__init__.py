"""Every layer type. Importing a family's file here is what registers it."""

from netc.layers import activation, combine, conv, dense, dropout, loss, measure, shape, softmax
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
from netc.layers.initializers import INITIALIZERS, Initializer

__all__ = [
    "INITIALIZERS",
    "LENT",
    "REGISTRY",
    "Initializer",
    "Layer",
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
    "shape",
    "softmax",
]
