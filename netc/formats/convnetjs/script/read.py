"""A script turned into the layers and trainers that it makes, statement by statement."""

from itertools import islice

from lark import Token as Word
from lark import Tree
from lark.exceptions import UnexpectedInput

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.script.agent import agent_layers, agent_trainer
from netc.formats.convnetjs.script.cut import Statement, cut
from netc.formats.convnetjs.script.evaluate import Evaluator
from netc.formats.convnetjs.script.explain import explain
from netc.formats.convnetjs.script.freeze import Freezer
from netc.formats.convnetjs.script.grammar import parse
from netc.formats.convnetjs.script.problems import BadScript, NoLayerDefs, SkippedCode, UnreadCode
from netc.formats.convnetjs.script.tokens import Token, tokens
from netc.formats.convnetjs.script.touched import Functions, touched
from netc.formats.convnetjs.script.values import (
    Library,
    List,
    Network,
    Record,
    Trainer,
    Unknown,
    Value,
)
from netc.formats.json.nodes import Array, Object
from netc.formats.net.depth import too_deep
from netc.formats.problems import TooDeep

_MOST_TOKENS = 200_000
_MOST_PROBLEMS = 20
_DEEPEST_TREE = 150
_RELEVANT = frozenset(("layer_defs", "trainer_defs", "makeLayers", "SGDTrainer", "Trainer"))


def read_script(source: Source) -> Listing | list[Problem]:
    """What a script says of a net, or all that is wrong with it."""
    words = list(islice(tokens(source.text), _MOST_TOKENS + 1))
    if len(words) > _MOST_TOKENS:
        span = Span(source, words[-1].start, words[-1].end)
        what = f"this script has more than {_MOST_TOKENS:,} words and marks"
        return [BadScript(span, what=what, expected="one too many")]
    script = _Script(source, list(cut(source, words)))
    script.run()
    return script.result()


class _Script:
    def __init__(self, source: Source, statements: list[Statement]) -> None:
        self._source = source
        self._statements = statements
        self._functions = Functions()
        self._reader = Evaluator(source, {})
        self._problems = self._reader.problems
        self._skipped: list[Statement] = []
        self._shown: List | None = None

    # ---- statements

    def run(self) -> None:
        """Read all statements in their order."""
        for statement in self._statements:
            for token, after in zip(statement.tokens, statement.tokens[1:], strict=False):
                if token.kind == "word" and after.kind == "=":
                    span = Span(self._source, token.start, token.end)
                    self._reader.later.setdefault(token.text, span)
        waiting = []
        for statement in self._statements:
            if _has_code(statement) and self._functions.add(statement.tokens):
                self._skipped.append(statement)
            else:
                waiting.append(statement)
        for statement in waiting:
            if _has_code(statement):
                self._hide(statement, _what(statement))
                self._skipped.append(statement)
            else:
                self._read(statement)

    def _read(self, statement: Statement) -> None:
        tree = self._tree(statement)
        if isinstance(tree, Tree):
            self._reader.acted = False
            self._perform(tree.children[0])
            if statement.problem and _is_relevant(statement):
                self._tell(statement.problem)
            elif not self._reader.acted:
                self._skipped.append(statement)
            self._hide(statement, "a function", only_functions=True)
            return
        if _is_relevant(statement):
            self._tell(tree)
        else:
            self._skipped.append(statement)
        for token in touched(statement.tokens):
            self._hide_name(token.text, tree)

    def _tree(self, statement: Statement) -> Tree[Word] | Problem:
        if isinstance(statement.problem, TooDeep):
            return statement.problem
        try:
            tree = parse(statement.tokens)
        except UnexpectedInput as error:
            return statement.problem or explain(self._source, statement, error)
        deep = too_deep(tree, _DEEPEST_TREE)
        if deep is None:
            return tree
        span = Span(self._source, deep.meta.start_pos, deep.meta.end_pos)
        return TooDeep(span, limit=_DEEPEST_TREE, what="operations are")

    def _perform(self, tree: Tree[Word] | Word) -> None:
        assert isinstance(tree, Tree)
        for child in tree.children:
            if isinstance(child, Word):
                continue
            if child.data == "declarator":
                name, *given = child.children
                self._reader.acted = self._reader.acted or not given
                for expression in given:
                    assert isinstance(expression, Tree)
                    value = self._reader.value(expression)
                    self._reader.names[str(name)] = value
                    self._reader.acted |= not isinstance(value, Unknown)
                continue
            value = self._reader.value(child)
            if isinstance(value, List) and child.data == "array":
                self._shown, self._reader.acted = value, True
            self._reader.acted |= child.data == "string"  # 'use strict'

    # ---- what is not read

    def _hide(self, statement: Statement, what: str, *, only_functions: bool = False) -> None:
        """Keep in mind what a statement may change that is not read."""
        words = {token.text for token in statement.tokens if token.kind == "word"}
        changed = [] if only_functions else list(touched(statement.tokens))
        for token in changed:
            self._hide_name(token.text, self._unread(token, what))
        for token in self._functions.changed_by(words):
            self._hide_name(token.text, self._unread(token, "a function"))

    def _unread(self, token: Token, what: str) -> Problem:
        span = Span(self._source, token.start, token.end)
        way_out = "write out what it does: a script is read here, and never run"
        return UnreadCode(span, name=token.text, what=what, way_out=way_out)

    def _hide_name(self, name: str, problem: Problem) -> None:
        value = self._reader.names.get(name)
        if isinstance(value, List | Record):
            if len(value.hidden) < _MOST_PROBLEMS:
                value.hidden.append(problem)
        elif not isinstance(value, Network | Trainer | Library):
            place = problem.span or Span(self._source, 0, 0)
            self._reader.names[name] = Unknown(place.start, place.end, problem)

    def _tell(self, problem: Problem) -> None:
        if len(self._problems) < _MOST_PROBLEMS and problem not in self._problems:
            self._problems.append(problem)

    # ---- the result

    def result(self) -> Listing | list[Problem]:
        """All that was found."""
        layers = self._layers()
        trainers = self._trainers()
        if layers is not None and not layers.items and not self._problems:
            span = Span(self._source, layers.start, layers.end)
            self._tell(NoLayerDefs(span, what="this list of layers stays empty"))
        if self._problems or layers is None:
            found = sorted(self._problems, key=lambda p: p.span.start if p.span else 0)
            return found[:_MOST_PROBLEMS]
        spans = tuple(statement.span(self._source) for statement in self._skipped)
        spans = tuple(sorted(spans, key=lambda span: span.start))
        return Listing(self._source, layers, trainers, spans, _notices(spans))

    def _layers(self) -> Array | None:
        made = self._reader.made
        if made.nets:
            return made.nets[0][1]
        for here, values in made.agents:
            found = agent_layers(here, values)
            return made.frozen(found, here)
        for here, alone in made.alone:
            return made.frozen(alone, here)
        found = self._reader.names.get("layer_defs") or self._shown or self._likely()
        if isinstance(found, List | Unknown):
            return made.frozen(found, Span(self._source, found.start, found.end))
        self._absent()
        return None

    def _likely(self) -> Value | None:
        """The one list there is that looks like layers."""
        lists = [value for value in self._reader.names.values() if isinstance(value, List)]
        likely = [each for each in lists if any(_is_layer(item) for item in each.items)]
        return likely[0] if len({id(each) for each in likely}) == 1 else None

    def _absent(self) -> None:
        if self._problems:
            return
        changed = list(self._functions.changed_by(set(self._functions)))
        for token in changed:
            if token.text == "layer_defs":
                span = Span(self._source, token.start, token.end)
                way_out = "move the lines that make the layers out of the function"
                self._tell(UnreadCode(span, name=token.text, what="a function", way_out=way_out))
                return
        searches = self._reader.made.searches
        if searches:
            what = "`MagicNet` invents its layers while it runs, so there are none to read"
            way_out = "give the layers of one net; `netc search` tries variants of it"
            self._tell(NoLayerDefs(searches[0], what, way_out))
            return
        start = self._statements[0].start if self._statements else 0
        self._tell(NoLayerDefs(Span(self._source, start, start), what="this script has no layers"))

    def _trainers(self) -> tuple[Object, ...]:
        made = self._reader.made
        values: list[Value] = [trainer.options for trainer in made.trainers]
        given = self._reader.names.get("trainer_defs")
        if not values and isinstance(given, List):
            values = list(given.items)
            self._problems += [each for each in given.hidden if each not in self._problems]
        if not values:
            values = [agent_trainer(here, given) for here, given in made.agents[:1]]
        freezer = Freezer(self._source, self._problems)
        nodes = [(value, freezer.node(value)) for value in values]
        for value, node in nodes:
            if not isinstance(node, Object) and not isinstance(value, Unknown):
                span = Span(self._source, value.start, value.end)
                self._tell(BadScript(span, "a trainer is given its options", "expected an object"))
        return tuple(node for _, node in nodes if isinstance(node, Object))


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


def _is_relevant(statement: Statement) -> bool:
    return any(token.text in _RELEVANT for token in statement.tokens)


def _is_layer(value: Value) -> bool:
    return isinstance(value, Record) and value.get("type") is not None


def _notices(skipped: tuple[Span, ...]) -> tuple[Problem, ...]:
    if not skipped:
        return ()
    if len(skipped) == 1:
        return (SkippedCode(skipped[0], what="this statement is"),)
    what = f"{len(skipped)} statements are"
    return (SkippedCode(skipped[0], what=what, first="the first of them"),)
