"""The shell completes commands, options, files and the names that have a page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from netc.cli.main import COMMANDS, netc
from tests.cli.conftest import ROOT, Run


def words(*before: str, incomplete: str = "") -> list[tuple[str, str]]:
    """What is offered behind these words, each with its type."""
    complete = ShellComplete(netc, {}, "netc", "_NETC_COMPLETE")
    return [(i.type, i.value) for i in complete.get_completions(list(before), incomplete)]


def test_commands_and_options_are_completed() -> None:
    assert words() == [("plain", name) for name in COMMANDS]
    assert ("plain", "--output-format") in words("check", incomplete="--out")
    formats = words("check", "--output-format", incomplete="s")
    assert formats == [("plain", "sarif")]


@pytest.mark.parametrize(
    ("before", "type"),
    [
        (("check",), "file"),
        (("check", "a.net"), "file"),
        (("summary",), "file"),
        (("compile", "a.net", "--weights"), "file"),
        (("train", "a.net", "--out"), "dir"),
        (("test", "a.net", "--report"), "dir"),
    ],
)
def test_files_and_folders_are_left_to_the_shell(before: tuple[str, ...], type: str) -> None:
    assert words(*before, incomplete="sp") == [(type, "sp")]


def test_names_with_a_page_are_completed() -> None:
    assert ("plain", "max_pool") in words("explain", incomplete="max_")
    assert ("plain", "max_pool") in words("explain", incomplete="max-p")
    assert words("explain", incomplete="bad-sh") == [("plain", "bad-shape")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_for_each_shell(run: Run, shell: str) -> None:
    script = run("completion", shell).stdout
    assert f"_NETC_COMPLETE={shell}_complete" in script
    run("completion", "cmd", code=2)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(tmp_path: Path) -> None:
    program = tmp_path / "netc"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m netc "$@"\n')
    program.chmod(0o755)
    script = """
        set -e
        source <(netc completion bash)
        COMP_WORDS=(netc explain bad-sh); COMP_CWORD=2
        _netc_completion netc
        echo "${COMPREPLY[@]}"
    """
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=env)
    assert done.stdout == "bad-shape\n", done.stderr


def test_a_shell_that_is_not_named_is_asked_for_on_one_line(run: Run) -> None:
    said = run("completion", code=2).stderr
    assert "help: choose from: bash, zsh, fish" in said
