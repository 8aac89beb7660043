"""What can be wrong with a spec in JSON, beside the syntax of JSON itself."""

from dataclasses import dataclass

from netc.diag import Fix, Misspelt, Problem, Repeated


@dataclass(frozen=True)
class BadJson(Problem):
    """Something stands here in JSON that means nothing at this place.

    The label says what can stand there. A string is a word, such as the name of a layer; what is
    computed begins with `=`, and a text is written `{"text": "..."}`.

    Example:
        {"net": {"name": "a", "body": [
            {"input": "x", "shape": 4},
            {"type": "dense", "units": "2 * 5"}
        ]}}
    """

    slug = "bad-json"
    message = "{what}"
    label = "{expected}"
    help = "{way_out}"

    what: str
    expected: str
    way_out: str = ""
    instead: str = ""

    def fixes(self) -> tuple[Fix, ...]:
        if not self.instead or self.span is None:
            return ()
        return (Fix(f"write `{self.instead}`", self.span, self.instead, is_safe=False),)


@dataclass(frozen=True)
class UnknownKey(Misspelt):
    """An object of the JSON form has a key that it does not know.

    Options of layers are no such keys: which there are depends on the layer.

    Example:
        {"net": {"name": "a", "body": [
            {"input": "x", "shapes": [4]},
            {"type": "dense", "units": 2}
        ]}}
    """

    slug = "unknown-key"
    message = "{noun} has no key `{key}`"

    noun: str
    key: str


@dataclass(frozen=True)
class MissingKey(Problem):
    """An object of the JSON form lacks a key without which it says nothing.

    Example:
        {"net": {"name": "a", "body": [
            {"input": "x", "shape": [4]},
            {"repeat": 3}
        ]}}
    """

    slug = "missing-key"
    message = "{noun} lacks {keys}"
    label = "the key is missing here"
    help = "add {example}: {doc}"

    noun: str
    keys: str
    example: str
    doc: str


@dataclass(frozen=True)
class RepeatedKey(Repeated):
    """A key stands twice in one object, and only one of its values could count.

    Example:
        {"net": {"name": "a", "body": [
            {"input": "x", "shape": [4]},
            {"type": "dense", "units": 2, "units": 3}
        ]}}
    """

    slug = "repeated-key"
    message = "`{key}` is given twice"
    label = "the second time"
    help = "remove one of the two"

    key: str


@dataclass(frozen=True)
class NoCounterpart(Problem):
    """A list of layers asks for something that there cannot be in a list.

    Nothing can stand behind a loss: it is the last of the list, and what is short for a layer,
    such as `activation`, makes a layer behind it. In the whole JSON form a net may have losses
    anywhere.

    Example:
        [
            {"type": "input", "shape": [4]},
            {"type": "softmax", "num_classes": 3},
            {"type": "dense", "units": 8}
        ]
    """

    slug = "no-counterpart"
    message = "a list of layers has no {what}"
    label = "{reason}"
    help = "{way_out}"

    what: str
    reason: str = ""
    way_out: str = ""
