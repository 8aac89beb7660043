"""The command `netc`: finds the command that is asked for, and sees that every run ends cleanly."""

import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from netc import __version__
from netc.cli import ends
from netc.cli.complete import VARIABLE
from netc.cli.guard import guarded
from netc.cli.screen import color_option
from netc.diag import did_you_mean, nearest

COMMANDS = (
    "check",
    "fmt",
    "explain",
    "summary",
    "draw",
    "train",
    "search",
    "test",
    "time",
    "calibrate",
    "predict",
    "visualize",
    "compile",
    "convert",
    "expand",
    "schema",
    "completion",
    "doctor",
)
"""In the order a newcomer meets them. Each is a module of this package with a `command`."""

_HELP = """Compile, train and run neural networks that are written down.

A network is a text file. netc proves its shapes, trains it, and turns it into ONNX.

\b
  netc check specs/digits.net                     is it right? every mistake, with its place
  netc train specs/digits.net                     learn, as its `train` section says
  netc compile specs/digits.net -o digits.onnx    an ONNX file, proven before it is written

Start with `netc explain --list`, or with a spec in the folder specs/.
"""


class Commands(click.Group):
    """A group that imports a command when it is asked for, and guards how every run ends."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"netc.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word in COMMANDS or word.startswith("-"):
            return super().resolve_command(ctx, args)
        near = did_you_mean(nearest(word, COMMANDS))
        if not near and os.path.exists(word):
            near = f"to check it: `netc check {word}`"
        raise click.UsageError(f"there is no command `{word}`" + (f". {near}" if near else ""), ctx)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = "netc", **extra: Any
    ) -> NoReturn:
        """Run, and leave with the exit code of how it ended. Click's own `main` only completes."""
        if VARIABLE in os.environ:
            super().main(args, prog_name, **extra)
        words = sys.argv[1:] if args is None else list(args)
        sys.exit(guarded(lambda: self._run(words, prog_name)))

    def _run(self, words: list[str], prog_name: str | None) -> None:
        with self.make_context(prog_name, words) as context:
            self.invoke(context)


@click.group(
    "netc",
    cls=Commands,
    help=_HELP,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@color_option
@click.pass_context
def netc(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Run the command line of this process."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter shows a question mark; that is no reason to stop.
            stream.reconfigure(errors="replace")
    try:
        netc.main()
    except SystemExit as end:
        if end.code == ends.INTERRUPTED:
            _leave(ends.INTERRUPTED)
        raise


def _leave(code: int) -> NoReturn:
    """End with this code and no other: once Ctrl-C has met a text on its way through `exec`, as
    in a dataclass, Python ends by the signal, whatever became of the KeyboardInterrupt."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _open_closed() -> None:
    """Put nothing in the place of a stream that the caller closed.

    Left closed, its number would go to the next file, and what is printed would land in that.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
