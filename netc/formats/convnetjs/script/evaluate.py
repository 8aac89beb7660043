"""What a script does with values: it sets and changes them, and makes nets and trainers."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from lark import Token, Tree

from netc.diag import Source, Span, did_you_mean, nearest
from netc.formats.convnetjs.script import library, numbers
from netc.formats.convnetjs.script.branches import (
    Branch,
    branch_of,
    is_branch,
    is_name,
    place,
    token_of,
    word_of,
)
from netc.formats.convnetjs.script.expressions import MOST_ITEMS, Expressions, at
from netc.formats.convnetjs.script.problems import (
    AssumedCode,
    BadScript,
    UndefinedVariable,
    UnknownNumber,
    UnreadArgument,
    UnreadCode,
)
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Trainer,
    Unknown,
    Value,
    noun,
)
from netc.formats.json.nodes import Constant, Number, String

_DOES = frozenset(("assign", "update", "step", "call", "new"))
"""Expressions that may do more than give a value."""
_OF_OBJECTS = ("assign", "defineProperty", "defineProperties", "setPrototypeOf")
_HARMLESS = ("console", "JSON", "Array", "Object", "this")
_LIKE_PART = re.compile("trainer|convnet", re.IGNORECASE)


class Evaluator(Expressions):
    """Reads the expressions of a script one after the other.

    `made` is what the script has made of ConvNetJS; `acted` tells whether an expression has done
    something that matters. `own` are the functions and classes of the script itself.
    """

    def __init__(self, source: Source, later: dict[str, Span]) -> None:
        super().__init__(source, later)
        self.made = library.Made(source, self.problems)
        self.acted = False
        self.own: frozenset[str] = frozenset()

    def _unread(self, tree: Branch) -> Value:
        """What is not computed; what it may change is unknown from here on."""
        here = Unknown(*place(tree))
        is_choice = len(tree.children) == 3 and str(tree.children[1]) in ("||", "??")
        if is_choice and not any(part.data in _DOES for part in tree.iter_subtrees()):
            return self._otherwise(tree)
        for part in tree.iter_subtrees():
            if part.data in ("assign", "update", "step"):
                self.assign(
                    next(branch_of(each) for each in part.children if is_branch(each)), here
                )
            elif part.data == "unread" and str(part.children[0]) == "delete":
                changed = branch_of(branch_of(part.children[1]).children[0])
                self._hide_changed(changed, "`delete`")
            elif part.data == "call" and branch_of(part.children[0]).data == "member":
                self._hide_changed(branch_of(branch_of(part.children[0]).children[0]))
        return here

    def _otherwise(self, tree: Branch) -> Value:
        """`given || 20`: what a function is not given, or an object does not have, is the other."""
        first, sign, second = tree.children
        value, other = self.value(branch_of(first)), self.value(branch_of(second))
        if isinstance(value, Number | String | Constant):
            is_empty = isinstance(value, Constant) and value.value is None
            is_number = value.value == value.value  # and not NaN
            is_false = str(sign) == "||" and not (value.value and is_number)
            return at(other if is_empty or is_false else value, *place(tree))
        why = value.why if isinstance(value, Unknown) else None
        is_told = isinstance(other, Unknown) or not isinstance(why, UnreadArgument)
        if isinstance(why, UnreadArgument) and not is_told and not why.is_given:
            span, way_out = self.span(tree), "write another one in its place if the net has that"
            what = f"`{self.source.text[slice(*place(first))][:40]}` is taken not to be given"
            self.made.notices.append(AssumedCode(span, what=what, way_out=way_out))
            return at(other, *place(tree))
        return value if isinstance(value, List | Record) else Unknown(*place(tree), why)

    # ---- what is done

    def _hide_changed(self, tree: Branch, what: str = "a condition") -> None:
        """Keep in mind that a list may be changed where that is not read."""
        owner = self.value(tree)
        if isinstance(owner, List | Record):
            name = self.source.text[slice(*place(tree))][:40]
            way_out = "write out what it does: a script is read here, and never run"
            why = UnreadCode(self.span(tree), name=name, what=what, way_out=way_out)
            owner.hidden.append(why)
            self.acted = True

    def _assign(self, tree: Branch) -> Value:
        target, given = (branch_of(child) for child in tree.children)
        value = self.value(given)
        self.assign(target, value)
        return value

    def _update(self, tree: Branch) -> Value:
        target, sign, given = tree.children
        binary = Tree("binary", [target, Token("SIGN", str(sign)[:-1]), given], tree.meta)
        value = self._binary(binary)
        self.assign(branch_of(target), value)
        return value

    def _step(self, tree: Branch) -> Value:
        """`n++` gives the old value, `++n` the new one."""
        target = next(branch_of(each) for each in tree.children if is_branch(each))
        sign = next(str(each)[:1] for each in tree.children if not is_branch(each))
        old = self.value(target)
        new: Value = Unknown(*place(tree))
        if isinstance(old, Number):
            new = Number(*place(tree), numbers.compute(sign, old.value, 1))
        self.assign(target, new)
        return new if isinstance(tree.children[0], Token) else old

    def assign(self, target: Branch, value: Value) -> None:
        """Give a variable, a member of an object or an item of a list its value."""
        if target.data == "name":
            self.names[word_of(target)] = value
            self.acted = self.acted or not isinstance(value, Unknown)
        elif target.data in ("member", "index"):
            owner = self.value(branch_of(target.children[0]))
            owner = owner.options if isinstance(owner, Trainer) else owner
            if isinstance(owner, Record):
                self._set(owner, target, value)
            elif isinstance(owner, List):
                self._put(owner, target, value)

    def _set(self, owner: Record, target: Branch, value: Value) -> None:
        name = target.children[1]
        key = String(*place(name), str(name)) if isinstance(name, Token) else self.value(name)
        if isinstance(key, Number):
            key = String(key.start, key.end, numbers.text_of(key.value))
        if isinstance(key, String) and len(owner.members) < MOST_ITEMS:
            owner.set(key, value)
        else:
            owner.hidden.append(UnknownNumber(self.span(target)))
        self.acted = True

    def _put(self, owner: List, target: Branch, value: Value) -> None:
        name = target.children[1]
        index = Unknown(*place(target)) if isinstance(name, Token) else self.value(name)
        if str(name) == "length" and isinstance(value, Number) and value.value == 0:
            owner.items.clear()
        elif isinstance(index, Number) and index.value in range(len(owner.items)):
            owner.items[int(index.value)] = value
        elif isinstance(index, Number) and index.value == len(owner.items):
            owner.items.append(value)
        else:
            what = f"the list has {len(owner.items)} values, and this is not the next place in it"
            owner.hidden.append(BadScript(self.span(target), what=what))
        self.acted = True

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
            self._hide_changed(branch_of(given.children[0]), f"`Object.{method}`")
        elif not (is_branch(owner) and word_of(branch_of(owner)) in _HARMLESS):
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
        "unread": _unread,
        "name": Expressions._name,
        "binary": Expressions._binary,
        "unary": Expressions._unary,
        "array": Expressions._array,
        "object": Expressions._object,
        "member": Expressions._member,
        "index": Expressions._index,
        "assign": _assign,
        "update": _update,
        "step": _step,
        "call": _call,
        "new": _new,
    }


def _is_layer(value: Value) -> bool:
    return isinstance(value, Record) and value.get("type") is not None
