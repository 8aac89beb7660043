"""What may stand in the JSON form of a spec: every kind of object, its keys, what each takes.

The reader reads by this table, its messages speak from it, and `netc schema` prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

VERSION = 1
"""The version of the form, which a file may state under `netc`."""

INPUT_NAME, LABEL_NAME, OUTPUT_NAME = "image", "label", "prob"
"""What is not named in a list of layers is called so."""


@dataclass(frozen=True)
class Key:
    """One key. `takes` is the kind of value, a key of `KINDS`; `example` is a value as written."""

    name: str
    takes: str
    doc: str
    example: str = ""
    is_optional: bool = False


@dataclass(frozen=True)
class Form:
    """A kind of object. Where there are `choices`, the keys of exactly one of them are there; one
    that is `beside` may stand with those of another choice, too."""

    noun: str
    doc: str
    keys: tuple[Key, ...]
    choices: tuple[tuple[str, ...], ...] = ()
    beside: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, Key]:
        return {key.name: key for key in self.keys}


KINDS = {
    "name": "a name of letters, digits and `_`",
    "path": "a name, which may have dots",
    "value": "a value",
    "list": "a list",
    "text": "a text",
    "call": 'a call such as `{"type": "class", "arguments": [10]}`',
    "chain": "a layer, a list of steps, or an object with `chain`",
    "step": "a layer: its type, or an object with `type` or `block`",
    "statement": "a layer, a list of steps, or an object with a key such as `input` or `loss`",
    "input": "the name of a value, or what is made on the spot",
    "inputs": 'a list such as `["scores", "label"]`',
    "arguments": "a list of values",
    "steps": "a list of steps",
    "flow": "a list of a value and steps",
    "body": "a list of statements",
    "phase": '`"train"` or `"test"`',
    "parameters": 'a list such as `["width", {"name": "stride", "default": 1}]`',
    "settings": 'an object such as `{"batch": 64}`',
    "constants": 'an object such as `{"width": 64}`',
    "uses": 'a list such as `["blocks/residual.net"]`',
    "blocks": "a list of blocks",
    "net": "an object with `name` and `body`",
    "version": f"the number {VERSION}",
    "link": "a string",
}
"""What keys take, in words."""

_BODY = Key("body", "body", "The statements, from top to bottom.", "[]")

FILE = Form(
    "a spec",
    "A network, the blocks it is made of, and how to train it.",
    (
        Key("$schema", "link", "What an editor checks the file by; not read.", is_optional=True),
        Key("netc", "version", "The version of this form.", is_optional=True),
        Key("use", "uses", "Files whose blocks are used, by their paths.", is_optional=True),
        Key("let", "constants", "Constants that all of the file sees.", is_optional=True),
        Key("net", "net", "The network; a file without one is a library.", is_optional=True),
        Key("blocks", "blocks", "Pieces of network to be used like layers.", is_optional=True),
        Key("train", "settings", "How to train: one key for each setting.", is_optional=True),
    ),
)

_PARAMETERS = Key(
    "parameters",
    "parameters",
    "What can be set where it is used: names, with a default or without.",
    is_optional=True,
)

NET = Form(
    "a net",
    "A network: its inputs, its layers, and what they are for.",
    (Key("name", "name", "What the net is called.", '"my_net"'), _PARAMETERS, _BODY),
)
BLOCK = Form(
    "a block",
    "A piece of network with parameters, used like a layer type.",
    (Key("name", "name", "What the block is called.", '"my_block"'), _PARAMETERS, _BODY),
)
PARAMETER = Form(
    "a parameter",
    "A parameter with a default.",
    (
        Key("name", "name", "What the parameter is called.", '"width"'),
        Key("default", "value", "What it is where nothing else is given.", is_optional=True),
    ),
)
CONSTANT = Form(
    "a constant",
    "A constant or a setting, where the order or a repetition matters.",
    (
        Key("name", "name", "What it is called.", '"width"'),
        Key("value", "value", "What it is.", "64"),
    ),
)
ARGUMENT = Form(
    "an argument",
    "An option with its value, where it cannot be a key of the step.",
    (
        Key("option", "name", "The name of the option.", '"kernel"'),
        Key("value", "value", "Its value.", "3"),
    ),
)
TEXT = Form("a text", "A text, such as a path.", (Key("text", "text", "The text.", '"a.csv"'),))
CHAIN = Form(
    "a chain",
    "Layers that lead one into the next.",
    (
        Key("name", "path", "A name for the value, and for its layer.", is_optional=True),
        Key("chain", "steps", "The steps, the first of which may be a value.", "[]"),
    ),
)
FLOW = Form(
    "a chain",
    "A value that is made on the spot.",
    (Key("chain", "flow", "Where it starts, and the steps it goes through.", "[]"),),
)


def _role(word: str, doc: str) -> Form:
    example = '{"type": "softmax", "inputs": ["scores"]}'
    return Form(f"`{word}`", doc, (Key(word, "chain", doc, example),))


STATEMENTS: Mapping[str, Form] = {
    "input": Form(
        "`input`",
        "What goes into the net: its sizes without the batch, or how many classes there are.",
        (
            Key("input", "name", "What the input is called.", '"image"'),
            Key("shape", "list", "The sizes of one example.", "[1, 28, 28]"),
            Key("classes", "value", "It is the number of one of so many classes.", "10"),
            Key("type", "call", "Any other kind of input, written as a call."),
        ),
        choices=(("shape",), ("classes",), ("type",)),
        beside="shape",
    ),
    "let": Form(
        "`let`",
        "A constant.",
        (
            Key("let", "name", "What the constant is called.", '"width"'),
            Key("value", "value", "What it is.", "64"),
        ),
    ),
    "output": _role("output", "A value that the net is asked for; in a block, its result."),
    "loss": _role("loss", "A number that training makes small."),
    "metric": _role("metric", "A number that is reported."),
    "for": Form(
        "`for`",
        "The body once for each value.",
        (
            Key("for", "name", "What the value is called in the body.", '"width"'),
            Key("in", "value", "The values.", "[64, 128]"),
            Key("from", "value", "The first of whole numbers.", "0"),
            Key("until", "value", "The first number that is too large.", "4"),
            _BODY,
        ),
        choices=(("in",), ("from", "until")),
    ),
    "repeat": Form(
        "`repeat`",
        "The body so many times.",
        (Key("repeat", "value", "How many times.", "3"), _BODY),
    ),
    "if": Form(
        "`if`",
        "One body or the other.",
        (
            Key("if", "value", "The condition.", '"=depth > 1"'),
            Key("then", "body", "The statements where it holds.", "[]"),
            Key("else", "body", "The statements where it does not.", is_optional=True),
        ),
    ),
    "when": Form(
        "`when`",
        "Layers for one phase only.",
        (Key("when", "phase", "The phase: train or test.", '"train"'), _BODY),
    ),
    "assert": Form(
        "`assert`",
        "What `netc check` must find true.",
        (Key("assert", "value", "The condition.", '"=params < 30_000_000"'),),
    ),
}
"""By the key that tells them; chains, steps and `layer` are told apart from them by the reader."""

STEP = Form(
    "a step",
    "A layer, or a use of a block; all other keys are options.",
    (
        Key("type", "path", "The layer type.", '"relu"'),
        Key("block", "path", "The name of a block, or of a shared layer.", '"unit"'),
        Key(
            "inputs",
            "inputs",
            "The values that flow in, beside the one above.",
            "[]",
            is_optional=True,
        ),
        Key(
            "arguments", "arguments", "Values without the names of options.", "[]", is_optional=True
        ),
        Key(
            "branches", "body", "Layers side by side, which this one joins.", "[]", is_optional=True
        ),
        Key("name", "path", "A name for the value, and for its layer.", is_optional=True),
        Key("layer", "path", "Makes one shared layer of this name.", is_optional=True),
    ),
    choices=(("type",), ("block",)),
)

LISTED_TYPES = (
    *("input", "conv", "fc", "pool", "relu", "sigmoid", "tanh", "dropout", "lrn"),
    *("softmax", "regression"),
)
"""Layer types of ConvNetJS that a list of layers may have, beside netc's own."""

LISTED_NUMBERS = {
    "sx": "Width of the window, and its height where `sy` is not given.",
    "sy": "Height of the window.",
    "filters": "Number of output channels.",
    "stride": "Step between windows.",
    "pad": "Zeros around the image.",
    "num_neurons": "Number of outputs.",
    "num_classes": "How many classes there are.",
    "drop_prob": "Probability that a value is dropped while training.",
    "out_sx": "Width of the image.",
    "out_sy": "Height of the image.",
    "out_depth": "Channels of the image, or how many numbers there are.",
}
"""Keys of ConvNetJS's layers."""
