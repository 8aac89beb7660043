"""What can be wrong with where values come from, go to and stand."""

from dataclasses import dataclass

from netc.diag import Label, Level, Problem, Span


@dataclass(frozen=True)
class NoInput(Problem):
    """A net must say what goes into it.

    Example:
        net a {
        }
    """

    slug = "no-input"
    message = "the net `{name}` has no input"
    label = "nothing can flow into this net"
    help = "start it with a line such as `input image [1, 28, 28]`"

    name: str


@dataclass(frozen=True)
class BadInput(Problem):
    """An `input` line says nothing that can be an input.

    `input image [1, 28, 28]` is an array for each example; `input label class(10)` is a class
    number for each example, and `input truth class(21) [28, 28]` an array of them.

    Example:
        net a {
            input image [1, 0, 28]
        }
    """

    slug = "bad-input"
    message = "the input `{name}` is not well described"
    label = "{reason}"
    help = "{way_out}"

    name: str
    reason: str
    way_out: str = "write the sizes as in `[1, 28, 28]`, or `class(10)` for class numbers"


@dataclass(frozen=True)
class NothingFlows(Problem):
    """A chain without a source goes on from the value above it, and there is none.

    Example:
        net a {
            dense(10)
        }
    """

    slug = "nothing-flows"
    message = "nothing flows into `{type}`"
    label = "needs a value"
    help = "declare an input above it, such as `input image [1, 28, 28]`"

    type: str


@dataclass(frozen=True)
class WrongInputs(Problem):
    """A layer gets another number of values than it takes.

    Values flow in from the chain and from names among the arguments.

    Example:
        net a {
            input x [4]
            input label class(10)
            scores = dense(10)
            loss softmax_loss(scores)
        }
    """

    slug = "wrong-inputs"
    message = "`{type}` takes {takes}, got {got}"
    label = "{detail}"
    help = "{way_out}"

    type: str
    takes: str
    got: str
    detail: str
    way_out: str = ""


@dataclass(frozen=True)
class NotALayer(Problem):
    """A value stands in the middle of a chain, where only layers can.

    Example:
        net a {
            input x [4]
            h = dense(10)
            relu -> h
        }
    """

    slug = "not-a-layer"
    message = "`{name}` is a value, not a layer"
    label = "a value can only start a chain"
    help = "to bring two values together write `-> add({name})` or `-> concat({name})`"

    name: str


@dataclass(frozen=True)
class LooseValues(Problem):
    """Several values stand together, and no layer makes one of them.

    A tuple begins a chain: what follows it takes all of its values.

    Example:
        net a {
            input x [4]
            input y [4]
            both = (x, y)
            output dense(10)
        }
    """

    slug = "loose-values"
    message = "several values do not make one by themselves"
    label = "no layer takes these"
    help = "join them: `{written} -> concat`, or `-> add`"

    written: str


@dataclass(frozen=True)
class WrongRole(Problem):
    """A layer stands in a role it cannot play.

    `loss` needs a loss such as `softmax_loss`, `metric` a metric such as `accuracy`, and those
    two kinds can be nothing else.

    Example:
        net a {
            input x [4]
            loss dense(10)
        }
    """

    slug = "wrong-role"
    message = "`{type}` {wrong}"
    label = "{detail}"
    help = "{way_out}"

    type: str
    wrong: str
    detail: str
    way_out: str = ""


@dataclass(frozen=True)
class UnusedValue(Problem):
    """A value is made and nothing uses it.

    It is neither read by a layer below nor an output, so the work for it is wasted; most often a
    name is missing in a later line.

    Example:
        net a {
            input x [4]
            h = dense(10)
            output x -> softmax
        }
    """

    slug = "unused-value"
    level = Level.WARNING
    message = "nothing uses `{name}`"
    label = "made here"
    help = "use it, make it an `output`, or remove the line"

    name: str


@dataclass(frozen=True)
class UnusedInput(Problem):
    """An input is declared and nothing reads it.

    Example:
        net a {
            input x [4]
            input label class(10)
            output x -> softmax
        }
    """

    slug = "unused-input"
    level = Level.WARNING
    message = "nothing reads the input `{name}`"
    label = "declared here"
    help = "{way_out}"

    name: str
    way_out: str


@dataclass(frozen=True)
class LossOfProbabilities(Problem):
    """A loss that makes probabilities of scores is given probabilities.

    `softmax_loss` takes the softmax of what it gets, and `sigmoid_loss` the sigmoid. What went
    through one already is squeezed twice: the net still learns, but slowly and less well.

    Example:
        net a {
            input x [4]
            input label class(10)
            prob = dense(10) -> softmax
            loss softmax_loss(prob, label)
        }
    """

    slug = "loss-of-probabilities"
    level = Level.WARNING
    message = "`{loss}` gets what went through `{squeeze}` already"
    label = "`{loss}` holds a `{squeeze}` of its own"
    help = "give it the scores that flow into `{squeeze}`"

    loss: str
    squeeze: str
    place: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.place, "made here"),)
