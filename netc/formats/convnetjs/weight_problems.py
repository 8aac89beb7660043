"""What can be wrong with the weights of a saved network."""

from dataclasses import dataclass
from typing import ClassVar

from netc.diag import Level, Problem


@dataclass(frozen=True)
class BadVolume(Problem):
    """The weights of a saved network are not what its layers call for.

    A volume of ConvNetJS has the sides `sx`, `sy` and `depth`, and in `w` as many numbers as their
    product: a list of them, or an object whose keys are their indices. A `conv` or `fc` layer has
    such a volume for each filter in `filters`, and one with a number for each filter in `biases`.
    ConvNetJS reads such a file without a word and answers NaN.

    Example:
        netc check saved.json        # where a volume was cut short
    """

    slug = "bad-volume"
    message = "{what}"
    label = "{found}"
    help = "{way_out}"

    what: str
    found: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class NullWeights(Problem):
    """Weights of a saved network are `null`, and are read as 0.

    JSON has no word for NaN and for the infinite, so JavaScript writes `null` for them. That they
    are there means that training had diverged. ConvNetJS reads them as 0, too.

    Example:
        netc check saved.json        # where `w` has `"3":null` in it
    """

    slug = "null-weights"
    level: ClassVar[Level] = Level.WARNING
    message = "{count} weights of this layer are `null`, and are read as 0"
    label = "the first of them"
    help = "they were NaN or infinite when the net was saved: its training had diverged"

    count: int
