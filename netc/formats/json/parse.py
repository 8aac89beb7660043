"""A `.json` text read into a spec: the whole form, or the simplest one, a list of layers."""

from netc.diag import Problem, Source
from netc.formats.json import statements as statements  # enters how bodies are read
from netc.formats.json.layer_list import translated
from netc.formats.json.nodes import Array, Node, Object
from netc.formats.json.numbers import without_numbers
from netc.formats.json.reader import Reader
from netc.formats.json.scan import scan
from netc.formats.json.sections import read_file
from netc.spec import Library, Spec

_WRAPPED = "a network that ConvNetJS saved is inside of something else"


def parse(source: Source) -> Spec | Library | list[Problem]:
    """The spec or library that a JSON text writes, or all that is wrong with it."""
    root = scan(source, without_numbers(source.text))
    if isinstance(root, list):
        return root
    if not _is_own(root):
        from netc.formats.convnetjs import listing_of, lower

        listing = listing_of(source, root)
        if listing is not None:
            return lower(listing)
    reader = Reader(source)
    if '"layer_type"' in source.text:
        from netc.formats.convnetjs import saved_inside

        if place := saved_inside(root):
            reader.bad(place, _WRAPPED, way_out='put it in a file of its own: `{"layers": [...]}`')
            return reader.problems
    if isinstance(root, Object):
        return read_file(source, root)
    whole = translated(reader, root) if isinstance(root, Array) else None
    if whole is not None:
        return read_file(source, whole)
    if not isinstance(root, Array):
        reader.bad(root, "a spec is an object, or a list of layers")
    return reader.problems


def _is_own(root: Node) -> bool:
    """Whether a file is in netc's own words at first sight."""
    keys = {member.key.value for member in root.members} if isinstance(root, Object) else set()
    return bool(keys & {"net", "blocks", "train", "netc", "use"})
