"""A net measured on data, and asked for answers."""

from collections.abc import Iterator, Mapping

import numpy as np

from netc.engines import Engine
from netc.training.data import Examples
from netc.training.feed import fill
from netc.training.metrics import Sum, metric_of
from netc.training.network import Measured, Network, Use
from netc.types import Array


def measure(network: Network, examples: Examples, *, batch: int) -> Measured:
    """Loss and metrics over all examples: the mean over examples, whatever the batch.

    The last, smaller batch has a plan of its own, and a batch counts by its examples: for a loss
    or metric that ignores some, by the others. Metrics that are no means, such as a table of
    confusions, are of all examples too. Where there are no examples there is neither.
    """
    count = len(examples)
    if count == 0:
        return Measured(None, {}, 0)
    network = network.taking(examples.shapes)
    sums: dict[str, Sum] = {}
    for engine, part in _parts(network, "test", count, batch):
        fill(examples, np.arange(part.start, part.stop), engine.inputs)
        engine.run()
        for name, found in network.sums(engine):
            sums[name] = found if name not in sums else sums[name] + found
    graph = network.graph_for("test")
    losses = [loss.weight * float(sums[loss.value].mean) for loss in graph.losses]
    metrics = {name: sums[name].shown(metric_of(graph, name)) for name in graph.metrics}
    return Measured(sum(losses) if losses else None, metrics, count)


def predict(network: Network, inputs: Mapping[str, Array], *, batch: int = 64) -> dict[str, Array]:
    """The outputs of a net for arrays of shape (count, ...), as arrays of the same count.

    `inputs` has an array for each input that an output depends on. Raises `Unfit` where they give
    a size to an open one that is too small.
    """
    network = network.taking({name: array.shape[1:] for name, array in inputs.items()})
    count = len(next(iter(inputs.values())))
    answers: dict[str, Array] = {}
    for engine, part in _parts(network, "infer", count, batch):
        for name in inputs_for_answers(network):
            engine.inputs[name][...] = inputs[name][part]
        engine.run()
        for name in network.graph_for("infer").outputs:
            answer = engine.value(name)
            if name not in answers:
                answers[name] = np.empty((count, *answer.shape[1:]), answer.dtype)
            answers[name][part] = answer
    return answers


def inputs_for_answers(network: Network) -> list[str]:
    """The inputs that the outputs are made of; labels are usually none of them."""
    graph = network.graph_for("infer")
    return [name for name in graph.inputs if name in graph.read]


def _parts(network: Network, use: Use, count: int, batch: int) -> Iterator[tuple[Engine, slice]]:
    """Every batch of `count` examples with an engine of its size."""
    whole = count - count % batch
    for size, start, stop in ((batch, 0, whole), (count - whole, whole, count)):
        if start == stop:
            continue
        with network.lend(use, size) as engine:
            for at in range(start, stop, size):
                yield engine, slice(at, at + size)
