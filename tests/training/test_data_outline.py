"""What is known of data before they are read is what is found in them when they are."""

import csv
import gzip
import struct

import numpy as np
import pytest

from netc.ir import build
from netc.training import Settings, Where, check_data, settings_for_training
from netc.training.data import SOURCES, Dataset, bind, open_source, outline_source
from netc.training.data.images import FILES
from netc.types import Tensor
from tests.training.small import section

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (30, 28, 28), dtype=np.uint8)
LABELS = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1, 4] * 3, np.uint8)


def idx(array):
    head = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


@pytest.fixture
def where(tmp_path, monkeypatch):
    """A folder with data for every source."""
    monkeypatch.delenv("NETC_DATA", raising=False)
    for file in FILES:
        (tmp_path / file).write_bytes(idx(PIXELS if "images" in file else LABELS))
    np.savez_compressed(tmp_path / "a.npz", image=PIXELS[:, None], mask=PIXELS % 3, label=LABELS)
    np.savez(tmp_path / "parts.npz", train_x=np.ones((6, 3)), test_x=np.ones((2, 3)))
    with (tmp_path / "a.csv").open("w") as file:
        rows = [("one", "two", "kind", "goal"), *((1, n, n % 3, 2.5) for n in range(20))]
        csv.writer(file).writerows(rows)
    (tmp_path / "a.txt").write_text("so it goes on\n" * 40)
    return Where(tmp_path)


CASES = [
    ("mnist", {}),
    ("mnist", {"crop": 24, "mirror": True}),
    ("fashion_mnist", {"pad": 2, "crop": 30}),
    ("digits", {"crop": 7}),
    ("idx", {"images": FILES[0], "labels": FILES[1], "pad": 1}),
    ("idx", dict(zip(("images", "labels", "test_images", "test_labels"), FILES, strict=True))),
    ("npz", {"file": "a.npz", "crop": 9}),
    ("npz", {"file": "parts.npz"}),
    ("csv", {"file": "a.csv", "label": "kind", "target": "goal"}),
    ("text", {"file": "a.txt", "length": 9}),
    ("pairs", {"of": SOURCES["digits"]()}),
    ("reconstruct", {"of": SOURCES["digits"](crop=5)}),
]


@pytest.mark.parametrize(("name", "options"), CASES)
def test_an_outline_has_the_shapes_and_classes_of_the_data(where, name, options):
    if name == "fashion_mnist":
        labels = np.array([9, 0, 0, 3, 0, 2, 7, 2, 5, 5] * 3, np.uint8)
        for file in (FILES[1], FILES[3]):
            (where.spec_folder / file).write_bytes(idx(labels))
    source = SOURCES[name](**options)
    whole, known = open_source(source, where), outline_source(source, where)
    assert isinstance(whole, Dataset)
    assert isinstance(known, Dataset)
    for part, outlined in ((whole.train, known.train), (whole.test, known.test)):
        assert part.shapes == outlined.shapes
        for name, field in part.fields.items():
            assert outlined.fields[name].classes == field.classes
    assert whole.class_names == known.class_names


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "digits"])
def test_well_known_data_are_known_without_their_files(tmp_path, name):
    known = outline_source(SOURCES[name](), Where(tmp_path))
    assert isinstance(known, Dataset)
    assert known.train.shapes["image"] in ((1, 28, 28), (1, 8, 8))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("idx", {"images": "i", "labels": "l"}),
        ("npz", {"file": "absent.npz"}),
        ("csv", {"file": "absent.csv"}),
    ],
)
def test_nothing_is_known_of_absent_files(tmp_path, name, options):
    assert outline_source(SOURCES[name](**options), Where(tmp_path)) is None


def test_noise_fits_every_net(tmp_path):
    assert outline_source(SOURCES["random"](), Where(tmp_path)) is None


@pytest.mark.parametrize(
    ("name", "options", "content"),
    [
        ("idx", {"images": "f", "labels": FILES[1]}, b"\0\0\x08\x03" + b"\xff" * 12),
        ("idx", {"images": "f", "labels": FILES[1]}, idx(PIXELS[:0])),
        ("npz", {"file": "f"}, b"PK\3\4 and no more"),
        ("csv", {"file": "f"}, b""),
    ],
)
def test_damage_in_the_head_of_a_file_is_told(where, name, options, content):
    (where.spec_folder / "f").write_bytes(content)
    (problem,) = outline_source(SOURCES[name](**options), where)
    assert problem.slug == "damaged-data"


def test_no_pixel_is_read_for_an_outline(where):
    """The file ends after its header, which promises no more than a gzip file of its size holds."""
    head = bytes((0, 0, 8, 3)) + struct.pack(">3I", 30, 5, 5)
    (where.spec_folder / "f.gz").write_bytes(gzip.compress(head))
    source = SOURCES["idx"](images="f.gz", labels=FILES[1])
    assert outline_source(source, where).train.shapes["image"] == (1, 5, 5)
    (problem,) = open_source(source, where)
    assert problem.slug == "damaged-data"


def test_a_large_table_is_known_by_its_first_line(where, monkeypatch):
    monkeypatch.setattr("netc.training.data.table._SOON_READ", 10)
    known = outline_source(SOURCES["csv"](file="a.csv", label="kind"), where)
    assert known.train.shapes == {"features": (3,), "label": ()}
    inputs = {"x": Tensor((3,)), "label": Tensor((), "i64", classes=7)}
    assert isinstance(bind(known, inputs), Dataset)


@pytest.mark.parametrize(
    ("data", "slugs"),
    [
        ("digits()", []),
        ("digits(crop: 7)", ["data-mismatch"]),
        ("digits(crop: 9)", ["unusable-data"]),
        ("mnist(crop: 8)", []),
        ("mnist()", ["data-mismatch"]),
        ('csv("absent.csv")', []),
    ],
)
def test_a_net_is_checked_with_its_data(tmp_path, data, slugs):
    whole = section(f"data {data}")
    graph = build(whole).graph
    settings = settings_for_training(whole, graph).settings
    assert isinstance(settings, Settings)
    found = check_data(whole, graph, settings, Where(tmp_path))
    assert [problem.slug for problem in found] == slugs
