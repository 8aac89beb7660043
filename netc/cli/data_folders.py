"""`--data DIR`: where a command looks for data, beside the usual places."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_DATA = re.compile(r"\s*(train\s*\.\s*)?data\s*=")
"""How a setting of `--set` begins that names data."""


def data_option(command: F) -> F:
    """Add `--data` to a command that looks for the data of a spec.

    Who names data by `--set` names them as seen from here, as shells do: so they are looked for
    here, too.
    """

    @wraps(command)
    def looking_here(*arguments: Any, changes: tuple[str, ...] = (), **others: Any) -> Any:
        if any(map(_DATA.match, changes)):
            others["data_folders"] = (*others["data_folders"], ".")
        return command(*arguments, changes=changes, **others)

    return click.option(
        "--data",
        "data_folders",
        metavar="DIR",
        multiple=True,
        help="A folder to look for data in; any number of times.",
    )(looking_here)  # type: ignore[return-value]
