"""How far two arrays are from each other, and how far they may be."""

from dataclasses import dataclass

import numpy as np

from netc.types import Array

RELATIVE, ABSOLUTE = 1e-3, 1e-5
"""What torchvision and others settled on for float32 between runtimes."""


@dataclass(frozen=True)
class Difference:
    """The greatest difference of two arrays, and the greatest finite number in the first."""

    greatest: float
    scale: float
    fits: bool

    @property
    def relative(self) -> float:
        """The greatest difference as a part of the greatest number."""
        return self.greatest / self.scale if self.scale else self.greatest


def compare(wanted: Array, got: Array) -> Difference:
    """Compare number by number; infinities and NaN must stand at the same places.

    A number may differ by `RELATIVE` of itself, and by `ABSOLUTE` of the greatest number beside
    it where that is above 1: what a sum of large numbers leaves near 0 is no better than that.
    """
    finite = np.abs(wanted[np.isfinite(wanted)].astype(np.float64))
    scale = float(finite.max(initial=0.0))
    if wanted.shape != got.shape:
        return Difference(np.inf, scale, fits=False)
    with np.errstate(invalid="ignore"):
        apart = np.abs(wanted.astype(np.float64) - got)
        apart[(wanted == got) | (np.isnan(wanted) & np.isnan(got))] = 0.0
        allowed = RELATIVE * np.abs(wanted) + ABSOLUTE * max(1.0, scale)
        # What is infinite on one side only fits nothing, though its allowance is infinite too.
        fits = (apart == 0) | (np.isfinite(wanted) & (apart <= allowed))
    greatest = float(np.nan_to_num(apart, nan=np.inf, posinf=np.inf).max(initial=0.0))
    return Difference(greatest, scale, bool(fits.all()))
