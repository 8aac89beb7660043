"""What an expression of a script means: numbers are computed, and nothing is ever run."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from lark import Token, Tree

from netc.diag import Fix, Problem, Source, Span, Sure, did_you_mean, is_slip, nearest
from netc.formats.convnetjs.script import library, numbers
from netc.formats.convnetjs.script.problems import BadScript, UndefinedVariable, UnknownNumber
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Trainer,
    Unknown,
    Value,
    noun,
    placed,
)
from netc.formats.json.nodes import Constant, Number, String

_WAY_OUT = "write the value itself, or set it above"
_LIKE_PART = re.compile("trainer|convnet", re.IGNORECASE)
_LONGEST_TEXT = 10_000
_MOST_COMPARED = 500
_MOST_ITEMS = 100_000

Branch = Tree[Token]


class Evaluator:
    """Reads the expressions of a script one after the other.

    `names` are the variables and `later` where each is set for the first time; `made` is what the
    script has made of ConvNetJS, and `problems` what is wrong whatever the rest says. `acted`
    tells whether an expression has done something that matters.
    """

    def __init__(self, source: Source, later: dict[str, Span]) -> None:
        self.source = source
        self.later = later
        self.names: dict[str, Value] = {}
        self.problems: list[Problem] = []
        self.made = library.Made(source, self.problems)
        self.acted = False
        self._nearest: dict[str, str | None] = {}

    def value(self, tree: Branch) -> Value:
        """What an expression gives."""
        return _RULES[tree.data](self, tree)

    def span(self, tree: Branch | Token) -> Span:
        start, end = place(tree)
        return Span(self.source, start, end)

    # ---- words and numbers

    def _number(self, tree: Branch) -> Value:
        return Number(*place(tree), numbers.number_of(_word(tree)))

    def _string(self, tree: Branch) -> Value:
        return String(*place(tree), numbers.unquoted(_word(tree)))

    def _template(self, tree: Branch) -> Value:
        word = _word(tree)
        return Unknown(*place(tree)) if "${" in word else self._string(tree)

    def _constant(self, tree: Branch) -> Value:
        return Constant(*place(tree), {"true": True, "false": False}.get(_word(tree)))

    def _unread(self, tree: Branch) -> Value:
        """What is not computed; what it may change is unknown from here on."""
        here = Unknown(*place(tree))
        for part in tree.iter_subtrees():
            if part.data in ("assign", "update", "step"):
                self.assign(next(_branch(each) for each in part.children if _is_branch(each)), here)
            elif part.data == "call" and _branch(part.children[0]).data == "member":
                owner = self.value(_branch(_branch(part.children[0]).children[0]))
                if isinstance(owner, List | Record):
                    owner.hidden.append(UnknownNumber(self.span(part)))
        return here

    def _name(self, tree: Branch) -> Value:
        return self.lookup(_word(tree), *place(tree))

    def lookup(self, name: str, start: int, end: int) -> Value:
        """What a variable holds."""
        value = self.names.get(name) or library.known(name, start, end)
        if value is None:
            return Unknown(start, end, self._undefined(name, start, end))
        if isinstance(value, Unknown) and value.why is None and value.origin is None:
            value = replace(value, origin=Span(self.source, value.start, value.end))
        return at(value, start, end)

    def _undefined(self, name: str, start: int, end: int) -> Problem:
        span = Span(self.source, start, end)
        later = self.later.get(name)
        if later and later.start > start:
            return UndefinedVariable(span, None, _WAY_OUT, name=name, later=later)
        near = self._near(name)
        insert = None
        advice = did_you_mean(near) or _WAY_OUT
        if name in ("layer_defs", "trainer_defs") and near is None:
            written = f"var {name} = [];"
            line = self.source.text.rfind("\n", 0, start) + 1
            insert = Fix(f"write `{written}` above", Span(self.source, line, line), f"{written}\n")
            advice = f"write `{written}` above it"
        return UndefinedVariable(span, near, advice, name=name, insert=insert)

    def _near(self, name: str) -> str | None:
        """The variable that may be meant; not looked for in a script full of unknown names."""
        if len(self._nearest) > _MOST_COMPARED or len(self.names) > _MOST_COMPARED:
            return None
        if name not in self._nearest:
            near = nearest(name, self.names)
            is_sure = near is not None and is_slip(name, near, self.names)
            self._nearest[name] = Sure(near) if near and is_sure else near
        return self._nearest[name]

    # ---- what is computed

    def _binary(self, tree: Branch) -> Value:
        left, sign, right = tree.children
        a, b, here = self.value(_branch(left)), self.value(_branch(right)), place(tree)
        for unknown in (a, b):
            if isinstance(unknown, Unknown):
                return unknown
        if isinstance(a, Number) and isinstance(b, Number):
            return Number(*here, numbers.compute(str(sign), a.value, b.value))
        if sign == "+" and isinstance(a, String | Number) and isinstance(b, String | Number):
            text = _text(a) + _text(b)
            if len(text) <= _LONGEST_TEXT:
                return String(*here, text)
        what = f"`{sign}` takes numbers, and this is {noun(b if isinstance(a, Number) else a)}"
        return self.wrong(tree, what)

    def _unary(self, tree: Branch) -> Value:
        sign, operand = tree.children
        value = self.value(_branch(operand))
        if isinstance(value, Number):
            number = value.value if sign == "+" else -value.value
            return Number(*place(tree), number)
        if isinstance(value, Unknown):
            return value
        return self.wrong(tree, f"`{sign}` takes a number, and this is {noun(value)}")

    def wrong(self, tree: Branch, what: str, expected: str = "", way_out: str = "") -> Unknown:
        """A value that is none, which is told of where it is used."""
        why = BadScript(self.span(tree), what=what, expected=expected, way_out=way_out)
        return Unknown(*place(tree), why)

    # ---- lists and objects

    def _array(self, tree: Branch) -> Value:
        return List(*place(tree), list(self._items(tree)))

    def _items(self, tree: Branch) -> Iterator[Value]:
        for child in tree.children:
            branch = _branch(child)
            if branch.data != "spread":
                yield self.value(branch)
                continue
            spread = self.value(_branch(branch.children[0]))
            if isinstance(spread, List):
                yield from spread.items[:_MOST_ITEMS]
                yield from (Unknown(*place(branch), why) for why in spread.hidden)
            else:
                yield spread if isinstance(spread, Unknown) else Unknown(*place(branch))

    def _object(self, tree: Branch) -> Value:
        made = Record(*place(tree))
        for child in tree.children:
            branch = _branch(child)
            if branch.data == "member_of":
                key, value = branch.children
                made.members.append((self._key(_branch(key)), self.value(_branch(value))))
            elif branch.data == "shorthand":
                word, here = _word(branch), place(branch)
                made.members.append((String(*here, word), self.lookup(word, *here)))
            else:
                spread = self.value(_branch(branch.children[0]))
                made.members += spread.members[:_MOST_ITEMS] if isinstance(spread, Record) else []
                made.hidden += spread.hidden if isinstance(spread, Record) else []
        return made

    def _key(self, tree: Branch) -> String:
        token = tree.children[0]
        assert isinstance(token, Token)
        if token.type == "STRING":
            return String(*place(tree), numbers.unquoted(str(token)))
        if token.type == "NUMBER":
            return String(*place(tree), numbers.text_of(numbers.number_of(str(token))))
        return String(*place(tree), str(token))

    # ---- parts

    def _member(self, tree: Branch) -> Value:
        owner, name = tree.children
        here, word = place(tree), str(name)
        if _is_name(owner, "Math") and word in numbers.CONSTANTS:
            return Number(*here, numbers.CONSTANTS[word])
        return self._part(tree, self.value(_branch(owner)), word)

    def _index(self, tree: Branch) -> Value:
        owner, index = (self.value(_branch(child)) for child in tree.children)
        if isinstance(index, Unknown):
            return index
        if isinstance(owner, List) and owner.hidden:
            return Unknown(*place(tree), owner.hidden[0])
        if isinstance(owner, List) and isinstance(index, Number):
            number = index.value
            if isinstance(number, int) and 0 <= number < len(owner.items):
                return at(owner.items[number], *place(tree))
            return self.wrong(tree, f"the list has {len(owner.items)} values, and no such one")
        if isinstance(index, String | Number):
            return self._part(tree, owner, _text(index))
        return Unknown(*place(tree))

    def _part(self, tree: Branch, owner: Value, word: str) -> Value:
        here = place(tree)
        if isinstance(owner, List | Record) and owner.hidden:
            return Unknown(*here, owner.hidden[0])
        if isinstance(owner, List) and word == "length":
            return Number(*here, len(owner.items))
        if isinstance(owner, Library):
            return Library(*here, word)
        inside = owner.options if isinstance(owner, Trainer) else owner
        if isinstance(inside, Record):
            found = inside.get(word)
            if found is not None:
                return at(found, *here)
            return self.wrong(tree, f"this object has no `{word[:40]}`")
        return replace(owner, end=here[1]) if isinstance(owner, Unknown) else Unknown(*here)

    # ---- what is done

    def _assign(self, tree: Branch) -> Value:
        target, given = (_branch(child) for child in tree.children)
        value = self.value(given)
        self.assign(target, value)
        return value

    def _update(self, tree: Branch) -> Value:
        target, sign, given = tree.children
        binary = Tree("binary", [target, Token("SIGN", str(sign)[:-1]), given], tree.meta)
        value = self._binary(binary)
        self.assign(_branch(target), value)
        return value

    def _step(self, tree: Branch) -> Value:
        """`n++` gives the old value, `++n` the new one."""
        target = next(_branch(each) for each in tree.children if _is_branch(each))
        sign = next(str(each)[:1] for each in tree.children if not _is_branch(each))
        old = self.value(target)
        new: Value = Unknown(*place(tree))
        if isinstance(old, Number):
            new = Number(*place(tree), numbers.compute(sign, old.value, 1))
        self.assign(target, new)
        return new if isinstance(tree.children[0], Token) else old

    def assign(self, target: Branch, value: Value) -> None:
        """Give a variable, a member of an object or an item of a list its value."""
        if target.data == "name":
            self.names[_word(target)] = value
            self.acted = self.acted or not isinstance(value, Unknown)
        elif target.data in ("member", "index"):
            owner = self.value(_branch(target.children[0]))
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
        if isinstance(key, String) and len(owner.members) < _MOST_ITEMS:
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
        callee, given = (_branch(child) for child in tree.children)
        if callee.data == "name":
            return self._call_name(tree, _word(callee), list(self._items(given)))
        if callee.data != "member":
            return Unknown(*place(tree))
        owner, method = callee.children[0], str(callee.children[1])
        values = list(self._items(given))
        if _is_name(owner, "Math"):
            return self._mathematics(tree, method, values)
        receiver = self.value(_branch(owner))
        if method == "makeLayers":
            self.acted = True
            self.made.layers(self.span(tree), values)
            return Unknown(*place(tree))
        if method == "push":
            return self._push(tree, receiver, values)
        if method == "concat" and isinstance(receiver, List):
            return self._joined(tree, receiver, values)
        if isinstance(receiver, Network) and method not in library.OF_A_NET:
            near = nearest(method, library.OF_A_NET)
            what, way_out = f"a net has no `{method[:40]}`", did_you_mean(near)
            span = self.span(_token(callee.children[1]))
            self.problems.append(BadScript(span, what=what, way_out=way_out))
        if isinstance(receiver, List) and method not in library.HARMLESS:
            self._hide(tree, receiver, method)
        return Unknown(*place(tree))

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
            if len(receiver.items) + len(values) <= _MOST_ITEMS:
                receiver.items += values
            else:
                what = f"a list holds at most {_MOST_ITEMS:,} values"
                receiver.hidden.append(BadScript(self.span(tree), what=what))
            return Number(*place(tree), len(receiver.items))
        if isinstance(receiver, Unknown) and isinstance(receiver.why, UndefinedVariable):
            self.problems.append(receiver.why)
            if receiver.why.insert:  # told of once, and read as if it were there
                self.names[receiver.why.name] = List(receiver.start, receiver.end, values)
        elif not isinstance(receiver, Unknown | Library):
            what = f"`push` puts values into a list, and this is {noun(receiver)}"
            span = Span(self.source, tree.meta.start_pos, place(_branch(tree.children[0]))[1])
            way_out = "begin the list with `= []`"
            self.problems.append(BadScript(span, what=what, way_out=way_out))
        return Unknown(*place(tree))

    def _joined(self, tree: Branch, receiver: List, values: list[Value]) -> Value:
        joined = List(*place(tree), list(receiver.items), list(receiver.hidden))
        for value in values:
            joined.items += value.items[:_MOST_ITEMS] if isinstance(value, List) else [value]
        del joined.items[_MOST_ITEMS:]
        return joined

    def _new(self, tree: Branch) -> Value:
        path, *given = (_branch(child) for child in tree.children)
        values = list(self._items(given[0])) if given else []
        words = [str(word) for word in path.children]
        if words == ["Array"] and not values:
            return List(*place(tree))
        if words == ["Object"] and not values:
            return Record(*place(tree))
        library_name = len(words) == 1 or self._is_library(words[0])
        name, word = words[-1], self.span(_token(path.children[-1]))
        made = self.made.make(name, word, self.span(tree), values) if library_name else None
        if made is not None:
            self.acted = True
            return made
        if library_name and (len(words) > 1 or _LIKE_PART.search(name)):
            self.made.absent(name, word)
        return Unknown(*place(tree))

    def _is_library(self, word: str) -> bool:
        """Whether a variable may stand for ConvNetJS: it does not hold anything else."""
        value = self.names.get(word)
        return (value is None and word in library.PARTS) or isinstance(value, Library)


def place(tree: Branch | Token) -> tuple[int, int]:
    """Where a part stands in the text."""
    if isinstance(tree, Token):
        return tree.start_pos or 0, tree.end_pos or 0
    return tree.meta.start_pos, tree.meta.end_pos


def at(value: Value, start: int, end: int) -> Value:
    """A value at the place where it is used; lists and objects stay where they are written."""
    if isinstance(value, String | Number | Constant | Unknown):
        return placed(value, start, end)
    return value


def _word(tree: Branch) -> str:
    return str(tree.children[0])


def _branch(child: Branch | Token) -> Branch:
    assert isinstance(child, Tree)
    return child


def _is_branch(child: Branch | Token) -> bool:
    return isinstance(child, Tree)


def _token(child: Branch | Token) -> Token:
    assert isinstance(child, Token)
    return child


def _is_name(tree: Branch | Token, name: str) -> bool:
    return isinstance(tree, Tree) and tree.data == "name" and _word(tree) == name


def _text(value: String | Number) -> str:
    return value.value if isinstance(value, String) else numbers.text_of(value.value)


_RULES: dict[str, Callable[[Evaluator, Branch], Value]] = {
    "number": Evaluator._number,
    "string": Evaluator._string,
    "template": Evaluator._template,
    "constant": Evaluator._constant,
    "unread": Evaluator._unread,
    "name": Evaluator._name,
    "binary": Evaluator._binary,
    "unary": Evaluator._unary,
    "array": Evaluator._array,
    "object": Evaluator._object,
    "member": Evaluator._member,
    "index": Evaluator._index,
    "assign": Evaluator._assign,
    "update": Evaluator._update,
    "step": Evaluator._step,
    "call": Evaluator._call,
    "new": Evaluator._new,
}
