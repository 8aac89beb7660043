"""Diagnostics as JSON: the form that scripts and editors read."""

from collections.abc import Iterable
from typing import Any

from netc.diag.diagnostic import Diagnostic, Fix, Label
from netc.diag.span import Span

VERSION = 1


def render_json(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The document of `netc check --output-format json`; lines and columns count from 1."""
    return {"version": VERSION, "diagnostics": [_diagnostic(d) for d in diagnostics]}


def _diagnostic(d: Diagnostic) -> dict[str, Any]:
    spans = [_label(d.primary, primary=True)] if d.primary else []
    return {
        "code": d.slug,
        "severity": d.level.value,
        "message": d.message,
        "spans": spans + [_label(label, primary=False) for label in d.others],
        "notes": list(d.notes),
        "help": list(d.helps),
        "fixes": [_fix(fix) for fix in d.fixes],
    }


def _label(label: Label, *, primary: bool) -> dict[str, Any]:
    return {**_place(label.span), "label": label.text, "primary": primary}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "text": fix.text, "safe": fix.is_safe, **_place(fix.span)}


def _place(span: Span) -> dict[str, Any]:
    keys = ("line", "col", "end_line", "end_col")
    return {"file": span.source.path, **dict(zip(keys, span.corners, strict=True))}
