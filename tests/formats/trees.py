"""Random trees of specs: every construct, nested any way the language allows."""

from typing import Any

from hypothesis import strategies as st

from netc import spec
from netc.diag import Source, Span

NOWHERE = Span(Source("tree", ""), 0, 0)

WORDS = ("a", "b_2", "conv", "relu", "max", "test", "longer_than_others", "notable", "input_1")
OPERATORS = ("or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "not in")
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")


def made(kind: Any, *parts: Any, **named: Any) -> st.SearchStrategy[Any]:
    """Instances of a class of the spec, all of them nowhere."""
    return st.builds(kind, *parts, span=st.just(NOWHERE), **named)


def tuples(items: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=least, max_size=4).map(tuple)


def name(text: str) -> spec.Name:
    return spec.Name(text, NOWHERE)


def negated(operand: Any) -> Any:
    """What the parser makes of a `-` before something: a number takes it in."""
    if isinstance(operand, spec.Number) and operand.value >= 0:
        return spec.Number(-operand.value, NOWHERE)
    return spec.Unary(name("-"), operand, NOWHERE)


names = st.sampled_from(WORDS).map(name)
paths = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(".".join).map(name)
numbers = made(
    spec.Number,
    st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=True)),
)
texts = made(spec.Text, st.text(st.characters(exclude_characters='"\n', codec="utf-8"), max_size=9))
leaves = st.one_of(names, numbers, texts, made(spec.Boolean, st.booleans()))


def compound(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values made of others."""
    operators = st.sampled_from((*OPERATORS, *ARITHMETIC)).map(name)
    within = st.just(name("in"))
    return st.one_of(
        made(spec.List, tuples(values)),
        made(spec.Table, tuples(made(spec.Entry, values, values))),
        calls(values),
        values.map(negated),
        made(spec.Unary, st.just(name("not")), values),
        made(spec.Binary, operators, values, values),
        made(spec.Conditional, values, values, values),
        made(spec.Index, values, values),
        made(spec.Attribute, st.one_of(values, within), names),
    )


def calls(values: st.SearchStrategy[Any], flows: Any = None) -> st.SearchStrategy[Any]:
    given = st.one_of(values, flows) if flows is not None else values
    arguments = st.one_of(made(spec.Argument, names, values), made(spec.Argument, st.none(), given))
    return made(spec.Call, names, tuples(arguments))


values = st.recursive(leaves, compound, max_leaves=12)


def chains(bodies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Chains whose joins have such bodies, with flows in the arguments of their calls."""
    plain = st.one_of(names, calls(values))
    joins = made(spec.Join, st.one_of(paths, calls(values)), bodies)
    steps = st.one_of(plain, joins)
    flows = st.builds(
        lambda first, rest: spec.Chain(None, (first, *rest), NOWHERE),
        st.one_of(paths, values),
        tuples(steps, least=1),
    )
    sources = st.one_of(paths, made(spec.Tuple, tuples(paths, least=2)))
    with_flows = st.one_of(sources, plain, joins, calls(values, flows))
    return made(spec.Chain, st.none() | paths, tuples(with_flows, least=1))


def statements(bodies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Statements whose bodies are made of these."""
    plain_chains = chains(bodies)
    ranges = made(spec.Range, values, values)
    roles = st.sampled_from(("output", "loss", "metric")).map(name)
    return st.one_of(
        made(spec.Let, names, values),
        made(spec.Input, names, made(spec.List, tuples(values))),
        made(spec.Input, names, calls(values), sizes=st.none() | made(spec.List, tuples(values))),
        plain_chains,
        made(spec.Role, roles, plain_chains),
        made(spec.Shared, paths, st.one_of(paths, calls(values))),
        made(spec.For, names, st.one_of(values, ranges), bodies),
        made(spec.Repeat, values, bodies),
        made(spec.If, values, bodies, st.none() | bodies),
        made(spec.When, st.sampled_from(("train", "test")).map(name), bodies),
        made(spec.Assert, values),
    )


bodies = st.recursive(st.just(()), lambda inner: tuples(statements(inner), least=1), max_leaves=6)
parameters = tuples(made(spec.Parameter, names, st.none() | values))
uses = made(spec.Use, texts)
lets = made(spec.Let, names, values)
blocks = made(spec.Block, names, parameters, bodies)
trains = made(spec.TrainSpec, tuples(made(spec.Setting, names, values)))
nets = made(spec.NetSpec, names, bodies, parameters=parameters)

specs = st.builds(
    spec.Spec,
    st.just(NOWHERE.source),
    tuples(uses),
    tuples(lets),
    tuples(blocks),
    train=st.none() | trains,
    net=nets,
)
"""Specs with a net, without comments."""
