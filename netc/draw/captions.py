"""What is written in a box: a layer in the few words that a paper would print."""

from collections.abc import Container, Sequence
from dataclasses import MISSING

from netc.diag import amount
from netc.draw.flow import Step
from netc.draw.picture import Line
from netc.options import main_option, options_of, plain
from netc.types import Tensor

LIGHT = {"activation", "normalization", "dropout", "shape"}
"""Families whose layers are told in passing, in the box of the layer they follow."""

_TOLD = ("stride", "dilation", "groups", "top")
_LONGEST = 40


def shape_text(type: Tensor) -> str:
    """The shape of one example as papers print it, `64×56×56`."""
    if type.classes is not None or not all(isinstance(side, int) for side in type.shape):
        return str(type)
    if any(str(side) != str(int(side)) for side in type.shape):
        return str(type)
    return "×".join(map(str, type.shape))


def caption(step: Step) -> str:
    """A layer in a few words: `conv 3×3, 64, stride 2`."""
    layer, kind = step.layer, type(step.layer)
    declared, words = options_of(kind), []
    head = kind.name
    if "kernel" in declared:
        window = layer.window(*step.types)
        if window is not None:
            head += " " + "×".join(map(str, window.kernel))
    main = main_option(kind)
    if main is not None and main.name not in ("kernel", "stride"):
        value = getattr(layer, main.name)
        if main.default is MISSING or value != main.default:
            words.append(f"{main.name} {plain(value)}" if kind.roles else plain(value))
    for name in _TOLD:
        if name in declared and (main is None or name != main.name):
            words += _told(step, name)
    if not words:
        return short(head)
    return short(f"{head}, {', '.join(words)}" if " " in head else f"{head} {', '.join(words)}")


def _told(step: Step, name: str) -> list[str]:
    value, default = getattr(step.layer, name), options_of(type(step.layer))[name].default
    if value == default or value is None:
        return []
    text = "×".join(map(str, value)) if isinstance(value, tuple) else plain(value)
    return [f"{text} groups"] if name == "groups" else [f"{name} {text}"]


def short(text: str) -> str:
    """The text, cut where it would make a box too wide."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def lines_of(steps: Sequence[Step], outputs: Container[str] = ()) -> tuple[Line, ...]:
    """The lines of a box: each layer that counts on one of its own, the light ones together.

    A name that people gave is told too, but not that of `outputs`, which have a box for it.
    """
    lines: list[Line] = []
    light: list[str] = []
    alone = all(step.family in LIGHT for step in steps)
    for step in steps:
        if step.family in LIGHT and not (alone and not lines and not light):
            light.append(caption(step))
            continue
        lines += _together(light)
        light = []
        lines.append(Line(caption(step), strong=True))
        if not _is_numbered(step) and step.value not in outputs:
            lines.append(Line(short(step.name.split(".")[-1])))
        if step.shares:
            lines.append(Line(short(f"weights of {step.shares}")))
    return (*lines, *_together(light))


def _together(light: list[str]) -> list[Line]:
    """Light layers side by side, as many on a line as fit."""
    lines: list[str] = []
    for word in light:
        if lines and len(lines[-1]) + len(word) < _LONGEST - 14:
            lines[-1] += f" · {word}"
        else:
            lines.append(word)
    return [Line(line) for line in lines]


def _is_numbered(step: Step) -> bool:
    """Whether a layer has the name that netc gave it, which says nothing new."""
    name, own = type(step.layer).name, step.name.split(".")[-1]
    return own == name or own.removeprefix(f"{name}_").isdigit()


def title_of(step: Step) -> str:
    """Everything about a layer, for who rests the mouse on it."""
    layer, kind = step.layer, type(step.layer)
    given = [
        f"{o.name}: {plain(getattr(layer, o.name))}"
        for o in options_of(kind).values()
        if o.default is MISSING or getattr(layer, o.name) != o.default
    ]
    facts = [str(step.type) if step.type.shape or step.type.classes else "a number"]
    if step.params:
        facts.append(f"{step.params:,} params")
    if step.macs:
        facts.append(f"{amount(step.macs)} multiply-adds")
    if step.shares:
        facts.append(f"weights of {step.shares}")
    call = f"{kind.name}({', '.join(given)})" if given else kind.name
    return f"{step.name} = {call}\n{', '.join(facts)}"


def closed_lines(label: str, steps: Sequence[Step]) -> tuple[Line, ...]:
    """What a closed block shows: its name, how much is in it, what is learned there."""
    params = sum(step.params for step in steps)
    layers = "1 layer" if len(steps) == 1 else f"{len(steps)} layers"
    learned = f", {amount(params)} params" if params else ""
    return (Line(short(label), strong=True), Line(layers + learned))
