"""`netc convert` writes the same tree in another language, and says what it leaves out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from netc.formats import WRITTEN, is_same, read_alone
from netc.spec import Library
from tests.cli.conftest import DIGITS, Run
from tests.formats.whole import TEXTS

Write = Callable[..., Path]

TINY = "net a {  # one\n    input x [4]\n    # two\n    output y = dense(3)\n}\n"


def tree(path: Path) -> Library:
    found = read_alone(str(path))
    assert isinstance(found, Library), found
    return found


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize("text", TEXTS)
def test_there_and_back_is_the_same_tree(run: Run, spec: Write, suffix: str, text: str) -> None:
    path = spec(text)
    there, back = path.with_name(f"there{suffix}"), path.with_name("back.net")
    run("convert", path, "-o", there)
    run("convert", there, "-o", back)
    assert is_same(tree(path), tree(there))
    assert is_same(tree(path), tree(back))
    run("fmt", "--check", back)


def test_used_files_that_use_each_other_by_many_ways_are_looked_into_once(
    run: Run, tmp_path: Path
) -> None:
    for level in range(30):
        uses = "".join(f'use "{side}{level + 1}.net"\n' for side in "ab") if level < 29 else ""
        for side in "ab":
            text = f"{uses}block {side}{level}() {{ relu }}\n"
            (tmp_path / f"{side}{level}.net").write_text(text)
    path = tmp_path / "main.net"
    path.write_text('use "a0.net"\nnet m { input x [4]; output a0() }\n')
    assert '"block": "a0"' in run("convert", path, "--to", "json").stdout
    assert "a0()" in run("convert", path, "--to", "net").stdout


def test_texts_of_used_files_may_be_unwritable(run: Run, tmp_path: Path) -> None:
    used = {"let": {"a": {"text": '"'}}, "blocks": [{"name": "unit", "body": ["relu"]}]}
    whole = {"use": ["used.json"], "net": {"name": "a", "body": [{"input": "x", "shape": [4]}]}}
    for name, data in (("used.json", used), ("main.json", whole)):
        (tmp_path / name).write_text(json.dumps(data))
    assert "net a {" in run("convert", tmp_path / "main.json", "--to", "net").stdout


def test_comments_are_left_out_and_counted(run: Run, spec: Write) -> None:
    result = run("convert", spec(TINY), "--to", "net")
    assert result.stdout == "net a {\n    input x [4]\n\n    output y = dense(3)\n}\n"
    assert result.stderr == "note: 2 comments left out\n"


def test_standard_input_and_output(run: Run) -> None:
    assert run("convert", "-", "--to", "net", "-o", "-", input="block a {relu}").stdout == (
        "block a {\n    relu\n}\n"
    )


def test_an_existing_file_is_overwritten_but_not_the_one_that_is_read(
    run: Run, spec: Write
) -> None:
    path, old = spec(TINY), spec("old", "old.net")
    run("convert", path, "-o", old)
    assert "input x [4]" in old.read_text()
    result = run("convert", path, "-o", path.parent / "." / path.name, code=2)
    assert "is the file that is read" in result.stderr
    assert path.read_text() == TINY


def test_where_to_write_must_be_said_in_some_way(run: Run, tmp_path: Path) -> None:
    assert "no language to write is named" in run("convert", DIGITS, code=2).stderr
    assert "unwritable-format" in run("convert", DIGITS, "-o", tmp_path / "a.txt", code=2).stderr
    run("convert", DIGITS, "-o", tmp_path / "a.txt", "--to", "net")
    assert (tmp_path / "a.txt").read_text().startswith("net digits {")


def test_a_wrong_file_is_told_of_and_nothing_is_written(
    run: Run, spec: Write, tmp_path: Path
) -> None:
    assert "syntax-error" in run("convert", spec("net"), "-o", tmp_path / "b.net", code=1).stderr
    assert "unreadable-file" in run("convert", tmp_path / "no.net", "--to", "net", code=3).stderr
    assert not (tmp_path / "b.net").exists()


def test_use_lines_that_lead_elsewhere_are_told_of(run: Run, spec: Write, tmp_path: Path) -> None:
    path = spec('use "blocks.net"\nnet a {\n    input x [4]\n}\n')
    (tmp_path / "other").mkdir()
    assert run("convert", path, "-o", tmp_path / "b.net").stderr == ""
    assert "the `use` lines" in run("convert", path, "-o", tmp_path / "other" / "b.net").stderr
