"""What is written out is the same net: the same values, layers and weights, by the same names."""

from pathlib import Path

import pytest

from netc import spec
from netc.diag import Source, render
from netc.expand import Expanded, Middle, expand, is_same_graph
from netc.formats import is_same, read_source, write
from netc.ir import Graph, build, show

ROOT = Path(__file__).parents[2]

BLOCKS = """
block unit(n) {
    add {
        identity -> conv(n, kernel: 1) -> relu
        path = conv(n, kernel: 1) -> batch_norm
    } -> relu
}
"""

BODIES = {
    "a named chain": """
        input x [4]
        h = dense(10) -> relu -> dropout(0.5)
        output y = h -> dense(3)
    """,
    "a named chain of many numbered layers": """
        input x [3, 8, 8]
        h = conv(4, kernel: 1) -> batch_norm -> relu -> conv(3, kernel: 1) -> batch_norm
        batch_norm
        output g = conv(2, kernel: 1) -> batch_norm
    """,
    "a chain that begins with a block": """
        input x [3, 8, 8]
        g = unit(4) -> conv(5, kernel: 1)
        h = unit(4) -> relu
        output h
    """,
    "loops in each other": """
        input x [3, 8, 8]
        for i in 1..3 {
            h = conv(4 * i, kernel: 1) -> relu
            repeat 2 { unit(4 * i) }
        }
        output y = relu
    """,
    "shared layers": """
        input x [4]
        input z [4]
        layer tower = dense(3, init: msra, rate: 0.5)
        a = x -> tower
        b = z -> tower -> relu
        output add(a, b)
    """,
    "a shared layer without a name for its value": """
        input x [4]
        layer tower = dense(3)
        output x -> tower
    """,
    "phases": """
        input x [4]
        input label class(3)
        h = dense(3)
        when train { dropout(0.5) -> dense(3) }
        s = dense(3)
        when train { loss softmax_loss(s, label) }
        when test {
            metric accuracy(s, label)
            output s
        }
    """,
    "many roles": """
        input x [4]
        input label class(3)
        h = dense(3)
        loss h -> dense(3) -> softmax_loss(label)
        loss side = h -> dense(3) -> softmax_loss(label, weight: 0.3)
        loss softmax_loss(h -> dense(3), label)
        metric accuracy(h, label)
        metric accuracy(h, label, top: 2)
        output h
        output x
    """,
    "outputs in an order of their own": """
        input x [3]
        a = dense(3)
        b = dense(4)
        output b
        output a
    """,
    "options of all kinds": """
        input x [3, 8, 8]
        conv(4, kernel: [3, 1], pad: same, init: gaussian(std: 0.1), bias_init: 0.2, rate: 0)
        batch_norm(rate: 0.5)
        reshape([2, 128])
        output y = dense(3, init: xavier(fan: average), decay: 2, l1: 0.01, l2: 0.2, max_norm: 3)
    """,
    "sizes that are not known": """
        input x [3, h, w]
        conv(4, kernel: 3, pad: 1, stride: 2)
        reshape([4, in.height * in.width])
        output y = relu
    """,
    "a numbered layer after a loop of its name": """
        input x [4]
        for batch_norm in 0..1 { relu }
        h = dense(3) -> batch_norm -> relu
        output h
    """,
}

RENAMED = {
    "a block that ends a chain": (
        """
        input x [3, 8, 8]
        h = conv(4, kernel: 3) -> unit(4)
        output h
        """,
        {"h": "identity_1"},
    ),
    "a named chain that branches": (
        """
        input x [3, 8, 8]
        h = conv(4, kernel: 1) -> add { relu ; tanh } -> relu
        output h
        """,
        {"h": "relu_2"},
    ),
    "a named chain through a block": (
        """
        input x [3, 8, 8]
        h = conv(4, kernel: 1) -> unit(4) -> relu
        output h
        """,
        {"h": "relu_1"},
    ),
    "a value called like a shared layer": (
        """
        input x [4]
        layer tower = dense(4)
        x -> tower -> relu
        output y = tower
        """,
        {"tower": "tower.dense"},
    ),
    "a shared block with a named chain in it": (
        """
        input x [3, 8, 8]
        input z [3, 8, 8]
        layer tower = unit(3)
        a = x -> tower
        b = z -> tower
        output y = add(a, b)
        """,
        {"tower.path": "tower.batch_norm_1"},
    ),
}
"""Nets in which a value has the name of a layer that must be declared."""


def read(text: str) -> spec.Spec:
    found = read_source(Source("a.net", text))
    assert isinstance(found, spec.Spec), "\n".join(render(p.diagnostic()) for p in found)
    return found


def built(whole: spec.Spec) -> Graph:
    made = build(whole)
    assert made.graph is not None, "\n".join(render(p.diagnostic()) for p in made.problems)
    return made.graph


def net(body: str) -> spec.Spec:
    return read(f"net a {{{body}}}\n{BLOCKS}")


def again(expanded: Expanded) -> spec.Spec:
    """The spec that an expanded one is, once it is written and read."""
    text = write(expanded.spec, ".net")
    assert isinstance(text, str)
    return read(text)


def plain(whole: spec.Spec, *, brief: bool, middle: Middle) -> Expanded:
    """A spec written out, which has been shown to be the same net, in a form that stays."""
    graph = built(whole)
    expanded = expand(whole, graph, brief=brief, middle=middle)
    other = again(expanded)
    assert is_same_graph(graph, built(other), expanded.renamed)
    twice = expand(other, built(other), brief=brief, middle=middle)
    assert is_same(again(twice), other)
    assert not other.blocks
    kinds = {type(line) for line in other.net.body}
    assert kinds <= {spec.Input, spec.Chain, spec.Role, spec.Shared, spec.When}
    return expanded


@pytest.mark.parametrize("brief", [True, False])
@pytest.mark.parametrize("middle", ["numbered", "declared"])
@pytest.mark.parametrize("name", BODIES)
def test_a_net_written_out_is_the_same(name: str, middle: Middle, brief: bool) -> None:
    whole = net(BODIES[name])
    expanded = plain(whole, brief=brief, middle=middle)
    assert expanded.renamed == {}
    if middle == "numbered":
        assert show(built(again(expanded))) == show(built(whole))


@pytest.mark.parametrize("name", RENAMED)
def test_values_that_cannot_keep_their_names_are_told_of(name: str) -> None:
    body, renamed = RENAMED[name]
    assert plain(net(body), brief=True, middle="numbered").renamed == renamed


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.net")), ids=lambda p: p.stem)
def test_networks_that_come_with_netc(path: Path) -> None:
    whole = read_source(Source(str(path), path.read_text(encoding="utf-8")))
    assert isinstance(whole, spec.Spec)
    expanded = plain(whole, brief=False, middle="numbered")
    before, after = built(whole), built(again(expanded))
    assert is_same_graph(before, after, {})
    if not any(isinstance(statement, spec.Shared) for statement in whole.net.body):
        # The layers of a shared block count their uses apart, once they are lines of their own.
        assert show(after) == show(before)
    assert is_same(expanded.spec.train, whole.train)


def test_constants_of_the_train_section_stay() -> None:
    whole = read(
        """
        let size = 4 * 8
        let idle = 3
        net a(rate = 0.1) {
            input x [3]
            input t [1]
            output y = dense(1)
            loss euclidean_loss(y, t)
        }
        train {
            data      csv("a.csv", target: "t")
            batch     size // 2
            optimizer sgd(rate: rate * 2)
        }
        """
    )
    text = write(expand(whole, built(whole)).spec, ".net")
    assert isinstance(text, str)
    assert text.startswith("let rate = 0.1\nlet size = 32\n\nnet a {\n")
    assert "    batch     size // 2\n" in text


def test_every_option_is_written_or_only_what_differs() -> None:
    whole = net("input x [4]\ndropout\noutput y = dense(3, rate: 0.5)")
    graph = built(whole)
    full, brief = (write(expand(whole, graph, brief=b).spec, ".net") for b in (False, True))
    assert "dropout_1 = x -> dropout(0.5, scaling: training, compat: none)" in full
    assert "output y = dropout_1 -> dense(3, bias: true, transposed: false, rate: 0.5)" in full
    assert "dropout_1 = x -> dropout\n" in brief
    assert "output y = dropout_1 -> dense(3, rate: 0.5)" in brief
