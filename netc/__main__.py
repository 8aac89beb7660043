"""The command `netc`, also as `python -m netc`: what is settled before anything is imported."""

import gc
import signal
from typing import NoReturn

_OBJECTS = 50_000
"""New objects, less those that are gone, after which Python looks for cycles of garbage; 700 if it
is not told. What a spec is read into and built of stays to the end, and looking through it again
and again takes a fifth of the time of a large net."""


def main() -> NoReturn:
    """Run the command line of this process."""
    gc.set_threshold(_OBJECTS)
    # Until the imports are done nobody could say goodbye; Ctrl-C ends the process in silence.
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_usual:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from netc.processor import tell_openblas

    tell_openblas()
    from netc.cli import main as command

    if is_usual:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command.main()


if __name__ == "__main__":
    main()
