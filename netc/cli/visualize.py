"""`netc visualize`: filters, maps, and what in a picture excites a channel, as PNG files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np

from netc.cli.checked import Proven, proven
from netc.cli.complete import files, folders
from netc.cli.data_folders import data_option
from netc.cli.given import Given, Pictures, read_given
from netc.cli.model import Model
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, json_option, print_json, stop
from netc.cli.weights import data_of, network_of, require_weights, weights_option
from netc.diag import did_you_mean, nearest, quoted
from netc.ir import Graph, Node, Unfit, at_sizes, open_sizes, sizes_in
from netc.passes import for_inference
from netc.sizes import is_open
from netc.training import default_threads
from netc.types import Array
from netc.visualize import METHODS, Drawer, Look, Method, picture_inputs, seen_from, telling

_HELP = """Draw what the net in FILE has learned, with the weights of a run, into the folder DIR:

\b
filters.png      what the first layer looks for
maps-L.png       what layer L makes of the first picture: a map for each channel
deconvnet-L.png  a row for each channel: the parts of pictures that excite it most,
                 and beside each what is left when the activation is taken back to it

\b
  netc visualize specs/digits.net --weights runs/digits-1/best.safetensors -o seen
  netc visualize specs/digits.net --weights W --image seven.pgm -o seen
  netc visualize specs/digits.net --weights W --layer conv_2 --channel 5 -o seen

Without --layer it draws the last layer of each size that maps have. Pictures are test examples of
the data of FILE, or those of --image, cropped and scaled as the data are.

The way back (--method) goes through transposed filters, and through the switches of max pools. At a
relu, deconvnet passes what is positive (Zeiler and Fergus 2014), gradient what comes from where the
relu was on (Simonyan et al. 2014), and guided what is both (Springenberg et al. 2015).
"""


@click.command("visualize", help=_HELP, short_help="Draw what a trained net has learned.")
@click.argument("file", shell_complete=files)
@weights_option
@click.option("-o", "--out", required=True, metavar="DIR", shell_complete=folders, help="Where to.")
@click.option(
    "--image",
    "images",
    metavar="X",
    multiple=True,
    shell_complete=files,
    help="A picture or array to look at; any number of times.",
)
@click.option(
    "--examples",
    type=click.IntRange(1),
    metavar="N",
    help="Look at the first N test examples; 32 where not given.",
)
@click.option("--layer", "layers", metavar="NAME", multiple=True, help="A layer; any number.")
@click.option(
    "--channel",
    "channels",
    type=click.IntRange(0),
    metavar="N",
    multiple=True,
    help="A channel, counted from 0; those most excited where not given.",
)
@click.option("--method", type=click.Choice(METHODS), default="deconvnet", show_default=True)
@click.option("--resize", is_flag=True, help="Bring pictures to the size the net takes.")
@click.option("--invert", is_flag=True, help="Pictures are dark on light: turn them round.")
@json_option
@data_option
@set_option
@color_option
def command(
    file: str,
    weights: str | None,
    out: str,
    images: tuple[str, ...],
    examples: int | None,
    layers: tuple[str, ...],
    channels: tuple[int, ...],
    method: Method,
    resize: bool,
    invert: bool,
    as_json: bool,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    if images and examples is not None:
        raise click.UsageError("`--examples` takes test examples, so no `--image` can be given")
    net = proven(file, changes)
    source = _source(net.graph)
    nodes = _nodes(at_sizes(net.graph, open_sizes(net.graph)), source, layers)
    require_weights(net, weights)
    network = network_of(net, weights)
    graph = for_inference(net.graph.replace(outputs=tuple(n.value for n in nodes), phases={}))
    wanted = [name for name in graph.inputs if name in graph.read]
    if images:
        inputs = _given(images, net, wanted, Pictures(net.settings, resize, invert))
    else:
        inputs = _of_the_data(net, data_folders, wanted, examples or 32)
    known = _at_sizes_of(inputs, net.graph)
    for node in nodes:
        _check_channels(known, node, channels)
    look = Look(known, network.store, threads=default_threads())
    drawer = Drawer(look, source, inputs, Path(out))
    drawer.filters()
    drawer.layers(nodes, channels or None, method)
    if as_json:
        print_json({"pictures": [asdict(made) for made in drawer.made]})
        return
    for made in drawer.made:
        click.echo(f"{made.path}: {made.told}")


# ---- what is looked at


def _source(graph: Graph) -> str:
    found = picture_inputs(graph)
    if not found:
        raise click.UsageError(
            f"the net `{graph.name}` has no input that is a picture, [channels, height, width]"
        )
    return found[0]


def _nodes(graph: Graph, source: str, names: Sequence[str]) -> list[Node]:
    """The layers that are asked for, by their names or those of their values."""
    seen = seen_from(graph, source)
    if not names:
        found = telling(graph, seen)
        if not found:
            raise click.UsageError("no layer makes maps; choose one by `--layer`")
        return found
    by_name = {node.value: node for node in seen} | {node.name: node for node in seen}
    for name in names:
        if name not in by_name:
            there = f"there are {quoted([node.name for node in seen])}"
            advice = did_you_mean(nearest(name, by_name)) or there
            raise click.UsageError(f"no layer `{name}` sees the input `{source}`. {advice}")
    return [by_name[name] for name in dict.fromkeys(names)]


def _check_channels(graph: Graph, node: Node, channels: Sequence[int]) -> None:
    shape = graph.types[node.value].shape
    most = shape[0] if shape else 0
    wrong = next((channel for channel in channels if channel >= most), None)
    if wrong is not None or not most:
        has = f"channels 0 to {most - 1}" if most else "no channels"
        raise click.UsageError(f"`{node.name}` has {has}" + (f", not {wrong}" if most else ""))


def _at_sizes_of(inputs: Mapping[str, Array], graph: Graph) -> Graph:
    """The graph with the sizes that some examples have."""
    types = {name: graph.types[name] for name in inputs}
    shapes = {name: array.shape[1:] for name, array in inputs.items()}
    try:
        return at_sizes(graph, sizes_in(types, shapes))
    except Unfit as unfit:
        stop([unfit.problem])


def _given(
    images: Sequence[str], net: Proven, wanted: Sequence[str], pictures: Pictures
) -> dict[str, Array]:
    """The examples in some files, one after the other."""
    types = {name: net.graph.types[name] for name in wanted}
    shapes = {n: tuple(None if is_open(s) else s for s in t.shape) for n, t in types.items()}
    labels = {name: type.classes for name, type in types.items() if type.classes}
    model = Model(str(net.spec.source.path), shapes, (), (), lambda arrays: {}, labels)
    read = [read_given(path, model, pictures) for path in images]
    problems = [given for given in read if not isinstance(given, Given)]
    if problems:
        stop(problems)
    found = [given.arrays for given in read if isinstance(given, Given)]
    if len({arrays[name].shape[1:] for arrays in found for name in wanted[:1]}) > 1:
        raise click.UsageError("the pictures have different sizes: give them one at a time")
    return {name: np.concatenate([arrays[name] for arrays in found]) for name in wanted}


def _of_the_data(
    net: Proven, folders: Sequence[str], wanted: Sequence[str], most: int
) -> dict[str, Array]:
    """The first test examples, or training examples where there are no others."""
    _, data = data_of(net, folders)
    part = data.test if len(data.test) else data.train
    rows = np.arange(min(most, len(part)))
    arrays: dict[str, Array] = {}
    for name in wanted:
        field = part.fields[name]
        kind = np.float32 if field.classes is None else np.int64
        arrays[name] = np.empty((len(rows), *field.shape), kind)
        field.fill(rows, arrays[name])
    return arrays
