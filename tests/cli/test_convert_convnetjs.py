"""`netc convert` goes from ConvNetJS's files to netc's and back, with the weights and without."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.cli.conftest import DIGITS, Run
from tests.convnetjs.corpus import case

MNIST = """layer_defs = [];
layer_defs.push({type:'input', out_sx:24, out_sy:24, out_depth:1});
layer_defs.push({type:'conv', sx:5, filters:8, stride:1, pad:2, activation:'relu'});
layer_defs.push({type:'pool', sx:2, stride:2});
layer_defs.push({type:'conv', sx:5, filters:16, stride:1, pad:2, activation:'relu'});
layer_defs.push({type:'pool', sx:3, stride:3});
layer_defs.push({type:'softmax', num_classes:10});

net = new convnetjs.Net();
net.makeLayers(layer_defs);

trainer = new convnetjs.SGDTrainer(net, {method:'adadelta', eps:1e-6, batch_size:20, l2_decay:0.001});
"""  # noqa: E501

AS_NET = """net mnist {
    input image [1, 24, 24]
    input label class(10)

    conv(8, kernel: 5, pad: 2, bias_init: 0.1) -> relu
    max_pool(2)
    conv(16, kernel: 5, pad: 2, bias_init: 0.1) -> relu
    max_pool(3)
    scores = dense(10)

    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}

train {
    batch     20
    optimizer adadelta(decay: 5e-5)
}
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A network as ConvNetJS saved it."""
    path = tmp_path / "svm.json"
    path.write_text(json.dumps(case("svm").data["net"]))
    return path


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    path = tmp_path / "x.npy"
    np.save(path, case("svm").inputs.astype(np.float32).reshape(-1, 2, 5, 5))
    return path


def answers(run: Run, *words: str | Path) -> list[list[float]]:
    found = json.loads(run("predict", *words, "--json").stdout)["predictions"]
    return [each["outputs"]["scores"]["values"] for each in found]


def test_the_page_becomes_what_a_person_would_write_and_the_page_again(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "mnist.js").write_text(MNIST)
    net, there, back = (tmp_path / name for name in ("mnist.net", "mnist.json", "again.js"))
    assert run("convert", tmp_path / "mnist.js", "-o", net).stderr == ""
    assert net.read_text() == AS_NET
    run("convert", net, "-o", there)
    assert run("convert", there, "-o", back).stderr == ""
    assert back.read_text() == MNIST
    assert run("convert", net, "--to", "js").stdout == MNIST


def test_what_is_left_out_of_a_script_is_said(run: Run, tmp_path: Path) -> None:
    text = """net a {
        input x [4]  # numbers
        input label class(3)
        dense(8, bias: false) -> dropout(0.2)
        scores = dense(3)
        loss softmax_loss(scores, label)
        output scores
    }
    train { optimizer adam(rate: 0.1); schedule cosine; clip_norm 2 }
    """
    (tmp_path / "a.net").write_text(text)
    result = run("convert", tmp_path / "a.net", "--to", "js")
    assert result.stdout.splitlines()[2:4] == [
        "layer_defs.push({type:'fc', num_neurons:8, drop_prob:0.2});",
        "layer_defs.push({type:'softmax', num_classes:3});",
    ]
    assert "{method:'adam', learning_rate:0.1, beta1:0.9" in result.stdout
    for note in (
        "a bias, which starts at 0",
        "multiplies by `drop_prob`",
        "answers with the softmax",
        "corrects adam's means the wrong way",
        "`schedule cosine` is left out",
        "`clip_norm` is left out",
        "1 comment left out",
    ):
        assert note in result.stderr


def test_what_convnetjs_lacks_ends_it_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.js"
    resnet = Path(DIGITS).with_name("resnet.net")
    assert "not-in-convnetjs" in run("convert", resnet, "-o", out, code=1).stderr
    assert not out.exists()


def test_what_convnetjs_lacks_keeps_the_weights_from_being_written_too(
    run: Run, tmp_path: Path
) -> None:
    net, out, weights = (tmp_path / name for name in ("a.net", "a.js", "w.npz"))
    net.write_text(
        "net a { input x [2, 4, 4]; input label class(3); batch_norm; scores = dense(3)\n"
        "loss softmax_loss(scores, label) }\ntrain { data random(); steps 1 }"
    )
    run("train", net, "--out", tmp_path / "run")
    learned = tmp_path / "run" / "last.safetensors"
    words = ("convert", net, "-o", out, "--weights", learned, "--weights-out", weights)
    assert "not-in-convnetjs" in run(*words, code=1).stderr
    assert not out.exists()
    assert not weights.exists()


def test_what_is_computed_otherwise_is_said_once(run: Run, tmp_path: Path) -> None:
    saved, net, weights = (tmp_path / name for name in ("saved.json", "a.net", "w.safetensors"))
    saved.write_text(json.dumps(case("maxout_dropout").data["net"]))
    alone = run("convert", saved, "-o", net).stderr
    whole = run("convert", saved, "-o", net, "--weights-out", weights).stderr
    assert "drop_prob" in whole
    assert whole.count("differs-from-original") == alone.count("differs-from-original")


def test_a_saved_network_becomes_a_net_and_a_file_of_weights(
    run: Run, saved: Path, inputs: Path, tmp_path: Path
) -> None:
    net = tmp_path / "svm.net"
    assert "`--weights-out` writes them" in run("convert", saved, "-o", net).stderr
    wanted = answers(run, saved, inputs)
    np.testing.assert_allclose(wanted, case("svm").data["forward_test"], rtol=1e-5, atol=1e-6)
    for ending in (".safetensors", ".npz", ".json"):
        weights = (tmp_path / "w").with_suffix(ending)
        assert run("convert", saved, "-o", net, "--weights-out", weights).stderr == ""
        assert answers(run, net, inputs, "--weights", weights) == wanted


def test_weights_go_alone_and_no_digit_is_lost(run: Run, saved: Path, tmp_path: Path) -> None:
    net, exact, again = (tmp_path / name for name in ("svm.net", "w.safetensors", "again.json"))
    run("convert", saved, "-o", net, "--weights-out", exact)
    run("convert", net, "--weights", exact, "--weights-out", again)
    assert json.loads(again.read_text()) == json.loads(saved.read_text())
    biases = case("svm").data["net"]["layers"][1]["biases"]["w"]
    assert load_file(exact)["conv_1.bias"].tolist() == list(biases.values())


def test_weights_of_a_run_stay_as_short_as_they_are(
    run: Run, trained: Path, tmp_path: Path
) -> None:
    best, there, back = (
        trained / "best.safetensors",
        tmp_path / "w.npz",
        tmp_path / "w.safetensors",
    )
    run("convert", DIGITS, "--weights", best, "--weights-out", there)
    run("convert", DIGITS, "--weights", there, "--weights-out", back)
    assert load_file(back).keys() == load_file(best).keys()
    assert back.stat().st_size <= best.stat().st_size


def test_a_saved_network_needs_no_other_weights(
    run: Run, saved: Path, inputs: Path, tmp_path: Path
) -> None:
    wanted = answers(run, saved, inputs)
    model = tmp_path / "svm.onnx"
    result = run("compile", saved, "-o", model)
    assert "onnxruntime agrees" in result.stdout
    assert "untrained" not in result.stderr
    np.testing.assert_allclose(answers(run, model, inputs), wanted, rtol=1e-5, atol=1e-6)
    text = saved.read_text()
    assert "1 loss" in run("check", "-", input=text).stdout
    assert "svm_loss" in run("convert", "-", "--to", "net", input=text).stdout


def test_training_goes_on_from_the_weights_of_a_saved_network(
    run: Run, saved: Path, inputs: Path, tmp_path: Path
) -> None:
    wanted = answers(run, saved, inputs)
    still = ("--set", "train.data=random(examples: 20)", "--set", "optimizer=sgd(rate: 0)")
    words = ("train", saved, *still, "--steps", "1", "--out", tmp_path / "run")
    assert "it begins with the weights in" in run(*words).stderr
    kept = (tmp_path / "run/spec.net", inputs, "--weights", tmp_path / "run/last.safetensors")
    assert answers(run, *kept) == wanted
    text = saved.read_text()
    run("train", "-", *still, "--steps", "1", "--out", tmp_path / "again", input=text)
    kept = (tmp_path / "again/spec.net", inputs, "--weights", tmp_path / "again/last.safetensors")
    assert answers(run, *kept) == wanted


def test_words_that_do_not_go_together(run: Run, saved: Path, tmp_path: Path) -> None:
    def refused(*words: str | Path) -> str:
        return run("convert", *words, code=2).stderr

    assert "go together" in refused(DIGITS, "--weights-out", tmp_path / "w.npz")
    assert "go together" in refused(DIGITS, "--to", "net", "--weights", "w")
    assert "weights end in `.safetensors`" in refused(saved, "--weights-out", tmp_path / "w.txt")
    assert "is the file that is read" in refused(saved, "--weights-out", saved)
    assert "`--set` is for" in refused(DIGITS, "--to", "net", "--set", "batch=3")


def test_a_net_of_convnetjs_is_written_with_its_own_numbers_where_they_are_asked_for(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "mnist.js").write_text(MNIST.replace("activation:'relu'", "activation:'tanh'"))
    words = ("convert", tmp_path / "mnist.js", "--to", "net", "--set", "compat=convnetjs")
    assert "tanh(compat: convnetjs)" in run(*words).stdout


def test_broken_numbers_in_a_saved_network_are_told_of(run: Run, saved: Path) -> None:
    text = saved.read_text()
    at = text.index('"w": {"0": ') + len('"w": {"0": ')
    for number, slug in (("NaN", "syntax-error"), ("1e999", "unreadable-weights")):
        saved.write_text(text[:at] + number + text[text.index(",", at) :])
        words = ("convert", saved, "--weights-out", saved.with_suffix(".npz"))
        assert slug in run(*words, code=1 if slug == "syntax-error" else 3).stderr
