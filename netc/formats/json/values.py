"""Words, values and calls in the JSON form."""

import re
from collections.abc import Iterator

from netc import spec
from netc.diag import Span
from netc.formats.json.expression import read_expression
from netc.formats.json.forms import ARGUMENT, FLOW, STEP, TEXT
from netc.formats.json.nodes import Array, Constant, Member, Node, Number, Object, String
from netc.formats.json.reader import Reader, is_name, is_path, takes

_LITERAL = re.compile(r"true|false|-?\d+(\.\d+)?([eE][+-]?\d+)?")
_COMPUTED = re.compile(r"[-+*/%<>=()\[\]{}]|\b(and|or|not|in|if)\b")
_ATTRIBUTE = re.compile(rf"(in\..*|.*\.({'|'.join(spec.ATTRIBUTES)}))")
_FILE = re.compile(r"[^=()<>*%]*\.[A-Za-z]\w{1,4}")

Written = spec.Name | spec.Call


# ---- words


@takes("name")
def read_name(reader: Reader, node: Node) -> spec.Name | None:
    """A word that can name something."""
    if isinstance(node, String):
        return _word(reader, node, "name")
    reader.wrong(node, "name")
    return None


@takes("path")
def read_path(reader: Reader, node: Node) -> spec.Name | None:
    """A name that may have dots."""
    if isinstance(node, String):
        return _word(reader, node, "path")
    reader.wrong(node, "path")
    return None


def _word(reader: Reader, node: String, kind: str) -> spec.Name | None:
    if is_name(node.value) or (kind == "path" and is_path(node.value)):
        return spec.Name(node.value, reader.inside(node))
    if node.value in spec.RESERVED:
        reader.bad(node, f"`{node.value}` belongs to the language and cannot be a name")
    else:
        reader.wrong(node, kind)
    return None


@takes("phase")
def read_phase(reader: Reader, node: Node) -> spec.Name | None:
    if isinstance(node, String) and node.value == "train":
        return spec.Name("train", reader.inside(node))
    if isinstance(node, String):
        return _word(reader, node, "name")
    reader.wrong(node, "phase")
    return None


@takes("text")
def _text(reader: Reader, node: Node) -> str | None:
    if isinstance(node, String):
        return node.value
    reader.wrong(node, "text")
    return None


# ---- values


@takes("value")
def read_value(reader: Reader, node: Node) -> spec.Value | None:
    """A constant, a word, a list, a computed value, a text, or a call."""
    match node:
        case Number(value=number):
            return spec.Number(number, reader.span(node))
        case Constant(value=None):
            reader.wrong(node, "value", "leave the key out where nothing is meant")
            return None
        case Constant(value=value):
            return spec.Boolean(bool(value), reader.span(node))
        case String():
            return _string(reader, node)
        case Array():
            return read_list(reader, node)
        case Object():
            return _object(reader, node)
    return None


@takes("list")
def read_list(reader: Reader, node: Node) -> spec.List | None:
    with reader.deeper(node) as may_go_on:
        items = may_go_on and reader.items("list", node, lambda item: read_value(reader, item))
    return spec.List(items, reader.span(node)) if isinstance(items, tuple) else None


def _string(reader: Reader, node: String) -> spec.Value | None:
    text = node.value
    if text.startswith("="):
        return read_expression(reader, node)
    if is_name(text) or text == "in":  # a choice may be called `in`, as that of `xavier` is
        return spec.Name(text, reader.inside(node))
    way_out, instead = _meant(text)
    reader.bad(node, f"`{text[:40]}` is no word", "", way_out, instead)
    return None


def _meant(text: str) -> tuple[str, str]:
    """How a string that is no word would be right: in words, and as what to write instead."""
    if _LITERAL.fullmatch(text):
        return f"write it without quotes: `{text}`", text
    is_plain = text.isprintable() and not {"\\", '"'} & set(text)
    if is_plain and _FILE.fullmatch(text) and not _ATTRIBUTE.fullmatch(text):
        instead = f'{{"text": "{text}"}}'
        return f"a text is written `{instead[:60]}`", instead
    if is_plain and (_COMPUTED.search(text) or is_path(text)):
        instead = f'"={text}"'
        return f"what is computed begins with `=`: `{instead[:60]}`", instead
    return 'a text is written `{"text": "..."}`, and what is computed begins with `=`', ""


def _object(reader: Reader, node: Object) -> spec.Value | None:
    keys = {member.key.value for member in node.members}
    if "type" in keys or "block" in keys:
        return read_made(reader, node)
    if "text" in keys:
        values = reader.form(node, TEXT)
        return spec.Text(values["text"], reader.span(node)) if values else None
    if len(node.members) == 1:
        _one_key(reader, node, node.members[0])
        return None
    reader.wrong(node, "value", 'a kind is written `{"type": "sgd", "rate": 0.1}`')
    return None


def _one_key(reader: Reader, node: Object, member: Member) -> None:
    """Advice for what many write instead of a call: `{"sgd": {"rate": 0.1}}`."""
    word = member.key.value
    written = f'{{"type": "{word}", ...}}' if is_name(word) else '{"type": "sgd", "rate": 0.1}'
    reader.wrong(node, "value", f"a kind is written `{written}`")


# ---- calls


@takes("call")
def read_call(reader: Reader, node: Node) -> spec.Call | None:
    """A call, with or without arguments."""
    if not isinstance(node, Object):
        reader.wrong(node, "call")
        return None
    made = read_made(reader, node)
    return spec.Call(made, (), reader.span(node)) if isinstance(made, spec.Name) else made


def read_made(reader: Reader, node: Object, *besides: str) -> Written | None:
    """What `type` or `block` names, with its arguments; without any it is a bare name.

    `besides` are keys of the object that somebody else reads.
    """
    before = len(reader.problems)
    members = reader.members(node)
    reader.complete(node, STEP, members)
    name: spec.Name | None = None
    arguments: list[spec.Argument] = []
    with reader.deeper(node) as may_go_on:
        for key in ("type", "block", "inputs", "arguments") if may_go_on else ():
            if key not in members:
                continue
            taken = reader.take(STEP.by_name[key].takes, members[key].value)
            if key in ("type", "block"):
                name = taken
            else:
                arguments += taken or ()
        for key, member in members.items() if may_go_on else ():
            if key not in STEP.by_name:
                arguments += _option(reader, member)
            elif key not in ("type", "block", "inputs", "arguments", *besides):
                reader.bad(member.key, f"`{key}` cannot stand here", "", _MISPLACED[key])
    if name is None or not may_go_on or len(reader.problems) > before:
        return None
    if not arguments and not {"inputs", "arguments"} & members.keys():
        return name
    if "." in name.text:
        reader.bad(
            members["type" if "type" in members else "block"].value,
            "a name with dots takes no arguments",
        )
        return None
    return spec.Call(name, tuple(arguments), reader.span(node))


_MISPLACED = {
    "name": 'a chain is named in one place: `{"name": "h", "chain": [...]}`',
    "branches": "only a step of a chain has branches",
    "layer": "a shared layer is a statement of its own",
}


def _option(reader: Reader, member: Member) -> Iterator[spec.Argument]:
    name = read_name(reader, member.key)
    value = reader.take("value", member.value)
    if name is not None and value is not None:
        yield spec.Argument(name, value, reader.whole(member))


@takes("inputs")
def read_inputs(reader: Reader, node: Node) -> tuple[spec.Argument, ...] | None:
    """Positional arguments that are values of the net."""
    return reader.items("inputs", node, lambda item: _input(reader, item))


@takes("arguments")
def read_arguments(reader: Reader, node: Node) -> tuple[spec.Argument, ...] | None:
    """Arguments in their order, named or not."""
    return reader.items("arguments", node, lambda item: _argument(reader, item))


def _input(reader: Reader, node: Node) -> spec.Argument | None:
    if isinstance(node, String) and is_path(node.value):
        value = _dotted(reader, node)
        return spec.Argument(None, value, value.span)
    if isinstance(node, String | Object):
        return _argument(reader, node)
    reader.wrong(node, "input")
    return None


def _dotted(reader: Reader, node: String) -> spec.Value:
    """A name with dots as the expression it looks like."""
    first, *rest = node.value.split(".")
    at = node.start + 1
    value: spec.Value = spec.Name(first, Span(reader.source, at, at + len(first)))
    for word in rest:
        start = value.span.end + 1
        name = spec.Name(word, Span(reader.source, start, start + len(word)))
        value = spec.Attribute(value, name, value.span.to(name.span))
    return value


def _argument(reader: Reader, node: Node) -> spec.Argument | None:
    if isinstance(node, Object):
        keys = {member.key.value for member in node.members}
        if "option" in keys and "type" not in keys:
            values = reader.form(node, ARGUMENT)
            span = reader.span(node)
            return spec.Argument(values["option"], values["value"], span) if values else None
        if "chain" in keys and "type" not in keys:
            values = reader.form(node, FLOW)
            if not values:
                return None
            chain = spec.Chain(None, values["chain"], reader.span(node))
            return spec.Argument(None, chain, chain.span)
    value = reader.take("value", node)
    return spec.Argument(None, value, value.span) if value is not None else None
