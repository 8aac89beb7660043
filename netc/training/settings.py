"""What the `train` section of a spec says, checked and with every default filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from netc import spec
from netc.diag import Problem, Span, listed
from netc.ir import Evaluator, Graph, advise, bind, bind_kind, constants_of, meant
from netc.options import option, options_of
from netc.passes import for_phase
from netc.training.data import SOURCES, Source
from netc.training.optimizer import OPTIMIZERS, Optimizer
from netc.training.optimizers import Sgd
from netc.training.problems import (
    ClashingSettings,
    MissingSetting,
    NoLoss,
    NoTrainSection,
    RepeatedSetting,
    UnknownSetting,
)
from netc.training.schedules import SCHEDULES, Fixed, Schedule

_USUAL_OPTIMIZER: Optimizer = Sgd(rate=0.01, momentum=0.9, nesterov=False, decay=0.0, l1=0.0)
_USUAL_SCHEDULE: Schedule = Fixed()


@dataclass(frozen=True)
class Counts:
    """How to train: a section beside the `net`, with one setting on each line.

    `data` says what to learn from, `optimizer` how a gradient changes the weights, and
    `schedule` how the learning rate goes down; `netc explain --list` shows what there is of each.
    Everything but `data` has a default. `--set NAME=VALUE` changes a setting for one run.

    Example:
        train {
            data      digits()
            batch     32
            epochs    20
            optimizer sgd(rate: 0.05, momentum: 0.9, decay: 5e-4)
            schedule  cosine
        }
    """

    batch: int = option(64, "Examples in a step.", at_least=1)
    epochs: int = option(10, "Passes over all training examples.", at_least=1)
    steps: int | None = option(None, "Batches to train with, instead of `epochs`.", at_least=1)
    seed: int = option(1, "What all draws come from: weights, order, dropout.", at_least=0)
    test_every: int = option(1, "Epochs from one test to the next.", at_least=1)
    clip_norm: float | None = option(
        None,
        "Most that the L2 norm of all gradients together may be: longer ones are shortened.",
        above=0,
    )
    statistics: str = option(
        "moving",
        "What `batch_norm` is tested and kept with: averages that move with the steps, or, "
        "computed anew before each test, the statistics of the whole training set.",
        choices=("moving", "population"),
    )


@dataclass(frozen=True)
class Settings(Counts):
    """How to train. `places` says where each setting, and each option of the data, is written."""

    data: Source | None = None
    optimizer: Optimizer = _USUAL_OPTIMIZER
    schedule: Schedule = _USUAL_SCHEDULE
    places: Mapping[str, Span] = field(default_factory=dict, compare=False)
    data_options: Mapping[str, Span] = field(default_factory=dict, compare=False)

    def with_length(self, *, epochs: int | None = None, steps: int | None = None) -> "Settings":
        """The same, training for so long where a length is given."""
        if steps is not None:
            return replace(self, steps=steps)
        return self if epochs is None else replace(self, epochs=epochs, steps=None)


_KINDS: Mapping[str, tuple[Mapping[str, type[Any]], str]] = {
    "data": (SOURCES, "data source"),
    "optimizer": (OPTIMIZERS, "optimizer"),
    "schedule": (SCHEDULES, "schedule"),
}
"""The settings that name a kind of thing, with what there is of it."""

NAMES = (
    *("data", "batch", "epochs", "steps", "optimizer", "schedule"),
    *("seed", "test_every", "clip_norm", "statistics"),
)
"""All settings, in the order they are written."""


@dataclass(frozen=True)
class BoundSettings:
    """The settings, unless there are problems, and all problems found."""

    settings: Settings | None
    problems: tuple[Problem, ...]


def check_settings(whole: spec.Spec, graph: Graph | None) -> BoundSettings:
    """Bind the `train` section where there is one; no data are looked for.

    `graph` is None where the net has problems of its own.
    """
    if whole.train is None:
        return BoundSettings(None, ())
    problems: list[Problem] = []
    if graph is not None and not for_phase(graph, "train").losses:
        problems.append(no_loss(whole))
    settings = _bind(_resolved(whole, whole.train, problems), problems)
    return BoundSettings(None if problems else settings, tuple(problems))


def _resolved(whole: spec.Spec, train: spec.TrainSpec, problems: list[Problem]) -> spec.TrainSpec:
    """The section with its expressions worked out; a setting that is wrong is left out."""
    evaluator = Evaluator(problems, constants_of(whole))
    hidden = {s.name.text for s in whole.net.body if isinstance(s, spec.Let)}
    resolved = []
    for setting in train.settings:
        word = setting.value
        is_hidden = isinstance(word, spec.Name) and word.text in hidden
        value = evaluator.resolved(word, words=setting.name.text in _KINDS or not is_hidden)
        resolved += [replace(setting, value=value)] if value is not None else []
    return replace(train, settings=tuple(resolved))


def settings_for_training(whole: spec.Spec, graph: Graph | None) -> BoundSettings:
    """The same, where it is a problem too when training cannot start from what is written."""
    if whole.train is None:
        return BoundSettings(None, (_no_section(whole, graph),))
    bound = check_settings(whole, graph)
    if bound.settings is None or bound.settings.data is not None:
        return bound
    return BoundSettings(None, (_no_data(whole, whole.train, graph),))


def no_loss(whole: spec.Spec) -> Problem:
    """Of a net without a loss, in the words of its language."""
    name = whole.net.name
    if whole.origin is None:
        return NoLoss(name.span, name=name.text)
    return NoLoss(name.span, name=name.text, way_out="let the list of layers end with one")


def _no_section(whole: spec.Spec, graph: Graph | None) -> Problem:
    name = whole.net.name
    if whole.origin is None:
        return NoTrainSection(name.span, name=name.text)
    way_out = f"say at least what to learn from, with `--set 'train.data={_fitting(graph)}'`"
    return NoTrainSection(name.span, name=name.text, lacking="trainer", way_out=way_out)


def _no_data(whole: spec.Spec, train: spec.TrainSpec, graph: Graph | None) -> Problem:
    sources = f"there are {_listed(SOURCES)}"
    if whole.origin is not None:
        way_out = f"say what to learn from, with `--set 'train.data={_fitting(graph)}'`; {sources}"
        return MissingSetting(train.span, name="data", way_out=way_out, where="the trainer")
    word = Span(train.span.source, train.span.start, train.span.start + len("train"))
    way_out = f"add a line such as `data {_fitting(graph)}`; {sources}"
    return MissingSetting(word, name="data", way_out=way_out)


_OF_SHAPE: Mapping[tuple[int, ...], str] = {
    (1, 8, 8): "digits()",
    (1, 28, 28): "mnist()",
    (1, 24, 24): "mnist(crop: 24)",
}


def _fitting(graph: Graph | None) -> str:
    """Data for a net, as one may write them: well-known ones, or those of a file."""
    types = [graph.types[name] for name in graph.inputs] if graph else []
    image = next((t for t in types if t.shape in _OF_SHAPE), None)
    if image is not None and any(t.classes for t in types):
        return _OF_SHAPE[image.shape]
    if image is not None and sum(t.size == image.size for t in types) > 1:
        return f"reconstruct(of: {_OF_SHAPE[image.shape]})"
    return 'npz("data.npz")'


def _bind(train: spec.TrainSpec, problems: list[Problem]) -> Settings:
    """The settings; whatever was wrong with one is a problem, and its default stands for it."""
    written = _by_name(train, problems)
    section = spec.Name("train", train.span)
    settings = Settings(places={name: s.value.span for name, s in written.items()})
    for name, setting in written.items():
        if name in _KINDS:
            registry, noun = _KINDS[name]
            kind = bind_kind(registry, noun, setting.value, problems)
            if kind is not None:
                settings = replace(settings, **{name: kind.value})
                settings = (
                    replace(settings, data_options=kind.spans) if name == "data" else settings
                )
        else:
            argument = spec.Argument(setting.name, setting.value, setting.span)
            counts = bind(Counts, section, (argument,), problems)
            if counts is not None:
                settings = replace(settings, **{name: getattr(counts.value, name)})
    if "epochs" in written and "steps" in written:
        first, second = sorted((written["epochs"], written["steps"]), key=lambda s: s.span.start)
        problems.append(ClashingSettings(second.span, first=first.span))
    return settings


def _by_name(train: spec.TrainSpec, problems: list[Problem]) -> dict[str, spec.Setting]:
    found: dict[str, spec.Setting] = {}
    written = {setting.name.text for setting in train.settings}
    for setting in train.settings:
        name = setting.name.text
        if name not in NAMES:
            near = meant(name, NAMES)
            advice = advise(name, near, f"the settings are {_listed(NAMES)}")
            near = str(near) if near in written else near  # no fix, where it is there already
            problems.append(UnknownSetting(setting.name.span, near=near, advice=advice, name=name))
        elif name in found:
            problems.append(RepeatedSetting(setting.span, name=name, first=found[name].span))
        else:
            found[name] = setting
    return found


def _listed(names: Iterable[str]) -> str:
    return listed((f"`{name}`" for name in names), "and")


def write_settings(settings: Settings) -> str:
    """A `train` section with every setting and every option in it: what a run was made by."""
    lines = []
    for name in NAMES:
        value = getattr(settings, name)
        if value is None or (name == "epochs" and settings.steps is not None):
            continue
        text = _written_kind(value) if name in _KINDS else str(value)
        lines.append(f"    {name:<10} {text}")
    return "\n".join(["train {", *lines, "}"]) + "\n"


def _written_kind(value: Any) -> str:
    kind: Any = type(value)
    options = options_of(kind)
    given = {f.name: getattr(value, f.name) for f in fields(value) if f.name in options}
    written = [
        f"{name}: {_written(v, is_word=bool(options[name].choices))}"
        for name, v in given.items()
        if v is not None
    ]
    return f"{value.name}({', '.join(written)})"


def _written(value: Any, *, is_word: bool) -> str:
    if isinstance(value, Source):
        return _written_kind(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if is_word else f'"{value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(_written(v, is_word=is_word) for v in value)}]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)
