"""A script read statement by statement: what is understood is done, the rest is kept in mind."""

from collections.abc import Sequence

from lark import Token as Word
from lark import Tree

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.evaluate import Evaluator
from netc.formats.convnetjs.script.problems import BadScript, UnreadCode
from netc.formats.convnetjs.script.tokens import Token
from netc.formats.convnetjs.script.touched import Functions, touched
from netc.formats.convnetjs.script.trees import Trees
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Trainer,
    Unknown,
    Value,
)
from netc.formats.convnetjs.words import TYPES

MOST_PROBLEMS = 20

_RELEVANT = frozenset(("layer_defs", "trainer_defs", "makeLayers", "SGDTrainer", "Trainer"))
"""Words in statements that must be understood."""


class Script:
    """What a script has come to so far: the variables, what is wrong, and what was left out.

    `shown` is a list that stands alone, in no variable.
    """

    def __init__(self, source: Source, statements: Sequence[Statement]) -> None:
        self.source = source
        self.statements = statements
        self.functions = Functions()
        self.reader = Evaluator(source, _first_set(source, statements))
        self.problems = self.reader.problems
        self.skipped: list[Statement] = []
        self.shown: List | None = None
        self._trees = Trees(source)

    def tell(self, *problems: Problem) -> None:
        """Add problems that were not told of yet."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS and problem not in self.problems:
                self.problems.append(problem)

    def run(self) -> None:
        """Read all statements in their order. Functions may be called before they are written."""
        waiting = []
        for statement in self.statements:
            if _has_code(statement) and self.functions.add(statement.tokens):
                self.skipped.append(statement)
            else:
                waiting.append(statement)
        for statement in waiting:
            if _has_code(statement):
                self._hide(statement, _what(statement))
                self.skipped.append(statement)
                if statement.tokens[0].kind == "{":
                    self._tell_lost(statement)
            else:
                self._read(statement)

    def _read(self, statement: Statement) -> None:
        statement.tokens = _without_export(statement.tokens)
        tree, problems = self._trees.read(statement)
        is_told = any(token.text in _RELEVANT for token in statement.tokens)
        if is_told:
            self.tell(*problems)
        self.reader.acted = False
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
        for token in touched(statement.tokens):
            self._hide_name(token.text, self._unread(token, what))
        self._hide_called(statement)

    def _hide_broken(self, statement: Statement, problem: Problem) -> None:
        """Keep in mind what is meant to be changed by a statement that cannot be read.

        Of lists and objects that is every one that it names.
        """
        changed = {token.text for token in touched(statement.tokens)}
        for token in statement.tokens:
            is_made = isinstance(self.reader.names.get(token.text), List | Record)
            if token.kind == "word" and (is_made or token.text in changed):
                self._hide_name(token.text, problem)

    def _hide_called(self, statement: Statement) -> None:
        """Keep in mind what the functions may change that a statement names."""
        words = {token.text for token in statement.tokens if token.kind == "word"}
        for token in self.functions.changed_by(words):
            self._hide_name(token.text, self._unread(token, "a function"))

    def _unread(self, token: Token, what: str) -> Problem:
        span = Span(self.source, token.start, token.end)
        way_out = "write out what it does: a script is read here, and never run"
        if token.text not in self.reader.names:
            way_out = "move the lines that make the layers out of it: a script is never run here"
        return UnreadCode(span, name=token.text, what=what, way_out=way_out)

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
    if words[:1] != ["export"]:
        return tokens
    return (tokens[2:] if words[1:2] == ["default"] else tokens[1:]) or tokens


def _has_code(statement: Statement) -> bool:
    """Whether there are statements in a statement, as in a loop or a function."""
    return statement.is_compound or any(
        token.text in ("function", "=>") for token in statement.tokens
    )


def _what(statement: Statement) -> str:
    """What kind of code a statement is, for messages."""
    word = statement.tokens[0].text
    if word in ("for", "while", "do"):
        return "a loop"
    return "a condition" if word in ("if", "else", "switch") else "code"
