"""Options that are no layer's own: those of every layer with weights, and of every loss."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from netc.layers.base import Layer, Weight, has_weights
from netc.layers.initializers import Initializer
from netc.options import LayerName, option
from netc.types import Reject

_BIASES = ("bias", "shift", "hidden_bias")
"""What is added at the end of a layer, whatever its layer calls it."""


def init_option(argument: str) -> Literal["init", "bias_init"]:
    """The option that says how a weight starts which a layer calls so."""
    return "bias_init" if argument in _BIASES else "init"


@dataclass(frozen=True)
class Learning:
    """How the weights of one layer start and learn."""

    init: Initializer | None = option(None, "How the weights start, the bias aside.")
    bias_init: Initializer | None = option(None, "How the bias, or the shift, starts.")
    rate: float = option(1.0, "Factor on the learning rate; 0 freezes the weights.", at_least=0)
    decay: float = option(
        1.0, "Factor on the weight decay; biases, scales and shifts have none.", at_least=0
    )
    l1: float = option(
        0.0,
        "Times the sign of a weight, added to its gradient; for weights that decay.",
        at_least=0,
    )
    l2: float = option(
        0.0,
        "Times a weight, added to its gradient beside the decay; for weights that decay.",
        at_least=0,
    )
    max_norm: float | None = option(
        None,
        "L2 norm to which the weights that go into a unit or filter are held after each step, "
        "the bias aside.",
        above=0,
    )
    tied_to: LayerName | None = option(
        None, "The layer whose `weight` this one uses as its own; both learn it together."
    )

    def apply(self, weights: Mapping[str, Weight]) -> dict[str, Weight]:
        """The layer's weights as these options want them, or `Reject`."""
        if self.bias_init is not None and not any(name in _BIASES for name in weights):
            raise Reject("bias_init", "the layer has no bias", help="leave `bias_init` out")
        if self.max_norm is not None and not any(w.has_rows for w in weights.values()):
            is_apart = any(len(w.shape) > 1 for w in weights.values())
            raise Reject(
                "max_norm",
                "the layer has no row of weights for each filter, as not all see the same channels"
                if is_apart
                else "the layer has no unit that several weights go into",
                help="leave `max_norm` out",
            )
        self._check_penalties(weights)
        self._check_tie()
        self._check_init(weights)
        if self == _USUAL:
            return dict(weights)
        return {name: self._applied(name, weight) for name, weight in weights.items()}

    def _check_tie(self) -> None:
        """Reject what only the layer can say that the weight belongs to."""
        if self.tied_to is None:
            return
        for name in ("init", "decay", "l1", "l2", "max_norm"):
            if getattr(self, name) != getattr(_USUAL, name):
                does = "starts" if name == "init" else "learns"
                reason = f"the weight is that of `{self.tied_to}`, and {does} as that one does"
                raise Reject(name, reason, help=f"leave `{name}` out, or set it there")

    def _check_penalties(self, weights: Mapping[str, Weight]) -> None:
        if self.rate not in (0, 1) and not weights:
            raise Reject("rate", "the layer learns nothing", help="leave `rate` out")
        for name in ("decay", "l1", "l2"):
            is_idle = getattr(self, name) in (0, getattr(_USUAL, name))
            if not is_idle and not any(weight.decay for weight in weights.values()):
                reason = "the layer has nothing but biases, scales and shifts, which do not decay"
                raise Reject(name, reason, help=f"leave `{name}` out")

    def _check_init(self, weights: Mapping[str, Weight]) -> None:
        if self.init is not None and all(name in _BIASES for name in weights):
            reason = "the layer has nothing but what `bias_init` is for" if weights else ""
            raise Reject(
                "init",
                reason or "the layer has no weights",
                help="write `bias_init`" if weights else "leave `init` out",
            )
        for name, weight in weights.items():
            option_name = init_option(name)
            init: Initializer | None = getattr(self, option_name)
            if init is not None and (reason := init.refusal(weight.shape)):
                raise Reject(option_name, reason, help=f"choose another `{option_name}`")

    def _applied(self, name: str, weight: Weight) -> Weight:
        init: Initializer | None = getattr(self, init_option(name))
        return replace(
            weight,
            init=init or weight.init,
            rate=weight.rate * self.rate,
            decay=weight.decay * self.decay,
            max_norm=self.max_norm if weight.has_rows else None,
            l1=self.l1 if weight.decay else 0.0,
            l2=self.l2 if weight.decay else 0.0,
        )


_USUAL = Learning()


@dataclass(frozen=True)
class Counting:
    """How much a loss counts beside the others."""

    weight: float = option(1.0, "Factor on this loss in the sum that training makes small.")


def common_options(cls: type[Layer]) -> tuple[type, ...]:
    """The kinds whose options a layer of this type takes beside its own."""
    if has_weights(cls):
        return (Learning,)
    return (Counting,) if "loss" in cls.roles else ()
