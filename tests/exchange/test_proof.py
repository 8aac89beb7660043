"""That a text is read as the net it was written from is proven, and refused where it is not."""

import pytest

from netc.diag import Source
from netc.exchange import Script, is_read_as, write_script
from netc.formats import read_source
from netc.ir import build
from netc.spec import Spec
from netc.training import check_settings

NET = """net a {
    input image [2, 5, 4]
    input label class(3)
    conv(4, kernel: 3, pad: 1, l1: 0.01) -> relu -> dropout(0.2)
    max_pool(2, round: down)
    dense(6, decay: 0.5, bias_init: 0.5)
    scores = dense(3)
    loss softmax_loss(scores, label)
    output prob = softmax(scores)
}
train {
    batch 8
    optimizer adagrad(0.1, decay: 0.001, epsilon_in_root: true)
}"""


def graph_and_settings(text=NET):
    whole = read_source(Source("a.net", text))
    assert isinstance(whole, Spec), whole
    graph = build(whole).graph
    assert graph is not None
    return graph, check_settings(whole, graph).settings


def test_what_is_written_is_proven() -> None:
    graph, settings = graph_and_settings()
    made = write_script(graph, settings)
    assert isinstance(made, Script)
    assert is_read_as(made.text, graph, settings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("out_sx:4", "out_sx:5"),
        ("sx:3", "sx:2"),
        ("pad:1", "pad:2"),
        ("filters:4", "filters:8"),
        ("activation:'relu'", "activation:'tanh'"),
        ("drop_prob:0.2", "drop_prob:0.3"),
        ("l1_decay_mul:1", "l1_decay_mul:2"),
        ("l2_decay_mul:0.5", "l2_decay_mul:1"),
        ("bias_pref:0.5", "bias_pref:0"),
        ("num_classes:3", "num_classes:4"),
        ("method:'adagrad'", "method:'windowgrad'"),
        ("learning_rate:0.1", "learning_rate:0.2"),
        ("batch_size:8", "batch_size:4"),
        ("l2_decay:0.008", "l2_decay:0.08"),
        ("layer_defs.push({type:'pool', sx:2, stride:2});\n", ""),
        ("layer_defs = [];", "layer_defs = [;"),
    ],
)
def test_a_text_that_says_something_else_is_no_proof(old: str, new: str) -> None:
    graph, settings = graph_and_settings()
    made = write_script(graph, settings)
    assert isinstance(made, Script)
    assert old in made.text
    assert not is_read_as(made.text.replace(old, new, 1), graph, settings)


def test_a_net_without_weights_has_no_decay_of_its_own() -> None:
    text = "net a { input x [3]; output relu(x) }\ntrain { batch 2; optimizer sgd(0.1) }"
    graph, settings = graph_and_settings(text)
    made = write_script(graph, settings)
    assert isinstance(made, Script)
    assert "l1_decay" not in made.text
