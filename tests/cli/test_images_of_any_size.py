"""Nets for images of any size, from the command line."""

import json

import numpy as np
import pytest

from tests.cli.conftest import Run

NET = """net seer {
    input image [1, h, w]
    input label class(10)
    conv(8, kernel: 3, stride: 2, pad: 1) -> relu -> max_pool(2)
    scores = global_avg_pool -> dense(10)
    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}
train {
    data   digits()
    batch  100
    epochs 1
}
"""


@pytest.fixture
def seer(tmp_path, run: Run):
    """A folder with a spec, its weights, its model, and arrays of two sizes."""
    (tmp_path / "seer.net").write_text(NET)
    run("train", tmp_path / "seer.net", "--out", tmp_path / "run", "--quiet")
    weights = tmp_path / "run" / "best.safetensors"
    run("compile", tmp_path / "seer.net", "--weights", weights, "-o", tmp_path / "seer.onnx")
    rng = np.random.default_rng(2)
    np.save(tmp_path / "one.npy", rng.random((1, 20, 31)))
    np.save(tmp_path / "grey.npy", rng.random((9, 12)))
    np.save(tmp_path / "many.npy", rng.random((3, 1, 8, 8)))
    return tmp_path


def test_a_summary_has_formulas_and_says_for_which_sizes_its_numbers_are(run: Run, tmp_path):
    (tmp_path / "seer.net").write_text(NET)
    text = run("summary", tmp_path / "seer.net").stdout
    assert "[8, (h + 3) // 4, (w + 3) // 4]" in text
    assert "the numbers hold where `h` is 224 and `w` is 224" in text
    document = json.loads(run("summary", tmp_path / "seer.net", "--json").stdout)
    assert document["sizes"] == {"h": 224, "w": 224}
    assert document["layers"][0]["inputs"] == [[1, "h", "w"]]
    assert document["layers"][0]["output"] == [8, "(h + 1) // 2", "(w + 1) // 2"]
    assert document["layers"][0]["macs"] == 8 * 9 * 112 * 112


def test_sizes_that_are_set_are_known(run: Run, tmp_path):
    (tmp_path / "seer.net").write_text(NET)
    document = json.loads(
        run("summary", tmp_path / "seer.net", "--json", "--set", "h=8", "--set", "w=9").stdout
    )
    assert "sizes" not in document
    assert document["layers"][0]["output"] == [8, 4, 5]


def test_compile_says_what_is_free(run: Run, tmp_path):
    (tmp_path / "seer.net").write_text(NET)
    command = ("compile", tmp_path / "seer.net", "-o", tmp_path / "seer.onnx")
    assert "takes any `h` and `w`" in run(*command).stdout
    assert json.loads(run(*command, "--json").stdout)["free"] == ["h", "w"]
    assert "takes any `w`" in run(*command, "--set", "h=8").stdout


def test_spec_and_model_answer_alike_for_inputs_of_any_size(run: Run, seer):
    inputs = [seer / name for name in ("one.npy", "grey.npy", "many.npy")]
    weights = seer / "run" / "best.safetensors"
    by_spec = run("predict", seer / "seer.net", "--weights", weights, *inputs).stdout
    by_model = run("predict", seer / "seer.onnx", *inputs).stdout
    assert by_spec == by_model
    assert len(by_spec.splitlines()) == 5


def test_spec_and_model_are_examined_alike(run: Run, seer):
    weights = seer / "run" / "best.safetensors"
    by_spec = run("predict", seer / "seer.net", "--weights", weights, "--examples", 2).stdout
    like = ("--like", seer / "seer.net", "--examples", 2)
    assert by_spec == run("predict", seer / "seer.onnx", *like).stdout
    assert "on 359 test examples" in run("test", seer / "seer.net", "--weights", weights).stdout


def test_a_picture_too_small_is_told_of(run: Run, tmp_path):
    (tmp_path / "seer.net").write_text(NET.replace("kernel: 3, stride: 2, pad: 1", "kernel: 7"))
    run("train", tmp_path / "seer.net", "--out", tmp_path / "run", "--quiet")
    np.save(tmp_path / "tiny.npy", np.zeros((1, 5, 9)))
    weights = tmp_path / "run" / "best.safetensors"
    words = ("predict", tmp_path / "seer.net", "--weights", weights, tmp_path / "tiny.npy")
    said = run(*words, code=1).stderr
    assert "error[model-failed]" in said
    assert "`conv_1` does not fit where `h` is 5 and `w` is 9: a 7x7 kernel does not fit" in said
