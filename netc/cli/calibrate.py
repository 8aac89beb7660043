"""`netc calibrate`: the statistics of the whole training set for weights that are trained."""

from pathlib import Path

import click

from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.data_folders import data_option
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, json_option, print_json, stop
from netc.cli.weights import data_of, engine_options, network_of, require_weights, weights_option
from netc.training import (
    Population,
    calibrate_network,
    calibrated_path,
    check_statistics,
    write_calibrated,
)

_HELP = """Give the weights W of the net in FILE the statistics of its whole training set.

\b
  netc calibrate specs/mnist_bn.net --weights runs/mnist_bn-1/best.safetensors
  netc calibrate a.net --weights best.safetensors -o better.safetensors --batch 256

While it learns, batch_norm normalizes each batch by its own mean and variance, and notes averages
that move from step to step; afterwards it uses those. This computes them anew: the mean over all
batches of the training set, of one size, of their means and of their variances times m / (m - 1).
The net sees each batch as in training, with its dropout, but images are cut as in a test. Nothing
else changes. `statistics population` in the `train` section does the same before each test.
"""


@click.command("calibrate", help=_HELP, short_help="Give weights the statistics of the data.")
@click.argument("file", shell_complete=files)
@weights_option
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    shell_complete=files,
    help="The file to write; calibrated.safetensors beside W if absent.",
)
@click.option("--batch", type=click.IntRange(1), help="Examples in a batch; as in training.")
@click.option("--batches", type=click.IntRange(1), help="At most so many batches; all if absent.")
@engine_options
@json_option
@data_option
@set_option
@color_option
def command(
    file: str,
    weights: str | None,
    output: str | None,
    batch: int | None,
    batches: int | None,
    engine: str,
    threads: int | None,
    as_json: bool,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    net = proven(file, changes)
    require_weights(net, weights)
    if problems := check_statistics(net.graph):
        stop(problems)
    network = network_of(net, weights, engine=engine, threads=threads)
    settings, data = data_of(net, data_folders)
    size = batch or settings.batch
    found = calibrate_network(network, data.train, batch=size, seed=settings.seed, batches=batches)
    if not isinstance(found, Population):
        stop(found)
    source = Path(weights or file)
    place = calibrated_path(source) if output is None else Path(output)
    write_calibrated(place, network, found, weights=source)
    if as_json:
        print_json(_document(place, found))
        return
    layers = "1 layer" if found.layers == 1 else f"{found.layers} layers"
    batches_of = "1 batch" if found.batches == 1 else f"{found.batches} batches"
    click.echo(f"{place}: statistics of {layers} over {batches_of} of {found.batch}")
    click.echo(f"on {found.examples:,} of {len(data.train):,} training examples of {data.name}")


def _document(place: Path, found: Population) -> dict[str, object]:
    return {
        "weights": str(place),
        "layers": found.layers,
        "batch": found.batch,
        "batches": found.batches,
        "examples": found.examples,
    }
