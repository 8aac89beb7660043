"""The words of ConvNetJS: its layer types, their options, and what lacks without one.

Read in its sources at the commit 4c3358a of 2016-11-24, and of release 0.3.0 where it differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Form:
    """What the value of an option may be."""

    wanted: str
    is_whole: bool = False
    at_least: float | None = None
    above: float | None = None
    below: float | None = None

    def takes(self, value: float) -> bool:
        return (
            isfinite(value)
            and (not self.is_whole or value == int(value))
            and (self.at_least is None or value >= self.at_least)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )


COUNT = Form("a whole number from 1 on", is_whole=True, at_least=1)
CHOICE = Form("a whole number from 2 on", is_whole=True, at_least=2)
PADDING = Form("a whole number from 0 on", is_whole=True, at_least=0)
FACTOR = Form("a number from 0 on", at_least=0)
POSITIVE = Form("a number above 0", above=0)
NUMBER = Form("a number")
SHARE = Form("a number from 0 up to, and without, 1", at_least=0, below=1)


@dataclass(frozen=True)
class Option:
    """One that ConvNetJS looks at. `lacking` is what it does where the option is needed and absent.

    `names` are all its names, where there are several: the first that is given counts.
    """

    form: Form
    doc: str = ""
    default: float | None = None
    lacking: str = ""
    example: str = ""
    names: tuple[str, ...] = ()


_NO_SIZE = "ConvNetJS goes on with a size that is no number, and the layers behind see nothing"
_NO_DEPTH = "ConvNetJS goes on with a depth that is `undefined`, and the layers behind see nothing"
_NO_OUTPUT = "ConvNetJS makes an output without any number"
_NO_INPUT = "ConvNetJS takes a depth of 0, and the net sees nothing"
_NO_NUMBER = "ConvNetJS has no default for that, and every output is no number"

_LEARNING: Mapping[str, Option] = {
    "bias_pref": Option(NUMBER),
    "l1_decay_mul": Option(FACTOR, default=0),
    "l2_decay_mul": Option(FACTOR, default=1),
}
_CLASSES = Option(CHOICE, "how many classes there are", lacking=_NO_OUTPUT, example="10")

TYPES: Mapping[str, Mapping[str, Option]] = {
    "input": {
        "out_depth": Option(
            COUNT,
            "how many channels, or plain numbers, an example has",
            lacking=_NO_INPUT,
            example="1",
            names=("depth", "out_depth"),
        ),
        "out_sx": Option(COUNT, "the width", default=1, names=("width", "sx", "out_sx")),
        "out_sy": Option(COUNT, "the height", default=1, names=("height", "sy", "out_sy")),
    },
    "fc": {
        "num_neurons": Option(
            COUNT,
            "how many outputs",
            lacking=_NO_DEPTH,
            example="20",
            names=("num_neurons", "filters"),
        ),
        **_LEARNING,
    },
    "conv": {
        "filters": Option(COUNT, "how many filters", lacking=_NO_DEPTH, example="16"),
        "sx": Option(COUNT, "the width of a filter", lacking=_NO_SIZE, example="5"),
        "sy": Option(COUNT, "the height of a filter"),
        "stride": Option(COUNT, "the step between windows", default=1),
        "pad": Option(PADDING, "the zeros on each side", default=0),
        **_LEARNING,
    },
    "pool": {
        "sx": Option(COUNT, "the width of a window", lacking=_NO_SIZE, example="2"),
        "sy": Option(COUNT, "the height of a window"),
        "stride": Option(COUNT, "the step between windows", default=2),
        "pad": Option(PADDING, "the places on each side", default=0),
    },
    "relu": {},
    "sigmoid": {},
    "tanh": {},
    "maxout": {"group_size": Option(COUNT, "channels in a group", default=2)},
    "dropout": {"drop_prob": Option(SHARE, "the probability to be dropped", default=0.5)},
    "lrn": {
        "k": Option(POSITIVE, "added to the sum", lacking=_NO_NUMBER, example="1"),
        "n": Option(COUNT, "how many channels are summed over", lacking=_NO_NUMBER, example="5"),
        "alpha": Option(FACTOR, "the weight of the sum", lacking=_NO_NUMBER, example="0.1"),
        "beta": Option(POSITIVE, "the exponent", lacking=_NO_NUMBER, example="0.75"),
    },
    "quadtransform": {},
    "softmax": {"num_classes": _CLASSES},
    "svm": {"num_classes": _CLASSES},
    "regression": {
        "num_neurons": Option(
            COUNT, "how many numbers are learned", lacking=_NO_OUTPUT, example="1"
        )
    },
}
"""Every layer type with its options; `sy` is `sx` where it is not given."""

ACTIVATIONS = ("relu", "sigmoid", "tanh", "maxout")

SUGAR = ("activation", "drop_prob", "group_size", "tensor")
"""Options of every layer, that stand for layers of their own; `group_size` is that of `maxout`."""

WRITTEN_IN = ("type", "in_sx", "in_sy", "in_depth", "name", "id", "comment")
"""What may stand in a definition beside its options: ConvNetJS itself writes the sizes there, and
people what they call a layer."""

FOREIGN = {
    "dense": "fc",
    "linear": "fc",
    "fully_connected": "fc",
    "conv2d": "conv",
    "convolution": "conv",
    "max_pool": "pool",
    "maxpool": "pool",
    "maxpooling": "pool",
    "pooling": "pool",
    "local_response_normalization": "lrn",
    "softmax_loss": "softmax",
    "hinge": "svm",
    "hinge_loss": "svm",
    "euclidean": "regression",
    "l2": "regression",
}
"""What other programs call the layers."""

COUNTS = {
    *("num_neurons", "num_classes", "filters", "num_filters", "out_depth", "units", "neurons"),
    *("classes", "outputs", "channels", "n"),
}
SIDES = {"size", "kernel", "kernel_size", "filter_size", "pool_size", "width", "out_sx"}
"""Words under which people write how many there are of something, and how large a window is."""

RENAMED = {
    "strides": "stride",
    "padding": "pad",
    "dropout": "drop_prob",
    "dropout_prob": "drop_prob",
    "rate": "drop_prob",
    "nonlinearity": "activation",
    "lr": "learning_rate",
    "rho": "ro",
    "epsilon": "eps",
    "weight_decay": "l2_decay",
    "decay": "l2_decay",
    "optimizer": "method",
    "solver": "method",
}
"""What other programs call the options."""

WITHOUT = {
    "activation": ": the layer has no activation",
    "drop_prob": ": there is no dropout",
    "pad": ", and pads with nothing",
    "stride": ", and takes its own step",
    "bias_pref": ", and the biases start as ever",
    "l1_decay_mul": ": there is no L1 decay",
    "l2_decay_mul": ", and the weights decay as ever",
    "group_size": ", and takes groups of 2",
    "learning_rate": ", and takes a rate of 0.01",
    "momentum": ", and takes a momentum of 0.9",
    "batch_size": ", and takes batches of 1",
    "l1_decay": ": there is no L1 decay",
    "l2_decay": ": there is no decay",
    "method": ", and trains with `sgd`",
}
"""What follows where an option is not there, as it is spelt in another way."""

METHODS: Mapping[str, Mapping[str, Option]] = {
    "sgd": {
        "learning_rate": Option(FACTOR, default=0.01),
        "momentum": Option(SHARE, default=0.9),
    },
    "nesterov": {
        "learning_rate": Option(FACTOR, default=0.01),
        "momentum": Option(SHARE, default=0.9),
    },
    "adagrad": {
        "learning_rate": Option(FACTOR, default=0.01),
        "eps": Option(POSITIVE, default=1e-8),
    },
    "windowgrad": {
        "learning_rate": Option(FACTOR, default=0.01),
        "ro": Option(SHARE, default=0.95),
        "eps": Option(POSITIVE, default=1e-8),
    },
    "adadelta": {"ro": Option(SHARE, default=0.95), "eps": Option(POSITIVE)},
    "adam": {
        "learning_rate": Option(FACTOR, default=0.01),
        "beta1": Option(SHARE, default=0.9),
        "beta2": Option(SHARE, default=0.999),
        "eps": Option(POSITIVE, default=1e-8),
    },
}
"""Every method of the trainer with the options that it looks at."""

TRAINING: Mapping[str, Option] = {
    "batch_size": Option(COUNT, default=1),
    "l1_decay": Option(FACTOR, default=0),
    "l2_decay": Option(FACTOR, default=0),
}
"""The options of every method."""
