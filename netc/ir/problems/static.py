"""What can be wrong with blocks and names whether or not a build ever gets to them."""

from dataclasses import dataclass

from netc.diag import Label, Level, Problem, Repeated, Span


@dataclass(frozen=True)
class UnusedName(Problem):
    """A constant, a parameter, a loop variable or a shared layer that nothing uses.

    Most often another name was meant in a line below. A name that begins with `_` is left alone.

    Example:
        net a(width = 8, depth = 2) {
            input x [4]
            output dense(width)
        }
    """

    slug = "unused-name"
    level = Level.WARNING
    message = "nothing uses the {noun} `{name}`"
    label = "named here"
    help = "{way_out}"

    noun: str
    name: str
    way_out: str


@dataclass(frozen=True)
class UnusedBlock(Problem):
    """Nothing in this file uses a block of it, unless another unused block does.

    A block that other files are to use belongs in a file without a net, where no block need be
    used. A name that begins with `_` is left alone.

    Example:
        net a {
            input x [4]
            output dense(10)
        }
        block unit(width) {
            dense(width) -> relu
        }
    """

    slug = "unused-block"
    level = Level.WARNING
    message = "nothing uses the block `{name}`"
    label = "named here"
    help = "use it, move it to a file for `use`, or remove it"

    name: str


@dataclass(frozen=True)
class UnusedUse(Problem):
    """A file is used, and none of its blocks is.

    Example:
        use "blocks.net"        # block unit(width) { dense(width) -> relu }

        net a {
            input x [4]
            output dense(10)
        }
    """

    slug = "unused-use"
    level = Level.WARNING
    message = "nothing uses the blocks of `{path}`"
    label = "{holds}"
    help = "remove the line"

    path: str
    holds: str


@dataclass(frozen=True)
class ShadowedName(Problem):
    """A name hides another one that could be used at this place.

    Lines below may then read the one and mean the other. A loop sees the names of the body around
    it, a net or a block those of the `let` lines outside all sections.

    Example:
        net a {
            let width = 4
            input x [4]
            for width in [8, 16] {
                dense(width)
            }
            output dense(width)
        }
    """

    slug = "shadowed-name"
    level = Level.WARNING
    message = "the {noun} `{name}` hides another `{name}`"
    label = "hides it from here on"
    help = "give one of the two another name"

    noun: str
    name: str
    hidden_noun: str
    hidden: Span

    def others(self) -> tuple[Label, ...]:
        return (Label(self.hidden, f"the {self.hidden_noun} that is hidden"),)


@dataclass(frozen=True)
class RecursiveBlock(Problem):
    """A block uses itself, alone or by way of others.

    Blocks are written out before anything runs, so this would never end, even where a condition
    seems to end it. What is to be done several times is a `repeat` or a `for`.

    Example:
        net a {
            input x [4]
            output tower(3)
        }
        block tower(count) {
            dense(4)
            if count > 1 { tower(count - 1) }
        }
    """

    slug = "recursive-block"
    message = "{what}"
    label = "{back}"
    help = "repeat the layers by `repeat` or `for` instead"

    what: str
    back: str
    chain: tuple[Label, ...]

    def others(self) -> tuple[Label, ...]:
        return self.chain


@dataclass(frozen=True)
class RepeatedBlock(Repeated):
    """Two blocks have the same name: in one file, or in a file and one that it uses.

    Example:
        net a {
            input x [4]
            output unit(10)
        }
        block unit(width) {
            dense(width)
        }
        block unit(width) {
            dense(width) -> relu
        }
    """

    slug = "repeated-block"
    message = "there is already a block `{name}`"
    label = "named again here"
    help = "give one of them another name"
    first_label = "first named here"

    name: str


@dataclass(frozen=True)
class RepeatedUse(Repeated):
    """A file is used twice in one file; once is enough for all of its blocks.

    Example:
        use "blocks.net"
        use "./blocks.net"

        net a {
            input x [4]
            output unit(10)
        }
    """

    slug = "repeated-use"
    level = Level.WARNING
    message = "`{path}` is used twice"
    label = "the second time"
    help = "remove the line"

    path: str
