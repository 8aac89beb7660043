"""What there is in a spec that can be varied: each thing by its names, with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from netc import spec
from netc.diag import Source, Span
from netc.ir import Evaluator, Graph, Node, alternatives, constants_of, literal, settable
from netc.layers import has_weights
from netc.options import Option, main_option, options_of
from netc.searching.places import (
    LayerPlace,
    OptimizerPlace,
    ParameterPlace,
    Place,
    SettingPlace,
    Step,
)
from netc.training import OPTIMIZERS, Counts, Settings

Kind = Literal["whole", "real", "either", "words", "length"]
"""Which numbers a thing may be, if any; `length` is how long trials are, which is not varied."""

_LENGTHS = ("epochs", "steps", "test_every")
_WIDTHS = ("filters", "units")
"""The main options that say how wide a layer is."""

_NOWHERE = Span(Source("", ""), 0, 0)


@dataclass(frozen=True)
class Variable:
    """A thing that can be varied; `written` is what the file says of it, if that is one value.

    `layer` is set where it is how wide a layer is.
    """

    name: str
    place: Place
    kind: Kind
    written: spec.Value | None
    layer: str | None = None


def variables_of(whole: spec.Spec, graph: Graph, settings: Settings) -> Mapping[str, Variable]:
    """Everything that can be varied, by all of its names.

    A name that several things have is that of the first: of a parameter, then of a setting.
    """
    found: dict[str, Variable] = {}
    for names, place, kind, written, layer in _all(whole, graph, settings):
        free = [name for name in names if name not in found]
        for name in free:
            found[name] = Variable(free[0], place, kind, written, layer)
    return found


_Row = tuple[tuple[str, ...], Place, Kind, spec.Value | None, str | None]


def _all(whole: spec.Spec, graph: Graph, settings: Settings) -> Iterator[_Row]:
    evaluator = Evaluator([], constants_of(whole))
    for name in settable(whole):
        default = evaluator.constant(spec.Name(name, _NOWHERE))
        written = None if default is None else literal(default, _NOWHERE)
        yield (name,), ParameterPlace(name), _kind_of_parameter(written), written, None
    for name, option in options_of(Counts).items():
        kind: Kind = "length" if name in _LENGTHS else _kind(option)
        names = (name, f"train.{name}")
        yield names, SettingPlace(name), kind, value_of(getattr(settings, name)), None
    for name in ("optimizer", "schedule"):
        word = spec.Name(getattr(settings, name).name, _NOWHERE)
        yield (name, f"train.{name}"), SettingPlace(name), "words", word, None
    for name, option in _options_of_optimizers().items():
        written = value_of(getattr(settings.optimizer, name, None))
        names = (name, f"optimizer.{name}")
        yield names, OptimizerPlace(name), _kind(option), written, None
    yield from _of_layers(whole, graph)


def _options_of_optimizers() -> dict[str, Option]:
    """Options of any optimizer, as it may be varied which one it is."""
    return {name: o for kind in OPTIMIZERS.values() for name, o in options_of(kind).items()}


def _of_layers(whole: spec.Spec, graph: Graph) -> Iterator[_Row]:
    steps = _steps(whole)
    for node in graph.nodes:
        kind = type(node.layer)
        step = steps.get((node.span, kind.name)) if node.span else None
        if step is None:
            continue
        width = width_option(kind)
        for name, option in options_of(kind).items():
            names: tuple[str, ...] = (f"{node.name}.{name}",)
            names = (node.name, *names) if name == width else names
            written = value_of(getattr(node.layer, name, None))
            layer = node.name if name == width else None
            yield names, LayerPlace(step, name, kind), _kind(option), written, layer


def _steps(whole: spec.Spec) -> Mapping[tuple[Span, str], Step]:
    """The layer types in a file, as they are written, by where they stand."""
    found: dict[tuple[Span, str], Step] = {}
    for part in spec.walk((whole.net, whole.blocks)):
        if isinstance(part, Step):
            word = part if isinstance(part, spec.Name) else part.type
            found.setdefault((part.span, word.text), part)
    return found


def width_option(kind: type) -> str | None:
    """The option that says how wide layers with weights of this type are, if one does."""
    main = main_option(kind)
    return main.name if main and main.name in _WIDTHS and has_weights(kind) else None


def is_hidden(graph: Graph, layer: str) -> bool:
    """Whether what a layer gives flows into another one that learns."""
    reached: set[str] = set()
    for node in graph.nodes:
        is_behind = bool(reached.intersection(node.reads))
        if is_behind and has_weights(type(node.layer)) and _is_wide(node):
            return True
        if node.name == layer or is_behind:
            reached.update(node.writes)
    return False


def _is_wide(node: Node) -> bool:
    return width_option(type(node.layer)) is not None


def _kind(option: Option) -> Kind:
    taken = alternatives(option.type)
    if option.choices or not {int, float} & set(taken):
        return "words"
    return "real" if float in taken else "whole"


def _kind_of_parameter(written: spec.Value | None) -> Kind:
    if not isinstance(written, spec.Number):
        return "words"
    return "either" if isinstance(written.value, int) else "real"


def value_of(value: Any) -> spec.Value | None:
    """The value of an option as it is written, where it is one number, word or text."""
    if isinstance(value, bool):
        return spec.Boolean(value, _NOWHERE)
    if isinstance(value, int | float):
        return spec.Number(value, _NOWHERE)
    return spec.Name(value, _NOWHERE) if isinstance(value, str) else None


def written_optimizer(settings: Settings) -> spec.Call:
    """The optimizer with its rate, and all options that are not the usual ones."""
    optimizer: Any = settings.optimizer
    options = options_of(type(optimizer))
    given = {f.name: getattr(optimizer, f.name) for f in fields(optimizer) if f.name in options}
    arguments = tuple(
        spec.Argument(spec.Name(name, _NOWHERE), written, _NOWHERE)
        for name, value in given.items()
        if (name == "rate" or value != options[name].default)
        and (written := value_of(value)) is not None
    )
    return spec.Call(spec.Name(optimizer.name, _NOWHERE), arguments, _NOWHERE)
