"""Sizes that are not known yet, computed from those of the inputs."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Source
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

    def asked(part: object) -> object:
        return sides.get(part.text, part) if isinstance(part, spec.Name) else part

    value: spec.Value = spec.changed(read.lets[0].value, asked)
    return value
