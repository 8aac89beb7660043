"""Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines."""

from netc.diag.diagnostic import Diagnostic
from netc.diag.render import printable


def render_github(diagnostic: Diagnostic) -> str:
    """One line: `::error file=...,line=...,col=...::message`.

    GitHub takes columns only of what lies on one line.
    """
    d = diagnostic
    properties: dict[str, str | int] = {}
    if d.primary:
        line, column, end_line, end_column = d.primary.span.corners
        properties = {"file": d.primary.span.source.path, "line": line, "endLine": end_line}
        if line == end_line:
            properties |= {"col": column, "endColumn": end_column}
    properties["title"] = f"netc[{d.slug}]"
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{d.level.value} {written}::{_data(printable(d.text, keep_lines=True))}"


def _data(text: str) -> str:
    """The escapes of a message: it ends with its line, and `%` begins an escape."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The escapes of a property, in which commas and colons mean something too."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
