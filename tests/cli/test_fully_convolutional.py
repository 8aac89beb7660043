"""`netc convert --fully-convolutional` gives a net for larger images, and the same answers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import netc
from tests.cli.conftest import Run

Write = Callable[..., Path]


TEXT = """net digits {
    input image [1, 8, 8]
    input label class(10)
    conv(8, kernel: 3) -> relu -> max_pool(2)
    hidden = dense(12) -> tanh
    scores = dense(10)
    loss   softmax_loss(scores, label)
    metric accuracy(scores, label)
    output prob = softmax(scores)
}

train {
    data digits()
}
"""


@pytest.fixture
def maps(run: Run, spec: Write, tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """A net and its weights after a step of training, and its like with maps, and theirs."""
    net = spec(TEXT)
    run("train", net, "--out", tmp_path / "run", "--steps", 1, "--quiet")
    weights = tmp_path / "run" / "last.safetensors"
    made, out = tmp_path / "maps.net", tmp_path / "maps.safetensors"
    run(
        *("convert", net, "--fully-convolutional", "-o", made),
        *("--weights", weights, "--weights-out", out),
    )
    return net, weights, made, out


def test_the_size_it_had_gives_the_same_answers(maps: tuple[Path, ...]) -> None:
    net, weights, made, out = maps
    image = np.random.default_rng(0).random((3, 1, 8, 8), np.float32)
    wanted = netc.load(net).predict(image, weights=weights)
    found = netc.load(made).predict(image, weights=out)
    np.testing.assert_allclose(found[:, :, 0, 0], wanted, rtol=1e-5)


def test_a_larger_image_gives_the_answer_of_every_window(maps: tuple[Path, ...]) -> None:
    net, weights, made, out = maps
    image = np.random.default_rng(1).random((1, 1, 14, 10), np.float32)
    found = netc.load(made).predict(image, weights=out)
    assert found.shape == (1, 10, 4, 2)
    for row in range(4):
        for column in range(2):
            window = image[..., 2 * row : 2 * row + 8, 2 * column : 2 * column + 8]
            alone = netc.load(net).predict(window, weights=weights)
            np.testing.assert_allclose(found[:, :, row, column], alone, rtol=1e-4)


def test_scores_are_averaged_for_the_loss(run: Run, maps: tuple[Path, ...]) -> None:
    net, weights, made, out = maps
    wanted = run("test", net, "--weights", weights, "--json").stdout
    assert run("test", made, "--weights", out, "--json").stdout == wanted


def test_it_compiles(run: Run, maps: tuple[Path, ...], tmp_path: Path) -> None:
    *_, made, out = maps
    run("compile", made, "--weights", out, "-o", tmp_path / "maps.onnx")


@pytest.mark.parametrize("words", [("--weights", "a"), ("--weights-out", "a"), ("--set", "k=1")])
def test_options_that_go_with_it_are_refused_alone(
    run: Run, spec: Write, words: tuple[str, str]
) -> None:
    path = spec("net a {\n    input x [4]\n    output y = dense(3)\n}\n")
    run("convert", path, "--to", "json", *words, code=2)
