"""Sources that make their data: noise, pairs, and sequences of letters."""

from pathlib import Path

import numpy as np
import pytest

from netc.diag import Source as Text
from netc.diag import Span
from netc.sizes import Size
from netc.training.data import SOURCES, Dataset, Where, bind, open_source
from netc.training.data.made import _partners
from netc.types import Tensor

CALL = Span(Text("a.net", "data text()"), 5, 11)
INPUTS = {"image": Tensor((3, 4, 4)), "text": Tensor((7,), "i64", classes=5)}


def opened(kind: str, inputs=INPUTS, folder=Path(), **options):
    return open_source(SOURCES[kind](**options), Where(folder), CALL, None, inputs)


# ---- noise


def test_noise_fits_the_inputs_of_any_net():
    data = bind(opened("random", examples=12), INPUTS)
    assert isinstance(data, Dataset)
    assert (len(data.train), len(data.test)) == (12, 3)
    text = data.train.fields["text"].data
    assert (text.shape, text.min(), text.max()) == ((12, 7), 0, 4)
    image = data.train.fields["image"].data
    assert abs(image.mean()) < 0.2
    assert abs(image.std() - 1) < 0.2


def test_noise_gives_a_size_to_what_is_open():
    open_image = {"image": Tensor((3, Size.symbol("h"), 8))}
    assert opened("random", open_image, examples=1).train.shapes == {"image": (3, 224, 8)}


def test_the_same_seed_makes_the_same_noise():
    digests = [opened("random", seed=seed).digest for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


# ---- pairs


def test_half_of_the_pairs_are_of_one_class_and_the_labels_say_which():
    data = opened("pairs", of=SOURCES["digits"]())
    plain = opened("digits")
    labels = {i.tobytes(): n for i, n in zip(*_columns(plain, "image", "label"), strict=True)}
    left, right, same = _columns(data, "left", "right", "same")
    equal = [labels[a.tobytes()] == labels[b.tobytes()] for a, b in zip(left, right, strict=True)]
    assert equal == same.tolist()
    assert sum(same) == len(same) // 2
    assert data.class_names == ("different", "same")


def _columns(data, *names):
    return [data.train.fields[name].data for name in names]


@pytest.mark.parametrize("counts", [[5, 5], [1, 9], [3, 1, 2], [1, 1]])
def test_partners_are_others_wherever_there_are_any(counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    labels = np.random.default_rng(0).permutation(labels)
    for wanted in (True, False):
        rng = np.random.default_rng(1)
        for _ in range(20):
            found = _partners(labels, np.full(len(labels), wanted), rng)
            assert ((labels[found] == labels) == wanted).all()
            alone = np.bincount(labels)[labels] == 1
            assert ((found != np.arange(len(labels))) | (alone & wanted)).all()


def test_pairs_are_the_same_in_every_run():
    digests = [opened("pairs", of=SOURCES["digits"](), seed=seed).digest for seed in (3, 3, 4)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (SOURCES["random"](), "`random` gives nothing"),
        (SOURCES["pairs"](of=SOURCES["digits"]()), "gives `left`, `right`, `same`"),
        (SOURCES["digits"](crop=9), "a crop of 9 does not fit"),
    ],
)
def test_pairs_of_what_has_no_labels_are_refused(of, words):
    (problem,) = opened("pairs", of=of)
    assert problem.slug == "unusable-data"
    assert words in problem.diagnostic().message


# ---- targets that are the examples themselves


@pytest.mark.parametrize(
    ("image", "target"),
    [((1, 8, 8), (1, 8, 8)), ((1, 8, 8), (64,)), ((64,), (64,)), ((64,), (1, 8, 8))],
)
def test_an_example_is_its_own_target_in_the_shape_that_is_wanted(image, target):
    inputs = {"x": Tensor(image), "target": Tensor(target)}
    data = bind(opened("reconstruct", inputs, of=SOURCES["digits"]()), inputs)
    assert isinstance(data, Dataset), data
    assert data.train.shapes == {"x": image, "target": target}


def test_a_target_is_cropped_and_mirrored_as_its_example():
    inputs = {"image": Tensor((1, 5, 5)), "target": Tensor((25,))}
    digits = SOURCES["digits"](crop=5, mirror=True)
    data = bind(opened("reconstruct", inputs, of=digits), inputs)
    out = {name: np.empty((30, *type.shape), np.float32) for name, type in inputs.items()}
    data.train.fill(np.arange(30), out, np.random.default_rng(1), training=True)
    np.testing.assert_array_equal(out["image"].reshape(30, 25), out["target"])
    assert out["target"].any()


def test_targets_are_made_of_one_array():
    text = SOURCES["text"](file=str(Path(__file__)), letters="bytes")
    (problem,) = opened("reconstruct", of=text)
    assert problem.reason.endswith("and `text` gives `text`, `next`")
    (problem,) = opened("reconstruct", of=SOURCES["digits"](crop=9))
    assert problem.reason == "a crop of 9 does not fit in [1, 8, 8]"


# ---- letters


def letters(folder, content, **options):
    (folder / "a.txt").write_bytes(content)
    return opened("text", {}, folder, file="a.txt", **options)


def test_letters_are_followed_by_the_next(tmp_path):
    data = letters(tmp_path, b"hello\tyou\r\n" * 30, length=10)
    text, after = _columns(data, "text", "next")
    said = ["".join(data.class_names[n] for n in row) for row in text]
    assert said[0] == "hello you\n"
    assert (text[:, 1:] == after[:, :-1]).all()
    assert (after[:-1, -1] == text[1:, 0]).all()
    assert data.train.fields["text"].classes == 96
    assert (len(data.train), len(data.test)) == (26, 2)


def test_bytes_are_letters_too(tmp_path):
    data = letters(tmp_path, "käse ".encode() * 20, length=4, letters="bytes", step=1, holdout=0)
    assert bytes(data.train.fields["text"].data[1]) == "äse".encode()
    assert data.train.fields["next"].classes == 256
    assert (len(data.train), len(data.test)) == (116, 0)


def test_sequences_feed_a_net(tmp_path):
    data = letters(tmp_path, b"abcdefg" * 20, length=7)
    inputs = {n: Tensor((7,), "i64", classes=96) for n in ("text", "next")}
    bound = bind(data, inputs)
    out = np.empty((2, 7), np.int64)
    bound.train.fill(np.array([1, 0]), {"next": out}, np.random.default_rng(0), training=True)
    assert "".join(data.class_names[n] for n in out[0]) == "bcdefga"


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"", {}, "there is nothing in it"),
        (b"short", {}, "too few for sequences of 64"),
        (b"a" * 100, {"length": 50, "holdout": 0.2}, "too few for sequences of 50"),
        (b"ok\nna\xc3\xafve", {}, "byte 195 in line 2"),
    ],
)
def test_texts_that_give_no_sequences_are_refused(tmp_path, content, options, words):
    (problem,) = letters(tmp_path, content, **options)
    assert words in problem.diagnostic().message
