"""Sizes that are not known yet, computed from those of the inputs."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from netc import spec
from netc.diag import Source, Span
from netc.expand.nowhere import NOWHERE, name, number
from netc.formats import parse
from netc.ir import Graph
from netc.sizes import Size
from netc.types import Bug

Sides = Mapping[str, spec.Value]
"""For the names of open sizes, the expressions that ask inputs for them."""


def sides_of(graph: Graph) -> dict[str, spec.Value]:
    """How the inputs are asked for each size that is not known: `image.shape[1]`."""
    found: dict[str, spec.Value] = {}
    for value in graph.inputs:
        shape = spec.Attribute(name(value), name("shape"), NOWHERE)
        for axis, side in enumerate(graph.types[value].shape):
            if isinstance(side, Size):
                found.setdefault(str(side), spec.Index(shape, number(axis), NOWHERE))
    return found


def formula(size: Size, sides: Sides) -> spec.Value:
    """A size that is not known yet, computed from those of the inputs: `x.shape[1] // 2`."""
    read = parse(Source("formula", f"let size = {size}"), ".net")
    if isinstance(read, list):
        raise Bug(f"the size {size} cannot be read")
    value: spec.Value = _asking(read.lets[0].value, sides)
    return value


def _asking(part: Any, sides: Sides) -> Any:
    """An expression with the names of sizes replaced."""
    if isinstance(part, spec.Name):
        return sides.get(part.text, part)
    if isinstance(part, tuple):
        return tuple(_asking(each, sides) for each in part)
    if is_dataclass(part) and not isinstance(part, Span | type):
        parts = {f.name: _asking(getattr(part, f.name), sides) for f in fields(part)}
        return replace(part, **parts)
    return part
