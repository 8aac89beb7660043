"""Lists of layers drawn at random, with examples and a trainer, as ConvNetJS 0.3.0 takes them."""

import random
from dataclasses import dataclass
from typing import Any

Definition = dict[str, Any]
_LARGEST = 4000
_SHARED = ("relu", "sigmoid", "tanh")


@dataclass(frozen=True)
class Size:
    sx: int
    sy: int
    depth: int

    @property
    def numbers(self) -> int:
        return self.sx * self.sy * self.depth


def draw_case(rng: random.Random) -> dict[str, Any]:
    """Definitions, three examples with their targets, and the options of a trainer."""
    while True:
        size = _drawn_size(rng)
        definitions = [{"type": "input", **_sides(size)}]
        for _ in range(rng.randint(0, 4)):
            definition, size = _layer(rng, size)
            definitions.append(definition)
        if 0 < size.numbers <= _LARGEST:
            break
    kind, count = rng.choice(["softmax", "svm", "regression"]), rng.randint(2, 5)
    word = "num_neurons" if kind == "regression" else "num_classes"
    definitions.append({"type": kind, word: count})
    first = definitions[0]
    volume = {"sx": first["out_sx"], "sy": first["out_sy"], "depth": first["out_depth"]}
    numbers = first["out_sx"] * first["out_sy"] * first["out_depth"]
    return {
        "layer_defs": definitions,
        "inputs": [{**volume, "w": _numbers(rng, numbers)} for _ in range(3)],
        "targets": [
            _numbers(rng, count) if kind == "regression" else rng.randrange(count) for _ in range(3)
        ],
        "options": _trainer(rng),
    }


def _numbers(rng: random.Random, count: int) -> list[float]:
    return [round(rng.uniform(-1, 1), 4) for _ in range(count)]


def _drawn_size(rng: random.Random) -> Size:
    if rng.random() < 0.3:
        return Size(1, 1, rng.randint(1, 8))
    return Size(rng.choice([1, 2, 3, 5, 8]), rng.choice([1, 2, 4, 5, 9]), rng.randint(1, 3))


def _sides(size: Size) -> Definition:
    return {"out_sx": size.sx, "out_sy": size.sy, "out_depth": size.depth}


def _layer(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    """A layer that fits, with some sugar, and the size behind it."""
    made, out = rng.choice(_KINDS)(rng, size)
    kind = made["type"]
    if kind in ("fc", "conv"):
        made |= _learning(rng)
        if size.depth < 6 and rng.random() < 0.15:
            made["tensor"] = True
    if rng.random() < (0.6 if kind in ("fc", "conv") else 0.15):
        made["activation"] = rng.choice(_SHARED)
        if out.depth > 2 and "group_size" not in made and rng.random() < 0.3:
            made |= {"activation": "maxout", "group_size": rng.choice([2, 3])}
            out = Size(out.sx, out.sy, out.depth // made["group_size"])
    if kind != "dropout" and rng.random() < 0.15:
        made["drop_prob"] = rng.choice([0.3, 0.5])
    return made, out


def _learning(rng: random.Random) -> Definition:
    drawn = {
        "bias_pref": rng.choice([0, 0.3, -0.1]),
        "l1_decay_mul": rng.choice([0, 1, 2]),
        "l2_decay_mul": rng.choice([0, 0.5, 2]),
    }
    return {option: value for option, value in drawn.items() if rng.random() < 0.2}


def _fc(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    count = rng.randint(1, 9)
    return {"type": "fc", "num_neurons": count}, Size(1, 1, count)


def _conv(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    window = _window(rng, size, most_pad=2, usual_stride=1)
    made = {"type": "conv", **window, "filters": rng.randint(1, 5)}
    return made, _behind(size, window, 1, made["filters"])


def _pool(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    window = _window(rng, size, most_pad=1, usual_stride=2)
    if window.get("pad", 0) >= min(window["sx"], window.get("sy", window["sx"])):
        del window["pad"]  # a window wholly in the padding has no maximum
        window["sx"], window["sy"] = min(window["sx"], size.sx), 1
    return {"type": "pool", **window}, _behind(size, window, 2, size.depth)


def _window(rng: random.Random, size: Size, *, most_pad: int, usual_stride: int) -> Definition:
    pad = rng.choice([0, 0, rng.randint(0, most_pad)])
    sides = [rng.randint(1, min(4, side + 2 * pad)) for side in (size.sx, size.sy)]
    made = {"sx": sides[0], "sy": sides[1]}
    if sides[0] == sides[1] and rng.random() < 0.7:
        del made["sy"]
    if pad:
        made["pad"] = pad
    stride = rng.choice([usual_stride, usual_stride, 1, 2, 3])
    if stride != usual_stride or rng.random() < 0.3:
        made["stride"] = stride
    return made


def _behind(size: Size, window: Definition, usual_stride: int, depth: int) -> Size:
    pad, stride = window.get("pad", 0), window.get("stride", usual_stride)
    sides = window["sx"], window.get("sy", window["sx"])
    sx, sy = (
        (side + 2 * pad - kernel) // stride + 1
        for side, kernel in zip((size.sx, size.sy), sides, strict=True)
    )
    return Size(sx, sy, depth)


def _shaped(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    return {"type": rng.choice(_SHARED)}, size


def _maxout(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    group = rng.randint(1, min(3, size.depth))
    return {"type": "maxout", "group_size": group}, Size(size.sx, size.sy, size.depth // group)


def _dropout(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    return {"type": "dropout", "drop_prob": rng.choice([0.2, 0.5, 0.7])}, size


def _lrn(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    alpha, beta = rng.choice([0.1, 0.5, 1]), rng.choice([0.5, 0.75, 1])
    return {
        "type": "lrn",
        "k": rng.choice([1, 2]),
        "n": rng.randint(1, 5),
        "alpha": alpha,
        "beta": beta,
    }, size


def _quadratic(rng: random.Random, size: Size) -> tuple[Definition, Size]:
    if size.depth > 6:
        return _shaped(rng, size)
    return {"type": "quadtransform"}, Size(size.sx, size.sy, size.depth + size.depth**2)


_KINDS = (_fc, _fc, _conv, _conv, _pool, _shaped, _shaped, _maxout, _dropout, _lrn, _quadratic)


def _trainer(rng: random.Random) -> dict[str, Any]:
    decays = {"l2_decay": rng.choice([0, 0.001, 0.1]), "l1_decay": rng.choice([0, 0, 0.01])}
    method = rng.choice(
        [
            {"method": "sgd", "learning_rate": 0.02, "momentum": rng.choice([0, 0.9])},
            {"method": "adagrad", "learning_rate": 0.01},
            {"method": "windowgrad", "learning_rate": 0.01, "ro": 0.9},
            {"method": "adadelta", "ro": 0.9},
            {"learning_rate": 0.05},
        ]
    )
    return {"batch_size": rng.randint(1, 3), **decays, **method}
