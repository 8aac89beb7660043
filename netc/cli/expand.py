"""`netc expand`: what a net really is, every layer on a line of its own."""

import click

from netc.cli.checked import Proven, proven
from netc.cli.complete import files
from netc.cli.convert import suffix_of
from netc.cli.overrides import set_option
from netc.cli.screen import color_option, say, stop
from netc.cli.written import put, target_of
from netc.diag import Source
from netc.expand import MIDDLES, Expanded, expand, is_same_graph
from netc.formats import read_source, write
from netc.ir import build
from netc.types import Bug

_HELP = """Write out the net in FILE: without blocks, repetition, choices and expressions.

Every layer has a line with its name, where its value comes from, and all its options. The result
is a net of its own: its weights have the same names, so that files of weights fit both.

\b
  netc expand resnet.net --set depth=18
  netc expand net.net --brief -o plain.net
"""


@click.command("expand", help=_HELP, short_help="Write out blocks, repetition and defaults.")
@click.argument("file", shell_complete=files)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    shell_complete=files,
    help="The file to write, `.net` or `.json`.",
)
@click.option("--brief", is_flag=True, help="Leave out options at their defaults.")
@set_option
@color_option
def command(file: str, output: str | None, brief: bool, changes: tuple[str, ...]) -> None:
    target = target_of(file, output)
    suffix = suffix_of(target, None if target else "net")
    expanded, text = proven_text(proven(file, changes), suffix, brief=brief)
    put(text, target)
    for before, after in expanded.renamed.items():
        say(f"note: the value `{before}` is called `{after}` here, and weights are as they were")


def proven_text(net: Proven, suffix: str, *, brief: bool) -> tuple[Expanded, str]:
    """The spec written out, and its text, once that is known to mean the same graph."""
    for middle in MIDDLES:
        expanded = expand(net.spec, net.graph, brief=brief, middle=middle)
        text = write(expanded.spec, suffix)
        if isinstance(text, list):
            stop(text)
        read = read_source(Source("expanded", text), suffix)
        graph = None if isinstance(read, list) else build(read).graph
        if graph is not None and is_same_graph(net.graph, graph, expanded.renamed):
            return expanded, text
    raise Bug("the net written out is not the same net")
