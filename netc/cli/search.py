"""`netc search`: a net trained with other widths, rates and settings, and the best of them kept."""

import shlex
import sys
from pathlib import Path

import click

from netc import __version__
from netc.cli import ends
from netc.cli.checked import proven
from netc.cli.complete import files, folders
from netc.cli.data_folders import data_option
from netc.cli.overrides import set_option
from netc.cli.resuming import refuse_beside_resume
from netc.cli.screen import color_option, complain, json_option, print_json, say, stop
from netc.cli.trials import Trials, document
from netc.cli.weights import engine_options
from netc.searching import Finished, Request, Search, resume_search, start_search
from netc.training import Wish

_HELP = """Train the net in FILE again and again, each time with other widths of its hidden layers,
another learning rate and another decay, drawn at random, and show which were best.

The first trial is the net as it is. Each one is scored on a part of the training examples that is
held out from learning; the test data are not looked at. Ctrl-C keeps what is done.

\b
  netc search specs/digits.net --trials 30 --epochs 5
  netc search specs/digits.net --vary widths --vary rate=0.001..1,log --vary dropout_1.rate=0..0.6
  netc search --resume runs/digits-search-1 --trials 60
"""


@click.command("search", help=_HELP, short_help="Find better widths and settings by trials.")
@click.argument("file", required=False, shell_complete=files)
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME=LOW..HIGH",
    help="Draw this instead of the usual things: a parameter of the net, a setting, an option of"
    " the optimizer or of a layer, or `widths`. `,log` behind the range draws over orders of"
    " magnitude, NAME=A,B,C one of these values; NAME alone has its usual range."
    " Any number of times.",
)
@click.option("--trials", type=click.IntRange(1), help="Nets to train; 20 if absent.")
@click.option("--epochs", type=click.IntRange(1), help="Passes over the examples, in each trial.")
@click.option("--steps", type=click.IntRange(1), help="Batches of each trial, instead of epochs.")
@click.option(
    "--held-out",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.2,
    show_default=True,
    metavar="PART",
    help="Part of the training examples that trials are scored by.",
)
@click.option("--seed", type=click.IntRange(0), default=1, help="What is drawn comes from it.")
@click.option(
    "--out",
    metavar="DIR",
    shell_complete=folders,
    help="The folder of the search; runs/NAME-search-1, -2, ... if absent.",
)
@click.option(
    "--resume",
    "resumed",
    metavar="DIR",
    shell_complete=folders,
    help="Go on with the search in this folder.",
)
@engine_options
@data_option
@set_option
@json_option
@color_option
@click.pass_context
def command(
    context: click.Context,
    file: str | None,
    vary: tuple[str, ...],
    trials: int | None,
    epochs: int | None,
    steps: int | None,
    held_out: float,
    seed: int,
    out: str | None,
    resumed: str | None,
    engine: str,
    threads: int | None,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    if epochs is not None and steps is not None:
        raise click.UsageError("`--epochs` and `--steps` both say how long a trial is")
    folders_of_data = tuple(map(Path, data_folders))
    if resumed is not None:
        refuse_beside_resume(
            context, _NOT_RESUMED, noun="search", longer="`--trials` makes it longer"
        )
        search = resume_search(Path(resumed), trials=trials, data_folders=folders_of_data)
    elif file is None:
        raise click.UsageError("search for what? Give a file, or `--resume` with a search's folder")
    else:
        wish = Wish(
            out=Path(out) if out is not None else None,
            data_folders=folders_of_data,
            engine=engine,
            threads=threads,
            epochs=epochs,
            steps=steps,
            version=__version__,
            command=("netc", *sys.argv[1:]),
        )
        whole = proven(file, changes).spec
        spec_folder = Path(whole.source.path).parent
        request = Request(trials or 20, seed, held_out, wish, spec_folder)
        search = start_search(whole, request, vary)
    if not isinstance(search, Search):
        stop(search)
    finished = _watch(search, is_told=not as_json)
    context.exit(_end(search, finished, as_json=as_json))


_NOT_RESUMED = (
    *("file", "vary", "epochs", "steps", "held_out", "seed", "out", "engine", "threads", "changes"),
)


def _watch(search: Search, *, is_told: bool) -> str:
    """Show every trial as it is done; give the reason why there are no more."""
    view = Trials(search, is_shown=is_told, is_terminal=sys.stderr.isatty())
    reason = ""
    try:
        view.begin()
        for event in search.events():
            view.see(event)
            reason = event.reason if isinstance(event, Finished) else reason
    except BrokenPipeError:
        raise
    except OSError as error:
        error.add_note(f"`netc search --resume {search.folder.path}` goes on from what was saved")
        raise
    finally:
        view.close()
    return reason


def _end(search: Search, reason: str, *, as_json: bool) -> int:
    """Say what was found, and give the exit code for how it ended."""
    view = Trials(search, is_shown=not as_json, is_terminal=False)
    if as_json:
        print_json(document(search))
    elif search.trials:
        say("")
        click.echo(view.table())
        _tell_best(search)
    folder = search.folder.path
    if reason == "interrupted":
        complain(
            f"interrupted; {len(search.trials)} of {search.request.trials} trials are done",
            help=f"`netc search --resume {folder}` goes on from here",
        )
        return ends.INTERRUPTED
    if reason == "exhausted" and not as_json:
        say("there is nothing else to try within these bounds")
    if search.best is None:
        complain("no trial came to an end", help="try smaller rates, or `netc train` to see why")
        return ends.DIVERGED
    return ends.DONE


def _tell_best(search: Search) -> None:
    best, folder = search.best, search.folder
    if best is None:
        return
    own = ", the net as it is" if best.number == 1 else ""
    click.echo(f"best: trial {best.number}{own}, kept as {folder.best}")
    words = ["netc", "train", str(folder.best)]
    for data in search.data_folders():
        words += ["--data", str(data)]
    click.echo(f"to train it on all of the training data: {shlex.join(words)}")
