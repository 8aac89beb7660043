"""The words of ConvNetJS in `netc explain`, each with what it is in netc."""

from collections.abc import Iterable, Iterator, Mapping

from netc.cli.table import Column, columns
from netc.formats import convnetjs
from netc.layers import REGISTRY
from netc.options import options_of, plain

_Options = Mapping[str, convnetjs.Option]

_INPUT = "`input`, the channels first"
_EVERY_LAYER: Mapping[str, tuple[str, str]] = {
    "activation": ("`relu`, `sigmoid`, `tanh` or `maxout` behind the layer", "a layer"),
    "drop_prob": ("a `dropout` layer behind that", "`dropout`"),
    "group_size": ("channels in a group of `maxout`", "`kernel` of `channel_pool`"),
    "tensor": ("a `quadtransform` before the layer, in release 0.3.0", "`quadratic`"),
}
_ALIKE = {"sx": "kernel", "sy": "kernel"}
_OF_TRAINER = {"batch_size": "`batch`", "l1_decay": "`l1` of layers", "l2_decay": "`decay`"}
_MEANT = {
    "bias_pref": "what biases start with: 0, or 0.1 before `relu`",
    "l1_decay_mul": "factor on the trainer's `l1_decay`",
    "l2_decay_mul": "factor on the trainer's `l2_decay`",
    "batch_size": "examples in a step",
    "l1_decay": "L1 decay, where `l1_decay_mul` is not 0",
    "l2_decay": "L2 decay; divided by `batch_size`, as gradients are",
    "learning_rate": "the length of a step",
    "momentum": "how much of the last step is kept",
    "ro": "how much of the means of squares is kept",
    "eps": "what keeps from dividing by 0",
    "beta1": "how much of the mean is kept",
    "beta2": "how much of the mean of squares is kept",
}
"""What options mean that have no meaning of their own in messages."""


def tables(width: int) -> Iterator[tuple[str, str]]:
    """Headings, and under each what there is in ConvNetJS and what it is in netc."""
    layers = [(type, _listed(options), _layer(type)) for type, options in convnetjs.TYPES.items()]
    yield "Layer types", _table(("type", "options", "in netc"), layers, width)
    common = [(name, *texts) for name, texts in _EVERY_LAYER.items()]
    yield "Options of every layer", _table(("name", "meaning", "in netc"), common, width)
    methods = [(name, _listed(options), _rule(name)) for name, options in convnetjs.METHODS.items()]
    yield "Methods of the trainer", _table(("method", "options", "in netc"), methods, width)
    settings = [_described(name, o, "") for name, o in convnetjs.TRAINING.items()]
    yield "Options of every trainer", _table(_TITLES, settings, width)


def word_page(word: str, width: int) -> tuple[str, str]:
    """What a word is, and the text of its page; empty where ConvNetJS has no such word."""
    if word in convnetjs.TYPES:
        return "layer type of ConvNetJS", _page(_layer(word), convnetjs.TYPES[word], word, width)
    if word in convnetjs.METHODS:
        return "method of ConvNetJS's trainer", _page(
            _rule(word), convnetjs.METHODS[word], word, width
        )
    meanings = list(_meanings(word))
    if not meanings:
        return "", ""
    return "option of ConvNetJS", _table(("of", *_TITLES[1:]), meanings, width)


_TITLES = ("name", "takes", "default", "meaning", "in netc")


def _page(netc: str, options: _Options, owner: str, width: int) -> str:
    text = f"In netc it is {netc}."
    if not options:
        return text
    rows = [_described(name, option, owner) for name, option in options.items()]
    return f"{text}\n\n{_table(_TITLES, rows, width)}"


def _meanings(word: str) -> Iterator[tuple[str, ...]]:
    """Whose option it is, and what it is there."""
    for owners in (convnetjs.TYPES, convnetjs.METHODS, {"every trainer": convnetjs.TRAINING}):
        for owner, options in owners.items():
            for name, option in options.items():
                if word == name or word in option.names:
                    yield (owner, *_described(name, option, owner)[1:])
    if word in _EVERY_LAYER:
        meaning, netc = _EVERY_LAYER[word]
        yield "every layer", "", "", meaning, netc


def _described(name: str, option: convnetjs.Option, owner: str) -> tuple[str, ...]:
    default = "needed" if option.lacking else "-" if option.default is None else ""
    shown = default or plain(option.default)
    meaning = option.doc or _MEANT.get(name, "")
    return name, option.form.wanted, shown, meaning, _option(owner, name)


def _layer(type: str) -> str:
    """The counterpart of a layer type."""
    if type == "input":
        return _INPUT
    loss = convnetjs.LOSSES.get(type)
    if loss is not None:
        return f"`dense` and `{loss.word}`"
    return f"`{convnetjs.LAYERS[type].word}`"


def _rule(method: str) -> str:
    """The optimizer that does what a method of the trainer does."""
    rule = convnetjs.RULES[method]
    fixed = ", ".join(f"{name}: {plain(value)}" for name, value in rule.fixed.items())
    return f"`{rule.word}({fixed})`" if fixed else f"`{rule.word}`"


def _option(owner: str, name: str) -> str:
    """What an option of a layer type or a method is called."""
    if owner in convnetjs.RULES:
        return f"`{convnetjs.RULES[owner].options[name].word}`"
    if owner == "input":
        return "`input`"
    if owner in convnetjs.LOSSES:
        return "`units` of `dense`"
    layer = convnetjs.LAYERS.get(owner)
    if layer is None:
        return _OF_TRAINER[name]
    known = options_of(REGISTRY[layer.word])
    other = layer.options.get(name) or convnetjs.LEARNING.get(name) or _ALIKE.get(name, name)
    return f"`{other}`" if other in known or name in convnetjs.LEARNING else ""


def _listed(options: _Options) -> str:
    """Options with their defaults: `sx, stride: 2`."""
    return ", ".join(
        name if option.default is None else f"{name}: {plain(option.default)}"
        for name, option in options.items()
    )


def _table(titles: Iterable[str], rows: Iterable[tuple[str, ...]], width: int) -> str:
    layout = [Column(title, rest=title in ("meaning", "options")) for title in titles]
    return columns(layout, [tuple(row) for row in rows], width=width)
