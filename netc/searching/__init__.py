"""Searching: a net trained with other widths, rates and settings, drawn at random within bounds.

What can be wrong with a search is imported at once; what searches is when it is asked for, since
the other commands start sooner without it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from netc.searching import problems as problems

if TYPE_CHECKING:
    from netc.searching.begin import resume_search, start_search
    from netc.searching.knobs import Knob
    from netc.searching.search import Finished, Request, Search, Tried, Trying
    from netc.searching.trial import Trial

_PARTS = {
    "Finished": "search",
    "Knob": "knobs",
    "Request": "search",
    "Search": "search",
    "Trial": "trial",
    "Tried": "search",
    "Trying": "search",
    "resume_search": "begin",
    "start_search": "begin",
}

__all__ = [
    "Finished",
    "Knob",
    "Request",
    "Search",
    "Trial",
    "Tried",
    "Trying",
    "resume_search",
    "start_search",
]


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"netc.searching.{_PARTS[name]}"), name)
