"""What a script changes: variables, members of objects and items of lists, also by code unread."""

from lark import Token, Tree

from netc.diag import Source, Span
from netc.formats.convnetjs.script import library, numbers
from netc.formats.convnetjs.script.branches import Branch, branch_of, is_branch, place, word_of
from netc.formats.convnetjs.script.expressions import MOST_ITEMS, Expressions, at
from netc.formats.convnetjs.script.problems import (
    AssumedCode,
    BadScript,
    UnknownNumber,
    UnreadArgument,
    UnreadCode,
)
from netc.formats.convnetjs.script.values import (
    List,
    Record,
    Trainer,
    Unknown,
    Value,
)
from netc.formats.json.nodes import Constant, Number, String

_DOES = frozenset(("assign", "update", "step", "call", "new"))
"""Expressions that may do more than give a value."""


class Changes(Expressions):
    """Reads the expressions that change what is there; its heir, those that make something new.

    `made` is what the script has made of ConvNetJS; `acted` tells whether an expression has done
    something that matters.
    """

    def __init__(self, source: Source, later: dict[str, Span]) -> None:
        super().__init__(source, later)
        self.made = library.Made(source, self.problems)
        self.acted = False

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
                self.hide_changed(changed, "`delete`")
            elif part.data == "call" and branch_of(part.children[0]).data == "member":
                self.hide_changed(branch_of(branch_of(part.children[0]).children[0]))
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

    def hide_changed(self, tree: Branch, what: str = "a condition") -> None:
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
