"""The net and the trainer of `deepqlearn.Brain`, which learns to act."""

from collections.abc import Mapping

from netc.diag import Span
from netc.formats.convnetjs.script.values import List, Record, Unknown, Value
from netc.formats.json.nodes import Number, String

_DEFAULTS = {"learning_rate": 0.01, "momentum": 0, "batch_size": 64, "l2_decay": 0.01}


def agent_layers(here: Span, values: list[Value]) -> Value | None:
    """The layers that an agent is given, or those it makes of `hidden_layer_sizes`."""
    options = _options(values)
    given = options.get("layer_defs") if options else None
    return given or _made(here, values, options)


def agent_trainer(here: Span, values: list[Value]) -> Value:
    """The options of the trainer of an agent, its own where none are given."""
    options = _options(values)
    given = options.get("tdtrainer_options") if options else None
    return given or _record(here, _DEFAULTS)


def _options(values: list[Value]) -> Record | None:
    last = values[2] if len(values) > 2 else None
    return last if isinstance(last, Record) else None


def _made(here: Span, values: list[Value], options: Record | None) -> Value | None:
    """The net of an agent without `layer_defs`: states and actions of some steps go in."""
    sizes = options.get("hidden_layer_sizes") if options else None
    window = options.get("temporal_window") if options else None
    steps = window or Number(here.start, here.end, 1)
    if sizes is not None and not isinstance(sizes, List):
        return sizes if isinstance(sizes, Unknown) else None
    numbers = [value for value in (*values[:2], steps) if isinstance(value, Number)]
    if len(numbers) < 3:
        unknown = [value for value in (*values[:2], steps) if isinstance(value, Unknown)]
        return unknown[0] if unknown else None
    states, actions, count = (number.value for number in numbers)
    inputs = states * count + actions * count + states
    layers = [_record(here, {"type": "input", "out_sx": 1, "out_sy": 1, "out_depth": inputs})]
    for size in sizes.items if sizes else ():
        layer = _record(here, {"type": "fc", "activation": "relu"})
        layer.members.insert(1, (String(here.start, here.end, "num_neurons"), size))
        layers.append(layer)
    layers.append(_record(here, {"type": "regression"}))
    layers[-1].members.append((String(here.start, here.end, "num_neurons"), values[1]))
    return List(here.start, here.end, [*layers])


def _record(here: Span, members: Mapping[str, str | float]) -> Record:
    made = Record(here.start, here.end)
    for key, value in members.items():
        node: Value = (
            Number(here.start, here.end, value)
            if not isinstance(value, str)
            else (String(here.start, here.end, value))
        )
        made.members.append((String(here.start, here.end, key), node))
    return made
