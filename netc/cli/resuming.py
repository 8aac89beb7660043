"""What cannot be asked of something that goes on with `--resume`."""

from collections.abc import Iterable

import click

_WORDS = {"file": "a file", "changes": "`--set`"}


def refuse_beside_resume(
    context: click.Context, names: Iterable[str], *, noun: str, longer: str
) -> None:
    """End the run where one of these parameters was given: a `noun` goes on as it began, and only
    the options that `longer` names may change it."""
    for name in names:
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            word = _WORDS.get(name, f"`--{name.replace('_', '-')}`")
            raise click.UsageError(
                f"a {noun} goes on as it began, so {word} cannot be given with `--resume`. {longer}"
            )
