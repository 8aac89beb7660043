"""Files that are no specs are told apart from specs with mistakes."""

from pathlib import Path

import pytest

from netc.diag import Problem
from netc.formats import LARGEST, read
from netc.formats.problems import FileTooLarge, NotText, UnreadableFile
from netc.spec import Spec


def problem(path: Path) -> Problem:
    found = read(str(path))
    assert isinstance(found, list)
    (only,) = found
    return only


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "lenet.net").touch()
    found = problem(tmp_path / "lenat.net")
    assert isinstance(found, UnreadableFile)
    assert "no such file" in found.reason
    assert "lenet.net" in found.diagnostic().helps[0]


def test_a_folder(tmp_path: Path) -> None:
    found = problem(tmp_path)
    assert isinstance(found, UnreadableFile)
    assert "directory" in found.reason


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert isinstance(problem(tmp_path / "a\0.net"), UnreadableFile)
    assert isinstance(problem(tmp_path / ("a" * 5000 + ".net")), UnreadableFile)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.net"
    path.write_bytes(b" " * (LARGEST + 1))
    assert isinstance(problem(path), FileTooLarge)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.net"
    path.write_bytes(b"net a {\n\xff\n}")
    found = problem(path)
    assert isinstance(found, NotText)
    assert (found.offset, found.byte) == (8, 0xFF)


def test_a_mark_of_byte_order_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "a.net"
    path.write_bytes(b"\xef\xbb\xbfnet a { input x [1] }")
    assert isinstance(read(str(path)), Spec)


@pytest.mark.parametrize("name", ["a.NET", "a.net"])
def test_the_ending_may_be_in_capitals(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("net a { input x [1] }")
    assert isinstance(read(str(path)), Spec)


def test_the_nearest_file_is_found_by_its_name_without_the_ending(tmp_path):
    for name in ("sparse.net", "lenet.net"):
        (tmp_path / name).write_text("net a {}")
    (near,) = read(str(tmp_path / "lnet.net"))
    (far,) = read(str(tmp_path / "nope.net"))
    assert near.way_out == f"did you mean `{tmp_path / 'lenet.net'}`?"
    assert far.way_out == ""


def test_a_network_with_weights_in_it_may_be_larger(tmp_path):
    layers = '{"layer_type":"input","out_sx":1,"out_sy":1,"out_depth":2},{"layer_type":"relu"}'
    path = tmp_path / "a.json"
    path.write_text(f'{{"layers":[{layers}]{" " * LARGEST}}}')
    assert not any(isinstance(found, FileTooLarge) for found in problems_of(path))
    path.write_text(f'{{"net":[]{" " * LARGEST}}}')
    assert any(isinstance(found, FileTooLarge) for found in problems_of(path))


def problems_of(path):
    found = read(str(path))
    return found if isinstance(found, list) else []
