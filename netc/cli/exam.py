"""A model put to the test on examples it has never seen: some are drawn, all are counted."""

import shutil
import sys
from dataclasses import dataclass
from typing import Any

import click
import numpy as np

from netc.cli.drawing import columns_of, draw, side_by_side, style_for
from netc.cli.model import Model
from netc.cli.screen import is_colored, is_unicode, print_json
from netc.cli.words import count
from netc.training import Dataset, Examples
from netc.types import Array

_WIDEST = 120
_MOST_AT_ONCE = 4096


@dataclass(frozen=True)
class Exam:
    """Answers of a model for all test examples: classes, how sure it was, and the right ones."""

    examples: Examples
    names: tuple[str, ...]
    answered: Array
    sure: Array
    right: Array

    @property
    def wrong(self) -> Array:
        """Numbers of the examples that were answered wrongly."""
        return np.flatnonzero(self.answered != self.right)

    @property
    def score(self) -> str:
        """How many were right, as a line."""
        good = len(self.right) - len(self.wrong)
        part = 100 * good / max(len(self.right), 1)
        return f"{good:,} of {len(self.right):,} test examples are right ({part:.2f} %)"


def examine(model: Model, data: Dataset) -> Exam:
    """Ask a model about every test example of data whose fields are named as its inputs."""
    fields = data.test.fields
    is_label = {n: f.classes is not None and not f.shape for n, f in fields.items()}
    labels = next((name for name in fields if is_label[name] and name not in model.inputs), None)
    absent = [name for name in model.inputs if name not in fields]
    if labels is None:
        raise click.UsageError(
            f"the net takes no class labels from `{data.name}`, so no answer is right or wrong"
        )
    if absent:
        raise click.UsageError(
            f"`{model.path}` has the input `{absent[0]}`, which the spec has not"
        )
    classes = fields[labels].classes or 0
    parts = []
    for start in range(0, len(data.test), _MOST_AT_ONCE):
        parts.append(_scores(model, data, start, classes))
    scores = np.concatenate(parts)
    names = data.class_names or tuple(map(str, range(classes)))
    answered = scores.argmax(axis=1)
    right = fields[labels].data.reshape(-1).astype(np.int64)
    return Exam(data.test, names, answered, scores.max(axis=1), right)


def _scores(model: Model, data: Dataset, start: int, classes: int) -> Array:
    rows = np.arange(start, min(start + _MOST_AT_ONCE, len(data.test)))
    arrays: dict[str, Array] = {}
    for name in model.inputs:
        field = data.test.fields[name]
        kind = np.float32 if field.classes is None else np.int64
        arrays[name] = np.empty((len(rows), *field.shape), kind)
        field.fill(rows, arrays[name])
    for name, array in model.answer(arrays).items():
        if array.shape == (len(rows), classes) and model.may_score(name):
            return array
    raise click.UsageError(f"`{model.path}` has no output of {classes} class scores")


# ---- showing


def show(exam: Exam, shown: int) -> None:
    """Draw some examples, then wrong ones among the rest, and count them all."""
    first = _spread(exam, shown)
    good = len(first) - np.count_nonzero(np.isin(first, exam.wrong))
    of = "" if len(first) == len(exam.right) else f" of {len(exam.right):,}, evenly spread"
    click.echo(f"{count(len(first), 'test example')}{of}; {good} right:\n")
    _gallery(exam, first)
    more = exam.wrong[~np.isin(exam.wrong, first)]
    if len(more):
        some = more[:shown]
        which = "the" if len(some) == len(more) else f"{len(some)} of the"
        click.echo(f"\n{which} {count(len(more), 'other')} that went wrong:\n")
        _gallery(exam, some)
    click.echo(f"\n{exam.score}")


def _spread(exam: Exam, wanted: int) -> Array:
    """Numbers of examples from all over the test set: neighbours are often alike."""
    total = len(exam.right)
    shown = min(wanted, total)
    return np.arange(shown) * total // max(shown, 1)


def _gallery(exam: Exam, indices: Array) -> None:
    colored, unicode = is_colored(sys.stdout), is_unicode(sys.stdout)
    image = image_field(exam)
    if image is None:
        for index in indices:
            click.echo(f"{index:>6}  {_caption(exam, index, None, unicode=unicode)}")
        return
    style = style_for(colored=colored, unicode=unicode)
    pixels = [exam.examples.fields[image].data[index] for index in indices]
    columns = columns_of(pixels[0])
    captions = [_caption(exam, i, columns, unicode=unicode) for i in indices]
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    drawings = [draw(p, style) for p in pixels]
    for line in side_by_side(drawings, captions, columns=columns, width=width):
        click.echo(line, color=colored)


def image_field(exam: Exam) -> str | None:
    """The first field that is made of images with one or three channels."""
    for name, field in exam.examples.fields.items():
        if field.classes is None and field.data.ndim == 4:
            return name
    return None


def _caption(exam: Exam, index: int, columns: int | None, *, unicode: bool) -> str:
    """`✓ 7`, or `✗ 4, is 9`; cut and filled to a width if there is one."""
    is_right = exam.answered[index] == exam.right[index]
    mark = ("✓" if is_right else "✗") if unicode else ("+" if is_right else "x")
    text = f"{mark} {exam.names[exam.answered[index]]}"
    text += "" if is_right else f", is {exam.names[exam.right[index]]}"
    if columns is not None:
        text = text if len(text) <= columns else text[: columns - 1] + ("…" if unicode else "~")
        text = text.ljust(columns)
    return click.style(text, fg="green" if is_right else "red", bold=not is_right)


def print_document(exam: Exam, shown: int) -> None:
    """The same as JSON: some examples one by one, and the count of all."""
    print_json(
        {
            "examples": [_document(exam, index) for index in _spread(exam, shown).tolist()],
            "count": len(exam.right),
            "right": len(exam.right) - len(exam.wrong),
            "wrong": exam.wrong.tolist(),
        }
    )


def _document(exam: Exam, index: int) -> dict[str, Any]:
    sure = float(exam.sure[index])
    return {
        "index": index,
        "class": exam.names[exam.answered[index]],
        "right": exam.names[exam.right[index]],
        "score": sure if np.isfinite(sure) else None,
    }
