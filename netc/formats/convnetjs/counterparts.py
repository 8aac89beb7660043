"""What ConvNetJS's words are in netc: one table for who reads its nets and for who writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BIAS_BEFORE_RELU = 0.1
"""What `makeLayers` starts a bias with where the same definition has the activation relu."""


@dataclass(frozen=True)
class Counterpart:
    """A layer type of netc, and its word for each option that means the same in both."""

    word: str
    options: Mapping[str, str] = field(default_factory=dict)


LAYERS: Mapping[str, Counterpart] = {
    "conv": Counterpart("conv", {"filters": "filters"}),
    "fc": Counterpart("dense", {"num_neurons": "units"}),
    "pool": Counterpart("max_pool"),
    "relu": Counterpart("relu"),
    "sigmoid": Counterpart("sigmoid"),
    "tanh": Counterpart("tanh"),
    "maxout": Counterpart("channel_pool", {"group_size": "kernel"}),
    "dropout": Counterpart("dropout", {"drop_prob": "rate"}),
    "lrn": Counterpart("lrn", {"k": "k", "n": "size", "alpha": "alpha", "beta": "beta"}),
    "quadtransform": Counterpart("quadratic"),
}
"""By the type in ConvNetJS, the losses left out."""

LEARNING = {"bias_pref": "bias_init", "l1_decay_mul": "l1", "l2_decay_mul": "decay"}
"""How a layer with weights starts and learns, in netc's words."""


@dataclass(frozen=True)
class Loss:
    """A loss of netc; `count` is the option that says how many numbers are compared."""

    word: str
    count: str


LOSSES: Mapping[str, Loss] = {
    "softmax": Loss("softmax_loss", "num_classes"),
    "svm": Loss("svm_loss", "num_classes"),
    "regression": Loss("euclidean_loss", "num_neurons"),
}


@dataclass(frozen=True)
class Named:
    """An option of an optimizer of netc, and what netc takes where it is not given."""

    word: str
    default: float | None = None


@dataclass(frozen=True)
class Rule:
    """An optimizer of netc, its options by their words in ConvNetJS, and what makes it the same."""

    word: str
    options: Mapping[str, Named]
    fixed: Mapping[str, bool] = field(default_factory=dict)


_RATE = {"learning_rate": Named("rate")}
_EPSILON = {"eps": Named("epsilon", 1e-8)}
_MOMENTUM = {"momentum": Named("momentum", 0)}
_ROOT = {"epsilon_in_root": True}

RULES: Mapping[str, Rule] = {
    "sgd": Rule("sgd", {**_RATE, **_MOMENTUM}),
    "nesterov": Rule("sgd", {**_RATE, **_MOMENTUM}, {"nesterov": True}),
    "adagrad": Rule("adagrad", {**_RATE, **_EPSILON}, _ROOT),
    "windowgrad": Rule("rmsprop", {**_RATE, "ro": Named("smoothing"), **_EPSILON}, _ROOT),
    "adadelta": Rule("adadelta", {"ro": Named("smoothing", 0.95), "eps": Named("epsilon", 1e-6)}),
    "adam": Rule(
        "adam",
        {**_RATE, "beta1": Named("beta1", 0.9), "beta2": Named("beta2", 0.999), **_EPSILON},
    ),
}
"""By the method of ConvNetJS's trainer. A rate is always said, and so is `ro` of windowgrad, for
which ConvNetJS and netc have other defaults."""
