"""What can be wrong with the names in a net."""

from dataclasses import dataclass

from netc.diag import Misspelt, Problem, Repeated


@dataclass(frozen=True)
class UnknownLayer(Misspelt):
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
class UnknownValue(Misspelt):
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
    message = "there is no {what} `{name}`"
    label = "unknown {what}"

    name: str
    what: str = "value"


@dataclass(frozen=True)
class UnknownWord(Misspelt):
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
class RepeatedName(Repeated):
    """Two values of a net have the same name, or a value and a shared layer have.

    Example:
        net a {
            input x [4]
            h = dense(10)
            h = relu
        }
    """

    slug = "repeated-name"
    message = "there is already a {kind} `{name}`"
    label = "named again here"
    help = "{way_out}"
    first_label = "first named here"

    name: str
    kind: str = "value"
    way_out: str = "give this one another name, or none: a line goes on from the line above"


@dataclass(frozen=True)
class ClashingNames(Repeated):
    """Two different things of a net would have the same full name.

    What is made inside `a` is called `a.something`: the weights of a layer, the layers of a block
    and of a loop. A name with a dot must not be one of those.

    Example:
        net a {
            input x [4]
            a = dense(3)
            a.weight = relu
        }
    """

    slug = "clashing-names"
    message = "there is already something called `{name}`"
    label = "{again} gets the same name"
    help = "give this line another name"
    first_label = "made here"

    name: str
    again: str = "this"


@dataclass(frozen=True)
class ReservedName(Problem):
    """A value may not be called like a layer type: a chain that starts with the word would be
    ambiguous. A block may be called like neither a layer type nor a function.

    Example:
        net a {
            input x [4]
            relu = dense(10)
        }
    """

    slug = "reserved-name"
    message = "{what} cannot be called `{name}`"
    label = "`{name}` is a {kind}"
    help = "choose another name, for example `{name}_{suffix}`"

    name: str
    suffix: str = "out"
    what: str = "a value"
    kind: str = "layer type"
