"""`netc train`: a net learns as its `train` section says, watched, and stopped without loss."""

import sys
from pathlib import Path

import click

from netc import __version__
from netc.cli import ends
from netc.cli.checked import proven
from netc.cli.complete import files, folders
from netc.cli.data_folders import data_option
from netc.cli.measures import Measures, number
from netc.cli.overrides import set_option
from netc.cli.progress import JsonLines, Nothing, View, view_for_people
from netc.cli.resuming import refuse_beside_resume
from netc.cli.screen import color_option, complain, say, stop
from netc.cli.weights import engine_options
from netc.cli.words import time_text
from netc.diag import Problem
from netc.training import Diverged, Ended, Event, Run, Wish, resume, start

_HELP = """Train the net in FILE as its `train` section says. The run's folder keeps the spec, the
weights, every measurement, and all it takes to go on. Ctrl-C saves and leaves.

\b
  netc train specs/digits.net
  netc train specs/digits.net --epochs 3 --set optimizer="adam(rate: 0.002)"
  netc train --resume runs/digits-1
"""


@click.command("train", help=_HELP, short_help="Train a net.")
@click.argument("file", required=False, shell_complete=files)
@click.option(
    "--out",
    metavar="DIR",
    shell_complete=folders,
    help="The run's folder; runs/NAME-1, -2, ... if absent.",
)
@click.option(
    "--resume",
    "resumed",
    metavar="DIR",
    shell_complete=folders,
    help="Go on with the run in this folder.",
)
@click.option(
    "--init-from",
    metavar="W",
    shell_complete=files,
    help="Start with the weights of this file, by name.",
)
@engine_options
@click.option("--epochs", type=click.IntRange(1), help="Passes over the examples.")
@click.option("--steps", type=click.IntRange(1), help="Batches to learn from, instead of epochs.")
@click.option("--seed", type=click.IntRange(0), help="What all draws come from.")
@click.option("--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print each event as a line of JSON.")
@data_option
@set_option
@color_option
@click.pass_context
def command(
    context: click.Context,
    file: str | None,
    out: str | None,
    resumed: str | None,
    init_from: str | None,
    engine: str,
    threads: int | None,
    epochs: int | None,
    steps: int | None,
    seed: int | None,
    quiet: bool,
    as_json: bool,
    data_folders: tuple[str, ...],
    changes: tuple[str, ...],
) -> None:
    if epochs is not None and steps is not None:
        raise click.UsageError("`--epochs` and `--steps` both say how long to train")
    wish = Wish(
        out=Path(out) if out is not None else None,
        data_folders=tuple(map(Path, data_folders)),
        init_from=Path(init_from) if init_from is not None else None,
        engine=engine,
        threads=threads,
        epochs=epochs,
        steps=steps,
        version=__version__,
        command=("netc", *sys.argv[1:]),
    )
    if resumed is not None:
        refuse_beside_resume(
            context, _NOT_RESUMED, noun="run", longer="`--epochs` or `--steps` make it longer"
        )
        run = resume(Path(resumed), wish)
    elif file is None:
        raise click.UsageError("train what? Give a file, or `--resume` with the folder of a run")
    else:
        changes = changes if seed is None else (*changes, f"seed={seed}")
        run = _started(file, changes, wish, is_told=not (quiet or as_json))
    if not isinstance(run, Run):
        stop(run)
    view = _view(run, quiet=quiet, as_json=as_json)
    last = _watch(run, view)
    context.exit(_end(run, last, is_told=not quiet and not as_json))


def _started(
    file: str, changes: tuple[str, ...], wish: Wish, *, is_told: bool
) -> Run | list[Problem]:
    spec = proven(file, changes, is_taken_over=True).spec
    if spec.holds_weights and wish.init_from is None and is_told:
        say(f"note: it begins with the weights in `{spec.source.path}`")
    return start(spec, wish)


_NOT_RESUMED = ("file", "out", "init_from", "engine", "threads", "seed", "changes")


def _view(run: Run, *, quiet: bool, as_json: bool) -> View:
    if as_json:
        return JsonLines(str(run.folder.path))
    if quiet:
        return Nothing()
    measures = Measures(run.loop.learner.network.graph)
    return view_for_people(measures, is_terminal=sys.stderr.isatty())


def _watch(run: Run, view: View) -> Event | None:
    """Show every event; give the last."""
    last: Event | None = None
    try:
        for event in run.events():
            view.see(event)
            last = event
    except BrokenPipeError:
        raise
    except OSError as error:
        error.add_note(f"`netc train --resume {run.folder.path}` goes on from what was saved")
        raise
    finally:
        view.close()
    return last


def _end(run: Run, last: Event | None, *, is_told: bool) -> int:
    """Say how the training ended, and give the exit code for it."""
    folder = run.folder
    if isinstance(last, Diverged):
        what = f"training diverged in step {last.step:,}: the loss is {last.loss}"
        complain(what, help=last.advice)
        return ends.DIVERGED
    assert isinstance(last, Ended)
    if last.reason == "interrupted":
        complain(
            f"interrupted after step {last.step:,}; all of it is saved in `{folder.path}`",
            help=f"`netc train --resume {folder.path}` goes on from here",
        )
        return ends.INTERRUPTED
    if is_told:
        measures = Measures(run.loop.learner.network.graph)
        found = ", ".join(
            filter(None, [f"loss {number(last.loss)}", measures.worded(last.metrics)])
        )
        kind = "test " if len(run.loop.data.test) else ""
        say("")
        click.echo(f"trained in {time_text(last.seconds)}: {kind}{found}")
        click.echo(f"best weights: {folder.best}" + (f" (step {last.best:,})" if last.best else ""))
    return ends.DONE
