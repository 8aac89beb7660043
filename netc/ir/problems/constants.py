"""What can be wrong with constants and with expressions over them."""

from dataclasses import dataclass

from netc.diag import Label, Misspelt, Problem, Span


@dataclass(frozen=True)
class UnknownName(Misspelt):
    """A word stands where a constant is wanted, and nothing of that name is known there.

    Constants are the parameters of the net or block, what `let` and `for` name, and the `let`
    lines outside all sections. A text stands in quotes.

    Example:
        net a(width = 8) {
            input x [4]
            dense(2 * wdith)
        }
    """

    slug = "unknown-name"
    message = "there is no constant `{name}`"
    label = "unknown here"

    name: str


@dataclass(frozen=True)
class WrongOperand(Problem):
    """An operator stands between values it cannot work on.

    `+` adds numbers and joins two texts or two lists; `-`, `*`, `/`, `//`, `%` and `**` take
    numbers; `<` and `>` compare two numbers or two texts; `and`, `or` and `not` take true and
    false; `in` looks for something in a list or a table. Whether two things are equal can always
    be asked.

    Example:
        net a(width = 8) {
            input x [4]
            dense(width + "2")
        }
    """

    slug = "wrong-operand"
    message = "`{operator}` does not work on {operands}"
    label = "{detail}"
    help = "{way_out}"

    operator: str
    operands: str
    detail: str
    way_out: str = ""


@dataclass(frozen=True)
class DivisionByZero(Problem):
    """A number is divided by zero.

    Example:
        net a(groups = 0) {
            input x [4]
            dense(8 // groups)
        }
    """

    slug = "division-by-zero"
    message = "division by zero"
    label = "{detail}"

    detail: str = "this is 0"


@dataclass(frozen=True)
class TooLargeResult(Problem):
    """The value of an expression is larger than any use of it could be.

    Whole numbers stay below 2^63; lists and texts have at most 10,000 items.

    Example:
        net a {
            input x [4]
            dense(10 ** 99)
        }
    """

    slug = "too-large-result"
    message = "the value of this expression is too large"
    label = "{detail}"

    detail: str


@dataclass(frozen=True)
class BadIndex(Problem):
    """A list has no such place, or a table no such key.

    The places of a list count from 0; -1 is the last.

    Example:
        net a(depth = 19) {
            input x [4]
            dense({18: 64, 34: 128}[depth])
        }
    """

    slug = "bad-index"
    message = "there is no {index} in this {what}"
    label = "{detail}"
    help = "{way_out}"

    index: str
    what: str
    detail: str
    way_out: str


@dataclass(frozen=True)
class NotIndexed(Problem):
    """Square brackets ask a list for a place, or a table for a key; this is neither.

    Example:
        net a(depth = 18) {
            input x [4]
            dense(depth[0])
        }
    """

    slug = "not-indexed"
    message = "`[ ]` cannot look into {what}"
    label = "this is {found}"

    what: str
    found: str


@dataclass(frozen=True)
class UnknownFunction(Misspelt):
    """A function is called that the language does not have.

    Example:
        net a {
            input x [4]
            dense(maximum(4, 8))
        }
    """

    slug = "unknown-function"
    message = "there is no function `{name}`"
    label = "unknown function"

    name: str


@dataclass(frozen=True)
class WrongArguments(Problem):
    """A function is called with what it does not take.

    Example:
        net a {
            input x [4]
            dense(min("a", 3))
        }
    """

    slug = "wrong-arguments"
    message = "`{function}` takes {takes}"
    label = "{detail}"

    function: str
    takes: str
    detail: str


@dataclass(frozen=True)
class UnknownAttribute(Misspelt):
    """Something is asked of a value that is not known of it.

    A value has `shape`, `channels`, `height`, `width`, `length`, `size` and `rank`, class labels
    have `classes`; `in` is the value that flows in.

    Example:
        net a {
            input x [4]
            dense(in.chanels)
        }
    """

    slug = "unknown-attribute"
    message = "`{value}` has no `{name}`"
    label = "{detail}"

    value: str
    name: str
    detail: str


@dataclass(frozen=True)
class WrongCondition(Problem):
    """A condition must be true or false.

    Example:
        net a(depth = 3) {
            input x [4]
            if depth { dense(10) }
        }
    """

    slug = "wrong-condition"
    message = "a condition must be true or false"
    label = "this is {found}"
    help = "{way_out}"

    found: str
    way_out: str


@dataclass(frozen=True)
class FailedAssert(Problem):
    """An `assert` of the file does not hold.

    `params`, `macs` and `memory` are those of the whole net, `params(c1)` of one layer, and
    `shape` is that of the value at this line.

    Example:
        net a {
            input x [4]
            dense(10)
            assert params == 40
        }
    """

    slug = "failed-assert"
    message = "this is not so"
    label = "{found}"

    found: str
    sources: tuple[Label, ...] = ()

    def others(self) -> tuple[Label, ...]:
        return self.sources


@dataclass(frozen=True)
class RepeatedConstant(Problem):
    """Two constants of one scope have the same name, or a constant and a value have.

    Example:
        net a {
            let k = 3
            let k = 4
            input x [4]
            dense(k)
        }
    """

    slug = "repeated-constant"
    message = "there is already a `{name}` here"
    label = "named again"
    help = "choose another name; a constant never changes"

    name: str
    first: Span | None = None

    def others(self) -> tuple[Label, ...]:
        return (Label(self.first, "first named here"),) if self.first else ()
