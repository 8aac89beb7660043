"""`--data DIR`: where a command looks for data, beside the usual places."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """Add `--data` to a command that looks for the data of a spec."""
    return click.option(
        "--data",
        "data_folders",
        metavar="DIR",
        multiple=True,
        help="A folder to look for data in; any number of times.",
    )(command)
