"""A script turned into the layers and trainers that it makes."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain, groupby, islice

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.listing import Listing
from netc.formats.convnetjs.script.absent import absent
from netc.formats.convnetjs.script.agent import agent_layers, agent_trainer, unfit
from netc.formats.convnetjs.script.copied import Spot, mended, problem_of
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.elsewhere import read_trainers
from netc.formats.convnetjs.script.freeze import Freezer
from netc.formats.convnetjs.script.library import Made
from netc.formats.convnetjs.script.page import scripts_of
from netc.formats.convnetjs.script.part import read_of
from netc.formats.convnetjs.script.problems import (
    BadScript,
    CopiedText,
    NoLayerDefs,
    NoScript,
    SkippedCode,
    UndefinedVariable,
    UnknownConstructor,
    UnknownNumber,
    UnreadArgument,
)
from netc.formats.convnetjs.script.statements import MOST_PROBLEMS, Script
from netc.formats.convnetjs.script.tokens import Token, tokens
from netc.formats.convnetjs.script.typescript import without_types
from netc.formats.convnetjs.script.values import List, Network, Record, Trainer, Unknown, Value
from netc.formats.json.nodes import Array, Broken, Object
from netc.formats.problems import SyntaxProblem

_MOST_TOKENS = 100_000
_MOST_SHOWN = 5
_HARMLESS = (CopiedText, UndefinedVariable, UnknownConstructor, UnknownNumber, UnreadArgument)

_TYPED = (".ts", ".tsx", ".mts", ".cts")


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
    if source.path.lower().endswith(_TYPED):
        words = without_types(words)
    read = read_of(source, words)
    statements = read.statements
    script = Script(source, statements)
    for name, parameters, body in read.methods:
        script.functions.add_method(name, parameters, body)
    script.notices += read.notices
    script.is_alone = read.is_alone
    script.reader.made.makers = read.makers
    script.tell(*(_unclosed(source, comment) for comment in unclosed))
    script.tell(*_copied(source, spots, statements))
    script.run()
    if not script.reader.made.trainers:
        read_trainers(script, words)
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
    return [
        problem_of(source, list(group), is_first=at == 0) for at, (_, group) in enumerate(groups)
    ]


def _result(script: Script) -> Listing | list[Problem]:
    layers = _layers(script)
    trainers = _trainers(script)
    source, problems = script.source, _in_order(script.problems)
    if layers is None:
        return problems
    if not layers.items:
        span = Span(source, layers.start, layers.end)
        return problems or [NoLayerDefs(span, what="this list of layers stays empty")]
    if not all(map(_is_harmless, problems)):
        return problems
    skipped = sorted(script.skipped, key=lambda statement: statement.start)
    spans = tuple(statement.span(source) for statement in skipped)
    made = script.reader.made
    agents = [] if made.nets else made.agents[:1]
    unfits = [problem for _, values in agents for problem in unfit(source, values, layers)]
    told = (*made.notices, *made.seconds[:_MOST_SHOWN])
    notices = (*unfits, *script.notices, *told, *(() if problems else _notices(spans)))
    is_alone = script.is_alone and not made.seconds
    return Listing(
        source, layers, trainers, spans, notices, is_alone=is_alone, errors=tuple(problems)
    )


def _in_order(problems: list[Problem]) -> list[Problem]:
    """The problems by their places, each variable told of once, and no more than can be read."""
    ordered = sorted(problems, key=lambda problem: problem.span.start if problem.span else 0)
    return list(islice(_once(ordered), MOST_PROBLEMS))


def _is_harmless(problem: Problem) -> bool:
    """Whether a problem leaves no doubt of which layers there are, so that those are looked at."""
    if isinstance(problem, UndefinedVariable) and problem.span:
        # What is done to the variable itself may have been a `push` of a layer.
        return problem.span.source.text[problem.span.end :][:1] not in (".", "[")
    return isinstance(problem, _HARMLESS)


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """The problems, with one for each variable whose value is not known."""
    seen = set[tuple[str, str]]()
    for problem in problems:
        if isinstance(problem, UndefinedVariable | UnreadArgument) and problem.span:
            text = problem.span.source.text[problem.span.start : problem.span.end]
            if (problem.slug, text) in seen:
                continue
            seen.add((problem.slug, text))
        yield problem


# ---- layers


def _layers(script: Script) -> Array | None:
    """The layers given to the net, or else those that are there."""
    made = script.reader.made
    if made.nets:
        given = made.nets[0][1]
        return given if given.items else _meant(script) or given
    for here, values in made.agents:
        return made.frozen(agent_layers(here, values), here)
    for here, alone in made.alone:
        return made.frozen(alone, here)
    found = script.reader.names.get("layer_defs") or script.shown
    if found is None or (isinstance(found, Unknown) and made.is_made_here(found)):
        found = _likely(script)
    if not isinstance(found, List) and made.unknown:
        here, unknown = made.unknown[0]
        return made.frozen(unknown, here)
    if isinstance(found, List | Unknown):
        return made.frozen(found, Span(script.source, found.start, found.end))
    script.tell(absent(script))
    return None


def _meant(script: Script) -> Array | None:
    """The layers that a net must mean that is given none."""
    found = script.reader.names.get("layer_defs") if script.problems else None
    if not isinstance(found, List):
        return None
    return script.reader.made.frozen(found, Span(script.source, found.start, found.end))


def _likely(script: Script) -> Value | None:
    """The one list there is that looks like layers."""
    this = script.reader.names.get("this")
    members = [value for _, value in this.members] if isinstance(this, Record) else []
    values = (*script.reader.names.values(), *members)
    lists = [value for value in values if isinstance(value, List)]
    likely = [each for each in lists if any(_is_layer(item) for item in each.items)]
    return likely[0] if len({id(each) for each in likely}) == 1 else None


def _is_layer(value: Value) -> bool:
    return isinstance(value, Record) and value.get("type") is not None


# ---- trainers and what is left


def _trainers(script: Script) -> tuple[Object, ...]:
    """The options of every trainer, those of `trainer_defs` where no trainer is made."""
    made, given = script.reader.made, script.reader.names.get("trainer_defs")
    values: list[Value] = [trainer.options for trainer in _of_the_net(made)]
    if not values and isinstance(given, List):
        values = list(given.items)
        script.tell(*given.hidden)
    if not values:
        values = [agent_trainer(here, values) for here, values in made.agents[:1]]
    options = script.reader.names.get("tdtrainer_options")
    if not values and isinstance(options, Record):  # of an agent that is made elsewhere
        values = [options]
    freezer = Freezer(script.source, script.problems)
    nodes = [(value, freezer.node(value)) for value in values]
    for value, node in nodes:
        if not isinstance(node, Object | Broken):
            span = Span(script.source, value.start, value.end)
            what = "the options of a trainer are an object"
            way_out = "write `new convnetjs.Trainer(net, {method:'adadelta', batch_size:20})`"
            script.tell(BadScript(span, what=what, expected="expected `{`", way_out=way_out))
    return tuple(node for _, node in nodes if isinstance(node, Object))


def _of_the_net(made: Made) -> list[Trainer]:
    """The trainers, but those of a net that is left out."""
    if not made.seconds:
        return made.trainers
    others = [each for each in made.trainers if isinstance(each.net, Network)]
    return [each for each in made.trainers if each not in others or each.net is made.net]


def _notices(skipped: tuple[Span, ...]) -> tuple[Problem, ...]:
    if not skipped:
        return ()
    if len(skipped) == 1:
        return (SkippedCode(skipped[0], what="this statement is"),)
    what = f"{len(skipped):,} statements are"
    return (SkippedCode(skipped[0], what=what, first="the first of them"),)
