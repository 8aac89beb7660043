"""The options of a trainer, read as what ConvNetJS makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netc.diag import quoted
from netc.formats.convnetjs.findings import Findings, advice
from netc.formats.convnetjs.members import members_of, read_options
from netc.formats.convnetjs.problems import (
    DiffersFromOriginal,
    IdleOption,
    SeveralTrainers,
    UnknownMethod,
    UnusableOption,
)
from netc.formats.convnetjs.strays import report_ignored
from netc.formats.convnetjs.values import Given, given, printed, shown
from netc.formats.convnetjs.words import METHODS, RENAMED, TRAINING
from netc.formats.json.nodes import Broken, Member, Object, Piece, String

_ALL = {name for options in METHODS.values() for name in options} | set(TRAINING)
_FOREIGN = {"momentum_sgd": "sgd", "netsgd": "sgd", "rmsprop": "windowgrad", "rms": "windowgrad"}
_FOREIGN |= {"nag": "nesterov", "netsterov": "nesterov"}


@dataclass(frozen=True)
class Trainer:
    """One with all its options; `eps` is absent where adadelta's is not given, as its default
    differs between releases."""

    method: str
    place: Piece
    whole: Piece
    options: Mapping[str, Given] = field(default_factory=dict)

    def number(self, name: str) -> float:
        return self.options[name].value

    @property
    def batch(self) -> int:
        return int(self.number("batch_size"))


def read_trainers(found: Findings, trainers: Sequence[Object]) -> Trainer | None:
    """The trainer to take, the first; what is wrong with any of them is told."""
    made = [_read(found, each, is_taken=index == 0) for index, each in enumerate(trainers)]
    if len(made) > 1:
        others = ", ".join(f"`{each.method}`" for each in made[1:4] if each)
        way_out = f"the others ({others}, ...)" if len(made) > 4 else f"the others ({others})"
        way_out += " can be asked for with `--set train.optimizer=...`"
        place = found.span(trainers[0])
        found.add(SeveralTrainers(place, count=len(made), way_out=way_out))
    return made[0] if made else None


def _read(found: Findings, node: Object, *, is_taken: bool) -> Trainer | None:
    members = members_of(found, node)
    method, place = _method(found, node, members)
    if method is None:
        return None
    known = {**METHODS[method], **TRAINING}
    meant = dict(members)
    for key, member in members.items():
        if key in ("method", *known):
            continue
        if key in _ALL:
            _idle(found, member, method, is_told=is_taken)
            continue
        near = RENAMED.get(key) or found.meant(member.key, tuple(sorted({*_ALL, "method"})))
        near = near if near in _ALL or near == "method" else None
        report_ignored(found, "the trainer", member, near, meant)
    options = read_options(found, meant, known)
    whole = {
        name: given(option.default, place)
        for name, option in known.items()
        if option.default is not None
    }
    if is_taken:
        _tell(found, method, place, options)
    return Trainer(method, place, node, whole | options)


def _method(
    found: Findings, node: Object, members: Mapping[str, Member]
) -> tuple[str | None, Piece]:
    if "method" not in members:
        return "sgd", Piece(node.start, min(node.start + 1, node.end))
    value = members["method"].value
    if isinstance(value, Broken):
        return None, value
    if not isinstance(value, String):
        wanted, text = f"one of {quoted(METHODS)}", shown(value)
        found.add(UnusableOption(found.span(value), name="method", value=text, wanted=wanted))
        return None, value
    if value.value in METHODS:
        return value.value, value
    near = _FOREIGN.get(value.value.lower()) or found.meant(value, tuple(METHODS))
    momentum = members["momentum"].value if "momentum" in members else None
    found.add(
        UnknownMethod(
            found.word(value),
            near=found.fixable(value, near),
            advice=advice(near, f"its methods are {quoted(METHODS)}"),
            name=printed(value.value),
            momentum=shown(momentum) if momentum else "0.9",
        )
    )
    return (near if near in METHODS else None), value


def _idle(found: Findings, member: Member, method: str, *, is_told: bool) -> None:
    """An option of another method; the rate of adadelta is its own where it is 1."""
    key, value = member.key.value, getattr(member.value, "value", None)
    is_usual = method == "adadelta" and key == "learning_rate" and value == 1
    if is_usual or value == 0 or not is_told:
        return
    where = f"with the method `{method}`"
    way_out = f"leave it out, or choose a `method` that has `{key}`"
    found.add(IdleOption(found.span(member.key), name=key, where=where, way_out=way_out))


def _tell(found: Findings, method: str, place: Piece, options: Mapping[str, Given]) -> None:
    """Where netc trains otherwise than ConvNetJS."""
    if method == "adam":
        original = "`adam` in ConvNetJS multiplies by 1 - beta^k where it has to divide"
        here = "netc corrects the means as published, and counts steps, not examples"
        found.add(DiffersFromOriginal(found.span(place), original=original, here=here))
    if method == "adadelta" and "eps" not in options:
        original = "`eps` of `adadelta` is 1e-8 in later versions of ConvNetJS, and was 1e-6"
        here = "netc takes 1e-6, with which networks learn faster; `eps: 1e-8` asks for the other"
        found.add(DiffersFromOriginal(found.span(place), original=original, here=here))
