"""`netc convert`: a spec in another language, proven to say the same."""

from pathlib import Path

import click

from netc.cli.checked import Proven, proven
from netc.cli.complete import files
from netc.cli.overrides import override, set_option
from netc.cli.problems import UnwritableFormat
from netc.cli.screen import color_option, say, show, stop
from netc.cli.words import count
from netc.cli.written import put, target_of
from netc.diag import Source, quoted
from netc.formats import WRITTEN, is_same, parse, read_alone, read_any, write
from netc.spec import Library, Spec
from netc.types import Bug

_SCRIPT = ".js"
_LANGUAGES = (*WRITTEN, _SCRIPT)

_HELP = """Write the spec in IN in another language, `.net` or `.json`, or for ConvNetJS as `.js`.

The tree of the network stays the same, which is proven before the file is written; comments and
the layout of lines do not. `-` is standard input or output. IN may be a net of ConvNetJS: the
JavaScript that makes it, its layers as JSON, or a saved network.

Written for ConvNetJS a net becomes its `layer_defs`, a definition a line, and its trainer. What
ConvNetJS has no word for is told of, and nothing is written.

--weights-out converts weights: those in W, or those in IN where it is a saved network. Its ending
says into what: .safetensors, .npz, or .json for a saved network, with which ConvNetJS gives the
same answers.

With `--fully-convolutional` the net is changed on purpose: dense layers on an image become
convolutions with the same weights, so that larger images give maps of answers. The size it had
gives the same answers, which is proven in numbers.

\b
  netc convert net.net -o net.json
  netc convert net.json --to net
  netc convert mnist.js -o mnist.net
  netc convert saved.json -o mnist.net --weights-out mnist.safetensors
  netc convert mnist.net -o mnist.js --weights best.safetensors --weights-out saved.json
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
    type=click.Choice([suffix[1:] for suffix in _LANGUAGES]),
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
    if weights is not None and weights_out is None:
        raise click.UsageError("`--weights` and `--weights-out` go together")
    target = target_of(file, output)
    new_weights = target_of(file, weights_out)
    is_for_weights = new_weights is not None and target is None and to is None
    suffix = "" if is_for_weights else suffix_of(target, to, _LANGUAGES)
    if fully_convolutional:
        from netc.cli.fully_convolutional import opened_text

        net = _with_weights(proven(file, changes, is_taken_over=True), weights, new_weights)
        put(opened_text(net, suffix, weights, new_weights), target)
        return
    if new_weights is not None or suffix == _SCRIPT:
        _convert_meaning(
            proven(file, changes, is_taken_over=True), suffix, target, weights, new_weights
        )
    if suffix in WRITTEN:
        _convert_text(file, suffix, target, changes, is_whole=new_weights is not None)


def _convert_meaning(
    net: Proven, suffix: str, target: Path | None, weights: str | None, new_weights: Path | None
) -> None:
    """What is written of the net that a file means: for ConvNetJS, and its weights."""
    from netc.cli.for_convnetjs import script_text
    from netc.cli.weights_out import check_ending, write_weights

    if new_weights is not None:
        check_ending(new_weights)
        _with_weights(net, weights, new_weights)
    text = script_text(net) if suffix == _SCRIPT else None  # before any file is written
    if new_weights is not None:
        write_weights(net, weights, new_weights)
    if text is not None:
        put(text, target)
        _say_of_comments(net.spec)


def _with_weights(net: Proven, weights: str | None, new_weights: Path | None) -> Proven:
    """The net, if the weights that are to be written are anywhere."""
    if new_weights is not None and weights is None and not net.spec.holds_weights:
        raise click.UsageError("`--weights` and `--weights-out` go together")
    return net


def _convert_text(
    file: str, suffix: str, target: Path | None, changes: tuple[str, ...], *, is_whole: bool
) -> None:
    """The same tree in another language; `is_whole` where its weights are written, too, and its
    warnings are told."""
    made = read_alone(file)
    if isinstance(made, Spec) and made.origin is not None:
        made = override(made, changes)
    elif changes:
        raise click.UsageError(
            "`--set` is for `--fully-convolutional`, for ConvNetJS and for nets from there: the "
            "other languages of specs say the same of the same parameters"
        )
    if isinstance(made, list):
        stop(made)
    if isinstance(made, Spec) and not is_whole:
        show(made.notices)
    text = write(_with_used(file, made), suffix)
    if isinstance(text, list):
        stop(text)
    _prove(made, text, suffix)
    put(text, target)
    _say_what_changes(made, Path(file).parent, target)
    if isinstance(made, Spec) and made.holds_weights and not is_whole:
        say("note: the weights in the file are not in the text; `--weights-out` writes them")


def _with_used(file: str, made: Library) -> Library:
    """The spec with what it uses, which says which names are blocks; without, where that fails."""
    whole = read_any(file) if made.uses and file != "-" else made
    return made if isinstance(whole, list) else whole


def suffix_of(target: Path | None, to: str | None, known: tuple[str, ...] = WRITTEN) -> str:
    """The ending that stands for the language to write."""
    if to is not None:
        return f".{to}"
    if target is None:
        raise click.UsageError("no language to write is named. Say `-o OUT` or `--to net`")
    suffix = target.suffix.lower()
    if suffix not in known:
        stop([UnwritableFormat(None, path=str(target), known=quoted(known))])
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


def _say_of_comments(made: Library) -> None:
    if made.comments:
        say(f"note: {count(len(made.comments), 'comment')} left out")


def _say_what_changes(made: Library, folder: Path, target: Path | None) -> None:
    _say_of_comments(made)
    if made.uses and target is not None and target.parent.resolve() != folder.resolve():
        say("note: the `use` lines name their files as seen from the folder of the original")
