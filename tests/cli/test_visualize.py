"""`netc visualize`: the files it writes, and what it says of wrong words."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from netc.types import Array
from tests.cli.conftest import DIGITS, Run


def read_png(path: Path) -> Array:
    """The pixels of a PNG file as netc writes them."""
    data = path.read_bytes()
    width, height, _, color = struct.unpack(">IIBB", data[16:26])
    channels = 3 if color == 2 else 1
    start = data.index(b"IDAT") + 4
    lines = np.frombuffer(zlib.decompressobj().decompress(data[start:]), np.uint8)
    return lines.reshape(height, 1 + width * channels)[:, 1:].reshape(height, width, channels)


def test_filters_maps_and_parts_of_pictures_are_drawn(
    run: Run, trained: Path, tmp_path: Path
) -> None:
    weights = trained / "best.safetensors"
    shown = run("visualize", DIGITS, "--weights", weights, "-o", tmp_path / "seen").stdout
    written = sorted(path.name for path in (tmp_path / "seen").iterdir())
    assert written[-1].startswith("maps-")
    assert "filters.png" in written
    assert len(shown.splitlines()) == len(written)
    for name in written:
        pixels = read_png(tmp_path / "seen" / name)
        assert np.ptp(pixels) > 100


def test_one_channel_of_a_layer_on_one_picture(run: Run, trained: Path, tmp_path: Path) -> None:
    picture = tmp_path / "x.pgm"
    picture.write_text("P2 8 8 255\n" + " ".join(map(str, range(0, 256, 4))))
    words = ("--layer", "conv_2", "--channel", "5", "--method", "guided", "--json")
    told = run(
        *("visualize", DIGITS, "--weights", trained / "best.safetensors"),
        *("--image", picture, "-o", tmp_path, *words),
    ).stdout
    document = json.loads(told)
    assert [made["kind"] for made in document["pictures"]] == ["filters", "maps", "guided"]
    assert document["pictures"][-1]["channels"] == [5]
    assert document["pictures"][-1]["examples"] == [[0]]
    # Two tiles: the part of the picture, and what is left of it.
    assert read_png(tmp_path / "guided-conv_2.png").shape[1] > 2 * 64


def test_scores_are_traced_to_the_whole_picture(run: Run, trained: Path, tmp_path: Path) -> None:
    weights = trained / "best.safetensors"
    words = ("--layer", "scores", "--method", "gradient", "--examples", "6")
    run("visualize", DIGITS, "--weights", weights, "-o", tmp_path, *words)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["filters.png", "gradient-scores.png"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--layer", "conv_22"), "did you mean `conv_2`?"),
        (("--layer", "softmax_loss"), "no layer `softmax_loss` sees the input `image`"),
        (("--layer", "conv_1", "--channel", "32"), "`conv_1` has channels 0 to 31, not 32"),
        (("--image", "x.pgm", "--examples", "3"), "no `--image` can be given"),
    ],
)
def test_wrong_words_are_told(
    run: Run, trained: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    weights = trained / "best.safetensors"
    result = run("visualize", DIGITS, "--weights", weights, "-o", tmp_path, *words, code=2)
    assert said in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_net_without_pictures_is_told(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "a.net"
    spec.write_text("net a {\n    input x [4]\n    output dense(3)\n}\n")
    result = run("visualize", spec, "--weights", "w", "-o", tmp_path / "seen", code=2)
    assert "has no input that is a picture" in result.stderr


def test_pictures_that_cannot_be_used_are_told(run: Run, trained: Path, tmp_path: Path) -> None:
    words = ("visualize", DIGITS, "--weights", trained / "best.safetensors", "-o", tmp_path / "s")
    assert "no such file" in run(*words, "--image", tmp_path / "no.pgm", code=3).stderr
    picture = tmp_path / "x.pgm"
    picture.write_text("P2 3 3 255\n" + "7 " * 9)
    assert "takes [1, 8, 8]" in run(*words, "--image", picture, code=1).stderr


def test_pictures_of_any_size_are_looked_at(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "a.net"
    spec.write_text(
        "net a {\n    input image [1, h, w]\n    input label class(3)\n"
        "    conv(4, kernel: 3, stride: 2) -> relu -> conv(4, kernel: 3) -> global_avg_pool\n"
        "    scores = dense(3)\n    loss softmax_loss(scores, label)\n    output scores\n}\n"
        "train {\n    data random(examples: 2)\n    epochs 1\n}\n"
    )
    run("train", spec, "--out", tmp_path / "run", "--quiet", "--set", "h=9", "--set", "w=9")
    weights = tmp_path / "run" / "best.safetensors"
    for text, code in (("P2 12 9 255\n" + "7 9 " * 54, 0), ("P2 2 2 255\n1 2 3 4", 1)):
        (tmp_path / "x.pgm").write_text(text)
        words = ("--image", tmp_path / "x.pgm", "-o", tmp_path / "seen")
        result = run("visualize", spec, "--weights", weights, *words, code=code)
    assert "does not fit its input" in result.stderr
    names = sorted(path.name for path in (tmp_path / "seen").iterdir())
    assert names == [
        "deconvnet-conv_2.png",
        "deconvnet-relu_1.png",
        "filters.png",
        "maps-conv_2.png",
        "maps-relu_1.png",
    ]
