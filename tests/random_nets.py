"""Random nets of all layer types in company: branches, joins, shared layers, phases and labels."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from netc.diag import Source
from netc.formats import read_source
from netc.ir import Graph, build
from netc.layers import REGISTRY, has_weights, inputs_of
from netc.types import Tensor
from tests.rules import parts
from tests.uses import USES


def _written_options() -> Iterator[tuple[str, str]]:
    for use in USES:
        kind, written = re.fullmatch(r"(\w+)\((.*)\) -> .*", use).groups()
        yield kind, ", ".join(part for part in parts(written) if re.match(r"\w+:", part))


OPTIONS: dict[str, list[str]] = {}
"""What is written as options in the uses of each layer type."""
for _kind, _options in _written_options():
    OPTIONS.setdefault(_kind, []).append(_options)

CALM = {"exp": "tanh", "log": "softplus", "power": "tanh", "log_loss": "softmax"}
"""What comes before a layer, so that its numbers stay small or are those it is made for."""

INPUTS = ("[6]", "[4, 5]", "[2, 7]", "[2, 6, 6]", "[3, 5, 4]", "[2, 4, 3, 4]")
LABELS = ("class(4)", "class(5) [4]", "class(3) [2, 3]")
BODIES = sorted(name for name, kind in REGISTRY.items() if not kind.roles)
LEARNING = [name for name in BODIES if has_weights(REGISTRY[name])]
LOSSES = sorted(name for name, kind in REGISTRY.items() if "loss" in kind.roles)
METRICS = sorted(name for name, kind in REGISTRY.items() if "metric" in kind.roles)
LARGEST = 600
"""Numbers in one example of a value."""


@cache
def random_net(seed: int, layers: int | None = None) -> str:
    """The text of a net; the same for the same seed."""
    return _Maker(random.Random(seed)).net(layers)


class _Maker:
    """The lines of a net, each tried before it is taken, and the types of its values."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.inputs: list[str] = []
        self.lines: list[str] = []
        self.values: dict[str, Tensor] = {}
        self.shared: list[tuple[str, Tensor]] = []
        self.weights: list[tuple[str, str]] = []

    def net(self, layers: int | None) -> str:
        draw = self.draw
        for type in draw.sample(INPUTS, draw.randint(1, 2)):
            self.input(type)
        if draw.random() < 0.5:
            self.input(draw.choice(LABELS))
        for _ in range(layers or draw.randint(4, 20)):
            self.grow(draw.choice(LEARNING if draw.random() < 0.3 else BODIES))
        for _ in range(draw.randint(1, 3)):
            self.judge("loss", draw.choice(LOSSES))
        for _ in range(draw.randint(0, 2)):
            self.judge("metric", draw.choice(METRICS))
        outputs = draw.sample(sorted(self.values), min(len(self.values), draw.randint(1, 3)))
        return _text([*self.inputs, *self.lines, *(f"output {name}" for name in outputs)])

    # ---- values

    def grow(self, kind: str) -> None:
        """Add a layer of this type where one fits."""
        if kind == "unpool":
            self.pair()
            return
        for _ in range(4):
            given = self.given(kind)
            if not given:
                return
            way, options = self.draw.random(), self.options(kind)
            if way < 0.1 and self.again():
                return
            if way > 0.9 and len(given) == 1 and self.in_training(kind, given[0]):
                return
            if self.add(kind, given, options):
                return

    def add(self, kind: str, given: Sequence[str], options: str) -> bool:
        """One more layer, at times one that may be applied again."""
        if len(given) == 1 and kind in CALM:
            return bool(self.put(f"{given[0]} -> {CALM[kind]} -> {kind}({options})"))
        if len(given) == 1 and "tied_to" not in options and self.draw.random() < 0.08:
            layer = f"s{len(self.shared)}"
            self.lines.append(f"layer {layer} = {kind}({options})")
            self.shared.append((layer, self.values[given[0]]))
            if self.put(f"{layer}({given[0]})"):
                return True
            self.lines.pop()
            self.shared.pop()
            return False
        name = self.put(f"{kind}({', '.join(filter(None, (*given, options)))})")
        if name and kind in LEARNING and "tied_to" not in options:
            self.weights.append((name, kind))
        return bool(name)

    def again(self) -> bool:
        """Apply a shared layer once more, to a value of the type it is made for."""
        for layer, type in self.shared:
            fitting = [name for name in self.values if self.values[name] == type]
            if self.put(f"{layer}({self.draw.choice(fitting)})"):
                return True
        return False

    def in_training(self, kind: str, value: str) -> bool:
        """A layer that is there in the training phase alone, where it leaves the shape."""
        if kind in CALM or self.tried(f"{kind}({value})") != self.values[value]:
            return False
        return bool(self.put("identity", f"{value} -> identity; when train {{ {kind} }}; ", value))

    def pair(self) -> None:
        """A pooling, a layer behind it, and the unpooling that leads back."""
        image = self.some(lambda type: type.classes is None and type.rank > 1)
        window = self.draw.choice(("2", "3, stride: 2", "kernel: 2, stride: 2, pad: 1"))
        small = image and self.put(f"max_pool({image}, {window})")
        behind = small and self.put(f"{self.draw.choice(('tanh', 'relu', 'batch_norm'))}({small})")
        if behind:
            self.put(f"unpool({behind}, {image}, {window})")

    def put(self, flow: str, before: str = "", value: str = "") -> str | None:
        """Write `NAME = flow` if it can be built; give the name."""
        type = self.values[value] if value else self.tried(flow)
        if type is None:
            return None
        name = f"v{len(self.values)}"
        self.values[name] = type
        self.lines.append(f"{before}{name} = {flow}")
        return name

    def tried(self, flow: str) -> Tensor | None:
        """The type of what a flow makes, or None where it is refused, is large or is no value."""
        if "tied_to" in flow:
            lines = [*self.inputs, *self.lines]
        else:
            names = [name for name in self.values if re.search(rf"\b{name}\b", flow)]
            lines = [f"input {name} {self.values[name]}" for name in names]
            lines += [line for line in self.lines if line.startswith("layer ")]
        graph = _built([*lines, f"y = {flow}", "output y"])
        type = graph.types["y"] if graph else None
        fits = type is not None and type.size <= LARGEST and (type.rank or type.classes)
        return type if fits else None

    def given(self, kind: str) -> list[str]:
        """Values that may fit the inputs of a layer; none where there are none."""
        names = inputs_of(REGISTRY[kind])
        wants_label = names[0] == "label"
        first = self.some(lambda type: (type.classes is not None) == wants_label)
        if first is None:
            return []
        shape = self.values[first].shape
        numbers = {n: t.shape for n, t in self.values.items() if t.classes is None}
        if kind == "concat":
            others = [n for n, s in numbers.items() if s[1:] == shape[1:] and len(s) == len(shape)]
        elif kind == "by_phase" or names[0][0] == "*":
            others = [n for n, s in numbers.items() if s == shape]
        else:
            others = list(numbers)
        count = self.draw.randint(1, 2) if names[0][0] == "*" else len(names) - 1
        return [first, *self.draw.choices(others, k=count)] if count else [first]

    def some(self, fits: Callable[[Tensor], bool]) -> str | None:
        """A value, late ones before others."""
        fitting = [name for name, type in self.values.items() if fits(type)]
        late = fitting[-3:] if self.draw.random() < 0.7 else fitting
        return self.draw.choice(late) if late else None

    def options(self, kind: str) -> str:
        """Options as some use has them, at times with other whole numbers and common ones."""
        written = self.draw.choice(OPTIONS[kind])
        if self.draw.random() < 0.3 and "digits" not in written and "]]" not in written:
            written = re.sub(r"(?<![\w.\-])[1-9](?![\w.])", self.near, written)
        if kind in LEARNING and self.draw.random() < 0.15:
            owners = [f"tied_to: {name}" for name, of in self.weights if of == kind]
            written += f", {self.draw.choice(('rate: 0', 'rate: 2', 'decay: 0', *owners))}"
        return written.removeprefix(", ")

    def near(self, number: re.Match[str]) -> str:
        return str(max(1, int(number[0]) + self.draw.randint(-1, 1)))

    def input(self, type: str) -> str:
        name = f"in_{len(self.inputs)}"
        line = f"input {name} {type}"
        graph = _built([line, f"output {name}"])
        assert graph is not None
        self.inputs.append(line)
        self.values[name] = graph.types[name]
        return name

    # ---- losses and metrics

    def judge(self, role: str, kind: str) -> None:
        """A loss or a metric of a value, or of a short vector made of it."""
        value = self.some(lambda type: type.classes is None)
        options = self.draw.choice(OPTIONS[kind])
        for written in (options, options, ""):
            assert value is not None
            if self.judged(role, kind, value, written):
                return
            made = self.put(f"{value} -> flatten -> dense({self.draw.randint(2, 5)})")
            if made is None:
                return
            value = made

    def judged(self, role: str, kind: str, value: str, options: str) -> bool:
        before = dict(self.values), list(self.inputs)
        given = [value, *(self.other(name, value) for name in inputs_of(REGISTRY[kind])[1:])]
        flow = given.pop(0) if kind not in CALM else f"{given.pop(0)} -> {CALM[kind]}"
        weight = self.draw.choice(("", "", "weight: 0.5")) if role == "loss" else ""
        line = f"{role} {flow} -> {kind}({', '.join(filter(None, (*given, options, weight)))})"
        if _built([*self.inputs, *self.lines, line, "output in_0"]) is None:
            self.values, self.inputs = before
            return False
        self.lines.append(line)
        return True

    def other(self, name: str, value: str) -> str:
        """What a loss takes beside a value: labels, a target or a value like it."""
        type = self.values[value]
        classes = 2 if name == "same" else max(2, *type.shape[:1], 2)
        label = Tensor(type.shape[1:] if name == "label" else (), "i64", classes=classes)
        wanted = label if name in ("label", "same") else type
        known = [n for n, t in self.values.items() if t == wanted]
        known = [n for n in known if n != value and (name != "target" or n.startswith("in"))]
        return (
            self.draw.choice(known)
            if known and self.draw.random() < 0.7
            else self.input(str(wanted))
        )


def _text(lines: Sequence[str]) -> str:
    return "net random {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def _built(lines: Sequence[str]) -> Graph | None:
    """The graph of lines that may be refused, though never for how they are written."""
    spec = read_source(Source("random.net", _text(lines)))
    assert not isinstance(spec, list), (lines[-1], spec[0].diagnostic().message)
    return build(spec).graph
