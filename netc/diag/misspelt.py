"""A word that may stand for a known one."""

from dataclasses import dataclass

from netc.diag.diagnostic import Fix
from netc.diag.nearest import Sure
from netc.diag.problem import Problem


@dataclass(frozen=True)
class Misspelt(Problem):
    """Base of problems with a word that may stand for a known one, `near`.

    Where it can stand for nothing else, `near` is `Sure`.
    """

    help = "{advice}"

    near: str | None
    advice: str

    def fixes(self) -> tuple[Fix, ...]:
        if self.near is None or self.span is None:
            return ()
        return (
            Fix(f"write `{self.near}`", self.span, self.near, is_safe=isinstance(self.near, Sure)),
        )
