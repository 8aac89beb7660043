"""That a text is read as the net it was written from."""

from collections.abc import Mapping
from math import isclose

from netc.diag import Source
from netc.exchange.entries import Value
from netc.exchange.learning import decays, learning_of
from netc.exchange.listing import listing_of
from netc.exchange.trainer import trainer_of
from netc.formats import read_source
from netc.ir import Graph, build
from netc.spec import Spec
from netc.training import Settings, check_settings

_ROUNDING = 1e-12
"""What a decay divided by the batch, and multiplied again, may be off."""

Said = list[Mapping[str, Value | str]]


def is_read_as(text: str, graph: Graph, settings: Settings | None) -> bool:
    """Whether a script says of layers, of how they start and learn, and of the trainer what a
    graph and its settings say."""
    read = read_source(Source("converted.js", text), ".js")
    if not isinstance(read, Spec):
        return False
    again = build(read).graph
    if again is None:
        return False
    known = check_settings(read, again).settings if settings is not None else None
    return _is_near(_said(graph, settings), _said(again, known))


def _said(graph: Graph, settings: Settings | None) -> Said:
    entries = listing_of(graph)
    if isinstance(entries, list):
        return []
    how = settings or Settings()
    shares = decays(graph, entries, how)
    said: Said = []
    for entry in entries:
        said.append({"type": entry.type, **entry.after._asdict(), **entry.options})
        if entry.type in ("conv", "fc"):
            said.append(vars(learning_of(graph, entry, how, shares)))
    options = trainer_of(how, shares)[0] if settings is not None else {}
    return [*said, options]


def _is_near(wanted: Said, found: Said) -> bool:
    return len(wanted) == len(found) and all(map(_agree, wanted, found))


def _agree(wanted: Mapping[str, Value | str], found: Mapping[str, Value | str]) -> bool:
    return wanted.keys() == found.keys() and all(
        wanted[key] == found[key] or _is_close(wanted[key], found[key]) for key in wanted
    )


def _is_close(wanted: Value | str, found: Value | str) -> bool:
    if isinstance(wanted, str) or isinstance(found, str):
        return False
    return isclose(wanted, found, rel_tol=_ROUNDING)
