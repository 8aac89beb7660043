"""`netc predict`: what a model answers, for files or for the test examples of a spec's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from netc.cli import exam
from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.data_folders import data_option
from netc.cli.given import Given, Pictures, read_given
from netc.cli.model import Model, is_onnx, onnx_model, spec_model
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, json_option, print_json, stop
from netc.cli.weights import data_of
from netc.diag import Problem
from netc.export import Device
from netc.types import Array

_MOST_NUMBERS = 8

_HELP = """Ask MODEL about each INPUT. MODEL is an .onnx file, run by onnxruntime, or a spec with
--weights. INPUT is an array (.npy, .npz) of one example or of many, or a picture.

\b
  netc predict digits.onnx seven.pgm
  netc predict mnist.onnx photo.png --resize --invert --top 3
  netc predict digits.onnx --examples 8 --like specs/digits.net

Pixels become numbers from 0 (black) to 1 (white). With --like SPEC, and always where MODEL is a
spec, they are cropped and scaled as SPEC does with its data, and so are arrays of bytes; other
arrays go in as they are. PGM and PPM pictures need nothing else; for others install Pillow:
pip install "netc[data]"

--examples N asks about all test examples of the data that SPEC names, draws N of them, evenly
spread, and as many of those answered wrongly, and counts the right ones.
"""


@click.command("predict", help=_HELP, short_help="Ask a trained net for answers.")
@click.argument("model", metavar="MODEL", shell_complete=files)
@click.argument("inputs", metavar="[INPUT]...", nargs=-1, shell_complete=files)
@click.option(
    "--weights",
    metavar="W",
    shell_complete=files,
    help="A file of weights, where MODEL is a spec without any in it.",
)
@click.option(
    "--device",
    type=click.Choice(["cpu", "cuda", "auto"]),
    default="cpu",
    show_default=True,
    help="Where onnxruntime runs an .onnx file.",
)
@click.option("--top", type=click.IntRange(1), default=1, show_default=True, help="Classes shown.")
@click.option(
    "--like",
    metavar="SPEC",
    shell_complete=files,
    help="The spec whose data the pictures are to be like.",
)
@click.option("--resize", is_flag=True, help="Bring pictures to the size the model takes.")
@click.option("--invert", is_flag=True, help="Pictures are dark on light: turn them round.")
@click.option("--examples", type=click.IntRange(1), metavar="N", help="Draw N test examples.")
@json_option
@data_option
@set_option
@color_option
def command(
    model: str,
    inputs: tuple[str, ...],
    weights: str | None,
    device: Device,
    top: int,
    like: str | None,
    resize: bool,
    invert: bool,
    examples: int | None,
    as_json: bool,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    _refuse(model, inputs, weights, like, examples)
    spec = like if is_onnx(model) else model
    net = proven(spec, changes) if spec is not None else None
    if is_onnx(model) or net is None:
        answering = onnx_model(model, device)
    else:
        if weights is None and not net.spec.holds_weights:
            raise click.UsageError(f"`{model}` is a spec, so it needs `--weights`")
        answering = spec_model(model, net, weights)
    if examples is not None and net is not None:
        _, data = data_of(net, data_folders)
        found = exam.examine(answering, data)
        (exam.print_document if as_json else exam.show)(found, examples)
        return
    pictures = Pictures(net.settings if net else None, resize, invert)
    answers = [_answer(answering, given) for given in _read(inputs, answering, pictures)]
    if as_json:
        print_json({"model": model, "predictions": [d for a in answers for d in a.documents(top)]})
        return
    for answer in answers:
        for line in answer.lines(top):
            click.echo(line)


def _refuse(
    model: str,
    inputs: tuple[str, ...],
    weights: str | None,
    like: str | None,
    examples: int | None,
) -> None:
    """Words that do not go together."""
    if is_onnx(model):
        if weights is not None:
            raise click.UsageError("an .onnx file has its weights in it; `--weights` is for a spec")
        if examples is not None and like is None:
            raise click.UsageError("`--examples` of what? Name a spec with data by `--like`")
    else:
        if Path(model).suffix == ".safetensors":
            raise click.UsageError(f"`{model}` holds weights. Give the spec, and it by `--weights`")
        if like is not None:
            raise click.UsageError("`--like` is for an .onnx file; a spec is like itself")
    if examples is None and not inputs:
        raise click.UsageError("predict on what? Name files, or give `--examples N`")
    if examples is not None and inputs:
        raise click.UsageError("`--examples` takes the test examples, so no files can be named")


def _read(inputs: tuple[str, ...], model: Model, pictures: Pictures) -> list[Given]:
    """All inputs; one that cannot be used ends the run before anything is asked."""
    found = [read_given(path, model, pictures) for path in inputs]
    problems = [given for given in found if isinstance(given, Problem)]
    if problems:
        stop(problems)
    return [given for given in found if isinstance(given, Given)]


def _answer(model: Model, given: Given) -> "_Answer":
    return _Answer(given, model.answer(given.arrays), model)


@dataclass(frozen=True)
class _Answer:
    """What a model says of the examples of a file."""

    given: Given
    outputs: Mapping[str, Array]
    model: Model

    @property
    def _count(self) -> int:
        return len(next(iter(self.given.arrays.values())))

    def lines(self, top: int) -> list[str]:
        """A line for each example and output."""
        out = []
        for index in range(self._count):
            name = self.given.path if self.given.is_one else f"{self.given.path}[{index}]"
            for output, rows in self.outputs.items():
                which = f" {output}" if len(self.outputs) > 1 else ""
                out.append(f"{name}{which}: {self._text(output, rows[index], top)}")
        return out

    def _text(self, output: str, row: Array, top: int) -> str:
        if not self._is_classes(output, row):
            return _numbers(row)
        write = _percent if _is_distribution(row) else _short
        return ", ".join(f"{name} ({write(score)})" for name, score, _ in self._best(row, top))

    def documents(self, top: int) -> list[dict[str, Any]]:
        """An object for each example."""
        return [
            {
                "input": self.given.path,
                "index": None if self.given.is_one else index,
                "outputs": {
                    n: self._document(n, rows[index], top) for n, rows in self.outputs.items()
                },
            }
            for index in range(self._count)
        ]

    def _document(self, output: str, row: Array, top: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._is_classes(output, row):
            found["classes"] = [
                {"class": name, "number": number, "score": _plain(score)}
                for name, score, number in self._best(row, top)
            ]
        return {**found, "values": _plain(row.tolist())}

    def _is_classes(self, output: str, row: Array) -> bool:
        """Whether numbers are scores of classes: as many as there are names, or a distribution."""
        if row.ndim != 1 or len(row) < 2:
            return False
        named = len(row) == len(self.model.classes) and self.model.may_score(output)
        return named or _is_distribution(row)

    def _best(self, row: Array, top: int) -> list[tuple[str, float, int]]:
        order = np.argsort(-row, kind="stable")[:top].tolist()
        names = self.model.classes
        named = len(names) == len(row)
        return [(names[i] if named else f"class {i}", float(row[i]), i) for i in order]


def _is_distribution(row: Array) -> bool:
    values = row.astype(np.float64)
    return bool((values >= 0).all() and abs(values.sum() - 1) < 1e-3)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _short(value: float) -> str:
    return f"{value:.5g}"


def _numbers(row: Array) -> str:
    """Raw numbers, the first of many."""
    flat = row.reshape(-1).tolist()
    shown = ", ".join(_short(value) for value in flat[:_MOST_NUMBERS])
    if len(flat) > _MOST_NUMBERS:
        shape = "x".join(map(str, row.shape))
        shown += f", ... ({shape} numbers; `--json` prints them all)"
    return shown


def _plain(value: Any) -> Any:
    """Numbers for JSON, which has no word for what is not finite."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if not isinstance(value, float) or np.isfinite(value) else None
