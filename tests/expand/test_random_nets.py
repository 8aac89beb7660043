"""Random nets of blocks, loops, joins and shared layers, written out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from netc.expand import MIDDLES, expand, is_same_graph
from tests.expand.test_expand import again, built, read

BLOCKS = """
block plain { dense(4) -> relu }
block named { h = dense(4) -> batch_norm -> tanh }
block deep(n) {
    repeat n { add { identity ; plain -> relu } }
    a = named
    add(a, tanh(a))
}
"""

STEPS = st.sampled_from(
    (
        "relu",
        "dense(4)",
        "batch_norm",
        "dropout(0.1)",
        "plain",
        "named",
        "deep(2)",
        "tower",
        "shared",
        "add { identity ; relu }",
        "add { dense(4) -> relu ; named ; tower }",
        "add(x, x)",
    )
)
"""All of them leave a vector of four numbers as one."""

FLOWS = st.lists(STEPS, min_size=1, max_size=4).map(" -> ".join)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """The lines of a net whose values are all alike, some of them named and used again."""
    lines: list[str] = []
    names = ["x"]
    for index in range(draw(st.integers(1, 6))):
        flow, kind = draw(FLOWS), draw(st.integers(0, 5))
        source = draw(st.sampled_from(names))
        if kind < 3:
            lines.append(f"v{index} = {source} -> {flow}")
            names.append(f"v{index}")
        elif kind == 3:
            lines.append(f"repeat {draw(st.integers(1, 3))} {{ w = {flow} }}")
        elif kind == 4:
            lines.append(f"for i in 1..3 {{ if i > 1 {{ {flow} }} else {{ relu }} }}")
        else:
            lines.append(f"when train {{ {flow} }}")
    return "\n".join(lines)


@settings(max_examples=60)
@given(bodies())
def test_a_random_net_written_out_is_the_same(body: str) -> None:
    head = "input x [4]\nlayer tower = named\nlayer shared = dense(4)\nrelu"
    whole = read(f"net a {{\n{head}\n{body}\noutput y = relu\n}}\n{BLOCKS}")
    graph = built(whole)
    for middle in MIDDLES:
        expanded = expand(whole, graph, brief=True, middle=middle)
        if is_same_graph(graph, built(again(expanded)), expanded.renamed):
            return
    raise AssertionError("it is another net")
