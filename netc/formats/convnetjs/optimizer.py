"""A trainer of ConvNetJS as the `train` section of a spec."""

from netc import spec
from netc.formats.convnetjs.counterparts import RULES
from netc.formats.convnetjs.making import Maker, Simple
from netc.formats.convnetjs.steps import shared
from netc.formats.convnetjs.trainer import Trainer

_ORIGINAL_EPS = 1e-8
"""What adadelta takes in later versions of ConvNetJS where no `eps` is given."""


def section(make: Maker, trainer: Trainer, compat: str | None) -> spec.TrainSpec:
    """What the trainer says of the batch and the optimizer; it says nothing of the data."""
    kind, options = RULES[trainer.method].word, _options(trainer, compat)
    optimizer = make.call(trainer.place, kind, **options, decay=_decay(trainer))
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


def _options(trainer: Trainer, compat: str | None) -> dict[str, Simple | None]:
    """The options of the optimizer, without those that are netc's defaults."""
    rule = RULES[trainer.method]
    options: dict[str, Simple | None] = {
        named.word: trainer.options[name]
        for name, named in rule.options.items()
        if name in trainer.options and trainer.number(name) != named.default
    }
    options |= rule.fixed
    if trainer.method == "adam":
        options["compat"] = compat
    if trainer.method == "adadelta" and compat and "eps" not in trainer.options:
        options["epsilon"] = _ORIGINAL_EPS
    return options


def _decay(trainer: Trainer) -> float | None:
    """ConvNetJS divides it by the batch, as it does the gradients."""
    return shared(trainer.number("l2_decay"), trainer.batch) or None
