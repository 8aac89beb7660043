"""Values by their names, and what is said of a name that none has."""

from collections.abc import Mapping

from netc import spec
from netc.diag import Problem, quoted
from netc.ir.attributes import ATTRIBUTES, open_size
from netc.ir.frame import Frame
from netc.ir.meant import advise, meant
from netc.ir.no_value import question_of
from netc.ir.problems import UnknownValue, UnknownWord, WrongPhase
from netc.ir.scope import Scope, Value
from netc.ir.state import State
from netc.ir.written import option as as_option
from netc.ir.written import source_text
from netc.layers import REGISTRY
from netc.options import options_of


def value_of(
    state: State,
    name: spec.Name,
    frame: Frame,
    *,
    what: str = "value",
    is_label: bool = False,
    of: str = "",
) -> Value:
    """The value of this name; when there is none, a problem and a stand-in for silence.

    `what` says what could have stood here: a value, a value or a constant, or a layer too;
    `is_label` that the numbers of classes belong here; `of` is the layer type it is given to.
    """
    found, poisoned = frame.scope.value(name.text), Value(name.text, None, name.span)
    if found is None:
        kind = UnknownWord if what == "layer" else UnknownValue
        if not state.is_told(kind, name.span):
            problem = _unknown(state, name, frame, what, is_label=is_label, of=of)
            state.problems.append(problem)
        return poisoned
    if found.phase is not None and found.phase != frame.phase:
        state.problems.append(
            WrongPhase(name.span, name=name.text, phase=found.phase, first=found.span)
        )
        return poisoned
    return found


def no_source(state: State, written: spec.Value, frame: Frame) -> Value:
    """What stands for an expression that a flow begins with, after saying that it is no value."""
    name = spec.dotted(written)
    if name is not None:
        return value_of(state, name, frame, what="layer")
    advice = "a flow begins with the name of a value, or with a layer"
    text = source_text(written.span)
    state.problems.append(UnknownWord(written.span, near=None, advice=advice, name=text))
    return Value("", None, written.span)


def _unknown(
    state: State, name: spec.Name, frame: Frame, what: str, *, is_label: bool, of: str
) -> Problem:
    scope, word = frame.scope, name.text
    values, constants = scope.all_values(), scope.all_constants()
    others = [*REGISTRY, *scope.all_types()] if what == "layer" else constants
    near = meant(word, values if "." in word else [*values, *others])
    recent = quoted(values[-8:])
    otherwise = f"the values so far are {recent}" if recent else ""
    if what == "value or constant" and constants:
        otherwise = ", and ".join(
            filter(None, (otherwise, f"the constants here are {quoted(constants[:8])}"))
        )
    if scope.is_constant(word):
        near, otherwise = None, f"`{word}` is a constant, and only values flow"
    elif state.names.is_written(scope.prefix + word):
        near, otherwise = None, "it is named further down; use it below the line that names it"
    elif option := _choosing(of, word, frame):
        near, otherwise = None, f"write `{as_option(option, word, name.span.source)}`"
    elif question := question_of(word, frame):
        near, otherwise = None, open_size(question)
    elif scope.prefix + word in scope.inside:
        near, otherwise = None, "this layer has no name of its own; begin its line with one"
    elif inside := _inside(word, scope):
        near, otherwise = None, f"it is known only where it is made; from here it is `{inside}`"
    elif frame.kind == "block" and _is_outside(word, scope, state):
        near = None
        otherwise = f"a block does not see it; let it flow in: `(a, {word}) -> block`"
    elif kept := scope.kept(word):
        near, otherwise = None, kept
    elif asked := _asked(word, scope):
        near, otherwise = None, asked
    elif is_label and near is None and not _has_labels(state):
        otherwise = _declared(word, is_json=name.span.source.is_json)
    elif word in REGISTRY and what != "layer":
        near, otherwise = None, _as_layer(word)
    advice = advise(word, near, otherwise)
    if what == "layer":
        return UnknownWord(name.span, near=near, advice=advice, name=word)
    return UnknownValue(name.span, near=near, advice=advice, name=word, what=what)


def _choosing(type: str, word: str, frame: Frame) -> str:
    """The one option of a layer type that may be set to this word."""
    cls = None if frame.scope.block(type) else REGISTRY.get(type)
    found = [o.name for o in options_of(cls).values() if word in o.choices] if cls else []
    return found[0] if len(found) == 1 else ""


def _has_labels(state: State) -> bool:
    """Whether the numbers of classes are declared, if under another name."""
    types = [value.type for value in state.inputs.values()]
    return any(type is None or type.classes is not None for type in types)


def _declared(word: str, *, is_json: bool) -> str:
    line = f'{{"input": "{word}", "classes": 10}}' if is_json else f"input {word} class(10)"
    return f"declare it above: `{line}`, with your number of classes"


def _as_layer(word: str) -> str:
    """Help for who wrote the type of a layer where a value stands."""
    if REGISTRY[word].family == "activation":
        return f"an activation is a layer of its own: write `-> {word}` behind this one"
    return f"`{word}` is a layer type; give what it makes a name: `my_{word} = {word}`"


def _inside(word: str, scope: Scope) -> str | None:
    """The name by which a value of this name in a loop or a block is known out here; the last, as
    that is most often meant."""
    made: Mapping[str, Value] = scope.inside
    found = [
        name.removeprefix(scope.prefix)
        for name in made
        if name.startswith(scope.prefix) and name.endswith(f".{word}")
    ]
    return min(reversed(found), key=lambda name: name.count("."), default=None)


def _is_outside(word: str, scope: Scope, state: State) -> bool:
    """Whether the net, or a block around this one, has a value of this name so far."""
    prefix = scope.prefix.rstrip(".")
    while prefix:
        prefix = prefix.rpartition(".")[0]
        if f"{prefix}.{word}".lstrip(".") in scope.inside:
            return True
    return word in state.inputs


def _asked(word: str, scope: Scope) -> str:
    """What is said of a word such as `h.channels`, whose first part is a value."""
    value, dot, asked = word.rpartition(".")
    if not dot or scope.value(value) is None:
        return ""
    if asked in ATTRIBUTES:
        return f"`{word}` is a constant, and only values flow"
    full = f"{scope.prefix}{value}."
    made = [name.removeprefix(scope.prefix) for name in scope.inside if name.startswith(full)]
    return f"inside `{value}` are {quoted(made[:8])}" if made else ""
