import gzip
import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.training.data.idx import outline_idx, read_idx
from netc.training.data.problems import Unusable


def idx_bytes(array, code=0x08):
    head = bytes((0, 0, code, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.tobytes()


SOUND = idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))


@pytest.fixture
def read(tmp_path):
    def write_and_read(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return read_idx(path)

    return write_and_read


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("idx") / "file"


def problem_of(read, content):
    with pytest.raises(Unusable) as caught:
        read(content)
    return caught.value.problem


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_plain_and_gzipped_files_are_read(read, pack):
    array = read(pack(SOUND))
    assert array.shape == (2, 3, 4)
    assert array[1, 2, 3] == 23


@pytest.mark.parametrize(
    ("code", "written"),
    [(0x09, "i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")],
)
def test_every_element_type_comes_in_native_order(read, code, written):
    array = read(idx_bytes(np.array([-3, 5], written), code))
    assert array.tolist() == [-3, 5]
    assert array.dtype.isnative


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"", "begins with two zero bytes", "at byte 0"),
        (b"PK\3\4", "begins with two zero bytes", "at byte 0"),
        (b"\0\0\7\1\0\0\0\1a", "no element type 0x07", "at byte 2"),
        (b"\0\0\x08\xff", "cannot have 255 axes", "at byte 3"),
        (SOUND[:10], "ends inside its header", "at byte 10"),
        (SOUND + b"x", "goes on after the last", "at byte 40"),
        (SOUND[:-1], "promises [2, 3, 4], 24 bytes, but there are at most 23", "at byte 4"),
        (gzip.compress(SOUND[:-1]), "ends after 23 of 24 bytes", "at byte 39"),
        (gzip.compress(SOUND + b"x"), "goes on after the last", "at byte 40"),
        (gzip.compress(SOUND)[:-9], "damaged gzip file", ""),
        (gzip.compress(SOUND)[:-8] + bytes(8), "damaged gzip file", "CRC"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_damage_is_told_with_its_place(read, content, reason, place):
    problem = problem_of(read, content)
    assert reason in problem.reason
    assert place in problem.place


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_no_memory_is_taken_for_what_the_file_cannot_hold(read, pack):
    liar = pack(b"\0\0\x08\3" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1))
    assert "promises" in problem_of(read, liar).reason


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(Unusable, match="is a directory"):
        read_idx(tmp_path)


@given(content=st.binary(max_size=60))
def test_any_bytes_are_data_or_a_problem(place, content):
    assert_reads_or_refuses(place, content)


@given(at=st.integers(0, 8 * 60), end=st.integers(1, 200), zipped=st.booleans())
@settings(max_examples=200)
def test_damaged_files_are_data_or_a_problem(place, at, end, zipped):
    content = bytearray(gzip.compress(SOUND) if zipped else SOUND)
    content[at // 8 % len(content)] ^= 1 << at % 8
    assert_reads_or_refuses(place, bytes(content[:end]))


def assert_reads_or_refuses(place, content):
    place.write_bytes(content)
    with suppress(Unusable):
        assert outline_idx(place).nbytes == 0
        assert read_idx(place).nbytes <= 1032 * len(content)
