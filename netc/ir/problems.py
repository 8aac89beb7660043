"""What can be wrong with a network whose text is right."""

from dataclasses import dataclass

from netc.diag import Fix, Label, Level, Problem, Span


@dataclass(frozen=True)
class _Misspelt(Problem):
    """Base of problems with a word that may stand for a known one, `near`."""

    help = "{advice}"

    near: str | None
    advice: str

    def fixes(self) -> tuple[Fix, ...]:
        if self.near is None or self.span is None:
            return ()
        return (Fix(f"write `{self.near}`", self.span, self.near),)


@dataclass(frozen=True)
class UnknownLayer(_Misspelt):
    """The layer type is none that netc knows.

    `netc explain --list` shows those it knows.

    Example:
        net a {
            input x [4]
            output x -> leeky_relu
        }
    """

    slug = "unknown-layer"
    message = "there is no layer type `{type}`"
    label = "unknown layer type"

    type: str


@dataclass(frozen=True)
class UnknownValue(_Misspelt):
    """A name is used as a value, and no line above gives that name to one.

    Inputs and chains have names: `scores = dense(10)` names what `dense` gives. A value can be
    used below the line that names it, not above.

    Example:
        net a {
            input x [4]
            scores = dense(10)
            output softmax(scroes)
        }
    """

    slug = "unknown-value"
    message = "there is no value `{name}`"
    label = "unknown value"

    name: str


@dataclass(frozen=True)
class UnknownWord(_Misspelt):
    """The first word of a chain is neither a value nor a layer type.

    A chain starts with the name of a value, or with the first layer that the value of the chain
    above goes into.

    Example:
        net a {
            input x [4]
            flaten -> dense(10)
        }
    """

    slug = "unknown-word"
    message = "`{name}` is neither a value nor a layer type"
    label = "unknown here"

    name: str


@dataclass(frozen=True)
class UnknownOption(_Misspelt):
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
class UnknownKind(_Misspelt):
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
class RepeatedOption(Problem):
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
    first: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.first, "the first time"),)


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


@dataclass(frozen=True)
class RepeatedName(Problem):
    """Two values of a net have the same name.

    Example:
        net a {
            input x [4]
            h = dense(10)
            h = relu
        }
    """

    slug = "repeated-name"
    message = "there is already a value `{name}`"
    label = "named again here"
    help = "give this one another name, or none: a line goes on from the line above"

    name: str
    first: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.first, "first named here"),)


@dataclass(frozen=True)
class ReservedName(Problem):
    """A value may not be called like a layer type: a chain that starts with the word would be
    ambiguous.

    Example:
        net a {
            input x [4]
            relu = dense(10)
        }
    """

    slug = "reserved-name"
    message = "a value cannot be called `{name}`"
    label = "`{name}` is a layer type"
    help = "choose another name, for example `{name}_out`"

    name: str


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
class BadShape(Problem):
    """A layer cannot take the shape that reaches it.

    The label says what does not fit; the other places are where the shapes come from. Shapes are
    shown for one example, without the batch.

    Example:
        net a {
            input image [1, 4, 4]
            conv(8, kernel: 5)
        }
    """

    slug = "bad-shape"
    message = "`{layer}` does not fit its input"
    label = "{reason}"
    help = "{way_out}"

    layer: str
    reason: str
    way_out: str
    sources: tuple[Label, ...]

    def others(self) -> tuple[Label, ...]:
        return self.sources


@dataclass(frozen=True)
class UnreadEdge(Problem):
    """The windows of a layer do not reach the last rows or columns of the image.

    The step does not divide what is left beside the first window, so the lower or right edge is
    never looked at, and what is drawn there can make no difference.

    Example:
        net a {
            input image [1, 8, 8]
            conv(4, kernel: 3, stride: 2)
        }
    """

    slug = "unread-edge"
    level = Level.WARNING
    message = "`{layer}` never reads {edge} of its input"
    label = "steps of {stride} over {size}"
    help = "{way_out}"

    layer: str
    edge: str
    stride: str
    size: str
    way_out: str


@dataclass(frozen=True)
class BadInput(Problem):
    """An `input` line says nothing that can be an input.

    `input image [1, 28, 28]` is an array for each example; `input label class(10)` is a class
    number for each example.

    Example:
        net a {
            input image [1, 0, 28]
        }
    """

    slug = "bad-input"
    message = "the input `{name}` is not well described"
    label = "{reason}"
    help = "write the sizes as in `[1, 28, 28]`, or `class(10)` for class numbers"

    name: str
    reason: str


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
class TooLarge(Problem):
    """An array of the net would be larger than any machine's memory.

    Most often a size was mistyped. The limit is 2^40 numbers in one array.

    Example:
        net a {
            input x [4_000_000]
            dense(4_000_000)
        }
    """

    slug = "too-large"
    message = "`{layer}` is too large to be meant"
    label = "{what} would hold {count} numbers"
    help = "check the sizes; the limit is 2^40 numbers in one array"

    layer: str
    what: str
    count: str


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
