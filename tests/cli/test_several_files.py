"""Nets of several files, and files that hold only blocks, on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run

Write = Callable[..., Path]

UNIT = "block unit(width) {\n    dense(width) -> relu\n}\n"
NET = 'use "unit.net"\n\nnet a {\n    input x [4]\n    output unit(3)\n}\n'


def test_a_file_of_blocks_is_told_with_their_number(run: Run, spec: Write) -> None:
    path = spec(UNIT + UNIT.replace("unit", "pair"), "blocks.net")
    assert run("check", path).stdout == f"{path}: ok (2 blocks)\n"


def test_a_mistake_in_a_file_of_blocks_is_told(run: Run, spec: Write) -> None:
    path = spec(UNIT.replace("relu", "rely"), "unit.net")
    result = run("check", path, code=1)
    assert "`rely`" in result.stderr
    assert result.stdout == ""


def test_a_mistake_in_a_file_of_blocks_is_mended(run: Run, spec: Write) -> None:
    path = spec(UNIT.replace("dense", "Dense"), "unit.net")
    run("check", path, "--fix")
    assert path.read_text() == UNIT


@pytest.mark.parametrize("command", ["summary", "train"])
def test_a_file_of_blocks_is_no_net(run: Run, spec: Write, command: str) -> None:
    assert "no-net" in run(command, spec(UNIT, "unit.net"), code=1).stderr


@pytest.mark.parametrize("text", ["", "let k = 3\n", UNIT + "train { batch 3 }\n"])
def test_a_file_without_blocks_or_with_a_train_section_lacks_its_net(
    run: Run, spec: Write, text: str
) -> None:
    assert "no-net" in run("check", spec(text), code=1).stderr


def test_a_net_of_two_files_is_one_net(run: Run, spec: Write) -> None:
    spec(UNIT, "unit.net")
    path = spec(NET, "main.net")
    assert "15 params" in run("check", path).stdout
    assert json.loads(run("summary", path, "--json").stdout)["params"] == 15


def test_a_mistake_in_another_file_is_told_by_its_place_there(run: Run, spec: Write) -> None:
    unit = spec(UNIT.replace("relu", "rely"), "unit.net")
    path = spec(NET, "main.net")
    (found,) = json.loads(run("check", path, "--output-format", "json", code=1).stdout)[
        "diagnostics"
    ]
    first, *others = found["spans"]
    assert (first["file"], first["line"], first["primary"]) == (str(unit), 2, True)
    assert str(path) in {other["file"] for other in others}


def test_only_the_file_that_is_given_is_mended(run: Run, spec: Write) -> None:
    unit = spec(UNIT.replace("dense", "Dense"), "unit.net")
    run("check", spec(NET, "main.net"), "--fix", code=1)
    assert "Dense" in unit.read_text()


def test_a_file_that_is_not_there_ends_with_3(run: Run, spec: Write) -> None:
    assert "unreadable-use" in run("check", spec(NET, "main.net"), code=3).stderr


def test_two_files_that_use_one_file_may_be_checked_together(run: Run, spec: Write) -> None:
    spec(UNIT, "unit.net")
    one, two = spec(NET, "one.net"), spec(NET, "two.net")
    assert run("check", one, two).stdout.count(": ok (net a") == 2
