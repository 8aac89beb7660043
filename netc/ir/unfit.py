"""What is said where a layer does not fit what flows into it."""

from collections.abc import Mapping, Sequence

from netc.diag import Fix, Label, Problem, Span, quoted
from netc.ir.application import Application
from netc.ir.expected import expected_text
from netc.ir.graph import Node
from netc.ir.problems import BadShape, WrongInputs
from netc.ir.roles import meant_in_role
from netc.ir.scope import Value
from netc.ir.trace import changes
from netc.layers import Layer, inputs_of
from netc.options import main_option
from netc.types import Reject, Tensor


def wrong_inputs(cls: type[Layer], call: Application, *, is_main_missing: bool) -> Problem:
    """The problem where too few or too many values flow in. Where the main option is missing and
    there is a value too many, the value stands in its place."""
    names, got, main = inputs_of(cls), len(call.values), main_option(cls)
    missing = quoted(_missing(cls, call))
    if missing:
        way_out = f"write `{call.type.text}({', '.join(names)})` with names of values"
    elif is_main_missing and main is not None:
        way_out = f"`{main.name}` takes {expected_text(main)}, not a value"
    else:
        way_out = "leave one out, or join them first with `add` or `concat`"
    return WrongInputs(
        call.span,
        type=call.type.text,
        takes=f"{_count(len(names))} ({quoted(names)})",
        got=str(got),
        detail=f"{missing} is missing" if missing else "too many values flow in here",
        way_out=meant_in_role(call.type.text, call.naming.role) or way_out,
    )


def _missing(cls: type[Layer], call: Application) -> Sequence[str]:
    """The inputs for which nothing is there; where a label is all there is, it is the others."""
    names, got = inputs_of(cls), call.values
    if len(got) == 1 and got[0].type is not None and got[0].type.classes is not None:
        return [name for name in names if name != "label"]
    return names[len(got) :]


def bad_shape(
    call: Application,
    cls: type[Layer],
    spans: Mapping[str, Span],
    reject: Reject,
    made: Mapping[str, Node],
    types: Mapping[str, Tensor],
) -> Problem:
    """The problem where a layer refuses the shapes of what flows in."""
    span = spans.get(reject.culprit, call.type.span)
    blamed = _blamed(cls, call.values, reject.culprit)
    sources = [Label(v.span, f"gives {v.type}") for v in blamed if v.span != span]
    if inputs_of(cls)[0].startswith("*") and len(blamed) == 2:
        sources += changes((blamed[0], blamed[1]), made, types, call.naming.prefix)
    channels = _channels_first(blamed)
    return BadShape(
        span,
        layer=call.naming.layer or call.type.text,
        reason=reject.reason,
        way_out=channels or reject.help,
        sources=tuple(sources),
        change=_added(call, *reject.change) if reject.change and not channels else None,
    )


def _blamed(cls: type[Layer], values: tuple[Value, ...], culprit: str) -> list[Value]:
    """The inputs, each once; of many only the first and the one that the culprit names."""
    names = inputs_of(cls)
    if names[0].startswith("*") and culprit.startswith(names[0][1:] + "["):
        index = int(culprit.rstrip("]").split("[")[1])
        values = (values[0], values[index])
    return list(dict.fromkeys(values))


def _channels_first(values: Sequence[Value]) -> str:
    """Help for who wrote `[28, 28, 1]`; empty where the channels do not seem to be the last."""
    shape = values[0].type.shape if values and values[0].type is not None else ()
    if len(shape) != 3 or not shape[0] == shape[1] > 4 or shape[2] not in (1, 3, 4):
        return ""
    return f"an image is its channels, its height and its width: `{[shape[2], *shape[:2]]}`"


def _added(call: Application, option: str, value: str) -> Fix | None:
    """The fix that gives a layer one more option, behind those it has.

    A line that is used more than once may be right elsewhere as it is.
    """
    if not call.options or call.span.source.is_json:
        return None
    last = max((argument.span for argument in call.options), key=lambda span: span.end)
    place = Span(last.source, last.end, last.end)
    is_safe = not call.naming.prefix
    return Fix(f"add `{option}: {value}`", place, f", {option}: {value}", is_safe=is_safe)


def _count(number: int) -> str:
    return {1: "one value", 2: "two values"}.get(number, f"{number} values")
