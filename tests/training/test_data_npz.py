import io
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.training.data import SOURCES, Dataset, Where, open_source, outline_source
from netc.training.data.npz import read_npz
from netc.training.data.problems import Unusable

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (20, 1, 6, 6), dtype=np.uint8)
LABELS = np.arange(20) % 4


def packed(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def zipped(members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def header(text, size=0):
    line = text.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\1\0" + len(line).to_bytes(2, "little") + line + bytes(size)


@pytest.fixture
def load(tmp_path):
    def write_and_open(content, **options):
        (tmp_path / "a.npz").write_bytes(content)
        return open_source(SOURCES["npz"](file="a.npz", **options), Where(tmp_path))

    return write_and_open


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("npz") / "file"


def test_arrays_are_fields_and_a_fixed_part_is_kept_for_testing(load):
    data, again = (load(packed(image=IMAGES, label=LABELS)) for _ in range(2))
    assert (len(data.train), len(data.test)) == (16, 4)
    assert data.train.fields["image"].shape == (1, 6, 6)
    assert data.train.fields["label"].classes == 4
    assert data.digest == again.digest
    assert load(packed(image=IMAGES + 1, label=LABELS)).digest != data.digest


def test_prefixes_say_what_is_for_testing(load):
    data = load(packed(train_x=IMAGES, train_y=LABELS, test_x=IMAGES[:5], test_y=LABELS[:5]))
    assert (len(data.train), len(data.test)) == (20, 5)
    assert set(data.train.fields) == {"x", "y"}


def test_numbers_stay_and_bytes_are_pixels(load):
    data = load(packed(image=IMAGES, far=np.arange(20.0)), crop=4, holdout=0.0)
    out = {"image": np.empty((1, 1, 4, 4)), "far": np.empty(1)}
    data.train.fill(np.array([7]), out, RNG, training=False)
    np.testing.assert_allclose(out["image"][0], IMAGES[7, :, 1:5, 1:5] / 255)
    assert out["far"] == 7


def test_bytes_are_mirrored_and_maps_as_large_as_they_must_be_bytes(load):
    data = load(packed(image=IMAGES, mask=IMAGES[:, 0], label=LABELS), mirror=True)
    assert [f.mirror for f in data.train.fields.values()] == [True, True, False]
    (problem,) = load(packed(image=IMAGES, mask=IMAGES[:, 0].astype(int)), mirror=True)
    assert problem.reason.startswith("`mask` is as large as the images, but int64")
    (problem,) = load(packed(far=np.arange(20.0)), mirror=True)
    assert "no images" in problem.reason


def test_fortran_order_and_foreign_byte_order_are_put_right(load):
    x = np.asfortranarray(np.arange(6.0).reshape(2, 3).astype(">f8"))
    data = load(packed(x=x), holdout=0.0)
    assert data.train.fields["x"].data.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"", "no sound NPZ file", ""),
        (packed(x=np.ones(3))[:-30], "no sound NPZ file", ""),
        (zipped({}), "there are no arrays", ""),
        (zipped({"x.npy": b"hello"}), "no NumPy array", "in `x.npy`"),
        (packed(x=np.array(["a", "b"])), "not numbers", "in `x.npy`"),
        (packed(x=np.array([{}], object)), "not numbers", "in `x.npy`"),
        (packed(x=np.float64(3)), "no examples", "in array `x`"),
        (packed(x=np.array([1.0, np.inf])), "not finite", "in array `x`, row 1"),
        (packed(x=np.array([1, -2])), "no class -2", "in `x`, row 1"),
        (packed(x=np.ones(3), y=np.ones(4)), "not as many rows: 3 in `x`, 4 in `y`", ""),
        (zipped({"x.npy": b""}, zipfile.ZIP_LZMA), "a way NumPy never uses", "in `x.npy`"),
    ],
)
def test_damage_is_told_with_its_place(load, content, message, place):
    (problem,) = load(content)
    assert message in problem.reason
    assert place in problem.place


def test_no_memory_is_taken_for_what_the_file_cannot_hold(load):
    lie = header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,)}", 64)
    (problem,) = load(zipped({"x.npy": lie}))
    assert "promises [99999999999], 799999999992 bytes" in problem.reason
    (problem,) = load(zipped({"x.npy": b"\x93NUMPY\2\0" + b"\xff\xff\xff\x7f" + bytes(99)}))
    assert "no array has a header of 2147483647 bytes" in problem.reason


def test_a_pickle_is_never_read(load):
    (problem,) = load(packed(x=np.array([print], object)))
    assert "not numbers" in problem.reason


@pytest.mark.parametrize(
    "names", [("train_x", "x"), ("test_x", "test_y"), ("train_x", "test_y")], ids=str
)
def test_arrays_that_do_not_pair_up_are_refused(load, names):
    (problem,) = load(packed(**{name: np.ones((3, 2)) for name in names}))
    assert "do not pair up" in problem.reason
    assert not problem.missing


@given(content=st.binary(max_size=200))
def test_any_bytes_are_data_or_a_problem(place, content):
    assert_reads_or_refuses(place, content)


SOUND = packed(x=np.arange(12.0).reshape(4, 3), y=np.arange(4))
STORED = zipped({"x.npy": header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", 8)}, 0)


@given(
    flips=st.lists(st.integers(0, 8 * 700), max_size=4),
    end=st.integers(1, 900),
    content=st.sampled_from([SOUND, STORED]),
)
@settings(max_examples=300)
def test_damaged_files_are_data_or_a_problem(place, flips, end, content):
    changed = bytearray(content)
    for at in flips:
        changed[at // 8 % len(changed)] ^= 1 << at % 8
    assert_reads_or_refuses(place, bytes(changed[: max(end, len(changed) // 2)]))


@given(text=st.text(max_size=110))
def test_any_array_header_is_data_or_a_problem(place, text):
    line = text.encode("latin-1", "replace").ljust(118) + b"\n"
    member = b"\x93NUMPY\1\0" + len(line).to_bytes(2, "little") + line + bytes(8)
    assert_reads_or_refuses(place, zipped({"x.npy": member}))


def assert_reads_or_refuses(place, content):
    place.write_bytes(content)
    with suppress(Unusable):
        read_npz(place)
    source, where = SOURCES["npz"](file=str(place)), Where(place.parent)
    whole, known = open_source(source, where), outline_source(source, where)
    assert isinstance(whole, Dataset) or whole[0].diagnostic().message
    assert isinstance(known, Dataset) or known[0].diagnostic().message
    if isinstance(whole, Dataset):
        assert isinstance(known, Dataset)
