"""Shared layers: one set of weights for every use, named after the line that makes it."""

from tests.ir.texts import built, errors, layers, net, problems, weights
from tests.nets import graph_of

UNIT = "block unit(width) { dense(width) -> batch_norm -> relu }\n"


def test_every_use_reads_the_same_weights() -> None:
    graph = graph_of(net("layer step = dense(4)", "step -> relu -> step", "step"))
    uses = [node for node in graph.nodes if node.ports.get("weight") == "step.weight"]
    assert [node.name for node in uses] == ["step", "step_2", "step_3"]
    assert list(graph.weights) == ["step.weight", "step.bias"]


def test_a_shared_layer_may_name_chains() -> None:
    graph = graph_of(net("layer tower = dense(4)", "a = x -> tower", "b = a -> tower", "add(a, b)"))
    assert graph.producers["add_1"].inputs == ("a", "b")
    assert [graph.producers[name].ports["weight"] for name in ("a", "b")] == ["tower.weight"] * 2


def test_a_shared_block_shares_weights_and_states() -> None:
    graph = graph_of(net("layer tower = unit(4)", "x -> tower -> tower", blocks=UNIT))
    assert list(graph.weights) == [
        *("tower.dense_1.weight", "tower.dense_1.bias"),
        *("tower.batch_norm_1.scale", "tower.batch_norm_1.shift"),
    ]
    assert set(graph.states) == {"tower.batch_norm_1.mean", "tower.batch_norm_1.var"}
    names = [node.name for node in graph.nodes]
    assert names[0] == "tower.dense_1"
    assert names[3] == "tower_2.dense_1"


def test_blocks_in_a_shared_block_are_shared_with_it() -> None:
    outer = "block outer { unit(4) ; repeat 2 { dense(4) } ; layer s = dense(4) ; s -> s }\n"
    text = net("layer tower = outer", "x -> tower -> tower", blocks=outer + UNIT)
    assert {name.rpartition(".")[0] for name in weights(text)} == {
        *("tower.unit_1.dense_1", "tower.unit_1.batch_norm_1"),
        *("tower.repeat_1.dense_1", "tower.repeat_2.dense_1", "tower.s"),
    }


def test_a_shared_layer_in_a_block_belongs_to_each_instance() -> None:
    block = "block b { layer s = dense(4) ; s -> s }\n"
    assert weights(net("b", "b", blocks=block))[::2] == ["b_1.s.weight", "b_2.s.weight"]


def test_a_loop_sees_shared_layers_and_may_have_its_own() -> None:
    text = net(
        "layer s = dense(4)", "repeat 3 { s -> relu }", "for i in 0..2 { layer t = dense(4) ; t }"
    )
    assert weights(text)[::2] == ["s.weight", "i_0.t.weight", "i_1.t.weight"]


def test_options_are_worked_out_where_the_layer_is_made() -> None:
    text = net("let k = 4", "layer s = dense(k)", "for k in [5, 6] { s }")
    graph = graph_of(text)
    assert graph.weights["s.weight"].shape == (4, 4)


def test_the_first_use_fixes_the_shapes() -> None:
    text = net("h = dense(5)", "layer s = dense(4)", "a = x -> s", "b = h -> s", "add(a, b)")
    assert problems(text) == [("shared-mismatch", "s")]


def test_another_image_size_may_share_a_convolution() -> None:
    text = (
        "net a { input left [3, 8, 8]\n input right [3, 6, 6]\n layer c = conv(4, kernel: 3)\n"
        " a = left -> c\n b = right -> c\n output a\n output b }"
    )
    graph = graph_of(text)
    assert (graph.types["a"].shape, graph.types["b"].shape) == ((4, 6, 6), (4, 4, 4))


def test_a_layer_without_weights_may_be_shared() -> None:
    assert layers(net("layer s = relu", "s -> s")) == ["s", "s_2"]


def test_a_shared_layer_may_join_values_and_lose() -> None:
    assert errors(net("layer s = add", "h = relu", "s(x, h) -> s(h)")) == []
    text = (
        "net a { input x [4]\n input t [4]\n layer l = euclidean_loss\n loss l(x -> dense(4), t) }"
    )
    assert len(graph_of(text).losses) == 1


def test_what_is_wrong_with_sharing_is_told() -> None:
    assert errors(net("layer s = dense(4)", "s(5)")) == ["options-of-shared"]
    assert errors(net("layer s = dense(4)", "layer t = s", "t")) == ["shared-again"]
    assert errors(net("layer s = s", "s")) == ["unknown-layer"]
    assert errors(net("layer s = nothing", "s")) == ["unknown-layer"]
    assert errors(net("layer s = dense(4)", "s = relu")) == ["repeated-name"]
    assert errors(net("layer relu = dense(4)")) == ["reserved-name"]
    assert errors(net("s", "layer s = dense(4)")) == ["unknown-word"]


def test_a_block_that_shares_itself_is_never_built() -> None:
    text = net("u", blocks="block u { layer s = u ; s -> dense(4) }\n")
    assert errors(text) == ["recursive-block"]


def test_a_shared_layer_that_nothing_uses_is_told_of() -> None:
    found = built(net("layer s = dense(4)", "output relu")).problems
    assert [problem.slug for problem in found] == ["unused-name"]
