"""The command `netc`, also as `python -m netc`: what is settled before anything is imported."""

import signal
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process."""
    # Until the imports are done nobody could say goodbye; Ctrl-C ends the process in silence.
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_usual:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from netc.cli import main as command

    if is_usual:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command.main()


if __name__ == "__main__":
    main()
