"""Loops and choices: rounds, what they see, what flows through them, and where they end."""

import pytest

from netc.ir.state import MOST_LAYERS
from tests.ir.texts import built, errors, layers, net, problems, weights
from tests.nets import graph_of


def test_a_loop_repeats_its_lines_on_what_flows() -> None:
    graph = graph_of(net("repeat 3 { dense(4) -> relu }", "tanh"))
    flows = [node.inputs[0] for node in graph.nodes]
    assert flows == ["x", *[node.value for node in graph.nodes[:-1]]]
    assert layers(net("repeat 2 { dense(4) -> relu }")) == [
        *("repeat_1.dense_1", "repeat_1.relu_1"),
        *("repeat_2.dense_1", "repeat_2.relu_1"),
    ]


@pytest.mark.parametrize(
    ("values", "rounds"),
    [
        ("0..3", ["i_0", "i_1", "i_2"]),
        ("[5, 3]", ["i_5", "i_3"]),
        ("[5, 5]", ["i_1", "i_2"]),
        ("[0.5, 2]", ["i_1", "i_2"]),
        ('["a", "b"]', ["i_1", "i_2"]),
        ("range(6, 0, -3)", ["i_6", "i_3"]),
        ("[-1, 1]", ["i_1", "i_2"]),
        ("[]", []),
        ("3..3", []),
    ],
)
def test_rounds_are_called_after_the_values(values: str, rounds: list[str]) -> None:
    assert layers(net(f"for i in {values} {{ relu }}")) == [f"{name}.relu_1" for name in rounds]


def test_another_value_renames_no_other_round() -> None:
    before = weights(net("for width in [4, 8] { dense(width) }", "dense(2)"))
    after = weights(net("for width in [4, 6, 8] { dense(width) }", "dense(2)"))
    assert set(before) <= set(after)


def test_two_loops_over_one_name_are_told_apart() -> None:
    names = layers(net("for i in 0..2 { relu }", "for i in 0..2 { relu }"))
    assert len(set(names)) == 4


def test_an_edit_in_one_loop_renames_nothing_in_another() -> None:
    first, second = "for i in 0..2 { dense(4) }", "for k in 0..2 { dense(4) }"
    edited = "for i in 0..2 { dense(3) -> relu -> dense(4) ; repeat 2 { relu } }"
    assert set(weights(net(first, second))) <= set(weights(net(edited, second)))


def test_a_loop_sees_what_is_around_it() -> None:
    text = net("let k = 3", "h = dense(4)", "for i in 0..2 { dense(i + k) -> dense(4) -> add(h) }")
    graph = graph_of(text)
    assert graph.types["i_1.dense_1"].shape == (4,)
    assert graph.producers["i_0.add_1"].inputs == ("i_0.dense_2", "h")


def test_what_a_round_names_is_known_in_it_alone() -> None:
    assert problems(net("repeat 2 { h = relu }", "output h")) == [("unknown-word", "h")]
    assert errors(net("repeat 2 { h = relu ; let k = 2 ; dense(k) -> add(h -> dense(k)) }")) == []


def test_what_a_round_made_is_known_outside_by_its_full_name() -> None:
    graph = graph_of(net("for k in [2, 3] { h = x -> dense(k) }", "concat(k_2.h, k_3.h)"))
    assert graph.producers["concat_1"].inputs == ("k_2.h", "k_3.h")


def test_the_loop_variable_is_a_constant() -> None:
    assert problems(net("for i in [1] { let i = 2 }"))[0] == ("repeated-constant", "i")
    assert problems(net("for i in [1] { i = relu }"))[0] == ("repeated-constant", "i")
    assert errors(net("for i in [1] { i -> relu }")) == ["unknown-word"]


def test_a_choice_is_no_scope() -> None:
    graph = graph_of(net("if true { h = dense(3) ; let k = 2 }", "h -> dense(k)"))
    assert graph.types["dense_1"].shape == (2,)


@pytest.mark.parametrize(
    ("depth", "chosen"), [(1, "relu_1"), (2, "tanh_1"), (3, "sigmoid_1"), (4, None)]
)
def test_one_branch_is_taken(depth: int, chosen: str | None) -> None:
    choice = "if d == 1 { relu } else if d == 2 { tanh } else if d == 3 { sigmoid }"
    text = f"net a(d = {depth}) {{ input x [4]\n {choice}\n output dense(2) }}"
    assert layers(text) == [*([chosen] if chosen else []), "dense_1"]


def test_names_of_the_branch_that_is_not_taken_are_kept_free() -> None:
    taken = layers(net("if true { dense_1 = dense(4) } else { dense_2 = dense(4) }", "dense(3)"))
    other = layers(net("if false { dense_1 = dense(4) } else { dense_2 = dense(4) }", "dense(3)"))
    assert taken == ["dense_1", "dense_3"]
    assert other == ["dense_2", "dense_3"]


def test_a_wrong_count_tells_nothing_that_follows_from_it() -> None:
    assert errors(net("repeat n { dense(3) }", "conv(3, kernel: 3)")) == ["unknown-name"]
    assert errors(net("for i in 3 { dense(3) }", "conv(3, kernel: 3)")) == ["wrong-rounds"]
    assert errors(net("if n { h = relu ; let k = 3 }", "h -> dense(k)")) == ["unknown-name"]


def test_a_round_is_told_where_it_alone_is_wrong() -> None:
    text = "net a { input x [1, 8, 8]\n for k in [3, 9] { conv(2, kernel: k) } }"
    (problem,) = built(text).problems
    assert [label.text for label in problem.via] == ["with `k` = 9"]


def test_the_way_to_a_problem_has_four_places_at_most() -> None:
    blocks = "".join(f"block b{i} {{ for i in [{i}] {{ b{i + 1} }} }}\n" for i in range(6))
    (problem,) = [
        p
        for p in built(net("b0", blocks=blocks + 'block b6 { dense(1 - len("a")) }\n')).problems
        if p.slug == "bad-value"
    ]
    assert len(problem.via) == 4
    assert problem.via[-1].text == "used here"


@pytest.mark.parametrize(
    "line",
    [
        "repeat 1_000_000_000 { relu }",
        "for i in 0..1_000_000_000 { let k = i }",
        "repeat 1000 { repeat 1000 { repeat 1000 { relu } } }",
        "repeat 100_000 { if false { relu } }",
        "repeat 1000 { repeat 1000 { } }",
        "repeat 2000 { let k = sum(range(9999)) }",
        "repeat 2000 { for i in [range(4000), range(4000)] { } }",
    ],
)
def test_too_much_repetition_ends(line: str) -> None:
    assert errors(net(line)) == ["too-much"]


def test_blocks_that_double_at_every_level_end() -> None:
    blocks = "".join(f"block b{i} {{ b{i + 1} -> b{i + 1} }}\n" for i in range(45))
    assert errors(net("b0", blocks=blocks + "block b45 { relu }\n")) == ["too-much"]
    empty = "block b45 { if false { relu } }\n"
    assert errors(net("b0", blocks=blocks + empty)) == ["too-much"]


def test_ten_thousand_layers_are_built() -> None:
    assert MOST_LAYERS > 10_000
    assert len(graph_of(net("repeat 5000 { dense(4) -> relu }")).nodes) == 10_000


@pytest.mark.parametrize("values", ["0..99999999999999999999999", "range(99999999999999999999999)"])
def test_numbers_beyond_all_memory_are_told_of(values: str) -> None:
    assert errors(net(f"for _i in {values} {{ relu }}"))[0] in ("too-much", "wrong-arguments")
