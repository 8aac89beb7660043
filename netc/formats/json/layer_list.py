"""The simplest JSON: a list of layers in netc's words, the input first and a loss last.

The list is turned into the JSON form of a spec, each part at the place it comes from. Lists in the
words of ConvNetJS are read by what reads its files.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from netc.formats.json.forms import INPUT_NAME, LABEL_NAME, OUTPUT_NAME
from netc.formats.json.nodes import Array, Member, Node, Number, Object, Piece, String
from netc.formats.json.problems import MissingKey, NoCounterpart
from netc.formats.json.reader import Reader

_SUGAR = ("activation", "drop_prob")


def translated(reader: Reader, layers: Array) -> Object | None:
    """The list as an object of the JSON form; None when it cannot be one."""
    translation = _List(reader, layers)
    translation.run()
    if reader.problems:
        return None
    body = [*translation.inputs, *translation.body]
    made: Object = _made(layers, {"net": {"name": "layers", "body": body}})
    return made


class _List:
    """What the list has become so far."""

    def __init__(self, reader: Reader, layers: Array) -> None:
        self._reader = reader
        self._layers = layers
        self.inputs: list[Node] = []
        self.body: list[Node] = []

    def run(self) -> None:
        defs = self._layers.items
        first = defs[0] if defs else None
        if not isinstance(first, Object) or _type(first) != "input":
            place = first or self._layers
            way_out = 'begin with `{"type": "input", "shape": [1, 28, 28]}` with your sizes'
            self._reader.bad(place, "a list of layers begins with its input", "", way_out)
            return
        self._input(first)
        for each in defs:
            if isinstance(each, Object):
                self._reader.members(each)  # says which keys are repeated
        for index, layer in enumerate(defs[1:], start=1):
            is_last = index == len(defs) - 1
            ending = _ENDINGS.get(_type(layer)) if isinstance(layer, Object) else None
            if ending and isinstance(layer, Object):
                if self._is_last(layer):
                    ending(self, layer, _members(layer))
            else:
                self._layer(layer, is_output=is_last)

    # ---- layers

    def _input(self, layer: Object) -> None:
        members = _members(layer)
        name = members.pop("name", None)
        made: dict[str, Any] = {"input": name.value if name else INPUT_NAME}
        made |= {key: member.value for key, member in members.items() if key != "type"}
        self.inputs.append(_made(layer, made))

    def _layer(self, layer: Node, *, is_output: bool) -> None:
        """A layer with the activation and the dropout that belong to it, as a chain."""
        steps: list[Node] = [layer]
        name: Node | None = None
        if isinstance(layer, Object):
            members = _members(layer)
            named = members.pop("name", None)
            name = named.value if named else None
            steps = [
                self._step(layer, members),
                *self._sugar(members, is_dropout=_type(layer) == "dropout"),
            ]
        chain: dict[str, Any] = {"name": name} if name else {}
        chain["chain"] = Array(layer.start, layer.end, tuple(steps))
        if is_output:
            is_prob = isinstance(layer, String) and layer.value == "softmax"
            made = {"name": OUTPUT_NAME if is_prob else "y", **chain}
            self.body.append(_made(layer, {"output": made}))
        else:
            self.body.append(_made(layer, chain))

    def _step(self, layer: Object, members: dict[str, Member]) -> Object:
        """The layer itself."""
        sugar = _SUGAR if _type(layer) != "dropout" else _SUGAR[:1]
        kept = tuple(member for key, member in members.items() if key not in sugar)
        return Object(layer.start, layer.end, kept)

    def _sugar(self, members: dict[str, Member], *, is_dropout: bool) -> Iterable[Node]:
        if "activation" in members:
            yield members["activation"].value
        if "drop_prob" in members and not is_dropout:
            drop = members["drop_prob"]
            kind = Member(_renamed(drop.key, "type"), _renamed(drop.key, "dropout"))
            rate = Member(_renamed(drop.key, "rate"), drop.value)
            yield Object(drop.key.start, drop.value.end, (kind, rate))

    # ---- losses

    def _softmax(self, layer: Object, members: dict[str, Member]) -> None:
        classes = members.get("num_classes")
        if classes is None:
            self._missing(layer, "num_classes", "10", "how many classes there are")
            return
        scores = self._units(layer, members, classes, "scores")
        self.inputs.append(_made(layer, {"input": LABEL_NAME, "classes": classes.value}))
        compared = {"inputs": [scores, LABEL_NAME]}
        self._add(layer, {"loss": {"type": "softmax_loss", **compared}})
        self._add(layer, {"metric": {"type": "accuracy", **compared}})
        self._add(layer, {"output": {"name": OUTPUT_NAME, "type": "softmax", "inputs": [scores]}})

    def _regression(self, layer: Object, members: dict[str, Member]) -> None:
        count = members.get("num_neurons")
        if count is None:
            self._missing(layer, "num_neurons", "1", "how many numbers are learned")
            return
        y = self._units(layer, members, count, "y")
        self.inputs.append(_made(layer, {"input": "target", "shape": [count.value]}))
        self._add(layer, {"loss": {"type": "euclidean_loss", "inputs": [y, "target"]}})
        self._add(layer, {"output": y})

    def _units(self, layer: Object, members: dict[str, Member], count: Member, name: str) -> Node:
        """The dense layer that ConvNetJS puts before a loss; gives its name."""
        named = members["name"].value if "name" in members else String(layer.start, layer.end, name)
        self._add(layer, {"name": named, "type": "dense", "units": count.value})
        return named

    def _add(self, layer: Object, data: Any) -> None:
        self.body.append(_made(layer, data))

    # ---- problems

    def _is_last(self, loss: Object) -> bool:
        """Whether nothing stands behind a loss, in the list or as short for a layer."""
        before = len(self._reader.problems)
        members = _members(loss)
        for key in _SUGAR:
            if key in members:
                self._absent(members[key].key, "layer behind a loss", f"leave `{key}` out")
        if loss is not self._layers.items[-1]:
            self._absent(loss, "layer behind a loss", "put the loss last")
        return len(self._reader.problems) == before

    def _absent(self, place: Piece, what: str, way_out: str) -> None:
        problem = NoCounterpart(self._reader.span(place), what=what, way_out=way_out)
        self._reader.problems.append(problem)

    def _missing(self, layer: Object, key: str, example: str, doc: str) -> None:
        span = self._reader.inside(_members(layer)["type"].key)
        noun, written = f"`{_type(layer)}`", f'`"{key}": {example}`'
        problem = MissingKey(span, noun=noun, keys=f"`{key}`", example=written, doc=doc)
        self._reader.problems.append(problem)


_ENDINGS: dict[str, Callable[[_List, Object, dict[str, Member]], None]] = {
    "softmax": _List._softmax,
    "regression": _List._regression,
}


def _members(layer: Object) -> dict[str, Member]:
    return {member.key.value: member for member in layer.members}


def _type(layer: Node) -> str:
    if not isinstance(layer, Object):
        return _text(layer)
    return next((_text(m.value) for m in layer.members if m.key.value == "type"), "")


def _text(node: Node) -> str:
    return node.value if isinstance(node, String) else ""


def _renamed(key: String, word: str) -> String:
    return String(key.start, key.end, word)


def _member(place: Piece, key: str, value: Any) -> Member:
    return Member(String(place.start, place.end, key), _made(place, value))


def _made(place: Piece, data: Any) -> Any:
    """Data as nodes, all at one place but for the nodes that are in it already."""
    start, end = place.start, place.end
    if isinstance(data, Mapping):
        return Object(start, end, tuple(_member(place, k, v) for k, v in data.items()))
    if isinstance(data, list):
        return Array(start, end, tuple(_made(place, each) for each in data))
    if isinstance(data, str):
        return String(start, end, data)
    return Number(start, end, data) if isinstance(data, int | float) else data
