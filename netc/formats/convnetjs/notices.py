"""What netc does otherwise than ConvNetJS, and what has no effect in both, told once for a net."""

from collections.abc import Sequence

from netc.formats.convnetjs.counterparts import LOSSES
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.layers import Layer
from netc.formats.convnetjs.problems import AbsentLoss, DiffersFromOriginal, IdleOption, NoLossLayer
from netc.formats.convnetjs.trainer import Trainer

_DIFFERENCES = {
    "dropout": (
        "once trained, ConvNetJS multiplies by `drop_prob`, where 1 - `drop_prob` is right",
        "netc multiplies by 1 - `drop_prob`",
    ),
    "lrn": (
        "the gradient of `lrn` in ConvNetJS is wrong between channels",
        "netc's agrees with differences of its output",
    ),
    "tanh": (
        "`tanh` in ConvNetJS gives no number above 354.9",
        "netc's gives 1 there",
    ),
}
"""By layer type: what ConvNetJS does, and what netc does."""


def tell_of_differences(found: Findings, layers: Sequence[Layer], trainer: Trainer | None) -> None:
    """Tell of what the list meets, each at the first place of it."""
    for kind, (original, here) in _DIFFERENCES.items():
        place = next((layer.place for layer in layers if layer.type == kind), None)
        if place is not None:
            found.add(DiffersFromOriginal(found.span(place), original=original, here=here))
    _quadratic(found, layers)
    if trainer is not None:
        _idle_l1(found, layers, trainer)


def _quadratic(found: Findings, layers: Sequence[Layer]) -> None:
    place = next((layer.place for layer in layers if layer.type == "quadtransform"), None)
    if place is not None:
        original = "only release 0.3.0 of ConvNetJS makes such a layer; later ones pass over it"
        here, way_out = "netc makes it", "leave it out where the net was written for a later one"
        where = found.span(place)
        found.add(DiffersFromOriginal(where, original=original, here=here, way_out=way_out))


def _idle_l1(found: Findings, layers: Sequence[Layer], trainer: Trainer) -> None:
    factors = [each.options["l1_decay_mul"] for each in layers if "l1_decay_mul" in each.options]
    decay = trainer.options["l1_decay"]
    if not decay.value or any(factor.value for factor in factors):
        return
    where = "as `l1_decay_mul` of every layer is 0, which is the default"
    way_out = "leave it out, or set `l1_decay_mul: 1` in the layers it is meant for"
    place = found.span(decay.place)
    found.add(IdleOption(place, name="l1_decay", where=where, way_out=way_out))


def tell_of_losses(found: Findings, layers: Sequence[Layer], trainer: Trainer | None) -> None:
    """Tell of a list that ends without a loss."""
    kinds = [layer.type for layer in layers]
    if len(kinds) < 2 or kinds[-1] == "?" or any(kind in LOSSES for kind in kinds):
        return
    last = layers[-1]
    kind = AbsentLoss if trainer is not None else NoLossLayer
    found.add(kind(found.span(last.place), type=last.type))
