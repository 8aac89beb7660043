"""The manual of the language's own words, for `netc explain input` and the like."""

from collections.abc import Callable
from dataclasses import dataclass

WORDS: dict[str, type] = {}
"""A class for every word; its docstring is the page."""


def word(name: str) -> Callable[[type], type]:
    """Enter a class as the manual of a word."""

    def define(cls: type) -> type:
        WORDS[name] = dataclass(frozen=True)(cls)
        return cls

    return define


@word("net")
class Net:
    """A network: its inputs, its layers, and what they are for.

    A body is read from top to bottom. A chain leads one layer into the next by `->`; a chain
    that names no source goes on from the one above it, so a plain stack of layers is just its
    lines. `name = ...` names a value, to be used below. A file has one `net`.

    Example:
        net tiny {
            input image [1, 8, 8]
            conv(8, kernel: 3) -> relu
            features = flatten
            output scores = features -> dense(10)
        }
    """


@word("input")
class Input:
    """What goes into the net: an array of numbers for each example, or the number of its class.

    The sizes are those of one example; the batch is never written. An image is
    [channels, height, width], a sequence [channels, length], a plain list of numbers [length].
    `class(10)` is one of ten classes, numbered from 0. While training, the `data` of the `train`
    section fill each input: the field of the same name, or else the class goes where a class is
    wanted and the values where values are.

    Example:
        input image [3, 32, 32]
        input label class(10)
    """


@word("output")
class Output:
    """A value that the net is asked for when it is used.

    `netc predict` shows the outputs, and `netc compile` writes what they are made of; losses,
    metrics and labels are left out there. There may be several.

    Example:
        output prob = softmax(scores)
    """


@word("loss")
class Loss:
    """A number that training makes small. Several add up, each times its `weight`.

    `netc explain --list` shows the losses among the layer types: their names end in `_loss`.

    Example:
        loss softmax_loss(scores, label)
        loss softmax_loss(side, label, weight: 0.3)
    """


@word("metric")
class Metric:
    """A number that is reported, while training and by `netc test`, and changes nothing.

    The best weights of a run are those with the highest first metric.

    Example:
        metric accuracy(scores, label)
        metric top5 = accuracy(scores, label, top: 5)
    """
