"""`netc schema`: the JSON form as a JSON Schema, so that editors complete and explain it."""

import json
from collections.abc import Mapping

import click

from netc.cli.kinds_schema import Schema, any_of, initializers, kinds, layers, option_schema, ref
from netc.cli.screen import color_option
from netc.formats import json_forms as forms
from netc.layers import REGISTRY
from netc.options import options_of
from netc.spec import RESERVED
from netc.training import OPTIMIZERS, SCHEDULES, SOURCES, Counts

_HELP = """Print the JSON Schema (draft 2020-12) of the JSON form of a spec.

An editor that knows it completes layer types and options, explains them, and marks what is
wrong. What shapes fit is for `netc check` to say.

\b
  netc schema > netc.schema.json
"""

_WORD = f"(?!(?:{'|'.join(sorted(RESERVED))})(?![A-Za-z_0-9]))[A-Za-z_][A-Za-z_0-9]*"


@click.command("schema", help=_HELP, short_help="Print the JSON Schema of the JSON form.")
@color_option
def command() -> None:
    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


def schema() -> Schema:
    """The schema of a whole file: a spec, a library, or a list of layers."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:netc:spec:{forms.VERSION}",
        "title": "netc spec",
        "description": "A neural network, the blocks it is made of, and how to train it.",
        "anyOf": [ref("file"), ref("layer_list")],
        "$defs": {
            **_values(),
            **_steps(),
            **layers(),
            **_statements(),
            **_sections(),
            "layer_list": _layer_list(),
        },
    }


def _object(form: forms.Form, **changes: Schema) -> Schema:
    """The schema of a form; `changes` are those of keys that hold more than their kind says."""
    choices = {key for choice in form.choices for key in choice}
    made: Schema = {
        "title": form.noun,
        "description": form.doc,
        "type": "object",
        "properties": {
            key.name: {**changes.get(key.name, ref(key.takes)), "description": key.doc}
            for key in form.keys
        },
        "required": [k.name for k in form.keys if not (k.is_optional or k.name in choices)],
        "additionalProperties": False,
    }
    if form.choices:
        made["oneOf"] = [_needed(choice, form) for choice in form.choices]
    return made


def _needed(choice: tuple[str, ...], form: forms.Form) -> Schema:
    """That the keys of a choice are there, and for one that may stand beside others, these not."""
    needed: Schema = {"required": list(choice)}
    if choice != (form.beside,):
        return needed
    others = [{"required": list(other)} for other in form.choices if other != choice]
    return {**needed, "not": {"anyOf": others}}


def _list(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


def _values() -> Schema:
    """Words, values and arguments."""
    value = any_of(
        {"type": ["number", "boolean"]},
        ref("word"),
        ref("computed"),
        ref("list"),
        ref("text"),
        ref("call"),
    )
    call: Schema = {
        "description": "A kind of thing with its options.",
        "type": "object",
        "properties": {
            "type": ref("path"),
            "block": ref("path"),
            "inputs": ref("inputs"),
            "arguments": ref("arguments"),
        },
        "oneOf": [{"required": ["type"]}, {"required": ["block"]}],
        "propertyNames": ref("name"),
        "additionalProperties": ref("value"),
    }
    return {
        "name": {"type": "string", "pattern": f"^{_WORD}$"},
        "path": {"type": "string", "pattern": f"^{_WORD}(\\.{_WORD})*$"},
        "word": any_of(ref("name"), {"const": "in"}),
        "phase": {"enum": ["train", "test"]},
        "computed": {
            "description": "A computed value: an expression of the language behind `=`.",
            "type": "string",
            "pattern": "^=",
        },
        "text": _object(forms.TEXT, text={"type": "string"}),
        "value": value,
        "list": _list(ref("value")),
        "call": call,
        "option": _object(forms.ARGUMENT),
        "flow_object": _object(forms.FLOW),
        "arguments": _list(any_of(ref("value"), ref("option"), ref("flow_object"))),
        "inputs": _list(any_of(ref("path"), ref("computed"), ref("flow_object"), ref("made"))),
        "initializer": initializers(),
        "link": {"type": "string"},
        "version": {"const": forms.VERSION},
    }


def _steps() -> Schema:
    """Layers and uses of blocks, alone and in chains."""
    docs = forms.STEP.by_name
    names = list(REGISTRY)
    block: Schema = {
        "title": "block",
        "description": docs["block"].doc,
        "type": "object",
        "properties": {
            key: ref("path") if key == "block" else ref(f"step.{key}")
            for key in ("block", "name", "layer", "inputs", "arguments", "branches")
        },
        "required": ["block"],
        "not": {"required": ["type"]},
        "propertyNames": any_of(ref("name"), {"enum": ["block", "layer"]}),
        "additionalProperties": ref("value"),
    }
    made: Schema = {
        "type": "object",
        "properties": {"type": {"enum": names, "description": docs["type"].doc}},
        # Not `anyOf`: what is nested would be looked at once for each of a hundred layer types.
        "allOf": [_of_type(name) for name in names],
        "if": {"not": {"required": ["type"]}},
        "then": ref("step.block"),
    }
    bare: Schema = {"enum": names, "description": "A layer type without options."}
    later = any_of(bare, _without(ref("made"), "name", "layer"), _list(ref("path"), minItems=2))
    chain = _list(later, prefixItems=[any_of(ref("path"), later)], minItems=1)
    return {
        **{f"step.{key}": {**ref(docs[key].takes), "description": docs[key].doc} for key in _KEYS},
        "step.block": block,
        "made": made,
        "steps": chain,
        "flow": {**chain, "prefixItems": [any_of(ref("value"), ref("path"), later)]},
        "chain": any_of(
            bare,
            ref("path"),
            _without(ref("made"), "layer"),
            ref("steps"),
            ref("chain_object"),
        ),
        "chain_object": _object(forms.CHAIN),
    }


def _of_type(name: str) -> Schema:
    """What a layer of a type must be."""
    is_it: Schema = {"required": ["type"], "properties": {"type": {"const": name}}}
    return {"if": is_it, "then": ref(f"layer.{name}")}


_KEYS = ("name", "layer", "inputs", "arguments", "branches")


def _without(schema: Schema, *keys: str) -> Schema:
    """What a schema allows, but for some keys."""
    return {"allOf": [schema, {"properties": dict.fromkeys(keys, False)}]}


def _statements() -> Schema:
    shared = {"allOf": [ref("made"), {"required": ["layer"], "properties": {"branches": False}}]}
    told = {f"statement.{key}": _object(form) for key, form in forms.STATEMENTS.items()}
    return {
        "body": _list(any_of(ref("chain"), *map(ref, told), shared)),
        **told,
    }


def _sections() -> Schema:
    """The file and its sections."""
    counts = {name: option_schema(option) for name, option in options_of(Counts).items()}
    registries: Mapping[str, tuple[str, Mapping[str, type]]] = {
        "data": ("data source", SOURCES),
        "optimizer": ("optimizer", OPTIMIZERS),
        "schedule": ("schedule", SCHEDULES),
    }
    named = {key: any_of(kinds(*each), ref("computed")) for key, each in registries.items()}
    source, named["data"] = named["data"], ref("data_source")
    docs = {key: f"The {noun}." for key, (noun, _) in registries.items()}
    settings: Schema = {
        "type": "object",
        "properties": {**{k: {"description": docs[k], **s} for k, s in named.items()}, **counts},
        "additionalProperties": False,
    }
    constants: Schema = {
        "type": "object",
        "propertyNames": ref("name"),
        "additionalProperties": ref("value"),
    }
    listed = _list(_object(forms.CONSTANT))
    return {
        "file": _object(forms.FILE),
        "net": _object(forms.NET),
        "blocks": _list(_object(forms.BLOCK)),
        "parameters": _list(any_of(ref("name"), _object(forms.PARAMETER))),
        "settings": any_of(settings, listed),
        "data_source": source,
        "constants": any_of(constants, listed),
        "uses": _list({"type": "string"}),
    }


def _layer_list() -> Schema:
    """The simplest JSON: layers in a row, in ConvNetJS's words or in netc's."""
    number = {"type": "number"}
    names = [*forms.LISTED_TYPES, *(name for name in REGISTRY if name not in forms.LISTED_TYPES)]
    layer: Schema = {
        "type": "object",
        "properties": {
            "type": {"enum": names, "description": "The layer type, in either's words."},
            "activation": {"enum": ["relu", "sigmoid", "tanh"]},
            **{key: {**number, "description": doc} for key, doc in forms.LISTED_NUMBERS.items()},
        },
        "required": ["type"],
    }
    first = {"type": "object", "properties": {"type": {"const": "input"}}, "required": ["type"]}
    return {
        "title": "list of layers",
        "description": "Layers from top to bottom, as in ConvNetJS: an input first, a loss last.",
        **_list(any_of({"enum": list(REGISTRY)}, layer), prefixItems=[first], minItems=1),
    }
