"""The net and the trainer of `deepqlearn.Brain`, which learns to act."""

from collections.abc import Iterator, Mapping
from math import isfinite, prod

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.problems import BadScript, UnfitAgent
from netc.formats.convnetjs.script.values import List, Record, Unknown, Value, noun
from netc.formats.json.nodes import Array, Number, Object, String

_SIZES = (("out_depth", "depth"), ("out_sx", "sx", "width"), ("out_sy", "sy", "height"))
_DEFAULTS = {"learning_rate": 0.01, "momentum": 0, "batch_size": 64, "l2_decay": 0.01}


def agent_layers(here: Span, values: list[Value]) -> Value | None:
    """The layers that an agent is given, or those it makes of `hidden_layer_sizes`."""
    options = _options(values)
    given = options.get("layer_defs") if options else None
    return given or _made(here, values, options)


def unfit(source: Source, values: list[Value], layers: Array) -> Iterator[Problem]:
    """Where the net of an agent does not have the inputs and outputs that the agent counts on."""
    states, actions, window = _counts(values)
    ends = [layer for layer in layers.items[:1] + layers.items[-1:] if isinstance(layer, Object)]
    if states is None or actions is None or window is None or len(ends) < 2:
        return
    sizes = [_number(ends[0], names) for names in _SIZES]
    inputs, wanted = prod(size or 1 for size in sizes), states * window + actions * window + states
    if sizes[0] is not None and inputs != wanted and isfinite(wanted) and isfinite(inputs):
        way_out = f"{states} for the states now, and {states} + {actions} for each earlier step "
        way_out += f"(`temporal_window:{window}`), make {wanted}"
        yield UnfitAgent(ends[0].span(source), int(inputs), "inputs", int(wanted), way_out)
    outputs = _number(ends[1], ("num_neurons",))
    if outputs is not None and outputs != actions and isfinite(actions):
        way_out = f"write `num_neurons:{actions}`"
        yield UnfitAgent(ends[1].span(source), int(outputs), "outputs", int(actions), way_out)


def _counts(values: list[Value]) -> list[float | None]:
    """States, actions, and steps that are remembered; None for what is not known."""
    options = _options(values)
    window = options.get("temporal_window") if options else None
    given: list[Value | None] = [*values[:2], *[None] * (2 - len(values[:2])), window]
    numbers = [value.value if isinstance(value, Number) else None for value in given]
    return [*numbers[:2], 1 if window is None else numbers[2]]


def _number(layer: Object, names: tuple[str, ...]) -> float | None:
    found = (m.value for m in layer.members if m.key.value in names)
    return next((value.value for value in found if isinstance(value, Number)), None)


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
        return sizes if isinstance(sizes, Unknown) else _no_list(here.source, sizes)
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


def _no_list(source: Source, sizes: Value) -> Unknown:
    """What `hidden_layer_sizes` is, where it should be a list."""
    span = Span(source, sizes.start, sizes.end)
    what = f"`hidden_layer_sizes` is a list of numbers, and this is {noun(sizes)}"
    number = sizes.value if isinstance(sizes, Number) else 20
    way_out = f"write `[{number}]` for one hidden layer: ConvNetJS makes none of it"
    return Unknown(sizes.start, sizes.end, BadScript(span, what, way_out=way_out))


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
