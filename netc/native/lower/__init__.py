"""What each layer becomes: tasks for kernels. Families register their rules when imported."""

from netc.native.lower import join, pointwise
from netc.native.lower.lowering import Lowering, lower

__all__ = ["Lowering", "join", "lower", "pointwise"]
