"""`abs`, `log` and `max` are functions of constants and layer types too: what they are given says
which is meant."""

import pytest

from netc.diag import Source
from netc.formats import read_source
from netc.ir import build
from tests.nets import graph_of


def layers(*lines: str) -> dict[str, str]:
    """The layer types of a net by their names."""
    graph = graph_of("net both {\n input x [8]\n" + "\n".join(lines) + "\n output x\n}")
    return {node.name: type(node.layer).name for node in graph.nodes}


@pytest.mark.parametrize(
    ("line", "types"),
    [
        ("y = add(abs(x), x)", ["abs", "add"]),
        ("y = add(log(abs(x)), x)", ["abs", "log", "add"]),
        ("y = add(max(x, relu(x)), x)", ["relu", "max", "add"]),
        ("y = add(abs(x -> dense(8)), x)", ["dense", "abs", "add"]),
    ],
)
def test_a_value_makes_it_a_layer(line, types):
    assert sorted(layers(line, "output y").values()) == sorted(types)


@pytest.mark.parametrize(
    "units", ["abs(-3)", "max(2, 3)", "max(x.size - 5, 3)", "abs(n)", "floor(log(30))"]
)
def test_constants_make_it_a_function(units):
    made = layers("let n = 3", f"y = dense(x, units: {units}) -> tanh", "output y", "let _m = n")
    assert set(made.values()) == {"dense", "tanh"}


def test_a_name_that_nothing_has_is_told_as_before():
    text = "net a {\n input x [8]\n output y = add(abs(nothing), x)\n}"
    (problem,) = build(read_source(Source("a.net", text))).problems
    assert (problem.slug, problem.name) == ("unknown-name", "nothing")
