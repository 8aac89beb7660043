"""A word that may stand for a known one."""

from dataclasses import dataclass, field

from netc.diag.diagnostic import Fix
from netc.diag.problem import Problem


@dataclass(frozen=True)
class Misspelt(Problem):
    """Base of problems with a word that may stand for a known one, `near`.

    `is_sure` says that it can stand for nothing else.
    """

    help = "{advice}"

    near: str | None
    advice: str
    is_sure: bool = field(default=False, kw_only=True)

    def fixes(self) -> tuple[Fix, ...]:
        if self.near is None or self.span is None:
            return ()
        return (Fix(f"write `{self.near}`", self.span, self.near, is_safe=self.is_sure),)
