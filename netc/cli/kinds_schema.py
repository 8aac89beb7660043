"""JSON Schemas of what can be set: layer types, initializers, optimizers, data sources."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING
from typing import Any

from netc.cli.shelves import first_line
from netc.ir import alternatives, is_initializer
from netc.layers import INITIALIZERS, REGISTRY, Counting, Layer, Learning, has_weights
from netc.options import LayerName, Option, Table, manual, options_of

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def any_of(*schemas: Schema) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def kinds(noun: str, registry: Mapping[str, type]) -> Schema:
    """A word that names a kind, or an object with its options."""
    bare = [name for name, kind in registry.items() if not _required(kind)]
    return any_of(
        {"title": noun, "enum": bare, "description": f"A {noun} with the options it has anyway."},
        *(kind_schema(name, kind) for name, kind in registry.items()),
    )


def layers() -> Schema:
    """One schema for each layer type, by the name it has among `$defs`."""
    return {f"layer.{name}": layer_schema(name, kind) for name, kind in REGISTRY.items()}


def layer_schema(name: str, kind: type[Layer]) -> Schema:
    """A step that is a layer of one type."""
    common: tuple[type, ...] = (Learning,) if has_weights(kind) else ()
    common += (Counting,) if "loss" in kind.roles else ()
    step = {key: ref(f"step.{key}") for key in ("name", "layer", "inputs", "branches")}
    return kind_schema(name, kind, common, step)


def kind_schema(
    name: str, kind: type, common: Iterable[type] = (), keys: Mapping[str, Schema] | None = None
) -> Schema:
    """An object that sets a kind; `common` kinds hold options it has with others."""
    declared = {o.name: o for each in (kind, *common) for o in options_of(each).values()}
    required = _required(kind)
    schema: Schema = {
        "title": name,
        "description": manual(kind)[0] or first_line(kind),
        "type": "object",
        "properties": {
            "type": {"const": name, "description": first_line(kind)},
            **{key: option_schema(option) for key, option in declared.items()},
            **(keys or {}),
            "arguments": ref("arguments"),
        },
        "required": ["type"],
        "additionalProperties": False,
    }
    if required:
        # Among the inputs may be a dotted name that is no value but the main option, `map.height`.
        elsewhere = ("arguments", "inputs") if "inputs" in (keys or {}) else ("arguments",)
        schema["anyOf"] = [{"required": each} for each in (required, *([e] for e in elsewhere))]
    return schema


def _required(kind: type) -> list[str]:
    return [option.name for option in options_of(kind).values() if option.required]


def option_schema(option: Option) -> Schema:
    """What an option takes: its own values, or one that is computed."""
    doc = f"{option.doc} The main option." if option.main else option.doc
    schema: Schema = {"description": doc, **any_of(*_taken(option), ref("computed"))}
    if option.default is not MISSING and option.default is not None:
        schema["default"] = _plain(option.default)
    return schema


def _taken(option: Option) -> list[Schema]:
    if is_initializer(option.type):
        return [ref("initializer"), {"type": "number"}]
    if option.kinds is not None:
        return [ref(option.noun.replace(" ", "_"))]
    return [_value(each, option) for each in alternatives(option.type)]


def _value(declared: Any, option: Option) -> Schema:
    if declared is str:
        return {"enum": list(option.choices)} if option.choices else ref("text")
    if declared is LayerName:
        return any_of(ref("path"), ref("text"))
    if declared is bool:
        return {"type": "boolean"}
    if declared in (int, float):
        return _number(declared, option)
    items = {
        tuple[int, ...]: int,
        tuple[float, ...]: float,
        tuple[str, ...]: str,
        Table: tuple[int, ...],
    }[declared]
    item = any_of(_value(items, option), ref("computed"))
    return {"type": "array", "items": item, "minItems": 1}


def _number(declared: type, option: Option) -> Schema:
    bounds = {
        "minimum": option.at_least,
        "exclusiveMinimum": option.above,
        "maximum": option.at_most,
        "exclusiveMaximum": option.below,
    }
    return {
        "type": "integer" if declared is int else "number",
        **{word: bound for word, bound in bounds.items() if bound is not None},
    }


def _plain(value: Any) -> Any:
    """A default as JSON, that of an initializer by its name."""
    if isinstance(value, tuple):
        return list(value)
    return getattr(value, "name", value)


def initializers() -> Schema:
    return kinds("initializer", INITIALIZERS)
