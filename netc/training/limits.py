"""The length of the weights of every unit held to what `max_norm` allows."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netc.engines import Limit


class Limiter:
    """Shortens the rows of one weight, in place; the room for their lengths is taken once."""

    def __init__(self, limit: "Limit") -> None:
        self._limit = limit
        self._factors = np.empty(limit.rows.shape[:-2], limit.rows.dtype)

    def apply(self) -> None:
        """Scale every row that is too long to the length that is allowed.

        Rows so long that their square is no number stay: they would else become zeros, and
        nobody would hear that the training diverged.
        """
        rows, norm, factors = self._limit.rows, self._limit.norm, self._factors
        with np.errstate(over="ignore", invalid="ignore"):
            np.add.reduce(np.vecdot(rows, rows), axis=-1, out=factors)
            np.sqrt(factors, out=factors)
        if not np.any(factors > norm):
            return
        factors[~np.isfinite(factors)] = norm
        np.maximum(factors, norm, out=factors)
        np.divide(norm, factors, out=factors)
        rows *= factors[..., None, None]
