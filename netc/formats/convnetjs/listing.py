"""What a file of ConvNetJS says, as data with places, before it means anything."""

from dataclasses import dataclass

from netc.diag import Problem, Source, Span
from netc.formats.json.nodes import Array, Object


@dataclass(frozen=True)
class Listing:
    """`layers` are the definitions in their order, as written: sugar included. `trainers` are the
    options of every trainer there is, in their order; more than one where several are compared.
    `skipped` are the statements that say nothing of the net or of how it is trained, and `notices`
    warnings of the reader. `is_alone` tells whether the script has no other net, with which the
    rest of it may deal. `errors` are what is wrong with the text, but left no doubt of which
    layers there are.

    A value that is computed, or that a variable has, stands where it is used.
    """

    source: Source
    layers: Array
    trainers: tuple[Object, ...] = ()
    skipped: tuple[Span, ...] = ()
    notices: tuple[Problem, ...] = ()
    is_saved: bool = False
    is_alone: bool = True
    errors: tuple[Problem, ...] = ()
