"""A graph laid out in time and memory."""

from netc.plan.plan import ALIGNMENT, Plan, plan
from netc.plan.step import Step

__all__ = ["ALIGNMENT", "Plan", "Step", "plan"]
