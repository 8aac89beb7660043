"""What a net does otherwise in ConvNetJS is said where it does, and nowhere else."""

import json

import pytest

from netc.diag import Source
from netc.exchange import Saved, Script, write_saved, write_script
from netc.formats import read_source
from netc.ir import build
from netc.spec import Spec
from netc.training import Network, check_settings

ANSWERS = "ConvNetJS answers with the softmax of what this net gives"
BIAS = "ConvNetJS gives every `conv` and `fc` a bias, which starts at 0 where there was none"
ROOT = "adds `epsilon` under the root, and learns otherwise"
DROPOUT = "ConvNetJS multiplies by `drop_prob` in prediction, where 1 - `drop_prob` is right"


def graph_and_settings(lines, optimizer, *, loss="svm_loss", output="scores", more=""):
    text = f"""net a {{
        input x [6]
        input label class(3)
        {lines}
        scores = dense(3)
        {f"loss {loss}(scores, label)" if loss else ""}
        output {output}
    }}
    train {{
        optimizer {optimizer}
        {more}
    }}"""
    whole = read_source(Source("a.net", text))
    assert isinstance(whole, Spec), whole
    graph = build(whole).graph
    return graph, check_settings(whole, graph).settings


def script_of(lines="", optimizer="sgd(rate: 0.1)", **more):
    made = write_script(*graph_and_settings(lines, optimizer, **more))
    assert isinstance(made, Script), made
    return made


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, []),
        ({"loss": "softmax_loss", "output": "scores"}, [ANSWERS]),
        ({"loss": "softmax_loss", "output": "softmax(scores)"}, []),
        ({"loss": ""}, ["the net has no loss, so ConvNetJS can run it and not train it"]),
        ({"lines": "dense(4) -> relu"}, []),
        ({"lines": "dense(4, bias: false) -> relu"}, [BIAS]),
        (
            {"lines": "dense(4) -> quadratic"},
            ["`quadtransform` is a layer of ConvNetJS 0.3.0, and of no later version"],
        ),
        ({"lines": "dense(4) -> dropout(0.2)"}, [DROPOUT]),
        ({"lines": "dense(4) -> dropout(0.2, compat: convnetjs)"}, []),
        ({"optimizer": "adagrad(0.1)"}, [f"ConvNetJS's adagrad {ROOT}"]),
        ({"optimizer": "adagrad(0.1, epsilon_in_root: true)"}, []),
        ({"optimizer": "rmsprop(0.1)"}, [f"ConvNetJS's rmsprop {ROOT}"]),
        ({"optimizer": "rmsprop(0.1, epsilon_in_root: true)"}, []),
        ({"optimizer": "adadelta"}, []),
        (
            {"optimizer": "adadelta(0.5)"},
            ["ConvNetJS's adadelta has no learning rate: `rate` is left out"],
        ),
        (
            {"optimizer": "adam(0.1)"},
            ["ConvNetJS corrects adam's means the wrong way round, and learns otherwise"],
        ),
        ({"optimizer": "adam(0.1, compat: convnetjs)"}, []),
        (
            {"more": "schedule cosine"},
            ["ConvNetJS's learning rate stays as it is: `schedule cosine` is left out"],
        ),
        (
            {"more": "clip_norm 5"},
            ["ConvNetJS does not shorten gradients: `clip_norm` is left out"],
        ),
    ],
    ids=str,
)
def test_a_script_says_what_is_otherwise(asked, wanted):
    assert list(script_of(**asked).notes) == wanted


@pytest.mark.parametrize(
    ("optimizer", "wanted"),
    [
        ("sgd(0.1)", "{learning_rate:0.1, momentum:0, batch_size:64}"),
        ("sgd(0.01, momentum: 0.9)", "{learning_rate:0.01, momentum:0.9, batch_size:64}"),
        ("sgd(0.1, nesterov: true)", "{learning_rate:0.1, momentum:0, batch_size:64}"),
        (
            "sgd(0.1, momentum: 0.5, nesterov: true)",
            "{method:'nesterov', learning_rate:0.1, momentum:0.5, batch_size:64}",
        ),
        ("adagrad(0.1)", "{method:'adagrad', learning_rate:0.1, eps:1e-8, batch_size:64}"),
        (
            "rmsprop(0.1, smoothing: 0.95)",
            "{method:'windowgrad', learning_rate:0.1, eps:1e-8, batch_size:64}",
        ),
        (
            "rmsprop(0.1, epsilon: 1e-6)",
            "{method:'windowgrad', learning_rate:0.1, ro:0.9, eps:1e-6, batch_size:64}",
        ),
        ("adadelta", "{method:'adadelta', eps:1e-6, batch_size:64}"),
        ("adadelta(smoothing: 0.9)", "{method:'adadelta', ro:0.9, eps:1e-6, batch_size:64}"),
        (
            "adam(0.1, beta1: 0.8)",
            "{method:'adam', learning_rate:0.1, beta1:0.8, beta2:0.999, eps:1e-8, batch_size:64}",
        ),
        (
            "sgd(0.1, decay: 0.001, l1: 0.01)",
            "{learning_rate:0.1, momentum:0, batch_size:64, l2_decay:0.064, l1_decay:0.64}",
        ),
    ],
)
def test_an_optimizer_is_a_trainer_with_all_that_it_says(optimizer, wanted):
    graph, settings = graph_and_settings("", optimizer)
    graph = graph.replace(losses=())  # what comes before a loss cannot have an l1 of its own
    made = write_script(graph, settings)
    assert isinstance(made, Script), made
    assert f"SGDTrainer(net, {wanted});" in made.text


@pytest.mark.parametrize(
    ("dropout", "drop_probs", "notes"),
    [
        ("dropout(0.5, scaling: test)", [0.5], 0),
        ("dropout(0.25, scaling: test)", [0.75], 1),
        ("dropout(0.25, compat: convnetjs)", [0.25], 0),
        ("dropout(0.25)", [], 1),
        ("dropout(0, scaling: test)", [], 1),
    ],
)
def test_dropout_is_saved_so_that_convnetjs_multiplies_as_netc(dropout, drop_probs, notes):
    graph, settings = graph_and_settings(f"dense(4) -> {dropout}", "sgd")
    network = Network(graph, seed=1, engine="numpy")
    made = write_saved(graph, network.store.arrays, settings)
    assert isinstance(made, Saved)
    layers = json.loads("".join(made.parts))["layers"]
    assert [each["drop_prob"] for each in layers if "drop_prob" in each] == drop_probs
    assert len(made.notes) == notes
    if drop_probs and notes:
        assert "has `drop_prob` 0.75" in made.notes[0]
        assert "set it to 0.25" in made.notes[0]
