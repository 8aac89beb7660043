"""A net for ConvNetJS reads like one of its pages: a definition a line, without what is usual."""

import pytest

from netc.diag import Source
from netc.exchange import Script, write_script
from netc.formats import read_source
from netc.ir import build
from netc.spec import Spec


def definitions(lines: str, input: str = "image [12, 9, 8]") -> list[str]:
    """What is pushed behind the input and before the loss."""
    text = f"""net a {{
        input {input}
        input label class(3)
        {lines}
        scores = dense(3)
        loss softmax_loss(scores, label)
        output prob = softmax(scores)
    }}"""
    whole = read_source(Source("a.net", text))
    assert isinstance(whole, Spec), whole
    graph = build(whole).graph
    assert graph is not None
    made = write_script(graph, None)
    assert isinstance(made, Script), made
    pushed = [line for line in made.text.splitlines() if ".push(" in line]
    assert pushed[-1] == "layer_defs.push({type:'softmax', num_classes:3});"
    return [line.removeprefix("layer_defs.push(").removesuffix(");") for line in pushed[1:-1]]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("conv(4, kernel: 3)", "{type:'conv', sx:3, filters:4, stride:1}"),
        (
            "conv(4, kernel: [2, 3], stride: 2, pad: 1)",
            "{type:'conv', sx:3, sy:2, filters:4, stride:2, pad:1}",
        ),
        (
            "conv(4, kernel: 3, bias_init: 0.5)",
            "{type:'conv', sx:3, filters:4, stride:1, bias_pref:0.5}",
        ),
        (
            "conv(4, kernel: 3, bias_init: 0.1) -> relu",
            "{type:'conv', sx:3, filters:4, stride:1, activation:'relu'}",
        ),
        (
            "dense(4) -> relu -> dropout(0.2)",
            "{type:'fc', num_neurons:4, bias_pref:0, activation:'relu', drop_prob:0.2}",
        ),
        ("max_pool(3, round: down)", "{type:'pool', sx:3, stride:3}"),
        (
            "max_pool([3, 2], stride: 2, pad: 1, round: down)",
            "{type:'pool', sx:2, sy:3, stride:2, pad:1}",
        ),
        ("channel_pool(3)", "{type:'maxout', group_size:3}"),
        ("slice(stop: 10) -> channel_pool(5)", "{type:'maxout', group_size:5}"),
        (
            "dense(6) -> channel_pool(3)",
            "{type:'fc', num_neurons:6, activation:'maxout', group_size:3}",
        ),
        ("dense(6, decay: 0)", "{type:'fc', num_neurons:6, l2_decay_mul:0}"),
        ("flatten -> dense(6) -> sigmoid", "{type:'fc', num_neurons:6, activation:'sigmoid'}"),
        ("quadratic -> dense(6)", "{type:'fc', num_neurons:6, tensor:true}"),
        ("quadratic", "{type:'quadtransform'}"),
        ("lrn(k: 2, size: 3)", "{type:'lrn', k:2, n:3, alpha:0.0001, beta:0.75}"),
    ],
)
def test_a_line_is_a_definition(line: str, wanted: str) -> None:
    assert definitions(line) == [wanted]


def test_what_cannot_be_in_a_definition_has_one_of_its_own() -> None:
    assert definitions("dense(6) -> dropout(0.2) -> tanh -> dropout(0.3)") == [
        "{type:'fc', num_neurons:6, drop_prob:0.2}",
        "{type:'tanh'}",
        "{type:'dropout', drop_prob:0.3}",
    ]
    assert definitions("relu -> max_pool(1) -> sigmoid") == [
        "{type:'relu'}",
        "{type:'pool', sx:1, stride:1}",
        "{type:'sigmoid'}",
    ]
