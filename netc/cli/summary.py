"""`netc summary`: the layers of a net in a table, and what it takes to run it."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from netc.cli.checked import Proven, proven
from netc.cli.complete import files
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, console, json_option, print_json
from netc.cli.table import Column, columns, rich_table
from netc.cli.words import count
from netc.diag import amount, bytes_text
from netc.engines import default_threads
from netc.sizes import is_open, where
from netc.summary import BlockSummary, LayerSummary, Summary, by_block, summarize
from netc.types import Tensor

_HELP = """Show the layers of the net in FILE: output shape, params, multiply-adds (MACs), receptive
field and memory, with totals. Everything is for one example; the last lines say how much memory
a whole batch takes to answer and to train.

\b
  netc summary specs/lenet.net
  netc summary specs/lenet.net --batch 256 --json
  netc summary specs/resnet.net --blocks
  netc summary specs/resnet.net --depth 2
"""

_Row = LayerSummary | BlockSummary

_COLUMNS = (
    Column("layer"),
    Column("type"),
    Column("output"),
    Column("params", right=True),
    Column("MACs", right=True),
    Column("field", right=True),
    Column("memory", right=True),
)


@click.command("summary", help=_HELP, short_help="Show layers, shapes, sizes and costs.")
@click.argument("file", shell_complete=files)
@click.option(
    "--batch",
    type=click.IntRange(1),
    help="Examples at once, for the memory; the batch of the `train` section where not given.",
)
@click.option("--blocks", is_flag=True, help="One line for each block and round of a loop.")
@click.option(
    "--depth",
    type=click.IntRange(1),
    help="The same for those inside others, so many deep; `--blocks` is 1.",
)
@json_option
@set_option
@color_option
def command(
    file: str,
    batch: int | None,
    blocks: bool,
    depth: int | None,
    as_json: bool,
    changes: tuple[str, ...],
) -> None:
    if blocks and depth is not None:
        raise click.UsageError("`--blocks` is `--depth 1`: give one of them")
    net = proven(file, changes)
    if batch is None:
        batch = net.settings.batch if net.settings else 1
    summary = summarize(net.graph, batch, threads=default_threads())
    depth = 1 if blocks else depth
    rows = summary.layers if depth is None else by_block(summary.layers, depth)
    if as_json:
        document = _document(summary, _training(summary, net))
        grouped = {} if depth is None else {"blocks": list(map(_block_document, rows))}
        print_json({**document, **grouped})
    else:
        _show(summary, net, rows)


def _training(summary: Summary, net: Proven) -> int | None:
    """Bytes to train with, the arrays of the optimizer among them."""
    memory = summary.memory
    if memory.training is None:
        return None
    arrays = len(net.settings.optimizer.arrays) if net.settings else 0
    return memory.training + arrays * memory.weights


# ---- the table


def _show(summary: Summary, net: Proven, layers: Sequence[_Row]) -> None:
    inputs = ", ".join(f"{name} {type}" for name, type in summary.inputs.items())
    click.echo(f"net {summary.name}: {inputs}\n")
    rows = [_row(layer) for layer in layers]
    total = ("total", "", "", _number(summary.params), _number(summary.macs), "")
    last = (*total, bytes_text(summary.activation_bytes))
    if sys.stdout.isatty():
        console(sys.stdout).print(rich_table(_COLUMNS, rows, last))
    else:
        click.echo(columns(_COLUMNS, [*rows, last]))
    click.echo("\n" + "\n".join(_totals(summary, net)))


def _row(layer: _Row) -> tuple[str, ...]:
    return (
        layer.name,
        layer.type if isinstance(layer, LayerSummary) else count(len(layer.layers), "layer"),
        _type(layer.output),
        f"as {layer.shares}" if layer.shares and not layer.params else _number(layer.params),
        _number(layer.macs),
        "x".join(map(str, layer.receptive_field or ())) or "-",
        bytes_text(layer.bytes) if layer.bytes else "-",
    )


def _type(type: Tensor) -> str:
    return str(type) if type.shape or type.classes else "number"


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def _totals(summary: Summary, net: Proven) -> list[str]:
    memory = summary.memory
    examples = "one example" if memory.batch == 1 else f"{memory.batch:,} examples"
    lines = [
        f"{amount(summary.params)} params ({bytes_text(memory.weights)}), "
        f"{amount(summary.macs)} multiply-adds for each example"
    ]
    uses = []
    if memory.inference is not None:
        uses.append(f"{bytes_text(memory.inference)} to answer")
    training = _training(summary, net)
    if training is not None:
        uses.append(f"{bytes_text(training)} to train")
    if uses:
        lines.append(f"memory for {examples} at once, weights included: {', '.join(uses)}")
    if summary.sizes:
        given = " ".join(f"--set {name}={size}" for name, size in summary.sizes.items())
        lines.append(f"the numbers hold{where(summary.sizes)}; for others: `{given}`")
    return lines


# ---- the document


def _document(summary: Summary, training: int | None) -> dict[str, Any]:
    memory = summary.memory
    return {
        "name": summary.name,
        "params": summary.params,
        "macs": summary.macs,
        "activation_bytes": summary.activation_bytes,
        "memory": {
            "batch": memory.batch,
            "weights": memory.weights,
            "states": memory.states,
            "inference": memory.inference,
            "training": training,
        },
        **({"sizes": dict(summary.sizes)} if summary.sizes else {}),
        "layers": [_layer_document(layer) for layer in summary.layers],
    }


def _shape(type: Tensor) -> list[int | str]:
    """The sides of a shape; one that is open as its formula."""
    return [str(side) if is_open(side) else side for side in type.shape]


def _layer_document(layer: LayerSummary) -> dict[str, Any]:
    field = layer.receptive_field
    return {
        "name": layer.name,
        "type": layer.type,
        "inputs": [_shape(type) for type in layer.inputs],
        "output": _shape(layer.output),
        "params": layer.params,
        "macs": layer.macs,
        "receptive_field": None if field is None else list(field),
        **({"shares": layer.shares} if layer.shares else {}),
    }


def _block_document(row: _Row) -> dict[str, Any]:
    """A block or round of a loop, or a layer that stands in none."""
    if isinstance(row, LayerSummary):
        return {**_layer_document(row), "layers": 1, "bytes": row.bytes}
    field = row.receptive_field
    return {
        "name": row.name,
        "layers": len(row.layers),
        "output": _shape(row.output),
        "params": row.params,
        "macs": row.macs,
        "receptive_field": None if field is None else list(field),
        "bytes": row.bytes,
    }
