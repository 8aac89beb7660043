"""Which data feed which input of a net."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netc.diag import Span
from netc.formats import InputWords
from netc.ir import closed_type, sizes_in
from netc.sizes import is_open
from netc.training.data.examples import Dataset, Examples, Field
from netc.training.data.problems import DataMismatch, DataProblem, NoDataForInput
from netc.types import Tensor


def bind(
    dataset: Dataset,
    inputs: Mapping[str, Tensor],
    spans: Mapping[str, Span] | None = None,
    words: InputWords | None = None,
) -> Dataset | list[DataProblem]:
    """The data set with its fields named as the inputs of a net, and in their shapes.

    An input takes the field of its own name. Otherwise a class input takes the labels, and the
    other inputs take what is left, in their order. Sizes that are open are those of the data.
    Where a map of labels is wanted, whole numbers are labels. `spans` is where the net names its
    inputs, and `words` are those of its language.
    """
    chosen = _choose(dataset.train, inputs)
    maps = [chosen[n] for n, t in inputs.items() if n in chosen and t.classes and t.rank]
    train, test = (_with_maps(part, maps) for part in (dataset.train, dataset.test))
    dataset = replace(dataset, train=train, test=test)
    sizes = sizes_in(inputs, {n: dataset.train.fields[f].shape for n, f in chosen.items()})
    inputs = {name: closed_type(type, sizes) for name, type in inputs.items()}
    problems = []
    for name, wanted in inputs.items():
        socket = _Socket(name, wanted, (spans or {}).get(name), words or InputWords())
        problem = _problem(dataset, socket, chosen.get(name))
        problems += [problem] if problem else []
    if problems:
        return problems
    train, test = (
        Examples({n: _shaped(part.fields[chosen[n]], t) for n, t in inputs.items()})
        for part in (dataset.train, dataset.test)
    )
    return Dataset(dataset.name, train, test, dataset.class_names)


def _choose(examples: Examples, inputs: Mapping[str, Tensor]) -> dict[str, str]:
    """The field that each input takes, as far as there is one."""
    chosen = {name: name for name in inputs if name in examples.fields}
    for name, wanted in inputs.items():
        if name in chosen:
            continue
        free = {f: data for f, data in examples.fields.items() if f not in chosen.values()}
        if wanted.classes is None:
            found = [field for field, data in free.items() if data.classes is None]
        else:
            found = _labels(free, wanted.rank)
        if found:
            chosen[name] = found[0]
    return chosen


def _labels(fields: Mapping[str, Field], rank: int) -> list[str]:
    """The fields that hold labels, of this rank first; for a map, also whole numbers like one."""
    known = [name for name, field in fields.items() if field.classes is not None]
    known.sort(key=lambda name: len(fields[name].shape) != rank)
    if not rank or any(len(fields[name].shape) == rank for name in known):
        return known
    maps = [n for n, field in fields.items() if len(field.shape) == rank and field.is_whole]
    return maps + known


def _with_maps(examples: Examples, maps: Sequence[str]) -> Examples:
    """Examples in which the whole numbers of these fields are labels."""
    made = dict(examples.fields)
    for name in maps:
        if made[name].classes is None and made[name].is_whole:
            made[name] = made[name].as_labels()
    return Examples(made)


@dataclass(frozen=True)
class _Socket:
    """An input of the net, where it is, and how its language speaks of inputs."""

    name: str
    wanted: Tensor
    span: Span | None
    words: InputWords

    def mismatch(
        self, dataset: Dataset, given: str, way_out: str, silence: str = ""
    ) -> DataMismatch:
        shown = self.words.shown(self.wanted)
        return DataMismatch(self.span, self.name, shown, dataset.name, given, way_out, silence)

    def shown(self, field: Field) -> str:
        return self.words.shown(_type(field))

    def declared(self, field: Field) -> str:
        return self.words.declared(self.name, _type(field))


def _problem(dataset: Dataset, socket: _Socket, chosen: str | None) -> DataProblem | None:
    wanted = socket.wanted
    if chosen is None:
        given = dataset.train.fields.items()
        fields = ", ".join(f"`{name}` {socket.shown(field)}" for name, field in given)
        shown = socket.words.shown(wanted)
        return NoDataForInput(socket.span, socket.name, shown, dataset.name, fields)
    field = dataset.train.fields[chosen]
    if (wanted.classes is None) != (field.classes is None):
        way_out = socket.declared(field)
        if wanted.classes:
            way_out = "" if wanted.rank else _way_to_classes(chosen, field)
        return socket.mismatch(dataset, socket.shown(field), way_out)
    if wanted.classes is not None:
        problem = _class_problem(dataset, socket, wanted.classes, chosen)
        if problem or _squeezed(wanted.shape) == _squeezed(field.shape):
            return problem
        declared = socket.declared(replace(field, classes=wanted.classes))
        return socket.mismatch(dataset, socket.shown(field), declared)
    if _squeezed(wanted.shape) == _squeezed(field.shape) and _keeps_image(wanted, field):
        return None
    way_out = _way_to_channels(chosen, field)
    if not way_out:
        ways = filter(None, (_way_to(wanted, field), socket.declared(field)))
        way_out = ", or ".join(ways)
    silence = socket.words.silence(wanted, _type(field))
    return socket.mismatch(dataset, socket.shown(field), way_out, silence)


def _class_problem(
    dataset: Dataset, socket: _Socket, wanted: int, chosen: str
) -> DataProblem | None:
    """Labels must be below the class count, and their names as many as it."""
    parts = (dataset.train, dataset.test)
    count = max(part.fields[chosen].classes or 0 for part in parts)
    if count == wanted or (count < wanted and not dataset.class_names):
        return None
    has = socket.words.shown(Tensor((), classes=count))
    given = has if dataset.class_names else f"labels up to {count - 1}"
    declared = socket.declared(replace(parts[0].fields[chosen], classes=count))
    whole = replace(socket, wanted=Tensor((), classes=wanted))
    return whole.mismatch(dataset, given, declared)


def _way_to_classes(chosen: str, field: Field) -> str:
    """How what the data have becomes class numbers."""
    if len(field.shape) == 1 and field.shape[0] > 1:
        return f"if each row marks a class, save the class numbers: `{chosen}.argmax(axis=1)`"
    if field.shape in ((), (1,)):
        return f"class numbers are whole numbers, one for each example: save `{chosen}` as int64"
    return ""


def _way_to_channels(chosen: str, field: Field) -> str:
    """How images come to have their channels first, where they have them last."""
    few = (1, 3, 4)
    if field.data.ndim != 4 or field.shape[-1] not in few or field.shape[0] in few:
        return ""
    return f"channels come first: save `{chosen}.transpose(0, 3, 1, 2)`"


def _way_to(wanted: Tensor, field: Field) -> str:
    """How images of one size come from those of another."""
    is_image = field.data.ndim >= 3 and wanted.rank >= 2 and not is_open(wanted.shape)
    if not is_image or wanted.shape[:-2] != field.shape[:-2]:
        return ""
    (high, wide), whole = wanted.shape[-2:], field.data.shape[-2:]
    if high != wide:
        return ""
    if high <= min(whole):
        return f"give the data the option `crop: {high}`"
    lack = high - min(whole)
    pad = -(-lack // 2)
    if (high, wide) == (whole[0] + lack, whole[1] + lack) and lack % 2 == 0:
        return f"give the data the option `pad: {pad}`"
    return f"give the data the options `pad: {pad}` and `crop: {high}`"


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side for side in shape if side != 1)


def _keeps_image(wanted: Tensor, field: Field) -> bool:
    """Whether height and width stay the last two sides, as crops and mirrors want, and the channels
    stay before them: without, rows would be taken for channels of a sequence."""
    if field.data.ndim == 4 and wanted.rank == 2:
        return False
    is_whole = field.crop is None and not field.mirror
    return is_whole or wanted.shape[-2:] == field.shape[-2:]


def _shaped(field: Field, wanted: Tensor) -> Field:
    return field if field.shape == wanted.shape else field.reshaped(wanted.shape)


def _type(field: Field) -> Tensor:
    return Tensor(field.shape, classes=field.classes)
