"""Where a command puts the text it writes: into a file, or to standard output."""

import os
from pathlib import Path

import click

from netc.files import write_file


def target_of(file: str, output: str | None) -> Path | None:
    """The file that `-o` names; None for standard output, an error where it is the file read."""
    if output is None or output == "-":
        return None
    target = Path(output)
    if file != "-" and target.exists() and os.path.exists(file) and target.samefile(file):
        raise click.UsageError(f"`{target}` is the file that is read. Name another by `-o`")
    return target


def put(text: str, target: Path | None) -> None:
    """Write a text into the file, or print it."""
    if target is None:
        click.echo(text, nl=False)
    else:
        write_file(target.resolve(), text.encode())
