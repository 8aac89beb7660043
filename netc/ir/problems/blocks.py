"""What can be wrong with blocks, joins, repetition and sharing."""

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
class Misplaced(Problem):
    """A statement stands where it cannot.

    Inputs, losses and metrics are lines of the net itself; a block has one `output`, its result;
    the lines of a join are branches.

    Example:
        net a {
            input x [4]
            head
        }
        block head {
            input y [4]
            dense(10)
        }
    """

    slug = "misplaced"
    message = "{what} cannot stand {where}"
    label = "{detail}"
    help = "{way_out}"

    what: str
    where: str
    detail: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class NoBranches(Problem):
    """A join has no branches to join.

    Every line between the brackets is a branch; `identity` is one that changes nothing.

    Example:
        net a {
            input x [4]
            add { }
        }
    """

    slug = "no-branches"
    message = "there is nothing for `{type}` to join"
    label = "no branches"
    help = "every line in the brackets is a branch, `identity` the empty one; two are needed"

    type: str


@dataclass(frozen=True)
class NoJoin(Problem):
    """Branches stand after a layer type that does not join values.

    Example:
        net a {
            input x [4]
            relu {
                dense(10)
            }
        }
    """

    slug = "no-join"
    message = "`{type}` does not join branches"
    label = "{detail}"
    help = "{way_out}"

    type: str
    detail: str
    way_out: str


@dataclass(frozen=True)
class WrongRounds(Problem):
    """What a loop goes over is nothing it can go over.

    `repeat` takes a whole number from 0 on, `for` a list or a range such as `0..4`.

    Example:
        net a {
            input x [4]
            repeat 2.5 { dense(4) }
        }
    """

    slug = "wrong-rounds"
    message = "`{loop}` takes {takes}"
    label = "this is {found}"
    help = "{way_out}"

    loop: str
    takes: str
    found: str
    way_out: str = ""


@dataclass(frozen=True)
class TooMuch(Problem):
    """Repetition makes more of a net than could be meant.

    A net has at most 20,000 layers, and at most 50,000 lines once every round of a loop and every
    use of a block is written out. ResNet-1202 has about 4,300 layers.

    Example:
        net a {
            input x [4]
            repeat 1_000_000_000 { relu }
        }
    """

    slug = "too-much"
    message = "the net grows beyond {limit}"
    label = "{detail}"
    help = "is the number of rounds, or of blocks in blocks, what you mean?"

    limit: str
    detail: str


@dataclass(frozen=True)
class TooDeepBlocks(Problem):
    """Blocks use one another more than 50 deep."""

    slug = "too-deep-blocks"
    message = "blocks are nested more than {limit} deep"
    label = "one too many"

    limit: int


@dataclass(frozen=True)
class SharedMismatch(Problem):
    """A shared layer is used on a value for which its weights have the wrong shape.

    The first use fixes the shapes of the weights.

    Example:
        net a {
            input x [4]
            input y [5]
            layer tower = dense(10)
            output left = x -> tower
            output right = y -> tower
        }
    """

    slug = "shared-mismatch"
    message = "`{layer}` cannot be shared with this value"
    label = "`{weight}` would be {found}, and is {wanted}"
    help = "values that share a layer must have shapes that need the same weights"

    layer: str
    weight: str
    found: str
    wanted: str
    first: Span

    def others(self) -> tuple[Label, ...]:
        # Where a block or a loop comes by again, the way there tells the two uses apart.
        return (Label(self.first, "first used here"),) if self.first != self.span else ()


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


@dataclass(frozen=True)
class SharedAgain(Problem):
    """A shared layer is made of another shared layer.

    `layer a = dense(10)` makes one layer for all that use `a`; a second name for it is not needed.

    Example:
        net a {
            input x [4]
            layer tower = dense(4)
            layer again = tower
            output x -> tower -> again
        }
    """

    slug = "shared-again"
    message = "`{name}` is a shared layer already"
    label = "a layer type or a block is wanted here"
    help = "use `{name}` itself in a chain, as often as you like"

    name: str


@dataclass(frozen=True)
class OptionsOfShared(Problem):
    """A shared layer gets options where it is used; they belong where it is made.

    Example:
        net a {
            input x [4]
            layer tower = dense(10)
            tower(20)
        }
    """

    slug = "options-of-shared"
    message = "`{layer}` is made already, and takes no options here"
    label = "cannot be set here"
    help = "options stand where the layer is made: `layer {layer} = ...`"

    layer: str


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
