"""`netc draw`: a net as a picture."""

from pathlib import Path
from typing import get_args

import click

from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, say
from netc.cli.written import put, target_of
from netc.diag import did_you_mean, nearest
from netc.draw import (
    MOST_LINES,
    Picture,
    Theme,
    blocks_of,
    dot,
    lay_out,
    mermaid,
    part_of,
    picture,
    svg,
)
from netc.ir import Graph
from netc.passes import drop_dead, for_phase
from netc.types import Phase

_ENDINGS = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".mmd": "mmd"}

_HELP = """Draw the net in FILE as a picture, or as a text for Graphviz or Mermaid.

Blocks are frames, and closed to one box each where the picture would be too large; rounds that are
exactly alike are then drawn once, with their number. An SVG needs no other program, and shows all
options of a layer where the mouse rests.

\b
  netc draw specs/lenet.net -o lenet.svg
  netc draw specs/resnet.net --set depth=101 --direction right -o resnet.svg
  netc draw specs/densenet.net --block stage_1 -o stage.svg
  netc draw specs/googlenet.net --depth 0 --to mmd
"""


@click.command("draw", help=_HELP, short_help="Draw a net: SVG, Graphviz, Mermaid.")
@click.argument("file", shell_complete=files)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    shell_complete=files,
    help="The file to write: `.svg`, `.dot` or `.mmd`.",
)
@click.option(
    "--to",
    type=click.Choice(["svg", "dot", "mmd"]),
    help="The kind, where no ending says it; without `-o`, to standard output.",
)
@click.option(
    "--direction",
    type=click.Choice(["down", "right"]),
    default="down",
    show_default=True,
    help="Where values flow.",
)
@click.option(
    "--depth",
    type=click.IntRange(0),
    help="How many levels of blocks are open; as many as stay legible where not given.",
)
@click.option("--block", metavar="NAME", help="Draw this block or round alone, as `stage_1`.")
@click.option(
    "--rounds",
    type=click.Choice(["once", "all"]),
    help="Whether rounds that are exactly alike are drawn once; they are in large nets.",
)
@click.option(
    "--columns",
    type=click.IntRange(1),
    help="Columns (rows, if values flow right) to cut an SVG into, at most.",
)
@click.option(
    "--phase",
    type=click.Choice(get_args(Phase)),
    help="Draw the net as it is in one phase: what is for the other is left out.",
)
@click.option(
    "--theme",
    type=click.Choice(get_args(Theme)),
    default="auto",
    show_default=True,
    help="Colours of an SVG; `auto` follows the viewer.",
)
@set_option
@color_option
def command(
    file: str,
    output: str | None,
    to: str | None,
    direction: str,
    depth: int | None,
    block: str | None,
    rounds: str | None,
    columns: int | None,
    phase: Phase | None,
    theme: Theme,
    changes: tuple[str, ...],
) -> None:
    target = target_of(file, output)
    kind = to or _kind_of(target)
    graph = _part(_in_phase(proven(file, changes).graph, phase), block)
    drawn = picture(graph, depth=depth, all_rounds=None if rounds is None else rounds == "all")
    right = direction == "right"
    if kind == "svg":
        text = svg(drawn, lay_out(drawn, right=right, columns=columns), theme)
    elif kind == "dot":
        text = dot(drawn, right=right)
    else:
        text = mermaid(drawn, right=right)
        _warn(drawn)
    put(text, target)


def _kind_of(target: Path | None) -> str:
    if target is None:
        raise click.UsageError("no picture to write is named. Say `-o OUT.svg` or `--to svg`")
    kind = _ENDINGS.get(target.suffix.lower())
    if kind is None:
        raise click.UsageError(
            f"`{target}` does not end like a picture that netc draws: `.svg`, `.dot` or `.mmd`"
        )
    return kind


def _in_phase(graph: Graph, phase: Phase | None) -> Graph:
    return graph if phase is None else drop_dead(for_phase(graph, phase))


def _part(graph: Graph, block: str | None) -> Graph:
    if block is None:
        return graph
    blocks = blocks_of(graph)
    if block not in blocks:
        near = did_you_mean(nearest(block, blocks)) if blocks else "It has none"
        raise click.UsageError(f"the net has no block `{block}`. {near}".rstrip(". "))
    return part_of(graph, block)


def _warn(drawn: Picture) -> None:
    if len(drawn.edges) > MOST_LINES:
        say(
            f"note: Mermaid shows {MOST_LINES} lines unless its `maxEdges` says more, and here are "
            f"{len(drawn.edges)}; `--depth 0` draws blocks closed"
        )
