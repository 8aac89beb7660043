"""What may be drawn for a thing that is varied: numbers between two ends, or one of some values."""

from dataclasses import dataclass
from math import exp, log

from netc import spec
from netc.diag import Source, Span
from netc.formats import text_of
from netc.types import Rng

Plain = int | float | str | None
"""A drawn value as tables and files have it."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; `is_log`: evenly over orders of magnitude.

    Whole numbers are multiples of `grain`; where it is 0, numbers have three digits.
    """

    low: float
    high: float
    is_log: bool = False
    grain: int = 0

    def draw(self, rng: Rng, span: Span) -> spec.Number:
        """A number of the range, each as likely."""
        if self.is_log:
            drawn = exp(rng.uniform(log(self.low), log(self.high)))
        elif self.grain:
            # Half a grain around the ends, or they would be drawn half as often as others.
            half = self.grain / 2
            drawn = rng.uniform(self.low - half, self.high + half)
        else:
            drawn = rng.uniform(self.low, self.high)
        return spec.Number(self._rounded(drawn), span)

    def _rounded(self, number: float) -> int | float:
        if not self.grain:
            return min(max(float(f"{number:.3g}"), self.low), self.high)
        least, most = -(-self.low // self.grain), self.high // self.grain
        return int(min(max(round(number / self.grain), least), most) * self.grain)

    def __str__(self) -> str:
        low, high = (_shortest(int(end) if self.grain else end) for end in self.ends)
        if not self.grain and low.isdecimal() and high.isdecimal():
            low = f"{low}.0"  # Or it would read as whole numbers.
        return f"{low}..{high}{',log' if self.is_log else ''}"

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high


@dataclass(frozen=True)
class Choices:
    """Some values, each as likely."""

    values: tuple[spec.Value, ...]

    def draw(self, rng: Rng, span: Span) -> spec.Value:
        """One of the values."""
        return self.values[rng.integers(len(self.values))]

    def __str__(self) -> str:
        return ",".join(map(text_of, self.values))


Among = Range | Choices


def plain(value: spec.Value | None) -> Plain:
    """A value as tables and files have it."""
    if value is None:
        return None
    return value.value if isinstance(value, spec.Number | spec.Text) else text_of(value)


def _shortest(number: int | float) -> str:
    """A number in the shortest form that reads back as the same."""
    text = text_of(spec.Number(number, _NOWHERE))
    is_whole = isinstance(number, float) and number.is_integer() and abs(number) < 1e15
    return text.removesuffix(".0") if is_whole else text


_NOWHERE = Span(Source("", ""), 0, 0)
