"""A graph laid out in time and memory."""

from netc.plan.lifetime import Buffers
from netc.plan.memory import place
from netc.plan.plan import ALIGNMENT, Plan, plan
from netc.plan.step import Step

__all__ = ["ALIGNMENT", "Buffers", "Plan", "Step", "place", "plan"]
