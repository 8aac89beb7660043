"""What a script can make of ConvNetJS: nets, trainers, single layers, and a learning agent."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from netc.diag import Problem, Source, Span, Sure, did_you_mean, is_slip, nearest
from netc.formats.convnetjs.script.freeze import Freezer
from netc.formats.convnetjs.script.problems import (
    AssumedCode,
    BadScript,
    SecondNet,
    UnknownConstructor,
)
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Trainer,
    Unknown,
    Value,
)
from netc.formats.json.nodes import Array, Number, String

CHANGING = frozenset(
    (
        *("pop", "shift", "unshift", "splice", "reverse"),
        *("sort", "fill", "forEach", "copyWithin"),
    )
)
"""Methods of a list that change it, and are not read."""

OF_A_NET = (
    *("makeLayers", "forward", "backward", "getCostLoss", "getPrediction", "getParamsAndGrads"),
    *("toJSON", "fromJSON"),
)
"""Methods of a net."""

HARMLESS = frozenset(
    (
        *("join", "slice", "map", "filter", "indexOf", "includes", "some", "every", "find"),
        *("keys", "entries", "values", "toString", "reduce", "at", "concat", "length"),
    )
)
"""Methods of a list that leave it as it is."""

PARTS = {"convnetjs", "deepqlearn", "cnnutil", "cnnvis"}
_LAYERS = {
    "InputLayer": "input",
    "ConvLayer": "conv",
    "FullyConnLayer": "fc",
    "PoolLayer": "pool",
    "ReluLayer": "relu",
    "SigmoidLayer": "sigmoid",
    "TanhLayer": "tanh",
    "MaxoutLayer": "maxout",
    "DropoutLayer": "dropout",
    "LocalResponseNormalizationLayer": "lrn",
    "SoftmaxLayer": "softmax",
    "SVMLayer": "svm",
    "RegressionLayer": "regression",
    "QuadTransformLayer": "quadtransform",
}
_OTHERS = ("Vol", "MagicNet", "Window", "Graph", "MultiGraph", "Experience")
_CALL = re.compile(r"(?:[\w$]+\.)*([\w$]+)\(")
_INPUT_SIZES = ("in_sx", "in_sy", "in_depth")


UNKNOWN = Unknown(0, 0)
"""What a variable holds that a script does not set."""


def known(name: str, start: int, end: int) -> Value | None:
    """What a name means that no script has to set."""
    if name in PARTS:
        return Library(start, end, name)
    if name in ("NaN", "Infinity"):
        return Number(start, end, float(name.lower()[:3]))
    return Unknown(start, end) if _OUTSIDE.fullmatch(name) else None


_OUTSIDE = re.compile(
    r"""document|window|console|Math|JSON|Date|jQuery|\$|process|require|module|exports|self|global
    |globalThis|navigator|location|localStorage|sessionStorage|performance|parseInt|parseFloat
    |Number|String|Boolean|Array|Object|Promise|Map|Set|Symbol|RegExp|Error|alert|prompt|confirm
    |setTimeout|setInterval|requestAnimationFrame|Float32Array|Float64Array|Uint8Array|eval|fetch
    |__dirname|__filename|Image|Worker|undefined|arguments|d3|Plotly""",
    re.VERBOSE,
)


def required(path: str, start: int, end: int) -> Value:
    """What `require` gives."""
    if any(part in path.lower() for part in ("convnet", "deepqlearn")):
        return Library(start, end, "convnetjs")
    return Unknown(start, end)


@dataclass
class Made:
    """What a script has made so far.

    `nets` are the layers given to each net, as they were then. `alone` are single layers, each
    with its input; `agents` are nets that learn to act, with the number of states and actions.
    `unknown` are layers that were given to a net before they were known, as one of the functions
    `makers` makes them; `net` is the one that is read.
    """

    source: Source
    problems: list[Problem]
    nets: list[tuple[Span, Array]] = field(default_factory=list)
    trainers: list[Trainer] = field(default_factory=list)
    alone: list[tuple[Span, List]] = field(default_factory=list)
    agents: list[tuple[Span, list[Value]]] = field(default_factory=list)
    searches: list[Span] = field(default_factory=list)
    unknown: list[tuple[Span, Unknown]] = field(default_factory=list)
    seconds: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    net: Value | None = None
    makers: frozenset[str] = frozenset()

    def layers(self, here: Span, values: list[Value], net: Value) -> None:
        """`net.makeLayers(values)`; layers that another function gives are looked for later."""
        given = values[0] if values else None
        if isinstance(given, Unknown) and self.is_made_here(given):
            self.unknown.append((here, given))
        elif self.nets:
            self.seconds.append(SecondNet(here, first=self.nets[0][0]))
        else:
            self.nets.append((here, self.frozen(given, here)))
            self.net = net

    def is_made_here(self, given: Unknown) -> bool:
        """Whether a value comes from a function that is read, and so is known later on."""
        place = given.origin or Span(self.source, given.start, given.end)
        called = _CALL.match(self.source.text, place.start, place.end)
        return given.why is None and called is not None and called[1] in self.makers

    def frozen(self, given: Value | None, here: Span) -> Array:
        """A list of layers as it is now."""
        empty = Array(here.start, here.end, ())
        if given is None or not isinstance(given, List | Unknown):
            span = here if given is None else Span(self.source, given.start, given.end)
            what = "the layers are a list of objects"
            way_out = "write `net.makeLayers(layer_defs);`"
            self.problems.append(BadScript(span, what, "expected a list", way_out))
            return empty
        if isinstance(given, List) and given.lent:
            self.notices.append(_lent(given.lent[0]))
        node = Freezer(self.source, self.problems).node(given)
        return node if isinstance(node, Array) else empty

    def make(self, name: str, word: Span, here: Span, values: list[Value]) -> Value | None:
        """What `new` makes of a part of the library; None where there is no such part."""
        maker = _MAKERS.get(name)
        if maker:
            return maker(self, here, values)
        if name in _LAYERS:
            self.alone.append((here, _layer(_LAYERS[name], word, here, values)))
            return Unknown(here.start, here.end)
        return Unknown(here.start, here.end) if name in _OTHERS else None

    def absent(self, name: str, word: Span) -> None:
        """Tell of a part that ConvNetJS has not."""
        parts = (*_MAKERS, *_LAYERS, *_OTHERS)
        near = nearest(name, parts)
        if near and is_slip(name, near, parts):
            near = Sure(near)
        advice = did_you_mean(near) or "it has `Net`, and `Trainer` with a `method`"
        self.problems.append(UnknownConstructor(word, near, advice, name=name))

    # ---- a row for each part

    def _net(self, here: Span, values: list[Value]) -> Value:
        return Network(here.start, here.end)

    def _trainer(self, here: Span, values: list[Value]) -> Value:
        options = values[1] if len(values) > 1 else Record(here.start, here.end)
        if isinstance(options, Record):  # the trainer has its own from now on
            options = Record(options.start, options.end, [*options.members], options.hidden)
        trainer = Trainer(here.start, here.end, options, values[0] if values else None)
        self.trainers.append(trainer)
        return trainer

    def _agent(self, here: Span, values: list[Value]) -> Value:
        self.agents.append((here, values))
        return Unknown(here.start, here.end)

    def _search(self, here: Span, values: list[Value]) -> Value:
        self.searches.append(here)
        return Unknown(here.start, here.end)


def _lent(here: Span) -> Problem:
    """That a list was given to a function that is not in the script."""
    what = "the layers are given to a function that is not here, and taken to stay as they are"
    way_out = "write what it adds to them into the list"
    return AssumedCode(here, what=what, way_out=way_out)


def _layer(kind: str, word: Span, here: Span, values: list[Value]) -> List:
    """A single layer as a list of its input and itself."""
    given = values[0] if values and isinstance(values[0], Record) else None
    if given is None and values:
        return List(here.start, here.end, values)
    members = given.members if given else []
    place = given or Record(here.start, here.end)
    sizes = [
        (String(key.start, key.end, f"out{key.value[2:]}"), value)
        for key, value in members
        if key.value in _INPUT_SIZES
    ]
    layers = [Record(place.start, place.end, [_type("input", word), *sizes])]
    if kind == "input":
        layers = []
    others = [member for member in members if member[0].value not in _INPUT_SIZES]
    hidden = given.hidden if given else []
    layers.append(Record(place.start, place.end, [_type(kind, word), *others], hidden))
    return List(here.start, here.end, [*layers])


def _type(kind: str, word: Span) -> tuple[String, Value]:
    return String(word.start, word.end, "type"), String(word.start, word.end, kind)


_MAKERS: dict[str, Callable[[Made, Span, list[Value]], Value]] = {
    "Net": Made._net,
    "Trainer": Made._trainer,
    "SGDTrainer": Made._trainer,
    "Brain": Made._agent,
    "MagicNet": Made._search,
}
