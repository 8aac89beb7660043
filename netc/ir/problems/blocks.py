"""What can be wrong with bodies: of joins, loops, and blocks in blocks."""

from dataclasses import dataclass

from netc.diag import Problem


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

    A net has at most 12,000 layers, and at most 36,000 lines once every round of a loop and every
    use of a block is written out; its expressions go through at most 3,000,000 items of lists.
    ResNet-1202 has about 4,300 layers.

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
    """Blocks use one another more than 50 deep.

    So it is too where fewer of them do, from within many joins, loops or choices each.
    """

    slug = "too-deep-blocks"
    message = "{what}"
    label = "one too many"

    what: str
