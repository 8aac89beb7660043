"""Where in a spec a varied thing stands, and the spec with another value there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netc import spec
from netc.diag import Problem
from netc.ir import give
from netc.options import main_option, options_of
from netc.training import OPTIMIZERS

Step = spec.Name | spec.Call


@dataclass(frozen=True)
class ParameterPlace:
    """A parameter of the net."""

    name: str


@dataclass(frozen=True)
class SettingPlace:
    """A setting of the `train` section."""

    name: str


@dataclass(frozen=True)
class OptimizerPlace:
    """An option of the optimizer."""

    option: str


@dataclass(frozen=True, eq=False)
class LayerPlace:
    """An option of the layer that `step` makes, which is one of the type `kind`."""

    step: Step
    option: str
    kind: type


Place = ParameterPlace | SettingPlace | OptimizerPlace | LayerPlace


def set_at(
    whole: spec.Spec, places: Sequence[Place], values: Sequence[spec.Value], usual: Step
) -> spec.Spec | list[Problem]:
    """A spec with a value at each of the places; `usual` is the optimizer where it names none."""
    pairs = list(zip(places, values, strict=True))
    steps: dict[int, list[tuple[LayerPlace, spec.Value]]] = {}
    settings: dict[str, spec.Value] = {}
    parameters: list[spec.Setting] = []
    options: dict[str, spec.Value] = {}
    for place, value in pairs:
        match place:
            case ParameterPlace(name):
                parameters.append(_setting(name, value))
            case SettingPlace(name):
                settings[name] = value
            case OptimizerPlace(option):
                options[option] = value
            case LayerPlace(step=step):
                steps.setdefault(id(step), []).append((place, value))
    if options:
        settings["optimizer"] = _optimizer(whole, settings.get("optimizer"), options, usual)
    made = replace(_with_steps(whole, steps), train=_train(whole, settings))
    return give(made, parameters) if parameters else made


def _with_steps(
    whole: spec.Spec, steps: Mapping[int, Sequence[tuple[LayerPlace, spec.Value]]]
) -> spec.Spec:
    if not steps:
        return whole

    def change(part: object) -> object:
        for place, value in steps.get(id(part), ()):
            assert isinstance(part, Step)
            part = with_option(part, place.kind, place.option, value)
        return part

    net, blocks = (spec.changed(part, change) for part in (whole.net, whole.blocks))
    return replace(whole, net=net, blocks=blocks)


def with_option(step: Step, kind: type, option: str, value: spec.Value) -> spec.Call:
    """A layer type or an optimizer, as it is written, with one of its options set."""
    if isinstance(step, spec.Name):
        step = spec.Call(step, (), step.span)
    found = argument_of(step, kind, option)
    if found is None:
        name = spec.Name(option, value.span)
        return replace(step, arguments=(*step.arguments, spec.Argument(name, value, value.span)))
    arguments = tuple(replace(a, value=value) if a is found else a for a in step.arguments)
    return replace(step, arguments=arguments)


def argument_of(step: Step, kind: type, option: str) -> spec.Argument | None:
    """What is written for an option, with its name or in the place of the main one."""
    main = main_option(kind)
    is_main = main is not None and main.name == option
    for argument in step.arguments if isinstance(step, spec.Call) else ():
        if argument.name.text == option if argument.name else is_main:
            return argument
    return None


def _optimizer(
    whole: spec.Spec,
    drawn: spec.Value | None,
    options: Mapping[str, spec.Value],
    usual: Step,
) -> spec.Value:
    """The optimizer with options set; one that was drawn may not have all of them."""
    lines = whole.train.settings if whole.train else ()
    written = [line.value for line in lines if line.name.text == "optimizer"]
    value = drawn or next(iter(written), usual)
    if not isinstance(value, Step):
        value = usual
    name = value.text if isinstance(value, spec.Name) else value.type.text
    kind = OPTIMIZERS.get(name)
    for option, given in options.items():
        if kind is not None and option in options_of(kind):
            value = with_option(value, kind, option, given)
    return value


def _train(whole: spec.Spec, settings: Mapping[str, spec.Value]) -> spec.TrainSpec | None:
    if not settings or whole.train is None:
        return whole.train
    kept = [
        replace(s, value=settings[s.name.text]) if s.name.text in settings else s
        for s in whole.train.settings
    ]
    written = {s.name.text for s in kept}
    new = [_setting(name, value) for name, value in settings.items() if name not in written]
    return replace(whole.train, settings=(*kept, *new))


def _setting(name: str, value: spec.Value) -> spec.Setting:
    return spec.Setting(spec.Name(name, value.span), value, value.span)
