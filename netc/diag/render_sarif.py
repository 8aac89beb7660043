"""Diagnostics as SARIF 2.1.0: the form that code scanning services and many editors read."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from netc import __version__
from netc.diag.diagnostic import Diagnostic, Fix, Label
from netc.diag.problem import Problem
from netc.diag.span import Span
from netc.options import manual

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Json = dict[str, Any]


def render_sarif(diagnostics: Iterable[Diagnostic], kinds: Mapping[str, type[Problem]]) -> Json:
    """The document of `netc check --output-format sarif`, a rule for each of the `kinds`.

    Lines and columns count from 1, columns in code points; an end is the place behind the last
    one, as SARIF has it (section 3.30.2).
    """
    places = {slug: index for index, slug in enumerate(kinds)}
    rules = [_rule(slug, kind) for slug, kind in kinds.items()]
    run = {
        "tool": {"driver": {"name": "netc", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, places) for d in diagnostics],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(slug: str, kind: type[Problem]) -> Json:
    text, example = manual(kind)
    first, *_ = " ".join(text.split("\n\n")[0].split()).split(". ")
    help = f"`netc explain {slug}` says more."
    if example:
        help = f"For example:\n\n{example}\n\n{help}"
    return {
        "id": slug,
        "shortDescription": {"text": f"{first.rstrip('.')}."},
        "fullDescription": {"text": text},
        "help": {"text": help},
        "defaultConfiguration": {"level": kind.level.value},
    }


def _result(d: Diagnostic, places: Mapping[str, int]) -> Json:
    result: Json = {
        "ruleId": d.slug,
        "ruleIndex": places[d.slug],
        "level": d.level.value,
        "message": {"text": d.text},
    }
    if d.primary:
        result["locations"] = [_location(d.primary)]
    if d.others:
        result["relatedLocations"] = [_location(label, named=True) for label in d.others]
    if d.fixes:
        result["fixes"] = [_fix(fix) for fix in d.fixes]
    return result


def _location(label: Label, *, named: bool = False) -> Json:
    place = {"artifactLocation": _artifact(label.span), "region": _region(label.span)}
    location: Json = {"physicalLocation": place}
    if named and label.text:
        location["message"] = {"text": label.text}
    return location


def _fix(fix: Fix) -> Json:
    replacement = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.text}}
    change = {"artifactLocation": _artifact(fix.span), "replacements": [replacement]}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _artifact(span: Span) -> Json:
    return {"uri": uri_of(span.source.path)}


def uri_of(path: str, folder: Path | None = None) -> str:
    """A path as a URI, relative to the folder where the command runs if it lies in there."""
    folder = folder or Path.cwd()
    absolute = folder / path
    if absolute.is_relative_to(folder):
        return quote(absolute.relative_to(folder).as_posix())
    return absolute.as_uri()


def _region(span: Span) -> Json:
    keys = ("startLine", "startColumn", "endLine", "endColumn")
    return dict(zip(keys, span.corners, strict=True))
