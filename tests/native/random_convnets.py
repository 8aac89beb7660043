"""Random networks of convolutions, poolings and joins, with the channels that kernels are made
for."""

import random

from netc.diag import Source
from netc.formats import read_source
from netc.ir import build

_BEHIND = ("", "relu", "batch_norm -> relu", "batch_norm", "tanh", "relu -> lrn(size: 5)")
_WINDOWS = ("2", "3, stride: 2", "3, stride: 1, pad: 1", "2, stride: 1")


def random_convnet(seed: int) -> str:
    """The text of a net; the same for the same seed."""
    draw = random.Random(seed)
    side = draw.choice((4, 6, 8, 12, 17))
    shape = [draw.choice((1, 3, 8, 16)), side, side + draw.choice((0, 3))]
    lines = [f"input image {shape}", "input label class(7)"]
    names = ["image"]
    for _ in range(draw.randint(2, 8)):
        flow = _flow(draw, names)
        line = f"v{len(names)} = {flow}"
        if _can_be_built([*lines, line, f"output v{len(names)}"]):
            lines.append(line)
            names.append(f"v{len(names)}")
    lines.append(f"scores = {names[-1]} -> flatten -> dense(7)")
    lines.append("loss softmax_loss(scores, label)")
    return _text([*lines, f"output {draw.choice(names)}", "output scores"])


def _flow(draw: random.Random, names: list[str]) -> str:
    last, other = names[-1], draw.choice(names)
    kinds = {
        f"{last} -> {_convolution(draw)}": 5,
        f"{last} -> {draw.choice(('max_pool', 'avg_pool'))}({draw.choice(_WINDOWS)})": 2,
        f"concat({last}, {other})": 2,
        f"add({last}, {other}) -> relu": 1,
        f"{last} -> dropout(0.3)": 1,
    }
    return draw.choices(list(kinds), list(kinds.values()))[0]


def _convolution(draw: random.Random) -> str:
    kernel = draw.choice((1, 2, 3, 3, 3, 5))
    options = {
        f"pad: {draw.randint(0, kernel // 2 + 1)}": 0.7,
        "stride: 2": 0.25,
        "dilation: 2": 0.15,
        f"groups: {draw.choice((2, 4, 8))}": 0.2,
        "bias: false": 0.3,
    }
    taken = [option for option, chance in options.items() if draw.random() < chance]
    filters = draw.choice((1, 3, 8, 16, 20, 32, 48))
    made = f"conv({', '.join([str(filters), f'kernel: {kernel}', *taken])})"
    return " -> ".join(filter(None, (made, draw.choice(_BEHIND))))


def _can_be_built(lines: list[str]) -> bool:
    spec = read_source(Source("convnet.net", _text(lines)))
    return not isinstance(spec, list) and build(spec).graph is not None


def _text(lines: list[str]) -> str:
    return "net convnet {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"
