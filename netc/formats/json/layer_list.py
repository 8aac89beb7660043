"""The simplest JSON: a list of layers as in ConvNetJS, in its words or in netc's.

The list is turned into the JSON form of a spec, each part at the place it comes from; foreign
words stay in this file. What ConvNetJS means by each is told in its `convnet_net.js`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from netc.formats.json.forms import INPUT_NAME, LABEL_NAME, OUTPUT_NAME
from netc.formats.json.nodes import Array, Constant, Member, Node, Number, Object, Piece, String
from netc.formats.json.problems import MissingKey, NoCounterpart
from netc.formats.json.reader import Reader

_SUGAR = ("activation", "drop_prob", "tensor", "group_size")
_FOUND_OUT = ("in_sx", "in_sy", "in_depth")
"""Keys that ConvNetJS writes into the list itself."""

_BIAS_BEFORE_RELU = 0.1
_ACTIVATIONS = ("relu", "sigmoid", "tanh")


@dataclass(frozen=True)
class _Kind:
    """A layer type of ConvNetJS: netc's type, netc's words for its options, and its defaults."""

    type: str
    options: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


_LEARNING = {"bias_pref": "bias_init", "l2_decay_mul": "decay"}
_KINDS = {
    "conv": _Kind("conv", {"sx": "kernel", **_LEARNING}),
    "fc": _Kind("dense", {"num_neurons": "units", "filters": "units", **_LEARNING}),
    # ConvNetJS drops a window that does not fit; netc's own default keeps it.
    "pool": _Kind("max_pool", {"sx": "kernel"}, {"stride": 2, "round": "down"}),
    "dropout": _Kind("dropout", {"drop_prob": "rate"}),
    "lrn": _Kind("lrn", {"n": "size"}),
}
_SIZES = (
    ("depth", ("out_depth", "depth")),
    ("height", ("out_sy", "sy", "height")),
    ("width", ("out_sx", "sx", "width")),
)
"""What an image is told by; where several are given, the last counts."""

_IMAGE_TYPES = ("conv", "pool", "lrn", "max_pool", "avg_pool", "global_avg_pool", "global_max_pool")

_ABSENT = {
    "maxout": ("layer type `maxout`", "`relu` and `leaky_relu` are near"),
    "svm": (
        "loss like ConvNetJS's `svm`",
        "its `hinge_loss` compares each score with 0, not with the right one; or take `softmax`",
    ),
    "quadtransform": ("layer type `quadtransform`", "leave it out, or make such inputs beforehand"),
}


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
            if ending and isinstance(layer, Object) and self._keys_allowed(layer, is_loss=True):
                if not is_last:
                    self._absent(layer, "layer behind a loss", "put the loss last")
                ending(self, layer, _members(layer))
            elif not ending:
                self._layer(layer, is_output=is_last)

    # ---- layers

    def _input(self, layer: Object) -> None:
        members = _members(layer)
        name = members.pop("name", None)
        made: dict[str, Any] = {"input": name.value if name else INPUT_NAME}
        if not {key for _, keys in _SIZES for key in keys} & members.keys():
            made |= {key: member.value for key, member in members.items() if key != "type"}
            self.inputs.append(_made(layer, made))
            return
        sizes: dict[str, Node] = {}
        for size, keys in _SIZES:
            given = [members.pop(key).value for key in keys if key in members]
            sizes[size] = given[-1] if given else Number(layer.start, layer.end, 1)
            if size == "depth" and not given:
                self._missing(layer, "out_depth", "1", "how many channels the input has")
        is_flat = all(_is(sizes[side], 1) for side in ("height", "width"))
        if is_flat and not any(_type(each) in _IMAGE_TYPES for each in self._layers.items):
            sizes = {"depth": sizes["depth"]}
        made["shape"] = _made(layer, list(sizes.values()))
        made |= {k: m.value for k, m in members.items() if k not in ("type", *_FOUND_OUT)}
        self.inputs.append(_made(layer, made))

    def _layer(self, layer: Node, *, is_output: bool) -> None:
        """A layer with the activation and the dropout that belong to it, as a chain."""
        steps: list[Node] = [layer]
        name: Node | None = None
        if isinstance(layer, Object):
            if not self._keys_allowed(layer):
                return
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
        """The layer itself, in netc's words."""
        kind = _KINDS.get(_type(layer)) or _Kind(_type(layer))
        is_foreign = kind.type != _type(layer) or bool(kind.options.keys() & members.keys())
        width, height = members.get("sx"), members.pop("sy", None)
        made: list[Member] = []
        for key, member in members.items():
            value = member.value
            if key == "type" and isinstance(value, String):
                value = String(value.start, value.end, kind.type)
            elif key == "sx" and width and height:
                value = _made(value, [height.value, width.value])
            if key not in (*_SUGAR, *_FOUND_OUT, "l1_decay_mul") or key in kind.options:
                made.append(Member(_renamed(member.key, kind.options.get(key, key)), value))
        given = {member.key.value for member in made}
        defaults = dict(kind.defaults) if is_foreign else {}
        if is_foreign and kind.options.keys() & _LEARNING.keys() and _activation(members) == "relu":
            defaults["bias_init"] = _BIAS_BEFORE_RELU
        made += [_member(layer, k, v) for k, v in defaults.items() if k not in given]
        return Object(layer.start, layer.end, tuple(made))

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

    def _keys_allowed(self, layer: Object, *, is_loss: bool = False) -> bool:
        """Whether the layer asks for nothing that netc lacks."""
        before = len(self._reader.problems)
        members = _members(layer)
        if _activation(members) == "maxout":
            self._absent(members["activation"].value, *_ABSENT["maxout"])
        if _type(layer) in _ABSENT and isinstance(members["type"].value, String):
            self._absent(members["type"].value, *_ABSENT[_type(layer)])
        if "tensor" in members and not _is(members["tensor"].value, False):
            self._absent(members["tensor"].key, *_ABSENT["quadtransform"])
        if "l1_decay_mul" in members and not _is(members["l1_decay_mul"].value, 0):
            self._absent(members["l1_decay_mul"].key, "L1 decay", "`decay` is L2 decay")
        for key in ("activation", "drop_prob") if is_loss else ():
            if key in members:
                self._absent(members[key].key, "layer behind a loss", f"leave `{key}` out")
        given = members.get("activation")
        if given and _activation(members) not in (*_ACTIVATIONS, "maxout"):
            expected = "expected `relu`, `sigmoid` or `tanh`"
            self._reader.bad(given.value, "this is no activation", expected)
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


def _activation(members: Mapping[str, Member]) -> str:
    return _text(members["activation"].value) if "activation" in members else ""


def _text(node: Node) -> str:
    return node.value if isinstance(node, String) else ""


def _is(node: Node, value: bool | float) -> bool:
    return isinstance(node, Constant | Number) and node.value == value


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
