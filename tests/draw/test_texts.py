"""The texts for Graphviz and Mermaid."""

from pathlib import Path

from netc.draw import Picture, dot, mermaid, picture
from netc.draw.picture import Box, Edge, Group, Line
from tests.nets import graph_of

NET = """net small {
    input x [4]
    u = unit(4)
    output u -> relu
}
block unit(width) { add { dense(width) ; identity } ; dense(width) }
"""

FOLDER = Path(__file__).parent


def test_mermaid() -> None:
    golden = (FOLDER / "small.mmd").read_text(encoding="utf-8")
    assert mermaid(picture(graph_of(NET))) == golden


def test_dot() -> None:
    golden = (FOLDER / "small.dot").read_text(encoding="utf-8")
    assert dot(picture(graph_of(NET))) == golden


def test_directions() -> None:
    drawn = picture(graph_of(NET))
    assert "rankdir=LR" in dot(drawn, right=True)
    assert "flowchart LR" in mermaid(drawn, right=True)


def test_hostile_names_stay_texts() -> None:
    name = 'end"]; x --> y\\ <b>#\n'
    box = Box("b1", "layer", name, (Line(name),), name)
    drawn = Picture(name, name, Group("g0", name, name, (box,)), (Edge("b1", "b1", "v", name),))
    assert 'b1["end#34;]#59; x --#62; y#92; #60;b#62;#35;#10;"]' in mermaid(drawn)
    assert '[label="end\\"]; x --> y\\\\ <b>#\\n"' in dot(drawn)
