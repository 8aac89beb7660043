"""What can be wrong with lines for one phase only."""

from dataclasses import dataclass

from netc.diag import Label, Misspelt, Problem, Span


@dataclass(frozen=True)
class WrongPhase(Problem):
    """A value that exists in one phase only is read where the other phase needs it too.

    Example:
        net a {
            input x [4]
            when train {
                noisy = dropout(0.5)
            }
            output noisy -> dense(2)
        }
    """

    slug = "wrong-phase"
    message = "`{name}` exists only in the phase `{phase}`"
    label = "read outside of `when {phase}`"
    help = "read it inside `when {phase} {{ }}`, or take the value that flows on after it"

    name: str
    phase: str
    first: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.first, "made here"),)


@dataclass(frozen=True)
class PhasesDiffer(Problem):
    """What lines for one phase give has another shape than what flows past them in the other.

    What flows on is the same in both phases, so it must have the same shape in both. Where lines
    in `when` are a side branch, the next line begins with the name of a value above them.

    Example:
        net a {
            input x [4]
            when train { dense(3) }
            output dense(2)
        }
    """

    slug = "phases-differ"
    message = "`when {phase}` changes the shape"
    label = "{made} with these lines, {came} without"
    help = "give both phases the same shape, or begin what follows with the name of a value"

    phase: str
    made: str
    came: str
    sources: tuple[Label, ...]

    def others(self) -> tuple[Label, ...]:
        return self.sources


@dataclass(frozen=True)
class UnknownPhase(Misspelt):
    """There are two phases: `train` and `test`.

    Example:
        net a {
            input x [4]
            when testing { dense(2) }
        }
    """

    slug = "unknown-phase"
    message = "there is no phase `{name}`"
    label = "unknown phase"

    name: str
