"""Layers that use the weight of another: which one a name stands for."""

from collections.abc import Iterator

from netc import spec
from netc.diag import quoted
from netc.ir.constants import literal
from netc.ir.frame import Frame
from netc.ir.meant import advise, meant
from netc.ir.problems import NoSuchWeight
from netc.ir.scope import Scope
from netc.ir.state import State


def tied_layer(state: State, written: spec.Value, frame: Frame) -> spec.Value | None:
    """What the full name of the tied weight begins with, or None after saying that there is none;
    what is no name at all is given back as it is.

    The name is that of a layer, of a chain that begins with one, or of a shared layer; a text may
    also come from a parameter.
    """
    written = _computed(written, frame.scope)
    name = written.value if isinstance(written, spec.Text) else _written(written)
    if name is None:
        return written
    for full in frame.scope.owned_names(name):
        if state.apply.has_weight(f"{full}.weight"):
            return spec.Text(full, written.span)
    known = list(_seen(state.apply.weights_called("weight"), frame.scope))
    near = meant(name, known)
    otherwise = f"layers further up that have one are {quoted(known[-8:])}" if known else ""
    advice = advise(name, near, otherwise or "the layer it is tied to stands further up")
    state.problems.append(NoSuchWeight(written.span, near=near, advice=advice, name=name))
    return None


def _computed(written: spec.Value, scope: Scope) -> spec.Value:
    """What a constant stands for, where the name is that of one."""
    name = spec.dotted(written)
    known = scope.constant(name.text) if name and scope.is_constant(name.text) else None
    return written if known is None else literal(known, written.span)


def _written(written: spec.Value) -> str | None:
    name = spec.dotted(written)
    return name.text if name else None


def _seen(owners: list[str], scope: Scope) -> Iterator[str]:
    """The names of layers as they can be written here."""
    for owner in owners:
        if owner.startswith(scope.owner):
            yield owner.removeprefix(scope.owner)
