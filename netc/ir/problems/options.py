"""What can be wrong with the options of anything that has some."""

from dataclasses import dataclass

from netc.diag import Fix, Misspelt, Problem, Repeated


@dataclass(frozen=True)
class UnknownOption(Misspelt):
    """The type has no option of this name.

    `netc explain TYPE` lists the options of a layer type with their defaults.

    Example:
        net a {
            input x [4]
            dropout(drop_porb: 0.5)
        }
    """

    slug = "unknown-option"
    message = "`{type}` has no option `{option}`"
    label = "unknown option"

    type: str
    option: str


@dataclass(frozen=True)
class UnknownKind(Misspelt):
    """A word stands where an optimizer, a schedule, an initializer or a data source is named,
    and it names none.

    Example:
        net a {
            input x [4]
            dense(10, init: xaver)
        }
    """

    slug = "unknown-kind"
    message = "there is no {noun} `{name}`"
    label = "unknown {noun}"

    noun: str
    name: str


@dataclass(frozen=True)
class MissingOption(Problem):
    """An option that has no default must be given.

    Example:
        net a {
            input x [1, 8, 8]
            conv(kernel: 3)
        }
    """

    slug = "missing-option"
    message = "`{type}` needs the option `{option}`"
    label = "`{option}` is missing"
    help = "write for example `{example}`; `{option}`: {doc}"

    type: str
    option: str
    example: str
    doc: str


@dataclass(frozen=True)
class WrongKind(Problem):
    """The value of an option is of a kind that the option does not take.

    Example:
        net a {
            input x [4]
            dense("ten")
        }
    """

    slug = "wrong-kind"
    message = "`{option}` of `{type}` takes {expected}"
    label = "this is {found}"
    help = "{way_out}"

    type: str
    option: str
    expected: str
    found: str
    way_out: str = ""
    instead: str = ""

    def fixes(self) -> tuple[Fix, ...]:
        if not self.instead or self.span is None:
            return ()
        return (Fix(f"write `{self.instead}`", self.span, self.instead),)


@dataclass(frozen=True)
class BadValue(Problem):
    """The value of an option is of the right kind and out of its range.

    Example:
        net a {
            input x [4]
            dropout(1.5)
        }
    """

    slug = "bad-value"
    message = "`{option}` of `{type}` must be {allowed}"
    label = "{found}"
    help = "{way_out}"

    type: str
    option: str
    allowed: str
    found: str
    way_out: str = ""


@dataclass(frozen=True)
class RepeatedOption(Repeated):
    """An option is given twice in one call.

    Example:
        net a {
            input x [1, 8, 8]
            conv(4, kernel: 3, kernel: 5)
        }
    """

    slug = "repeated-option"
    message = "`{option}` is given twice"
    label = "the second time"
    help = "keep one of them"

    option: str


@dataclass(frozen=True)
class UnnamedOption(Problem):
    """A value stands without the name of the option it is meant for.

    Only one option of a type, its main option, may stand without its name: `conv(64)` means
    `filters: 64`, `dense(10)` means `units: 10`.

    Example:
        net a {
            input x [1, 8, 8]
            conv(4, 3)
        }
    """

    slug = "unnamed-option"
    message = "`{type}` cannot tell what this is for"
    label = "{question}"
    help = "{way_out}"

    type: str
    question: str
    way_out: str
