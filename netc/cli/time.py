"""`netc time`: where the time of a step goes, layer by layer."""

import math
import sys
from typing import Any

import click

from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, console, json_option, print_json
from netc.cli.table import Column, columns, rich_table
from netc.cli.weights import engine_options, network_of
from netc.cli.words import count, speed_text
from netc.native import why_not
from netc.timing import LayerTime, Phase, Timing, time_steps

_HELP = """Run steps of the net in FILE on numbers that are drawn, and show where their time goes:
forward and backward of each layer, which kernels do it, and what share that is of the
multiply-adds that the processor could do.

\b
  netc time specs/lenet.net
  netc time specs/resnet_cifar.net --batch 128 --threads 1
  netc time specs/lenet.net --phase test --batch 1 --json

A layer whose work is done by the kernels of another says `with` and its name. NumPy stands where a
layer has no kernel and its rule runs. Times are for one thread; what it waits for others is a line
of its own.
"""

_COLUMNS = (
    Column("layer"),
    Column("type"),
    Column("forward", right=True),
    Column("backward", right=True),
    Column("of peak", right=True),
    Column("by"),
)


@click.command("time", help=_HELP, short_help="Show where the time of a step goes.")
@click.argument("file", shell_complete=files)
@click.option(
    "--phase",
    type=click.Choice(["train", "test"]),
    default="train",
    help="Steps of training, or answers alone.",
)
@click.option(
    "--batch",
    type=click.IntRange(1),
    help="Examples at once; the batch of the `train` section where not given.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="How long to repeat the step.",
)
@engine_options
@json_option
@set_option
@color_option
def command(
    file: str,
    phase: Phase,
    batch: int | None,
    seconds: float,
    engine: str,
    threads: int | None,
    as_json: bool,
    changes: tuple[str, ...],
) -> None:
    net = proven(file, changes)
    graph = net.graph
    if phase == "train" and not graph.losses:
        raise click.UsageError(f"`{graph.name}` has no loss to learn by; there is `--phase test`")
    if phase == "test" and not graph.outputs:
        raise click.UsageError(f"`{graph.name}` has no output to answer with")
    network = network_of(net, None, engine=engine, threads=threads)
    batch = batch or (net.settings.batch if net.settings else 1)
    timing = time_steps(network, phase, batch, settings=net.settings, seconds=seconds)
    if as_json:
        print_json(_document(timing, engine, phase))
    else:
        _show(timing, graph.name, phase)


# ---- the table


def _show(timing: Timing, name: str, phase: Phase) -> None:
    examples = count(timing.batch, "example")
    threads = count(timing.threads, "thread")
    click.echo(f"net {name}: {examples} in a step, {threads}, {_PHASES[phase]}; times in ms\n")
    rows = [_row(layer) for layer in timing.layers]
    last = ("total", "", _ms(timing.forward), _ms(timing.backward), _share(_peak(timing)), "")
    if sys.stdout.isatty():
        console(sys.stdout).print(rich_table(_COLUMNS, rows, last))
    else:
        click.echo(columns(_COLUMNS, [*rows, last]))
    click.echo("\n" + "\n".join(_totals(timing)))


_PHASES = {"train": "training", "test": "answering"}


def _row(layer: LayerTime) -> tuple[str, ...]:
    return (
        layer.name,
        layer.type,
        _ms(layer.forward),
        _ms(layer.backward),
        _share(layer.peak),
        _by(layer),
    )


def _by(layer: LayerTime) -> str:
    if layer.along is not None:
        return f"with {layer.along}"
    return ", ".join((*layer.kernels, *(("NumPy",) if layer.rules else ())))


def _ms(seconds: float) -> str:
    """Milliseconds to three digits."""
    if not seconds:
        return "-"
    return f"{1e3 * seconds:.{max(0, 2 - math.floor(math.log10(1e3 * seconds)))}f}"[:8]


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _peak(timing: Timing) -> float | None:
    """The share of the peak of all that multiplies, by the time it takes."""
    known = [(layer.peak, layer.forward + layer.backward) for layer in timing.layers]
    parts = [(share, seconds) for share, seconds in known if share is not None]
    spent = sum(seconds for _, seconds in parts)
    return sum(share * seconds for share, seconds in parts) / spent if spent else None


def _totals(timing: Timing) -> list[str]:
    parts = [f"forward {_ms(timing.forward)}"]
    if timing.backward:
        parts += [f"backward {_ms(timing.backward)}", f"update {_ms(timing.update)}"]
    parts.append(f"waiting for other threads {_ms(timing.waiting)}")
    rest = _rest(timing)
    lines = [
        f"step {_ms(timing.step)} ms: {', '.join(parts)}, between them {_ms(rest)}",
        f"{speed_text(timing.examples_per_second)[:-2]} examples a second; "
        f"medians of {count(timing.runs, 'step')}",
    ]
    if timing.peak is None:
        lines.append(f"no kernels: {why_not()}; `netc doctor` says more")
    else:
        lines.append(f"peak: {2e-9 * timing.peak:,.0f} GFLOP/s, measured")
    return lines


def _rest(timing: Timing) -> float:
    parts = timing.forward + timing.backward + timing.update + timing.waiting
    return max(timing.step - parts, 0.0)


# ---- the document


def _document(timing: Timing, engine: str, phase: Phase) -> dict[str, Any]:
    return {
        "batch": timing.batch,
        "engine": engine,
        "threads": timing.threads,
        "phase": phase,
        "runs": timing.runs,
        "forward_ms": 1e3 * timing.forward,
        "backward_ms": 1e3 * timing.backward,
        "update_ms": 1e3 * timing.update,
        "waiting_ms": 1e3 * timing.waiting,
        "step_ms": 1e3 * timing.step,
        "examples_per_second": timing.examples_per_second,
        "peak_gflops": None if timing.peak is None else 2e-9 * timing.peak,
        "layers": [_layer_document(layer) for layer in timing.layers],
    }


def _layer_document(layer: LayerTime) -> dict[str, Any]:
    return {
        "name": layer.name,
        "type": layer.type,
        "forward_ms": 1e3 * layer.forward,
        "backward_ms": 1e3 * layer.backward,
        "peak_share": layer.peak,
        "kernels": list(layer.kernels),
        "numpy": layer.rules,
        "with": layer.along,
    }
