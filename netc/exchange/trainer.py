"""The optimizer of a net as the options of ConvNetJS's trainer."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from netc.exchange.entries import Value
from netc.formats import convnetjs
from netc.training import Settings

Options = dict[str, Value | str]

_USUAL = {"ro": 0.95}
"""What every version of ConvNetJS takes where it is not given. For `eps` they differ, and the
momentum there is not netc's."""


def trainer_of(settings: Settings, decays: Mapping[str, float]) -> tuple[Options, list[str]]:
    """The options of the trainer, and notes about what is not as it was."""
    optimizer = settings.optimizer
    options = {**_options(optimizer), "batch_size": settings.batch, **decays}
    notes = list(_DIFFERENCES.get(optimizer.name, _none)(optimizer))
    if settings.schedule.name != "fixed":
        notes.append(
            f"ConvNetJS's learning rate stays as it is: `schedule {settings.schedule.name}` "
            "is left out"
        )
    if settings.clip_norm is not None:
        notes.append("ConvNetJS does not shorten gradients: `clip_norm` is left out")
    return options, notes


def _options(optimizer: Any) -> Options:
    method = _method(optimizer)
    options: Options = {} if method == "sgd" else {"method": method}
    for theirs, named in convnetjs.RULES[method].options.items():
        value = getattr(optimizer, named.word)
        if value != _USUAL.get(theirs):
            options[theirs] = value
    return options


def _method(optimizer: Any) -> str:
    """The method that an optimizer is; netc's `sgd` is two of them, alike without a momentum."""
    if optimizer.name == "sgd" and optimizer.nesterov and optimizer.momentum:
        return "nesterov"
    return next(kind for kind, rule in convnetjs.RULES.items() if rule.word == optimizer.name)


# ---- what is computed otherwise there


def _none(optimizer: Any) -> Iterator[str]:
    yield from ()


def _of_root(optimizer: Any) -> Iterator[str]:
    if not optimizer.epsilon_in_root:
        yield f"ConvNetJS's {optimizer.name} adds `epsilon` under the root, and learns otherwise"


def _of_adadelta(optimizer: Any) -> Iterator[str]:
    if optimizer.rate != 1:
        yield "ConvNetJS's adadelta has no learning rate: `rate` is left out"


def _of_adam(optimizer: Any) -> Iterator[str]:
    if optimizer.compat != "convnetjs":
        yield "ConvNetJS corrects adam's means the wrong way round, and learns otherwise"


_DIFFERENCES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "adagrad": _of_root,
    "rmsprop": _of_root,
    "adadelta": _of_adadelta,
    "adam": _of_adam,
}
