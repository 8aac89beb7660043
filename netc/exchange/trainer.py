"""The optimizer of a net as the options of ConvNetJS's trainer."""

from collections.abc import Callable, Mapping
from typing import Any

from netc.exchange.entries import Value
from netc.training import Settings

Options = dict[str, Value | str]
Made = tuple[Options, list[str]]
"""The options, and notes about what is not as it was."""


def trainer_of(settings: Settings, decays: Mapping[str, float]) -> Made:
    """The options of the trainer."""
    options, notes = _METHODS[settings.optimizer.name](settings.optimizer)
    options = {**options, "batch_size": settings.batch, **decays}
    if settings.schedule.name != "fixed":
        notes.append(
            f"ConvNetJS's learning rate stays as it is: `schedule {settings.schedule.name}` "
            "is left out"
        )
    if settings.clip_norm is not None:
        notes.append("ConvNetJS does not shorten gradients: `clip_norm` is left out")
    return options, notes


def _sgd(optimizer: Any) -> Made:
    options: Options = {"learning_rate": optimizer.rate, "momentum": optimizer.momentum}
    if optimizer.nesterov and optimizer.momentum:
        options = {"method": "nesterov", **options}
    return options, []


def _adagrad(optimizer: Any) -> Made:
    options: Options = {"method": "adagrad", "learning_rate": optimizer.rate}
    return {**options, "eps": optimizer.epsilon}, _about_root(optimizer)


def _rmsprop(optimizer: Any) -> Made:
    options: Options = {
        "method": "windowgrad",
        "learning_rate": optimizer.rate,
        "ro": optimizer.smoothing,
        "eps": optimizer.epsilon,
    }
    return options, _about_root(optimizer)


def _adadelta(optimizer: Any) -> Made:
    notes = []
    if optimizer.rate != 1:
        notes.append("ConvNetJS's adadelta has no learning rate: `rate` is left out")
    options: Options = {"method": "adadelta"}
    if optimizer.smoothing != 0.95:
        options["ro"] = optimizer.smoothing
    # Its default depends on the version of ConvNetJS.
    return {**options, "eps": optimizer.epsilon}, notes


def _adam(optimizer: Any) -> Made:
    options: Options = {
        "method": "adam",
        "learning_rate": optimizer.rate,
        "beta1": optimizer.beta1,
        "beta2": optimizer.beta2,
        "eps": optimizer.epsilon,
    }
    if optimizer.compat == "convnetjs":
        return options, []
    return options, ["ConvNetJS corrects adam's means the wrong way round, and learns otherwise"]


def _about_root(optimizer: Any) -> list[str]:
    if optimizer.epsilon_in_root:
        return []
    return [f"ConvNetJS's {optimizer.name} adds `epsilon` under the root, and learns otherwise"]


_METHODS: Mapping[str, Callable[[Any], Made]] = {
    "sgd": _sgd,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adadelta": _adadelta,
    "adam": _adam,
}
