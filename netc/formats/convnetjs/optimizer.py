"""A trainer of ConvNetJS as the `train` section of a spec."""

from collections.abc import Callable, Mapping

from netc import spec
from netc.formats.convnetjs.making import Maker, Simple
from netc.formats.convnetjs.steps import shared
from netc.formats.convnetjs.trainer import Trainer

_ORIGINAL_EPS = 1e-8
"""What adadelta takes in later versions of ConvNetJS where no `eps` is given."""

Options = dict[str, Simple | None]


def section(make: Maker, trainer: Trainer, compat: str | None) -> spec.TrainSpec:
    """What the trainer says of the batch and the optimizer; it says nothing of the data."""
    kind, options = _KINDS[trainer.method](trainer, compat)
    decay = shared(trainer.number("l2_decay"), trainer.batch)
    if decay:
        options["decay"] = decay
    optimizer = make.call(trainer.place, kind, **options)
    batch = trainer.options["batch_size"]
    span = make.span(trainer.whole)
    batch_span = make.span(batch.place)
    settings = (
        spec.Setting(
            spec.Name("batch", batch_span), spec.Number(batch.value, batch_span), batch_span
        ),
        spec.Setting(spec.Name("optimizer", optimizer.span), optimizer, optimizer.span),
    )
    return spec.TrainSpec(settings, span)


def _sgd(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    return "sgd", {"rate": trainer.options["learning_rate"], **_given(trainer, momentum=0)}


def _nesterov(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    kind, options = _sgd(trainer, compat)
    return kind, {**options, "nesterov": True}


def _adagrad(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    rate = trainer.options["learning_rate"]
    return "adagrad", {"rate": rate, **_epsilon(trainer), "epsilon_in_root": True}


def _windowgrad(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    options = {"rate": trainer.options["learning_rate"], "smoothing": trainer.options["ro"]}
    return "rmsprop", {**options, **_epsilon(trainer), "epsilon_in_root": True}


def _adadelta(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    smoothing = trainer.options["ro"]
    epsilon = trainer.options.get("eps")
    is_usual = epsilon is None or epsilon.value == 1e-6
    options: Options = {"smoothing": None if smoothing.value == 0.95 else smoothing}
    options["epsilon"] = None if is_usual else epsilon
    if compat and epsilon is None:
        options["epsilon"] = _ORIGINAL_EPS
    return "adadelta", options


def _adam(trainer: Trainer, compat: str | None) -> tuple[str, Options]:
    options = {"rate": trainer.options["learning_rate"], **_given(trainer, beta1=0.9, beta2=0.999)}
    return "adam", {**options, **_epsilon(trainer), "compat": compat}


def _given(trainer: Trainer, **defaults: float) -> Options:
    """Options that are called the same in netc, without those that are its defaults."""
    return {
        name: trainer.options[name]
        for name, default in defaults.items()
        if trainer.number(name) != default
    }


def _epsilon(trainer: Trainer) -> Options:
    epsilon = trainer.options["eps"]
    return {} if epsilon.value == 1e-8 else {"epsilon": epsilon}


_KINDS: Mapping[str, Callable[[Trainer, str | None], tuple[str, Options]]] = {
    "sgd": _sgd,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "windowgrad": _windowgrad,
    "adadelta": _adadelta,
    "adam": _adam,
}
