"""What a file says: a net, the blocks it is made of, and how to train it.

All formats end here and all tools start here. A spec knows no layer type: whether `conv` is one,
and whether `kernel` is an option of it, is for the builder to find out.
"""

from dataclasses import dataclass

from netc.diag import Problem, Source, Span
from netc.spec.statements import Let, Statement
from netc.spec.values import Name, Text, Value


@dataclass(frozen=True)
class Use:
    """`use "blocks/residual.net"`: another file's blocks."""

    path: Text
    span: Span


@dataclass(frozen=True)
class Parameter:
    """A parameter of a net or a block; without a default it must be given."""

    name: Name
    default: Value | None
    span: Span


@dataclass(frozen=True)
class Block:
    """A piece of network with parameters, used like a layer type."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True)
class NetSpec:
    name: Name
    body: tuple[Statement, ...]
    span: Span
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A line of the `train` section: `batch 64`."""

    name: Name
    value: Value
    span: Span


@dataclass(frozen=True)
class TrainSpec:
    settings: tuple[Setting, ...]
    span: Span


@dataclass(frozen=True)
class Comment:
    text: str
    span: Span


@dataclass(frozen=True)
class Library:
    """What a file without a net says: blocks and constants for other files.

    `lets` are seen by all sections of the file, `used` is what its `use` lines brought in; it is
    empty until the files are looked up.
    """

    source: Source
    uses: tuple[Use, ...] = ()
    lets: tuple[Let, ...] = ()
    blocks: tuple[Block, ...] = ()
    comments: tuple[Comment, ...] = ()
    train: TrainSpec | None = None
    used: tuple["Library", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What is known of a net from another program's file, beside the tree.

    `notices` are warnings of what netc does otherwise than that program; `original` is the net with
    the program's own numbers, mistakes included, asked for by the name `compat`. `holds_weights`
    where the file has the weights in it, too.
    """

    program: str
    compat: str
    notices: tuple[Problem, ...] = ()
    original: "Spec | None" = None
    holds_weights: bool = False


@dataclass(frozen=True, kw_only=True)
class Spec(Library):
    """What a file with a net says."""

    net: NetSpec
    origin: Origin | None = None

    @property
    def notices(self) -> tuple[Problem, ...]:
        """Warnings of the language the file is in."""
        return self.origin.notices if self.origin else ()

    @property
    def holds_weights(self) -> bool:
        """Whether the file has the weights of the net in it."""
        return self.origin is not None and self.origin.holds_weights
