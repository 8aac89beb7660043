"""`netc predict`: arrays and pictures in, classes out, with an ONNX file and with a spec."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netc.cli.pixels import read_picture
from netc.cli.resample import resample
from netc.diag import Problem
from tests.cli.conftest import DIGITS, ROOT, Run

Image = np.ndarray[Any, Any]


@pytest.fixture(scope="session")
def digits() -> Image:
    """The first ten digits as they are in the file: 8x8 numbers from 0 to 16."""
    with np.load(ROOT / "netc" / "training" / "data" / "digits.npz") as file:
        images: Image = file["images"][:10].astype(np.int64)
    return images


def pgm(path: Path, image: Image, most: int, *, plain: bool = False) -> Path:
    """Write a grey picture."""
    high, wide = image.shape
    head = f"P{2 if plain else 5}\n# drawn by a test\n{wide} {high}\n{most}\n".encode()
    words = " ".join(map(str, image.reshape(-1))).encode()
    path.write_bytes(head + (words if plain else image.astype(np.uint8).tobytes()))
    return path


def best(result: Any) -> list[str]:
    """The best class of each example of a document."""
    predictions = json.loads(result.stdout)["predictions"]
    return [p["outputs"]["prob"]["classes"][0]["class"] for p in predictions]


def test_arrays_and_pictures_give_the_same_answers(
    run: Run, compiled: Path, digits: Image, tmp_path: Path
) -> None:
    many, one = tmp_path / "many.npy", tmp_path / "one.npz"
    np.save(many, digits[:, np.newaxis] / 16)
    np.savez(one, image=digits[3] / 16)
    picture = pgm(tmp_path / "three.pgm", digits[3], 16, plain=True)
    documents = json.loads(run("predict", compiled, many, one, picture, "--json").stdout)
    predictions = documents["predictions"]
    assert [p["index"] for p in predictions] == [*range(10), None, None]
    values = [p["outputs"]["prob"]["values"] for p in predictions]
    np.testing.assert_allclose(values[10], values[3], atol=1e-6)
    np.testing.assert_allclose(values[11], values[3], atol=1e-6)
    assert all(len(row) == 10 and abs(sum(row) - 1) < 1e-5 for row in values)


def test_a_spec_with_weights_answers_like_its_onnx_file(
    run: Run, compiled: Path, trained: Path, digits: Image, tmp_path: Path
) -> None:
    many = tmp_path / "many.npy"
    np.save(many, digits / 16)
    weights = trained / "best.safetensors"
    by_onnx = json.loads(run("predict", compiled, many, "--json").stdout)["predictions"]
    by_netc = json.loads(run("predict", DIGITS, many, "--weights", weights, "--json").stdout)
    for one, other in zip(by_onnx, by_netc["predictions"], strict=True):
        np.testing.assert_allclose(
            one["outputs"]["prob"]["values"], other["outputs"]["prob"]["values"], atol=1e-5
        )


def test_the_text_names_the_best_classes(
    run: Run, compiled: Path, digits: Image, tmp_path: Path
) -> None:
    picture = pgm(tmp_path / "zero.pgm", digits[0], 16)
    line = run("predict", compiled, picture, "--top", "2").stdout
    assert line.startswith(f"{picture}: 0 (")
    assert line.count(" %)") == 2


def test_pictures_are_brought_to_size_and_turned_round_when_asked_to(
    run: Run, compiled: Path, digits: Image, tmp_path: Path
) -> None:
    small = pgm(tmp_path / "small.pgm", digits[0], 16)
    large = np.kron(255 - np.rint(digits[0] * 255 / 16), np.ones((5, 5)))
    dark = pgm(tmp_path / "dark.pgm", large.astype(int), 255)
    assert "`--resize`" in run("predict", compiled, dark, code=1).stderr
    plain = run("predict", compiled, small, "--json")
    turned = run("predict", compiled, dark, "--resize", "--invert", "--json")
    assert best(plain) == best(turned)


def test_pixels_are_scaled_as_the_data_of_a_spec(
    run: Run, compiled: Path, trained: Path, digits: Image, tmp_path: Path
) -> None:
    picture = pgm(tmp_path / "five.pgm", np.rint(digits[5] * 255 / 16).astype(int), 255)
    by_itself = run("predict", compiled, picture, "--json").stdout
    like = run("predict", compiled, picture, "--like", DIGITS, "--json").stdout
    first, second = (json.loads(text)["predictions"][0] for text in (by_itself, like))
    np.testing.assert_allclose(
        first["outputs"]["prob"]["values"], second["outputs"]["prob"]["values"], atol=1e-5
    )


def test_bytes_are_pixels_where_a_spec_says_how_to_scale_them(
    run: Run, compiled: Path, trained: Path, digits: Image, tmp_path: Path
) -> None:
    floats, pixels = tmp_path / "floats.npy", tmp_path / "pixels.npy"
    np.save(floats, digits / 16)
    np.save(pixels, digits.astype(np.uint8))
    weights = trained / "best.safetensors"
    wanted = run("predict", compiled, floats, "--json").stdout.replace("floats", "pixels")
    assert run("predict", compiled, pixels, "--like", DIGITS, "--json").stdout == wanted
    assert best(run("predict", DIGITS, "--weights", weights, pixels, "--json")) == best(
        run("predict", compiled, floats, "--json")
    )


def test_bytes_that_nobody_scales_are_told_of(
    run: Run, compiled: Path, digits: Image, tmp_path: Path
) -> None:
    pixels = tmp_path / "pixels.npy"
    np.save(pixels, digits.astype(np.uint8))
    said = f"note: `{pixels}` holds bytes, which go in as they are, 0 to 255"
    assert said in run("predict", compiled, pixels).stderr
    assert not run("predict", compiled, pixels, "--like", DIGITS).stderr


def test_test_examples_are_drawn_and_all_are_counted(run: Run, compiled: Path) -> None:
    words = ("predict", compiled, "--like", DIGITS, "--examples", "5")
    text = run(*words).stdout
    document = json.loads(run(*words, "--json").stdout)
    assert text.startswith("5 test examples of 359, evenly spread; ")
    assert f"{document['right']} of 359 test examples are right" in text
    assert document["count"] == 359
    assert len(document["wrong"]) == 359 - document["right"]
    assert [e["index"] for e in document["examples"]] == [0, 71, 143, 215, 287]
    right = sum(e["class"] == e["right"] for e in document["examples"])
    assert f"{right} right:" in text
    assert text.count("✗") == min(len(document["wrong"]), 5 + 5 - right)


def test_a_spec_is_examined_the_same_way(run: Run, compiled: Path, trained: Path) -> None:
    like = run("predict", compiled, "--like", DIGITS, "--examples", "2", "--json").stdout
    weights = ("--weights", trained / "best.safetensors")
    itself = run("predict", DIGITS, *weights, "--examples", "2", "--json").stdout
    assert json.loads(like)["wrong"] == json.loads(itself)["wrong"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{onnx}", "a.npy", "--weights", "w"], "has its weights in it"),
        (["{onnx}", "--examples", "3"], "Name a spec"),
        (["{onnx}", "a.npy", "--examples", "3", "--like", DIGITS], "no files can be named"),
        ([DIGITS, "a.npy"], "it needs `--weights`"),
        (["best.safetensors", "a.npy"], "holds weights"),
    ],
)
def test_words_that_do_not_go_together_end_with_2(
    run: Run, compiled: Path, words: list[str], said: str
) -> None:
    error = run("predict", *(w.format(onnx=compiled) for w in words), code=2).stderr
    assert said.lower() in error.lower()


def test_what_cannot_be_read_ends_with_3(run: Run, compiled: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.npy"
    broken.write_bytes(b"\x93NUMPY\x01\x00" + b"x" * 30)
    assert "unreadable-input" in run("predict", compiled, "nowhere.npy", code=3).stderr
    assert "unreadable-input" in run("predict", compiled, "nowhere.png", code=3).stderr
    assert "unreadable-input" in run("predict", compiled, broken, code=3).stderr
    assert "unreadable-model" in run("predict", "nowhere.onnx", broken, code=3).stderr


def test_a_header_that_promises_too_much_is_not_believed(
    run: Run, compiled: Path, tmp_path: Path
) -> None:
    path = tmp_path / "huge.npy"
    with path.open("wb") as file:
        head = {"descr": "<f4", "fortran_order": False, "shape": (10**13, 1, 8, 8)}
        np.lib.format.write_array_header_1_0(file, head)
    assert "unreadable-input" in run("predict", compiled, path, code=3).stderr


def test_what_does_not_fit_ends_with_1(run: Run, compiled: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    nan, huge = np.full((8, 8), np.nan), np.full((8, 8), 1e300)
    for array in (np.zeros((3, 5)), np.array(["a"]), np.zeros((0, 1, 8, 8)), nan, huge):
        np.save(path, array)
        assert "unfit-input" in run("predict", compiled, path, code=1).stderr
    np.savez(tmp_path / "b.npz", first=np.zeros(3), second=np.zeros(3))
    assert "no `image`" in run("predict", compiled, tmp_path / "b.npz", code=1).stderr


@pytest.mark.parametrize("plain", [True, False])
def test_a_picture_is_read_as_it_was_written(tmp_path: Path, plain: bool) -> None:
    image = np.arange(12).reshape(3, 4)
    picture = read_picture(str(pgm(tmp_path / "a.pgm", image, 20, plain=plain)))
    assert not isinstance(picture, Problem)
    np.testing.assert_allclose(picture[0], image / 20)


def test_a_picture_with_colours_has_three_channels(tmp_path: Path) -> None:
    path = tmp_path / "a.ppm"
    path.write_bytes(b"P6 2 1 255\n" + bytes([255, 0, 0, 0, 0, 51]))
    picture = read_picture(str(path))
    assert not isinstance(picture, Problem)
    np.testing.assert_allclose(picture, [[[1, 0]], [[0, 0]], [[0, 0.2]]])


def test_wide_pixels_have_the_high_byte_first(tmp_path: Path) -> None:
    path = tmp_path / "a.pgm"
    path.write_bytes(b"P5 2 1 65535\n" + bytes([1, 0, 255, 255]))
    picture = read_picture(str(path))
    assert not isinstance(picture, Problem)
    np.testing.assert_allclose(picture, [[[256 / 65535, 1]]])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.sampled_from([b"P5 3 3 9\n", b"P2 2 2 300 ", b"P6 ", b""]))
def test_any_bytes_are_a_picture_or_a_problem(tmp_path: Path, tail: bytes, head: bytes) -> None:
    path = tmp_path / "a.pgm"
    path.write_bytes(head + tail)
    picture = read_picture(str(path))
    assert isinstance(picture, Problem) or (picture.min() >= 0 and picture.max() <= 1)


@pytest.mark.parametrize("size", [(4, 6), (3, 5), (8, 12), (9, 13), (1, 1)])
def test_another_size_keeps_the_mean(size: tuple[int, int]) -> None:
    image = np.random.default_rng(1).random((2, 8, 12))
    found = resample(image, *size)
    assert found.shape == (2, *size)
    np.testing.assert_allclose(found.mean(axis=(1, 2)), image.mean(axis=(1, 2)))


def test_half_the_size_is_the_mean_of_four() -> None:
    image = np.arange(16.0).reshape(1, 4, 4)
    np.testing.assert_allclose(resample(image, 2, 2), [[[2.5, 4.5], [10.5, 12.5]]])


def test_as_many_numbers_as_classes_are_no_scores_where_nothing_compares_them(
    run: Run, tmp_path: Path
) -> None:
    spec = tmp_path / "twins.net"
    spec.write_text(
        """net twins {
            input left [1, 8, 8]
            input right [1, 8, 8]
            input same class(2)
            layer look = dense(2)
            a = left -> look
            b = right -> look
            loss contrastive_loss(a, b, same)
            output a
            output b
        }
        train { data pairs(of: digits()); steps 1 }
        """
    )
    run("train", spec, "--out", tmp_path / "run", "--quiet")
    weights = ("--weights", tmp_path / "run" / "last.safetensors")
    run("compile", spec, *weights, "-o", tmp_path / "twins.onnx")
    pair = tmp_path / "pair.npz"
    np.savez(pair, left=np.zeros((2, 1, 8, 8)), right=np.zeros((2, 1, 8, 8)))
    for words in ((spec, *weights), (tmp_path / "twins.onnx",)):
        assert "same" not in run("predict", *words, pair).stdout
        like = () if weights[1] in words else ("--like", spec)
        asked = run("predict", *words, *like, "--examples", "2", code=2)
        assert "has no output of 2 class scores" in asked.stderr
