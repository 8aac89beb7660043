"""What can be wrong with what is asked of a search."""

from dataclasses import dataclass

from netc.diag import Misspelt, Problem


@dataclass(frozen=True)
class UnknownVariable(Misspelt):
    """A search is to vary something that the file does not have.

    It can vary the net's parameters, numbers of the `train` section such as `batch`, options of
    the optimizer such as `rate`, and options of layers: `dropout_1.rate`, or `conv_1` alone for its
    width. `widths` stands for the widths of all hidden layers.

    Example:
        netc search a.net --vary rat=0.001..0.1
    """

    slug = "unknown-variable"
    usage = True
    message = "there is no `{name}` that could be varied"
    label = "unknown"

    name: str


@dataclass(frozen=True)
class BadRange(Problem):
    """What a search is to vary something over is no range of it.

    `LOW..HIGH` draws numbers from LOW to HIGH, both included, and whole ones where the thing is
    counted. `LOW..HIGH,log` draws them evenly over orders of magnitude. `A,B,C` draws one of these
    values. A name alone stands for its usual range; widths, the rate and the decay have one.

    Example:
        netc search a.net --vary batch=64..16
    """

    slug = "bad-range"
    usage = True
    message = "`{name}` cannot be varied so"
    label = "{reason}"
    help = "{way_out}"

    name: str
    reason: str
    way_out: str = ""


@dataclass(frozen=True)
class VariedTwice(Problem):
    """A search is to vary the same thing in two ways.

    Example:
        netc search a.net --vary rate=0.1..1 --vary optimizer.rate=0.01..1
    """

    slug = "varied-twice"
    usage = True
    message = "`{name}` is to be varied twice"
    label = "the second time"
    help = "keep one of them"

    name: str


@dataclass(frozen=True)
class NothingHeldOut(Problem):
    """There are too few training examples to score trials on a part of them.

    A search never looks at the test data, or its best net would be chosen by them.

    Example:
        netc search a.net       # with two training examples
    """

    slug = "nothing-held-out"
    message = "there are too few training examples to hold some out: {examples}"
    help = "it takes more data, or a larger part of them: `--held-out 0.5`"

    examples: int


@dataclass(frozen=True)
class UnusableSearch(Problem):
    """The folder of a search cannot be used: it is not there, or its files are no search.

    Example:
        netc search --resume runs/nowhere
    """

    slug = "unusable-search"
    missing = True
    message = "cannot use the search in `{path}`: {reason}"
    help = "{way_out}"

    path: str
    reason: str
    way_out: str = ""
