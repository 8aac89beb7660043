"""What a script calls and makes: lists that grow, nets and trainers."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from netc.diag import Source, Span, did_you_mean, nearest
from netc.formats.convnetjs.script import library, numbers
from netc.formats.convnetjs.script.branches import (
    Branch,
    branch_of,
    is_name,
    place,
    token_of,
    word_of,
)
from netc.formats.convnetjs.script.changes import Changes
from netc.formats.convnetjs.script.expressions import MOST_ITEMS, Expressions
from netc.formats.convnetjs.script.problems import BadScript, UndefinedVariable
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Unknown,
    Value,
    noun,
)
from netc.formats.json.nodes import Number, String

_OF_OBJECTS = ("assign", "defineProperty", "defineProperties", "setPrototypeOf")
_HARMLESS = ("console", "JSON", "Array", "Object", "this")
_LIKE_PART = re.compile("trainer|convnet", re.IGNORECASE)


class Evaluator(Changes):
    """Reads the expressions of a script one after the other.

    `own` are the functions and classes of the script itself.
    """

    def __init__(self, source: Source, later: dict[str, Span]) -> None:
        super().__init__(source, later)
        self.own: frozenset[str] = frozenset()

    # ---- calls

    def _call(self, tree: Branch) -> Value:
        callee, given = (branch_of(child) for child in tree.children)
        if callee.data == "name":
            values = list(self.items(given))
            if word_of(callee) not in self.own:
                self._lend(tree, values)
            return self._call_name(tree, word_of(callee), values)
        if callee.data != "member":
            return Unknown(*place(tree))
        owner, method = callee.children[0], str(callee.children[1])
        values = list(self.items(given))
        if is_name(owner, "Math"):
            return self._mathematics(tree, method, values)
        receiver = self.value(branch_of(owner))
        if is_name(owner, "Object") and method in _OF_OBJECTS and values:
            self.hide_changed(branch_of(given.children[0]), f"`Object.{method}`")
        elif not any(is_name(owner, name) for name in _HARMLESS):
            self._lend(tree, [] if method in ("makeLayers", "push", "concat") else values)
        if method == "makeLayers":
            self.acted = True
            self.made.layers(self.span(tree), values, receiver)
            return Unknown(*place(tree))
        if method == "push":
            return self._push(tree, receiver, values)
        if method == "concat" and isinstance(receiver, List):
            return self._joined(tree, receiver, values)
        if isinstance(receiver, Network) and method not in library.OF_A_NET:
            near = nearest(method, library.OF_A_NET)
            what, way_out = f"a net has no `{method[:40]}`", did_you_mean(near)
            span = self.span(token_of(callee.children[1]))
            if near:
                self.problems.append(BadScript(span, what=what, way_out=way_out))
        if isinstance(receiver, List) and method not in library.HARMLESS:
            self._hide(tree, receiver, method)
        return Unknown(*place(tree))

    def _lend(self, tree: Branch, values: list[Value]) -> None:
        """Keep in mind that a function of another file was given a list."""
        for value in values:
            if isinstance(value, List):
                value.lent.append(self.span(tree))

    def _hide(self, tree: Branch, receiver: List, method: str) -> None:
        """Keep in mind that a list may be changed by a method that is not read."""
        known = ("push", *library.CHANGING, *library.HARMLESS)
        near = None if method in known else nearest(method, known)
        what = (
            f"`{method[:40]}` of a list is not read"
            if not near
            else (f"a list has no `{method[:40]}`")
        )
        way_out = did_you_mean(near) or "write the list as it is meant to be"
        receiver.hidden.append(BadScript(self.span(tree), what=what, way_out=way_out))
        self.acted = True

    def _call_name(self, tree: Branch, name: str, values: list[Value]) -> Value:
        if name == "require" and values and isinstance(values[0], String):
            self.acted = True
            return library.required(values[0].value, *place(tree))
        if name == "Array" and not values:
            return List(*place(tree))
        if name in ("Number", "parseInt", "parseFloat") and values:
            return values[0] if isinstance(values[0], Number) else Unknown(*place(tree))
        return Unknown(*place(tree))

    def _mathematics(self, tree: Branch, name: str, values: list[Value]) -> Value:
        unknown = next((value for value in values if isinstance(value, Unknown)), None)
        if unknown:
            return unknown
        given = [value.value for value in values if isinstance(value, Number)]
        number = numbers.mathematics(name, given) if len(given) == len(values) else None
        return Unknown(*place(tree)) if number is None else Number(*place(tree), number)

    def _push(self, tree: Branch, receiver: Value, values: list[Value]) -> Value:
        if isinstance(receiver, List):
            self.acted = True
            if len(receiver.items) + len(values) <= MOST_ITEMS:
                receiver.items += values
            else:
                what = f"a list holds at most {MOST_ITEMS:,} values"
                receiver.hidden.append(BadScript(self.span(tree), what=what))
            return Number(*place(tree), len(receiver.items))
        is_undefined = isinstance(receiver, Unknown) and isinstance(receiver.why, UndefinedVariable)
        if is_undefined and not any(_is_layer(value) for value in values):
            return Unknown(*place(tree))
        if isinstance(receiver, Unknown) and isinstance(receiver.why, UndefinedVariable):
            self.problems.append(receiver.why)
            if receiver.why.insert:  # told of once, and read as if it were there
                self.names[receiver.why.name] = List(receiver.start, receiver.end, values)
        elif not isinstance(receiver, Unknown | Library):
            what = f"`push` puts values into a list, and this is {noun(receiver)}"
            span = Span(self.source, tree.meta.start_pos, place(branch_of(tree.children[0]))[1])
            way_out = "begin the list with `= []`"
            self.problems.append(BadScript(span, what=what, way_out=way_out))
        return Unknown(*place(tree))

    def _joined(self, tree: Branch, receiver: List, values: list[Value]) -> Value:
        joined = List(*place(tree), list(receiver.items), list(receiver.hidden))
        for value in values:
            joined.items += value.items[:MOST_ITEMS] if isinstance(value, List) else [value]
        del joined.items[MOST_ITEMS:]
        return joined

    def _new(self, tree: Branch) -> Value:
        path, *given = (branch_of(child) for child in tree.children)
        values = list(self.items(given[0])) if given else []
        words = [str(word) for word in path.children]
        if words == ["Array"] and not values:
            return List(*place(tree))
        if words == ["Object"] and not values:
            return Record(*place(tree))
        name, word = words[-1], self.span(token_of(path.children[-1]))
        if name in self.own and len(words) == 1:
            return Unknown(*place(tree))
        made = None
        if len(words) == 1 or self._may_be_library(words[0]):
            made = self.made.make(name, word, self.span(tree), values)
        if made is not None:
            self.acted = True
            return made
        if self._is_library(words[0]) if len(words) > 1 else _LIKE_PART.search(name):
            self.made.absent(name, word)
        return Unknown(*place(tree))

    def _is_library(self, word: str) -> bool:
        """Whether a variable stands for ConvNetJS: it does not hold anything else."""
        value = self.names.get(word)
        return (value is None and word in library.PARTS) or isinstance(value, Library)

    def _may_be_library(self, word: str) -> bool:
        """Whether a variable may stand for ConvNetJS, as what a module brings in."""
        return isinstance(self.names.get(word, library.UNKNOWN), Library | Unknown)

    rules: ClassVar[Mapping[str, Callable[[Any, Branch], Value]]] = {
        "number": Expressions._number,
        "string": Expressions._string,
        "template": Expressions._template,
        "constant": Expressions._constant,
        "unread": Changes._unread,
        "name": Expressions._name,
        "binary": Expressions._binary,
        "unary": Expressions._unary,
        "array": Expressions._array,
        "object": Expressions._object,
        "member": Expressions._member,
        "index": Expressions._index,
        "assign": Changes._assign,
        "update": Changes._update,
        "step": Changes._step,
        "call": _call,
        "new": _new,
    }


def _is_layer(value: Value) -> bool:
    return isinstance(value, Record) and value.get("type") is not None
