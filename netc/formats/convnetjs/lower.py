"""A listing of ConvNetJS as a spec: the net in netc's words, and how it is trained."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from netc import spec
from netc.diag import Problem
from netc.formats.convnetjs.body import statements
from netc.formats.convnetjs.feeding import tell_of_feeding
from netc.formats.convnetjs.findings import Findings
from netc.formats.convnetjs.layers import read_layers
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.making import Maker
from netc.formats.convnetjs.notices import tell_of_differences, tell_of_losses
from netc.formats.convnetjs.optimizer import section
from netc.formats.convnetjs.problems import DiffersFromOriginal
from netc.formats.convnetjs.saved import check_saved, read_saved, tell_of_saved
from netc.formats.convnetjs.sizes import Sized, with_sizes
from netc.formats.convnetjs.steps import COMPAT, Writer
from netc.formats.convnetjs.trainer import Trainer, read_trainers
from netc.formats.convnetjs.volumes import check_volumes

_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def lower(listing: Listing) -> spec.Spec | list[Problem]:
    """The spec that a listing means, or all that is wrong with it."""
    found = Findings(listing.source)
    for problem in (*listing.errors, *listing.notices):
        found.add(problem)
    layers = (read_saved if listing.is_saved else read_layers)(found, listing.layers)
    trainer = read_trainers(found, listing.trainers)
    sized = with_sizes(found, layers)
    if listing.is_saved:
        check_saved(found, listing.layers, sized)
        if not found.has_errors:
            check_volumes(found, listing.layers, sized)
    tell_of_losses(found, layers, trainer)
    if found.has_errors:
        return [each for each in found.problems if not isinstance(each, DiffersFromOriginal)]
    tell_of_differences(found, layers, trainer)
    if listing.is_alone:
        tell_of_feeding(found, sized)
    if listing.is_saved:
        tell_of_saved(found, layers)
    notices = tuple(found.problems)
    stay = tuple(notice for notice in notices if not isinstance(notice, DiffersFromOriginal))
    holds = listing.is_saved and any(layer.type in ("conv", "fc") for layer in layers)
    origin = spec.Origin(program="ConvNetJS", compat=COMPAT, notices=stay, holds_weights=holds)
    original = _spec(listing, sized, trainer, origin, COMPAT)
    return _spec(listing, sized, trainer, replace(origin, notices=notices, original=original), None)


def _spec(
    listing: Listing,
    sized: Sequence[Sized],
    trainer: Trainer | None,
    origin: spec.Origin,
    compat: str | None,
) -> spec.Spec:
    make = Maker(listing.source)
    body = tuple(statements(Writer(make, trainer, compat), sized))
    place = sized[0].layer.place
    net = spec.NetSpec(
        make.name(place, _name(listing.source.path)), body, make.span(listing.layers)
    )
    train = section(make, trainer, compat) if trainer else None
    return spec.Spec(listing.source, train=train, net=net, origin=origin)


def _name(path: str) -> str:
    """What the net is called: the file without its endings."""
    word = "_".join(_parts(Path(path).name.split(".")[0]))
    if not word:
        return "network"
    return f"net_{word}" if word in spec.RESERVED or not _WORD.fullmatch(word) else word


def _parts(stem: str) -> Iterator[str]:
    return (found[0] for found in re.finditer(r"[A-Za-z0-9_]+", stem) if stem != "<stdin>")
