"""What the variables of a script hold while it is read.

Numbers, texts and constants are the nodes of JSON. Lists and objects can be changed after they
were made, and be the value of several variables, as in JavaScript.
"""

from dataclasses import dataclass, field, replace

from netc.diag import Problem, Span
from netc.formats.json.nodes import Constant, Number, String


@dataclass(eq=False)
class List:
    """`hidden` tells of code that may change the list and cannot be read; `lent` are the calls
    of functions of other files that it was given to."""

    start: int
    end: int
    items: list["Value"] = field(default_factory=list)
    hidden: list[Problem] = field(default_factory=list)
    lent: list[Span] = field(default_factory=list)


@dataclass(eq=False)
class Record:
    """Members in the order written; a literal may hold a key twice."""

    start: int
    end: int
    members: list[tuple[String, "Value"]] = field(default_factory=list)
    hidden: list[Problem] = field(default_factory=list)

    def get(self, key: str) -> "Value | None":
        """The last value given to a key, which is the one that counts."""
        found = (value for name, value in reversed(self.members) if name.value == key)
        return next(found, None)

    def set(self, key: String, value: "Value") -> None:
        """Put a value in the place of what a key has, or behind all others."""
        for at, (name, _) in enumerate(self.members):
            if name.value == key.value:
                self.members[at] = (key, value)
                return
        self.members.append((key, value))


@dataclass(frozen=True)
class Library:
    """ConvNetJS itself, or a part of it that makes things."""

    start: int
    end: int
    name: str = ""


@dataclass(eq=False)
class Network:
    """What `new convnetjs.Net()` makes."""

    start: int
    end: int


@dataclass(eq=False)
class Trainer:
    """What `new convnetjs.Trainer(net, options)` makes; its options can be set later on."""

    start: int
    end: int
    options: "Value"
    net: "Value | None" = None


@dataclass(frozen=True)
class Unknown:
    """What is not known without running the script.

    `why` is what is wrong, where something is; `origin` the place it comes from, where that is
    elsewhere.
    """

    start: int
    end: int
    why: Problem | None = None
    origin: Span | None = None


Value = String | Number | Constant | List | Record | Library | Network | Trainer | Unknown

Primitive = String | Number | Constant | Unknown


def placed(value: Primitive, start: int, end: int) -> Primitive:
    """The same value at another place."""
    return replace(value, start=start, end=end)


def noun(value: Value) -> str:
    """What kind of thing a value is, for messages."""
    return _NOUNS[type(value)]


_NOUNS = {
    String: "a text",
    Number: "a number",
    Constant: "`true`, `false` or `null`",
    List: "a list",
    Record: "an object",
    Library: "the library",
    Network: "a net",
    Trainer: "a trainer",
    Unknown: "unknown",
}
