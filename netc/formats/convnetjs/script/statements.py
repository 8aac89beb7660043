"""A script read statement by statement: what is understood is done, the rest is kept in mind."""

from collections.abc import Sequence

from lark import Token as Word
from lark import Tree

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.evaluate import Evaluator
from netc.formats.convnetjs.script.functions import Functions, words_of
from netc.formats.convnetjs.script.problems import (
    AssumedCode,
    BadScript,
    UnreadArgument,
    UnreadCode,
)
from netc.formats.convnetjs.script.tokens import Token
from netc.formats.convnetjs.script.touched import Touch, touched
from netc.formats.convnetjs.script.trees import Trees
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Primitive,
    Record,
    Trainer,
    Unknown,
    Value,
)
from netc.formats.convnetjs.words import TYPES
from netc.formats.json.nodes import String

MOST_PROBLEMS = 20

_ALONE = "put the lines that make the net into a file of its own if another one is meant"
_LOOPS = ("for", "while", "do")
_ASSUMED = {
    "if": "the net is made under a condition, which is taken to hold",
    "else": "the net is made under a condition, which is taken not to hold",
    "for": "the net is made in a loop, which is read once",
    "while": "the net is made in a loop, which is read once",
}

_DECLARE = frozenset(("var", "let", "const"))
_RELEVANT = frozenset(("layer_defs", "trainer_defs", "makeLayers", "SGDTrainer", "Trainer"))
"""Words in statements that must be understood."""


class Script:
    """What a script has come to so far: the variables, what is wrong, and what was left out.

    `shown` is a list that stands alone, in no variable; `is_alone` tells whether there is no
    other net in the file.
    """

    def __init__(self, source: Source, statements: Sequence[Statement]) -> None:
        self.source = source
        self.statements = statements
        self.functions = Functions()
        self.reader = Evaluator(source, _first_set(source, statements))
        self.problems = self.reader.problems
        self.notices: list[Problem] = []
        self.is_alone = True
        self.skipped: list[Statement] = []
        self.shown: List | None = None
        self._trees = Trees(source)
        self.reader.names["this"] = Record(0, 0)

    def tell(self, *problems: Problem) -> None:
        """Add problems that were not told of yet."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS and problem not in self.problems:
                self.problems.append(problem)

    def run(self) -> None:
        """Read all statements in their order. Functions may be called before they are written."""
        waiting = []
        for statement in self.statements:
            is_own = statement.around or statement.parameter_of
            if not is_own and statement.has_code and self.functions.add(statement.tokens):
                self.skipped.append(statement)
            else:
                waiting.append(statement)
        self.reader.own = frozenset(self.functions)
        left: set[int] = set()
        for statement in waiting:
            if statement.level in left:
                continue
            if statement.level and statement.tokens[0].text == "return":
                left.add(statement.level)
            if statement.around:
                self._around(statement)
            elif statement.parameter_of:
                self._parameter(statement)
            elif statement.has_code:
                self._hide(statement, statement.noun)
                self.skipped.append(statement)
                if statement.tokens[0].kind == "{":
                    self._tell_lost(statement)
            else:
                self._read(statement)

    def _around(self, statement: Statement) -> None:
        """Go into code that is run where it stands, as if it were run once."""
        first = statement.tokens[0]
        if statement.around in _LOOPS:
            self._hide(statement, statement.noun)
        what = _ASSUMED.get(statement.around)
        if what:
            span = Span(self.source, first.start, first.end)
            self.notices.append(AssumedCode(span, what=what, way_out=_ALONE))

    def _parameter(self, statement: Statement) -> None:
        """Give a parameter of a function its value: its default, or none that is known."""
        name, *rest = statement.tokens
        span = Span(self.source, name.start, name.end)
        at = next((at for at, token in enumerate(rest) if token.kind == "="), None)
        tree = None
        if at is not None and not statement.is_given:
            tree, _ = self._trees.read(Statement([name, *rest[at:]]))
        if tree is None:
            function, way_out = statement.parameter_of, UnreadArgument.way_out
            if len(statement.tokens) == 1 and not statement.is_given:
                way_out = f"write the value itself, or a default, as `{name.text} = 10`"
            why = UnreadArgument(
                span, name.text, function, span, is_given=statement.is_given, way_out=way_out
            )
            self.reader.names[name.text] = Unknown(name.start, name.end, why)
            return
        self._perform(tree.children[0])
        if not statement.is_sure:
            what = f"`{name.text}` is taken to have its default value"
            way_out = "write another one in its place if the net is made with it"
            self.notices.append(AssumedCode(span, what=what, way_out=way_out))

    def _read(self, statement: Statement) -> None:
        gives_back = statement.tokens[0].text == "return"
        statement.tokens = _without_export(statement.tokens)
        tree, problems = self._trees.read(statement)
        is_told = _is_told(statement)
        if is_told:
            self.tell(*problems)
        self.reader.acted = gives_back
        if tree is not None:
            self._perform(tree.children[0])
            self._hide_called(statement)
        if tree is None or (problems and not is_told):
            self._hide_broken(statement, problems[0])
        if not self.reader.acted:
            self.skipped.append(statement)
            self._tell_lost(statement)

    def _tell_lost(self, statement: Statement) -> None:
        """Tell of a layer in a statement that puts it nowhere."""
        tokens = statement.tokens
        for key, colon, value in zip(tokens, tokens[1:], tokens[2:], strict=False):
            is_type = key.text.strip("'\"") == "type" and colon.kind == ":"
            if is_type and value.kind == "string" and value.text[1:-1] in TYPES:
                span = Span(self.source, value.start, value.end)
                if not any(_is_within(problem, statement) for problem in self.problems):
                    what = f"this {value.text[1:-1]} layer goes into no list"
                    way_out = "write `layer_defs.push({...});`"
                    self.tell(BadScript(span, what=what, way_out=way_out))
                return

    def _perform(self, tree: Tree[Word] | Word) -> None:
        assert isinstance(tree, Tree)
        for child in tree.children:
            if isinstance(child, Word):  # `var`
                continue
            if child.data == "declarator":
                self._declare(child)
                continue
            value = self.reader.value(child)
            if isinstance(value, List) and child.data == "array":
                self.shown, self.reader.acted = value, True
            self.reader.acted |= child.data == "string"  # 'use strict'

    def _declare(self, declarator: Tree[Word]) -> None:
        name, *given = declarator.children
        if not given:
            self.reader.acted = True
        for expression in given:
            assert isinstance(expression, Tree)
            value = self.reader.value(expression)
            self.reader.names[str(name)] = value
            self.reader.acted |= not isinstance(value, Unknown)

    # ---- what is not read

    def _hide(self, statement: Statement, what: str) -> None:
        """Keep in mind what code may change that is not read."""
        for touch in touched(statement.tokens):
            self._hide_touched(touch, self._unread(touch, what))
        self._hide_called(statement)

    def _hide_broken(self, statement: Statement, problem: Problem) -> None:
        """Keep in mind what is meant to be changed by a statement that cannot be read.

        Of lists and objects that is every one that it names.
        """
        changed = {touch.token.text for touch in touched(statement.tokens)}
        for token in statement.tokens:
            is_made = isinstance(self.reader.names.get(token.text), List | Record)
            if token.kind == "word" and (is_made or token.text in changed):
                self._hide_name(token.text, problem)

    def _hide_called(self, statement: Statement) -> None:
        """Keep in mind what the functions may change that a statement names."""
        names = self.reader.names
        words = (token.text for token in statement.tokens)
        this = frozenset(word for word in words if names.get(word) is names["this"])
        for touch in (
            *self.functions.changed_by(words_of(statement.tokens, this)),
            *self.functions.changed_in_calls(statement.tokens),
        ):
            self._hide_touched(touch, self._unread(touch, "a function"))

    def _unread(self, touch: Touch, what: str) -> Problem:
        token = touch.token
        span = Span(self.source, token.start, token.end)
        way_out = "write out what it does: a script is read here, and never run"
        if token.text not in self.reader.names:
            way_out = "move the lines that make the layers out of it: a script is never run here"
        name = ".".join((token.text, *touch.path)) if token.text == "this" else token.text
        return UnreadCode(span, name=name[:60], what=what, way_out=way_out)

    def _hide_touched(self, touch: Touch, problem: Problem) -> None:
        """Keep in mind that a variable may be changed, or only a part of it."""
        value = self.reader.names.get(touch.token.text)
        path = list(touch.path)
        while path and isinstance(value, Record):
            owner, name = value, path.pop(0)
            value = owner.get(name)
            if value is None or isinstance(value, Primitive):
                if problem.span:
                    key = String(problem.span.start, problem.span.end, name)
                    owner.set(key, Unknown(key.start, key.end, problem))
                return
        if isinstance(value, List | Record) and touch.path:
            value.hidden.append(problem)
        elif not isinstance(value, Network | Trainer | Library):
            self._hide_name(touch.token.text, problem)

    def _hide_name(self, name: str, problem: Problem) -> None:
        value: Value | None = self.reader.names.get(name)
        if isinstance(value, List | Record):
            if len(value.hidden) < MOST_PROBLEMS:
                value.hidden.append(problem)
        elif isinstance(value, Unknown) and isinstance(value.why, UnreadCode):
            return  # the first place is told of
        elif not isinstance(value, Network | Trainer | Library):
            place = problem.span or Span(self.source, 0, 0)
            self.reader.names[name] = Unknown(place.start, place.end, problem)


def _is_told(statement: Statement) -> bool:
    """Whether a mistake in a statement matters: it is of the net, and brings in no names."""
    first, *rest = statement.tokens
    opens = rest[0].kind if rest else ""
    if first.text in ("import", "export") or (first.text in _DECLARE and opens in ("{", "[")):
        return False
    return any(token.text in _RELEVANT for token in statement.tokens)


def _is_within(problem: Problem, statement: Statement) -> bool:
    """Whether a problem lies in a statement."""
    return problem.span is not None and statement.start <= problem.span.start <= statement.end


def _first_set(source: Source, statements: Sequence[Statement]) -> dict[str, Span]:
    """Where each variable is set for the first time."""
    found: dict[str, Span] = {}
    for statement in statements:
        for token, after in zip(statement.tokens, statement.tokens[1:], strict=False):
            if token.kind == "word" and after.kind == "=":
                found.setdefault(token.text, Span(source, token.start, token.end))
    return found


def _without_export(tokens: list[Token]) -> list[Token]:
    """What a module gives to others, without the words that say so."""
    words = [token.text for token in tokens[:3]]
    if words[:1] == ["return"]:
        return tokens[1:] or tokens
    if words[:1] != ["export"]:
        return tokens
    return (tokens[2:] if words[1:2] == ["default"] else tokens[1:]) or tokens
