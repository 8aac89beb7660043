"""What problems of things said twice have in common."""

from dataclasses import dataclass
from typing import ClassVar

from netc.diag.diagnostic import Label
from netc.diag.problem import Problem
from netc.diag.span import Span


@dataclass(frozen=True)
class Repeated(Problem):
    """Base of problems with a second place that repeats a first one."""

    first_label: ClassVar[str] = "the first time"

    first: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.first, self.first_label),)
