"""`netc test`: how good a trained net is on data it has never seen."""

import math
from pathlib import Path

import click

from netc.cli.checked import proven
from netc.cli.class_tables import class_tables
from netc.cli.complete import files, folders
from netc.cli.data_folders import data_option
from netc.cli.exam import examine
from netc.cli.measures import Measures, number
from netc.cli.model import network_model
from netc.cli.overrides import set_option
from netc.cli.report import write_report
from netc.cli.screen import color_option, json_option, print_json
from netc.cli.table import Column, columns
from netc.cli.weights import (
    data_of,
    engine_options,
    network_of,
    require_weights,
    weights_option,
)
from netc.training import Dataset, Measured, measure

_HELP = """Measure the net in FILE on its test data, with the weights of a run.

\b
  netc test specs/digits.net --weights runs/digits-1/best.safetensors
  netc test specs/digits.net --weights runs/digits-1/best.safetensors --report report

--report writes a page, index.html, and the same as report.json: which classes are taken for which,
each class by itself, and the wrong examples, those first of which the net was surest. The net needs
an output with a score for each class.

Metrics that tell of classes (class_accuracy, confusion) are shown as tables, and are lists in what
--json prints.
"""


@click.command("test", help=_HELP, short_help="Measure a trained net on its test data.")
@click.argument("file", shell_complete=files)
@weights_option
@click.option("--batch", type=click.IntRange(1), help="Examples at once; as in training if absent.")
@engine_options
@click.option(
    "--report",
    metavar="DIR",
    shell_complete=folders,
    help="Write what is right and wrong into this folder.",
)
@json_option
@data_option
@set_option
@color_option
def command(
    file: str,
    weights: str | None,
    batch: int | None,
    engine: str,
    threads: int | None,
    report: str | None,
    as_json: bool,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    net = proven(file, changes)
    require_weights(net, weights)
    network = network_of(net, weights, engine=engine, threads=threads)
    settings, data = data_of(net, data_folders)
    if len(data.test) == 0:
        raise click.UsageError(f"`{data.name}` has no test examples. Set `holdout` above 0")
    measured = measure(network, data.test, batch=batch or settings.batch)
    told = _told(measured, Measures(net.graph), data)
    page = None
    if report is not None:
        exam = examine(network_model(file, network), data)
        title = f"{net.graph.name} on {data.name}"
        page = write_report(exam, Path(report), title, measured.metrics, told)
    if as_json:
        print_json(_document(measured, data))
        return
    click.echo(told)
    if page is not None:
        click.echo(f"report: {page}")


def _told(measured: Measured, measures: Measures, data: Dataset) -> str:
    """What was measured, as text."""
    rows = [(name, measures.text(name, value)) for name, value in measured.numbers.items()]
    if measured.loss is not None:
        rows.insert(0, ("loss", number(measured.loss)))
    lines = [columns((Column(""), Column("")), rows)] if rows else []
    lines.append(f"on {measured.examples:,} test examples of {data.name}")
    for table in class_tables(measured.metrics, measures, data.class_names):
        lines += ["", table]
    return "\n".join(lines)


def _document(measured: Measured, data: Dataset) -> dict[str, object]:
    loss = measured.loss
    facts: dict[str, object] = {
        "loss": loss if loss is not None and math.isfinite(loss) else None,
        "metrics": dict(measured.metrics),
        "examples": measured.examples,
    }
    if data.class_names and len(measured.numbers) < len(measured.metrics):
        facts["classes"] = list(data.class_names)
    return facts
