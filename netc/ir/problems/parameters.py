"""What can be wrong with what a block or a net is given for its parameters."""

from dataclasses import dataclass

from netc.diag import Label, Misspelt, Problem, Span


@dataclass(frozen=True)
class MissingArgument(Problem):
    """A block has a parameter without a default, and it is not given.

    Example:
        net a {
            input x [1, 8, 8]
            unit(kernel: 3)
        }
        block unit(filters, kernel) {
            conv(filters, kernel: kernel)
        }
    """

    slug = "missing-argument"
    message = "`{block}` needs {names}"
    label = "not given here"
    help = "write for example `{example}`"

    block: str
    names: str
    example: str
    parameter: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.parameter, "it has no default"),)


@dataclass(frozen=True)
class UnknownArgument(Misspelt):
    """A block has no parameter of this name.

    Example:
        net a {
            input x [1, 8, 8]
            unit(filters: 4, kernal: 3)
        }
        block unit(filters, kernel = 3) {
            conv(filters, kernel: kernel)
        }
    """

    slug = "unknown-argument"
    message = "`{block}` has no parameter `{name}`"
    label = "unknown parameter"

    block: str
    name: str


@dataclass(frozen=True)
class TooManyArguments(Problem):
    """A block gets more values than it has parameters.

    Example:
        net a {
            input x [1, 8, 8]
            unit(4, 3, 1)
        }
        block unit(filters, kernel = 3) {
            conv(filters, kernel: kernel)
        }
    """

    slug = "too-many-arguments"
    message = "`{block}` takes {takes}, got {got}"
    label = "one too many"
    help = "{way_out}"

    block: str
    takes: str
    got: int
    way_out: str


@dataclass(frozen=True)
class WrongArgument(Problem):
    """A parameter gets a value of another kind than its default.

    Example:
        net a {
            input x [1, 8, 8]
            unit("four")
        }
        block unit(filters = 8) {
            conv(filters, kernel: 3)
        }
    """

    slug = "wrong-argument"
    message = "`{name}` of `{block}` is {wanted}"
    label = "this is {found}"
    help = "{way_out}"

    block: str
    name: str
    wanted: str
    found: str
    default: Span
    way_out: str = ""

    def others(self) -> tuple[Label, ...]:
        return (Label(self.default, f"its default is {self.wanted}"),)


@dataclass(frozen=True)
class MissingParameter(Problem):
    """A parameter of the net has no default, and nothing sets it.

    Example:
        net a(classes) {
            input x [4]
            dense(classes)
        }
    """

    slug = "missing-parameter"
    message = "the parameter `{name}` of the net is not set"
    label = "has no default"
    help = "give it a default, as in `{name} = 10`, or set it: `--set {name}=10`"

    name: str


@dataclass(frozen=True)
class UnknownParameter(Misspelt):
    """A parameter is set from outside, by `--set` or in Python, and the net has none of that name.

    What can be set are the parameters of the net (`net resnet(depth = 50)`), the open sizes of
    its inputs (`input image [3, h, w]`), and the settings of the `train` section.

    Example:
        netc check specs/resnet.net --set dpeth=152
    """

    slug = "unknown-parameter"
    message = "the net `{net}` has no parameter `{name}`"
    label = "unknown parameter"

    net: str
    name: str
