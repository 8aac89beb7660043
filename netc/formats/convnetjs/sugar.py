"""The options that stand for layers of their own, which any definition may have."""

from collections.abc import Mapping

from netc.diag import listed
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.problems import IdleOption, UnknownActivation, UnusableOption
from netc.formats.convnetjs.values import Given, printed, read_number, shown
from netc.formats.convnetjs.words import ACTIVATIONS, COUNT, SHARE
from netc.formats.json.nodes import Broken, Constant, Member, Number, Piece, String


def read_activation(found: Findings, members: Mapping[str, Member]) -> String | None:
    """The activation behind a layer; None where there is none, or none that is known."""
    if "activation" not in members:
        return None
    value = members["activation"].value
    if isinstance(value, Broken) or (isinstance(value, String) and value.value in ACTIVATIONS):
        return value if isinstance(value, String) else None
    words = listed((f"`{word}`" for word in ACTIVATIONS), "or")
    if not isinstance(value, String):
        wanted = f"{words}, in quotes"
        why = "ConvNetJS goes on without an activation here"
        found.add(
            UnusableOption(
                found.span(value), name="activation", value=shown(value), wanted=wanted, why=why
            )
        )
        return None
    near = found.meant(value, ACTIVATIONS)
    otherwise = f"it knows {words}; leave `activation` out where there is to be none"
    found.add(
        UnknownActivation(
            found.word(value),
            near=found.fixable(value, near),
            advice=advice(near, otherwise),
            name=printed(value.value),
        )
    )
    return None


def read_group(
    found: Findings, kind: str, members: Mapping[str, Member], activation: String | None
) -> Given | None:
    """The channels in a group of the activation maxout, where they are given."""
    if "group_size" not in members or kind == "maxout":
        return None
    if activation is None or activation.value != "maxout":
        place = found.span(members["group_size"].key)
        way_out = "leave it out, or set `activation` to `maxout`"
        found.add(IdleOption(place, name="group_size", where="without maxout", way_out=way_out))
        return None
    return read_number(found, members["group_size"], COUNT)


def read_drop(found: Findings, kind: str, members: Mapping[str, Member]) -> Given | None:
    """The probability of the dropout behind a layer, where there is one."""
    if "drop_prob" not in members or kind == "dropout":
        return None
    return read_number(found, members["drop_prob"], SHARE)


def read_tensor(found: Findings, kind: str, members: Mapping[str, Member]) -> Piece | None:
    """The place that asks for a quadtransform before a layer, where one does."""
    if "tensor" not in members:
        return None
    value = members["tensor"].value
    is_set = isinstance(value, Constant | Number) and bool(value.value)
    if not is_set or kind in ("fc", "conv"):
        return members["tensor"].key if is_set else None
    wanted = "`tensor` in a layer of type `fc` or `conv`"
    found.add(UnusableOption(found.span(value), name="tensor", value=shown(value), wanted=wanted))
    return None
