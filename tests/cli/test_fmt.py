"""`netc fmt` brings files into form, touches nothing else, and leaves what is wrong alone."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Run

Write = Callable[..., Path]

UGLY = "net a{\ninput x[4]\n\tdense( 3 )#last\n}"
RIGHT = "net a {\n    input x [4]\n    dense(3)  # last\n}\n"
WRONG = "net a {\n    input x [4]\n    dense 3\n}\n"


def test_a_file_is_formatted_in_its_place(run: Run, spec: Write) -> None:
    path = spec(UGLY)
    result = run("fmt", path)
    assert path.read_text() == RIGHT
    assert (result.stdout, result.stderr) == ("", "1 file reformatted\n")


def test_line_ends_and_rights_of_a_file(run: Run, spec: Write) -> None:
    path = spec("")
    path.write_bytes(RIGHT.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    run("fmt", path)
    assert path.read_bytes() == RIGHT.encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one(run: Run, spec: Write, tmp_path: Path) -> None:
    path, link = spec(UGLY), tmp_path / "link.net"
    link.symlink_to(path)
    run("fmt", link)
    assert link.is_symlink()
    assert path.read_text() == RIGHT


def test_a_file_in_form_is_not_touched(run: Run, spec: Write) -> None:
    path = spec(RIGHT)
    os.utime(path, (1, 1))
    assert run("fmt", path).stderr == "1 file left unchanged\n"
    assert path.stat().st_mtime == 1


def test_a_file_with_syntax_errors_is_left_and_the_others_are_not(run: Run, spec: Write) -> None:
    wrong, ugly = spec(WRONG, "wrong.net"), spec(UGLY, "ugly.net")
    result = run("fmt", wrong, ugly, code=1)
    assert "error[syntax-error]" in result.stderr
    assert result.stderr.endswith("1 file reformatted, 1 file with problems\n")
    assert wrong.read_text() == WRONG
    assert ugly.read_text() == RIGHT


def test_check_lists_what_would_change_and_writes_nothing(run: Run, spec: Write) -> None:
    ugly, right = spec(UGLY, "ugly.net"), spec(RIGHT, "right.net")
    result = run("fmt", "--check", ugly, right, code=1)
    assert result.stdout == f"{ugly}\n"
    assert result.stderr == "1 file would be reformatted, 1 file already formatted\n"
    assert ugly.read_text() == UGLY
    assert run("fmt", "--check", right).stdout == ""


def test_diff_shows_what_would_change_and_writes_nothing(run: Run, spec: Write) -> None:
    path = spec("net a {\n    input x[4]\n}\n")
    shown = run("fmt", "--diff", path).stdout.splitlines()
    assert shown == [
        f"--- {path}",
        f"+++ {path} (formatted)",
        "@@ -1,3 +1,3 @@",
        " net a {",
        "-    input x[4]",
        "+    input x [4]",
        " }",
    ]
    assert path.read_text() == "net a {\n    input x[4]\n}\n"
    assert run("fmt", "--diff", "--check", path, code=1).stdout.splitlines() == shown


def test_a_difference_of_line_ends_alone_is_shown(run: Run, spec: Write) -> None:
    path = spec("")
    path.write_bytes(RIGHT.replace("\n", "\r\n").encode())
    shown = run("fmt", "--diff", path).stdout
    assert "-net a {\n" in shown
    assert "\r" not in shown


def test_standard_input_goes_to_standard_output(run: Run) -> None:
    result = run("fmt", "-", input=UGLY)
    assert (result.stdout, result.stderr) == (RIGHT, "")
    assert run("fmt", "-", "--check", input=UGLY, code=1).stdout == "<stdin>\n"
    assert run("fmt", "-", input=WRONG, code=1).stdout == ""


def test_a_folder_stands_for_the_specs_in_it(run: Run, spec: Write, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    ugly, hidden = spec(UGLY, "deep/ugly.net"), spec(UGLY, ".hidden/ugly.net")
    spec(UGLY, "notes.txt")
    result = run("fmt", tmp_path, ugly)
    assert result.stderr == "1 file reformatted\n"
    assert hidden.read_text() == UGLY
    assert run("fmt", tmp_path / ".hidden" / "..").stderr == "1 file left unchanged\n"


def test_a_library_of_blocks_is_formatted_too(run: Run, spec: Write) -> None:
    path = spec("block a{relu}")
    run("fmt", path)
    assert path.read_text() == "block a { relu }\n"


def test_what_is_no_net_text_is_refused(run: Run, spec: Write) -> None:
    path = spec("{}", "a.json")
    assert "error[unformattable]" in run("fmt", path, code=2).stderr
    assert "unreadable-file" in run("fmt", path.with_name("none.net"), code=3).stderr


@pytest.mark.parametrize("folder", ["specs", "examples"])
def test_the_specs_of_this_repository_are_in_form(run: Run, folder: str) -> None:
    run("fmt", "--check", ROOT / folder)
