"""A spec in the JSON form: the file, its sections, and what is named in them."""

from netc import spec
from netc.diag import Problem, Source, Span
from netc.formats.json.forms import BLOCK, CONSTANT, FILE, NET, PARAMETER, VERSION, Form
from netc.formats.json.nodes import Array, Node, Number, Object, String
from netc.formats.json.reader import Reader, takes
from netc.formats.json.values import read_name


def read_file(source: Source, root: Object) -> spec.Spec | spec.Library | list[Problem]:
    """The spec or library that an object is, or all that is wrong with it."""
    reader = Reader(source)
    values = reader.form(root, FILE)
    if values is None or reader.problems:
        return reader.problems
    train = values.get("train")
    library = spec.Library(
        source,
        values.get("use", ()),
        tuple(spec.Let(s.name, s.value, s.span) for s in values.get("let", ())),
        values.get("blocks", ()),
        train=None if train is None else spec.TrainSpec(train, _section(reader, root, "train")),
    )
    net = values.get("net")
    return spec.Spec(**vars(library), net=net) if net else library


def _section(reader: Reader, root: Object, key: str) -> Span:
    """From the word of a section to its end."""
    member = reader.members(root)[key]
    return Span(reader.source, member.key.start + 1, member.value.end)


@takes("link")
def _link(reader: Reader, node: Node) -> str | None:
    if isinstance(node, String):
        return node.value
    reader.wrong(node, "link")
    return None


@takes("version")
def _version(reader: Reader, node: Node) -> int | None:
    if isinstance(node, Number) and node.value == VERSION:
        return VERSION
    reader.wrong(node, "version", "this netc reads no other version of the form")
    return None


@takes("uses")
def _uses(reader: Reader, node: Node) -> tuple[spec.Use, ...] | None:
    def use(item: Node) -> spec.Use | None:
        path = reader.take("text", item)
        span = reader.span(item)
        return spec.Use(spec.Text(path, span), span) if path is not None else None

    return reader.items("uses", node, use)


@takes("net")
def _net(reader: Reader, node: Node) -> spec.NetSpec | None:
    if not isinstance(node, Object):
        reader.wrong(node, "net")
        return None
    values = reader.form(node, NET)
    if values is None:
        return None
    parameters = values.get("parameters", ())
    return spec.NetSpec(values["name"], values["body"], reader.span(node), parameters)


@takes("blocks")
def _blocks(reader: Reader, node: Node) -> tuple[spec.Block, ...] | None:
    return reader.items("blocks", node, lambda item: _block(reader, item))


def _block(reader: Reader, node: Node) -> spec.Block | None:
    if not isinstance(node, Object):
        reader.wrong(node, "net")
        return None
    values = reader.form(node, BLOCK)
    if values is None:
        return None
    parameters = values.get("parameters", ())
    return spec.Block(values["name"], parameters, values["body"], reader.span(node))


@takes("parameters")
def _parameters(reader: Reader, node: Node) -> tuple[spec.Parameter, ...] | None:
    return reader.items("parameters", node, lambda item: _parameter(reader, item))


def _parameter(reader: Reader, node: Node) -> spec.Parameter | None:
    if isinstance(node, Object):
        values = reader.form(node, PARAMETER)
        if not values:
            return None
        return spec.Parameter(values["name"], values.get("default"), reader.span(node))
    name = read_name(reader, node)
    return spec.Parameter(name, None, reader.span(node)) if name else None


@takes("settings")
def _settings(reader: Reader, node: Node) -> tuple[spec.Setting, ...] | None:
    """Names with their values: keys of an object, or objects in a list, where one may repeat."""
    if isinstance(node, Array):
        return reader.items("settings", node, lambda item: _constant(reader, item, CONSTANT))
    if not isinstance(node, Object):
        reader.wrong(node, "settings")
        return None
    made = []
    for member in reader.members(node).values():
        name, value = read_name(reader, member.key), reader.take("value", member.value)
        if name is not None and value is not None:
            made.append(spec.Setting(name, value, reader.whole(member)))
    return tuple(made)


def _constant(reader: Reader, node: Node, form: Form) -> spec.Setting | None:
    if not isinstance(node, Object):
        reader.wrong(node, "settings")
        return None
    values = reader.form(node, form)
    if not values:
        return None
    return spec.Setting(values["name"], values["value"], reader.span(node))


takes("constants")(_settings)
