"""The last line of defence: whatever a command throws becomes an exit code and a short message."""

import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from netc import __version__
from netc.cli import ends
from netc.cli.screen import complain
from netc.diag import refusal

_PACKAGE = Path(__file__).parents[1]


def guarded(run: Callable[[], None]) -> int:
    """Run a command and give the exit code that tells how it ended."""
    try:
        return _guarded(run)
    except BrokenPipeError:
        return _pipe_closed()


def _guarded(run: Callable[[], None]) -> int:
    try:
        run()
        _flush()
        return ends.DONE
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted")
        return ends.INTERRUPTED
    except click.ClickException as error:
        return _usage(error)
    except MemoryError as error:
        text = str(error)
        complain("there is not enough memory" + (f": {text[:1].lower()}{text[1:]}" if text else ""))
        return ends.PROBLEMS
    except BrokenPipeError:
        raise
    except OSError as error:
        return _system(error)
    except Exception as error:
        return _bug(error)


def _usage(error: click.ClickException) -> int:
    """Wrong words on the command line, in the voice of every other message."""
    words = " ".join(error.format_message().split())
    text = re.sub(r"'([^']*)'", r"`\1`", words.strip().rstrip("."))
    message, _, advice = text.partition(". ")
    context = getattr(error, "ctx", None)
    if context is not None and not advice:
        advice = f"`{context.command_path} --help` says what it takes"
    complain(message[:1].lower() + message[1:], help=advice[:1].lower() + advice[1:])
    return ends.USAGE


def _system(error: OSError) -> int:
    """What the operating system refused: no such file, no right, no room."""
    reason = refusal(error)
    place = f"`{error.filename}`: " if error.filename else ""
    complain(f"{place}{reason}", help=". ".join(getattr(error, "__notes__", ())))
    return ends.MISSING


def _bug(error: Exception) -> int:
    """What can only be a fault of netc itself."""
    text = str(error).strip().split("\n")[0]
    complain(
        f"netc has a bug: {type(error).__name__}{f': {text}' if text else ''}",
        note=_place(error),
        help="please report it, with the command, the file and this version: " + _version(),
    )
    if os.environ.get("NETC_DEBUG") == "1":
        traceback.print_exception(error, file=sys.stderr)
    else:
        click.echo("  = help: NETC_DEBUG=1 shows the whole traceback", err=True)
    return ends.BUG


def _place(error: Exception) -> str:
    """The innermost line of netc that the exception passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return ""
    frame = ours[-1]
    path = Path(frame.filename).relative_to(_PACKAGE.parent)
    return f"at {path}:{frame.lineno}, in `{frame.name}`"


def _version() -> str:
    return f"netc {__version__}, python {sys.version.split()[0]}, {sys.platform}"


def _pipe_closed() -> int:
    """The reader of our output has gone, as `head` does: nothing is left to say, to anyone."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(sink, stream.fileno())
    return ends.PIPE_CLOSED


def _flush() -> None:
    """Have everything written while a failure can still be told of."""
    if sys.stdout is not None:  # None where the caller closed it
        sys.stdout.flush()
