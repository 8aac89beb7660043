"""A script turned into the layers and trainers that it makes."""

from bisect import bisect_right
from itertools import chain, groupby, islice

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.script.agent import agent_layers, agent_trainer, unfit
from netc.formats.convnetjs.script.copied import Spot, mended, problem_of
from netc.formats.convnetjs.script.cut import Statement, cut
from netc.formats.convnetjs.script.freeze import Freezer
from netc.formats.convnetjs.script.page import scripts_of
from netc.formats.convnetjs.script.problems import (
    BadScript,
    NoLayerDefs,
    NoScript,
    SkippedCode,
    UnreadCode,
)
from netc.formats.convnetjs.script.statements import MOST_PROBLEMS, Script
from netc.formats.convnetjs.script.tokens import Token, tokens
from netc.formats.convnetjs.script.values import List, Record, Unknown, Value
from netc.formats.json.nodes import Array, Broken, Object
from netc.formats.problems import SyntaxProblem

_MOST_TOKENS = 100_000


def read_script(source: Source) -> Listing | list[Problem]:
    """What a script says of a net, or all that is wrong with it."""
    parts = scripts_of(source.text)
    if not parts:
        start = len(source.text) - len(source.text.lstrip())
        return [NoScript(Span(source, start, start + 1))]
    every = chain.from_iterable(tokens(source.text, start, end) for start, end in parts)
    words = list(islice(every, _MOST_TOKENS + 1))
    if len(words) > _MOST_TOKENS:
        span = Span(source, words[-1].start, words[-1].end)
        what = f"this script has more than {_MOST_TOKENS:,} words and marks"
        return [BadScript(span, what=what, expected="one too many")]
    unclosed = [word for word in words if word.kind == "open_comment"]
    words, spots = mended(source.text, [word for word in words if word.kind != "open_comment"])
    statements = list(cut(source, words))
    script = Script(source, statements)
    script.tell(*(_unclosed(source, comment) for comment in unclosed))
    script.tell(*_copied(source, spots, statements))
    script.run()
    return _result(script)


def _unclosed(source: Source, comment: Token) -> Problem:
    """A comment that takes in the rest of the script."""
    span = Span(source, comment.start, comment.start + 2)
    what, way_out = "this comment has no end", "end it with `*/`"
    return SyntaxProblem(span, what=what, expected="", way_out=way_out)


def _copied(source: Source, spots: list[Spot], statements: list[Statement]) -> list[Problem]:
    """What was lost in copying, told of once for each statement."""
    starts = [statement.start for statement in statements]
    groups = groupby(spots, lambda spot: bisect_right(starts, spot.start))
    return [problem_of(source, list(group)) for _, group in groups]


def _result(script: Script) -> Listing | list[Problem]:
    layers = _layers(script)
    trainers = _trainers(script)
    source, problems = script.source, script.problems
    if layers is not None and not layers.items:
        span = Span(source, layers.start, layers.end)
        problems = problems or [NoLayerDefs(span, what="this list of layers stays empty")]
    if problems or layers is None:
        problems.sort(key=lambda problem: problem.span.start if problem.span else 0)
        return problems[:MOST_PROBLEMS]
    skipped = sorted(script.skipped, key=lambda statement: statement.start)
    spans = tuple(statement.span(source) for statement in skipped)
    made = script.reader.made
    agents = [] if made.nets else made.agents[:1]
    unfits = [problem for _, values in agents for problem in unfit(source, values, layers)]
    return Listing(source, layers, trainers, spans, (*unfits, *_notices(spans)))


# ---- layers


def _layers(script: Script) -> Array | None:
    """The layers given to the net, or else those that are there."""
    made = script.reader.made
    if made.nets:
        return made.nets[0][1]
    for here, values in made.agents:
        return made.frozen(agent_layers(here, values), here)
    for here, alone in made.alone:
        return made.frozen(alone, here)
    found = script.reader.names.get("layer_defs") or script.shown or _likely(script)
    if isinstance(found, List | Unknown):
        return made.frozen(found, Span(script.source, found.start, found.end))
    script.tell(_absent(script))
    return None


def _likely(script: Script) -> Value | None:
    """The one list there is that looks like layers."""
    lists = [value for value in script.reader.names.values() if isinstance(value, List)]
    likely = [each for each in lists if any(_is_layer(item) for item in each.items)]
    return likely[0] if len({id(each) for each in likely}) == 1 else None


def _is_layer(value: Value) -> bool:
    return isinstance(value, Record) and value.get("type") is not None


def _absent(script: Script) -> Problem:
    """Why there are no layers."""
    for token in script.functions.changed_by(set(script.functions)):
        if token.text == "layer_defs":
            span = Span(script.source, token.start, token.end)
            way_out = "move the lines that make the layers out of the function"
            return UnreadCode(span, name=token.text, what="a function", way_out=way_out)
    if script.reader.made.searches:
        here = script.reader.made.searches[0]
        what = "`MagicNet` invents its layers while it runs, so there are none to read"
        way_out = "give the layers of one net; `netc search` tries variants of it"
        return NoLayerDefs(here, what=what, way_out=way_out)
    for statement in script.statements:
        for token in statement.tokens:
            if token.kind in ("string", "template") and "layer_defs" in token.text:
                span = Span(script.source, token.start, token.start + 1)
                what = "the layers stand in a text, which a page would run"
                way_out = "put what stands in the text into a `.js` file of its own"
                return NoLayerDefs(span, what=what, way_out=way_out)
    start = script.statements[0].start if script.statements else 0
    return NoLayerDefs(Span(script.source, start, start), what="this script has no layers")


# ---- trainers and what is left


def _trainers(script: Script) -> tuple[Object, ...]:
    """The options of every trainer, those of `trainer_defs` where no trainer is made."""
    made, given = script.reader.made, script.reader.names.get("trainer_defs")
    values: list[Value] = [trainer.options for trainer in made.trainers]
    if not values and isinstance(given, List):
        values = list(given.items)
        script.tell(*given.hidden)
    if not values:
        values = [agent_trainer(here, values) for here, values in made.agents[:1]]
    freezer = Freezer(script.source, script.problems)
    nodes = [(value, freezer.node(value)) for value in values]
    for value, node in nodes:
        if not isinstance(node, Object | Broken):
            span = Span(script.source, value.start, value.end)
            what = "the options of a trainer are an object"
            way_out = "write `new convnetjs.Trainer(net, {method:'adadelta', batch_size:20})`"
            script.tell(BadScript(span, what=what, expected="expected `{`", way_out=way_out))
    return tuple(node for _, node in nodes if isinstance(node, Object))


def _notices(skipped: tuple[Span, ...]) -> tuple[Problem, ...]:
    if not skipped:
        return ()
    if len(skipped) == 1:
        return (SkippedCode(skipped[0], what="this statement is"),)
    what = f"{len(skipped):,} statements are"
    return (SkippedCode(skipped[0], what=what, first="the first of them"),)
