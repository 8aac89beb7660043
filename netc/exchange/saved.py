"""A net with its weights as ConvNetJS saves one: what its `toJSON` gives and `fromJSON` takes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from netc.diag import Problem
from netc.exchange.entries import Entry, Value
from netc.exchange.learning import Learning, decays, learning_of
from netc.exchange.listing import listing_of
from netc.exchange.notes import of_answers
from netc.exchange.numerals import numeral
from netc.exchange.problems import NotInConvNetJS
from netc.ir import Graph
from netc.training import Settings
from netc.types import Array

_OUT = ("out_depth", "out_sx", "out_sy", "layer_type")
_WINDOW = ("sx", "sy", "stride", "in_depth", *_OUT)


@dataclass(frozen=True)
class Saved:
    """The text in parts, and notes about what is not as it was."""

    parts: tuple[str, ...]
    notes: tuple[str, ...] = ()


def write_saved(
    graph: Graph, arrays: Mapping[str, Array], settings: Settings | None
) -> Saved | list[Problem]:
    """The net with these weights, which in ConvNetJS gives the answers that it gives in netc; or
    all that ConvNetJS has no word for."""
    entries = listing_of(graph)
    if isinstance(entries, list):
        return entries
    if problems := list(_not_finite(entries, arrays)):
        return problems
    notes = list(of_answers(graph, entries))
    how = settings or Settings()
    shares = decays(graph, entries, how)
    layers = []
    for entry in _for_prediction(entries, notes):
        learning = (
            learning_of(graph, entry, how, shares) if entry.type in ("conv", "fc") else Learning()
        )
        layers.append(_layer(entry, learning, arrays))
    return Saved(('{"layers":[', ",".join(layers), "]}"), tuple(notes))


def _not_finite(entries: Sequence[Entry], arrays: Mapping[str, Array]) -> Iterator[Problem]:
    for entry in entries:
        for port in ("weight", "bias") if entry.node and entry.type in ("conv", "fc") else ():
            name = str(entry.node.ports.get(port, "")) if entry.node else ""
            if name in arrays and not np.isfinite(arrays[name]).all():
                what = f"`{name}` has numbers that are not finite, and JSON has no word for them"
                yield NotInConvNetJS(None, what=what, way_out="take weights from before that")


def _for_prediction(entries: Sequence[Entry], notes: list[str]) -> Iterator[Entry]:
    """The layers, with dropout so that ConvNetJS, which multiplies by `drop_prob` in prediction,
    multiplies as netc does."""
    for entry in entries:
        layer: Any = entry.node.layer if entry.node else None
        if entry.type != "dropout" or layer.compat == "convnetjs" or entry.node is None:
            yield entry
            continue
        name = entry.node.name
        if layer.scaling == "training" or not layer.rate:
            notes.append(f"`{name}` does nothing in prediction, and is left out")
            continue
        if layer.rate != 0.5:
            notes.append(
                f"`{name}` has `drop_prob` {numeral(1 - layer.rate)}, by which ConvNetJS "
                f"multiplies in prediction; to train on there, set it to {numeral(layer.rate)}, "
                "and to compute so in netc, take `--set compat=convnetjs`"
            )
        yield replace(entry, options={"drop_prob": 1 - layer.rate})


# ---- text


def _layer(entry: Entry, learning: Learning, arrays: Mapping[str, Array]) -> str:
    """One layer, its keys in the order of ConvNetJS's `toJSON`."""
    options, after = entry.options, entry.after
    known: dict[str, Value | str] = {
        "out_depth": after.depth,
        "out_sx": after.sx,
        "out_sy": after.sy,
        "in_depth": entry.before.depth,
        "num_inputs": entry.before.numbers,
        "layer_type": entry.type,
        "l1_decay_mul": learning.l1_decay_mul,
        "l2_decay_mul": learning.l2_decay_mul,
        **options,
    }
    members = [f'"{key}":{_value(known[key])}' for key in _KEYS.get(entry.type, _OUT)]
    if entry.type in ("conv", "fc"):
        filters, biases = _volumes(entry, arrays)
        members += [f'"filters":[{",".join(filters)}]', f'"biases":{biases}']
    return "{" + ",".join(members) + "}"


_KEYS: Mapping[str, tuple[str, ...]] = {
    "maxout": (*_OUT, "group_size"),
    "dropout": (*_OUT, "drop_prob"),
    "lrn": ("k", "n", "alpha", "beta", "out_sx", "out_sy", "out_depth", "layer_type"),
    "pool": (*_WINDOW, "pad"),
    "conv": (*_WINDOW, "l1_decay_mul", "l2_decay_mul", "pad"),
    "fc": (*_OUT, "num_inputs", "l1_decay_mul", "l2_decay_mul"),
    **dict.fromkeys(("softmax", "svm", "regression"), (*_OUT, "num_inputs")),
}


def _volumes(entry: Entry, arrays: Mapping[str, Array]) -> tuple[list[str], str]:
    """The filters and the biases; the numbers of a filter by rows, columns and channels."""
    assert entry.node is not None
    layer: Any = entry.node.layer
    weight = arrays[str(entry.node.ports["weight"])]
    if entry.type == "fc":
        weight = weight.T if layer.transposed else weight
        before = entry.before
        weight = weight.reshape(len(weight), before.depth, before.sy, before.sx)
    count, depth, sy, sx = weight.shape
    rows = weight.transpose(0, 2, 3, 1).reshape(count, -1)
    sides = (1, 1, rows.shape[1]) if entry.type == "fc" else (sx, sy, depth)
    bias = entry.node.ports.get("bias")
    biases = np.zeros(count) if bias is None else arrays[str(bias)]
    return [_volume(sides, row) for row in rows], _volume((1, 1, count), biases)


def _volume(sides: tuple[int, int, int], numbers: Array) -> str:
    sx, sy, depth = sides
    values = map(numeral, numbers.astype(np.float64).tolist())
    written = ",".join(f'"{at}":{value}' for at, value in enumerate(values))
    return f'{{"sx":{sx},"sy":{sy},"depth":{depth},"w":{{{written}}}}}'


def _value(value: Value | str) -> str:
    return json.dumps(value) if isinstance(value, str) else numeral(value)
