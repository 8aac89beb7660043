"""Steps, chains and the statements of a body in the JSON form."""

from collections.abc import Callable, Mapping
from typing import Any

from netc import spec
from netc.diag import Span, nearest
from netc.formats.json.forms import CHAIN, STATEMENTS
from netc.formats.json.nodes import Array, Node, Object, String
from netc.formats.json.reader import Reader, is_name, is_path, takes
from netc.formats.json.values import read_made, read_path

# ---- steps


def _step(reader: Reader, node: Node) -> spec.Step | None:
    match node:
        case String():
            return _bare(reader, node)
        case Array():
            return _tuple(reader, node)
        case Object() if {"type", "block"} & {member.key.value for member in node.members}:
            return _made(reader, node)
        case _:
            reader.wrong(node, "step")
            return None


def _bare(reader: Reader, node: String) -> spec.Name | None:
    if is_path(node.value):
        return spec.Name(node.value, reader.inside(node))
    way_out = ""
    if "->" in node.value:
        way_out = 'each step is an item of its own: `["conv_1", "relu"]`'
    elif node.value in spec.RESERVED:
        way_out = f'`{node.value}` is a key of a statement: `{{"{node.value}": ...}}`'
    elif "(" in node.value:
        word = node.value.split("(")[0].strip()
        kind = word if is_name(word) else "conv"
        way_out = f'a layer with options is an object: `{{"type": "{kind}", ...}}`'
    reader.wrong(node, "step", way_out)
    return None


def _tuple(reader: Reader, node: Array) -> spec.Tuple | None:
    with reader.deeper(node) as may_go_on:
        names = may_go_on and reader.items("steps", node, lambda item: read_path(reader, item))
    if not isinstance(names, tuple):
        return None
    if len(node.items) < 2:
        reader.bad(
            node,
            "a list within a chain is several values that start it together",
            "expected at least two names",
        )
        return None
    return spec.Tuple(names, reader.span(node))


def _made(reader: Reader, node: Object, *besides: str) -> spec.Step | None:
    made = read_made(reader, node, "branches", *besides)
    branches = next((m.value for m in node.members if m.key.value == "branches"), None)
    if branches is None:
        return made
    body = reader.take("body", branches)
    return None if made is None or body is None else spec.Join(made, body, reader.span(node))


@takes("steps")
def read_steps(reader: Reader, node: Node) -> tuple[spec.Step, ...] | None:
    return _filled(reader, node, reader.items("steps", node, lambda item: _step(reader, item)))


@takes("flow")
def _flow(reader: Reader, node: Node) -> tuple[Any, ...] | None:
    """Steps, the first of which may be anything that has a value."""

    def read(item: Node) -> Any:
        is_first = isinstance(node, Array) and item is node.items[0]
        is_bare = isinstance(item, String) and not item.value.startswith("=")
        return _step(reader, item) if is_bare or not is_first else reader.take("value", item)

    return _filled(reader, node, reader.items("flow", node, read))


def _filled(
    reader: Reader, node: Node, steps: tuple[spec.Step, ...] | None
) -> tuple[spec.Step, ...] | None:
    """The steps, of which there must be some."""
    if isinstance(node, Array) and not node.items:
        reader.bad(node, "this chain is empty", "expected at least one step")
        return None
    return steps


# ---- chains


@takes("chain")
def read_chain(reader: Reader, node: Node) -> spec.Chain | None:
    """A step, a list of steps, or either with a name."""
    span = reader.span(node)
    if isinstance(node, Array):
        steps = read_steps(reader, node)
        return spec.Chain(None, steps, span) if steps else None
    if not isinstance(node, Object):
        if not isinstance(node, String):
            reader.wrong(node, "chain")
            return None
        step = _step(reader, node)
        return spec.Chain(None, (step,), span) if step else None
    keys = {member.key.value for member in node.members}
    if "chain" in keys and "type" not in keys:
        values = reader.form(node, CHAIN)
        return spec.Chain(values.get("name"), values["chain"], span) if values else None
    if not {"type", "block"} & keys:
        reader.wrong(node, "chain", _looks_like(node))
        return None
    name_node = next((m.value for m in node.members if m.key.value == "name"), None)
    name = reader.take("path", name_node) if name_node else None
    step = _made(reader, node, "name")
    if step is None or (name_node and name is None):
        return None
    return spec.Chain(name, (step,), span)


def _looks_like(node: Object) -> str:
    """Advice for what many write instead of a step: `{"conv": {"filters": 8}}`."""
    words = [m.key.value for m in node.members if isinstance(m.value, Object | Array)]
    kind = words[0] if len(node.members) == 1 and words and is_name(words[0]) else "conv"
    return f'a layer is written `{{"type": "{kind}", ...}}`'


# ---- statements


@takes("body")
def read_body(reader: Reader, node: Node) -> tuple[spec.Statement, ...] | None:
    """The statements of a list, wrong ones left out."""
    with reader.deeper(node) as may_go_on:
        body = may_go_on and reader.items("body", node, lambda item: _statement(reader, item))
    return body if isinstance(body, tuple) else None


def _statement(reader: Reader, node: Node) -> spec.Statement | None:
    if not isinstance(node, Object):
        if isinstance(node, String | Array):
            return read_chain(reader, node)
        reader.wrong(node, "statement")
        return None
    keys = [member.key.value for member in node.members]
    if "layer" in keys:
        return _shared(reader, node)
    told = next((key for key in keys if key in STATEMENTS), None)
    if told is not None:
        values = reader.form(node, STATEMENTS[told])
        return _MAKERS[told](reader, node, values) if values else None
    if {"type", "block", "chain"} & set(keys):
        return read_chain(reader, node)
    _untold(reader, node)
    return None


def _untold(reader: Reader, node: Object) -> None:
    """Say that an object is no statement, and what it may be meant for."""
    known = (*STATEMENTS, "layer", "type", "block", "chain")
    for member in node.members:
        if nearest(member.key.value, known) is not None:
            reader.unknown(member.key, "a statement", known)
            return
    reader.wrong(node, "statement", _looks_like(node))


def _shared(reader: Reader, node: Object) -> spec.Shared | None:
    member = next(m for m in node.members if m.key.value == "layer")
    name = reader.take("path", member.value)
    made = read_made(reader, node, "layer")
    return spec.Shared(name, made, reader.span(node)) if name and made else None


_Values = dict[str, Any]
_Maker = Callable[[Reader, Object, _Values], spec.Statement]


def _place(reader: Reader, node: Object, key: str) -> Span:
    """Where a key stands with its value."""
    return reader.whole(reader.members(node)[key])


def _input(reader: Reader, node: Object, values: _Values) -> spec.Input:
    type, sizes = values.get("type"), values.get("shape")
    if type is None and "classes" not in values:
        return spec.Input(values["input"], values["shape"], reader.span(node))
    if type is None:
        span, size = _place(reader, node, "classes"), values["classes"]
        word = spec.Name(
            "class", Span(span.source, span.start + 1, span.start + 1 + len("classes"))
        )
        type = spec.Call(word, (spec.Argument(None, size, size.span),), span)
    return spec.Input(values["input"], type, reader.span(node), sizes)


def _role(word: str) -> _Maker:
    def make(reader: Reader, node: Object, values: _Values) -> spec.Statement:
        start = _place(reader, node, word).start + 1
        name = spec.Name(word, Span(reader.source, start, start + len(word)))
        return spec.Role(name, values[word], reader.span(node))

    return make


def _for(reader: Reader, node: Object, values: _Values) -> spec.For:
    over = values.get("in")
    if over is None:
        start, stop = values["from"], values["until"]
        over = spec.Range(start, stop, start.span.to(stop.span))
    return spec.For(values["for"], over, values["body"], reader.span(node))


_MAKERS: Mapping[str, _Maker] = {
    "input": _input,
    "let": lambda r, n, v: spec.Let(v["let"], v["value"], r.span(n)),
    "output": _role("output"),
    "loss": _role("loss"),
    "metric": _role("metric"),
    "for": _for,
    "repeat": lambda r, n, v: spec.Repeat(v["repeat"], v["body"], r.span(n)),
    "if": lambda r, n, v: spec.If(v["if"], v["then"], v.get("else"), r.span(n)),
    "when": lambda r, n, v: spec.When(v["when"], v["body"], r.span(n)),
    "assert": lambda r, n, v: spec.Assert(v["assert"], r.span(n)),
}
