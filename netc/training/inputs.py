"""Data and the inputs of a net: whether they fit, and the ones under the names of the others."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem
from netc.formats import input_words
from netc.ir import Graph, Unfit, at_sizes, sizes_in
from netc.training.data import Dataset, Where, bind, open_source, outline_source
from netc.training.settings import Settings
from netc.types import Tensor


def check_data(whole: spec.Spec, graph: Graph, settings: Settings, where: Where) -> list[Problem]:
    """Whether the data of a net fit it, as far as is known before they are read."""
    if settings.data is None:
        return []
    place = settings.places.get("data")
    known = outline_source(settings.data, where, place, settings.data_options, _inputs(graph))
    if known is None:
        return []
    found = bind_inputs(whole, graph, known) if isinstance(known, Dataset) else known
    return [] if isinstance(found, Dataset) else [*found]


def open_data(
    whole: spec.Spec, graph: Graph, settings: Settings, where: Where
) -> tuple[Dataset, str] | list[Problem]:
    """The data in the net's own names and shapes, and the digest of what was read."""
    assert settings.data is not None
    place = settings.places.get("data")
    read = open_source(settings.data, where, place, settings.data_options, _inputs(graph))
    if not isinstance(read, Dataset):
        return [*read]
    data = bind_inputs(whole, graph, read)
    return (data, read.digest) if isinstance(data, Dataset) else data


def bind_inputs(whole: spec.Spec, graph: Graph, data: Dataset) -> Dataset | list[Problem]:
    """Data with the fields named as the inputs of a net, which fits their sizes."""
    written = [s for s in whole.net.body if isinstance(s, spec.Input)]
    spans = {s.name.text: s.type.span.to((s.sizes or s.type).span) for s in written}
    bound = bind(data, _inputs(graph), spans, input_words(whole))
    if not isinstance(bound, Dataset):
        return [*bound]
    try:
        at_sizes(graph, sizes_in(_inputs(graph), bound.train.shapes))
    except Unfit as unfit:
        return [unfit.problem]
    return bound


def _inputs(graph: Graph) -> Mapping[str, Tensor]:
    return {name: graph.types[name] for name in graph.inputs}
