"""`netc convert`: a spec in another language, proven to say the same."""

from pathlib import Path

import click

from netc.cli.checked import proven
from netc.cli.complete import files
from netc.cli.overrides import set_option
from netc.cli.problems import UnwritableFormat
from netc.cli.screen import color_option, say, stop
from netc.cli.words import count
from netc.cli.written import put, target_of
from netc.diag import Source, quoted
from netc.formats import WRITTEN, is_same, parse, read_alone, read_any, write
from netc.spec import Library
from netc.types import Bug

_HELP = """Write the spec in IN in another language, `.net` or `.json`.

The tree of the network stays the same, which is proven before the file is written; comments and
the layout of lines do not. `-` is standard input or output.

With `--fully-convolutional` the net is changed on purpose: dense layers on an image become
convolutions with the same weights, so that larger images give maps of answers. The size it had
gives the same answers, which is proven in numbers.

\b
  netc convert net.net -o net.json
  netc convert net.json --to net
  netc convert vgg.net --fully-convolutional -o maps.net --weights vgg.safetensors \\
      --weights-out maps.safetensors
"""


@click.command("convert", help=_HELP, short_help="Write a spec in another language.")
@click.argument("file", metavar="IN", shell_complete=files)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    shell_complete=files,
    help="The file to write; its ending says how.",
)
@click.option(
    "--to",
    type=click.Choice([suffix[1:] for suffix in WRITTEN]),
    help="The language, where no ending says it; without `-o`, to standard output.",
)
@click.option(
    "--fully-convolutional",
    is_flag=True,
    help="Turn dense layers on images into convolutions, for images of any size.",
)
@click.option(
    "--weights", metavar="W", shell_complete=files, help="Weights of IN, to be converted too."
)
@click.option("--weights-out", metavar="W", shell_complete=files, help="Where they go.")
@set_option
@color_option
def command(
    file: str,
    output: str | None,
    to: str | None,
    fully_convolutional: bool,
    weights: str | None,
    weights_out: str | None,
    changes: tuple[str, ...],
) -> None:
    target = target_of(file, output)
    suffix = suffix_of(target, to)
    if (weights is None) != (weights_out is None):
        raise click.UsageError("`--weights` and `--weights-out` go together")
    if fully_convolutional:
        from netc.cli.fully_convolutional import opened_text

        new_weights = Path(weights_out) if weights_out else None
        put(opened_text(proven(file, changes), suffix, weights, new_weights), target)
        return
    if weights is not None or changes:
        raise click.UsageError(
            "`--weights` and `--set` are for `--fully-convolutional`: the other languages of specs "
            "say the same of the same weights"
        )
    made = read_alone(file)
    if isinstance(made, list):
        stop(made)
    text = write(_with_used(file, made), suffix)
    if isinstance(text, list):
        stop(text)
    _prove(made, text, suffix)
    put(text, target)
    _say_what_changes(made, Path(file).parent, target)


def _with_used(file: str, made: Library) -> Library:
    """The spec with what it uses, which says which names are blocks; without, where that fails."""
    whole = read_any(file) if made.uses and file != "-" else made
    return made if isinstance(whole, list) else whole


def suffix_of(target: Path | None, to: str | None) -> str:
    """The ending that stands for the language to write."""
    if to is not None:
        return f".{to}"
    if target is None:
        raise click.UsageError("no language to write is named. Say `-o OUT` or `--to net`")
    suffix = target.suffix.lower()
    if suffix not in WRITTEN:
        stop([UnwritableFormat(None, path=str(target), known=quoted(WRITTEN))])
    return suffix


def _prove(made: Library, text: str, suffix: str) -> None:
    """See that the text reads back as the same tree."""
    again = parse(Source("converted", text), suffix)
    if isinstance(again, list) and any(problem.slug == "too-deep" for problem in again):
        stop(again)
    if isinstance(again, list):
        raise Bug(f"the converted text cannot be read: {again[0].diagnostic().message}")
    if not is_same(made, again):
        raise Bug("the converted text reads back as something else")


def _say_what_changes(made: Library, folder: Path, target: Path | None) -> None:
    if made.comments:
        say(f"note: {count(len(made.comments), 'comment')} left out")
    if made.uses and target is not None and target.parent.resolve() != folder.resolve():
        say("note: the `use` lines name their files as seen from the folder of the original")
