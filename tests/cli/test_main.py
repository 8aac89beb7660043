"""How runs end: exit codes, streams, and what is said when netc itself is at fault."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from netc import __version__
from netc.cli.guard import guarded
from netc.cli.main import COMMANDS
from tests.cli.conftest import DIGITS, ROOT, Run

LIGHT = ("rich", "onnx", "onnxruntime", "PIL", "torch", "safetensors", "netc.engines")
LIGHT += ("netc.training.run", "netc.formats.json.parse")


def netc(*words: str, **options: object) -> "subprocess.Popen[bytes]":
    """Start `python -m netc`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "netc", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        **options,  # type: ignore[call-overload]
    )


def test_netc_alone_teaches(run: Run) -> None:
    text = run().stdout
    assert text.count("  netc ") >= 3
    assert all(f"\n  {name}" in text for name in COMMANDS)


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").stdout == f"netc {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run: Run, name: str) -> None:
    assert run(name, "--help").stdout.startswith(f"Usage: netc {name}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "there is no command `chek`"),
        (["check"], "missing argument"),
        (["check", "--foo"], "no such option"),
        (["summary", DIGITS, "--batch", "0"], "--batch"),
        (["predict", "a.onnx"], "predict on what?"),
        (["train"], "train what?"),
        (["compile", DIGITS], "missing option `-o`"),
    ],
)
def test_wrong_words_end_with_2(run: Run, words: list[str], said: str) -> None:
    result = run(*words, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert said in result.stderr
    assert "= help:" in result.stderr


def test_a_command_misspelt_is_answered_with_the_nearest(run: Run) -> None:
    assert "did you mean `check`?" in run("chek", code=2).stderr


def _broken() -> None:
    raise ZeroDivisionError("division by zero")


def test_a_bug_ends_with_70_and_asks_for_a_report(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NETC_DEBUG", raising=False)
    assert guarded(_broken) == 70
    error = capfd.readouterr().err
    assert "netc has a bug: ZeroDivisionError: division by zero" in error
    assert "please report it" in error
    assert "Traceback" not in error


def test_a_bug_shows_its_traceback_when_asked_to(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETC_DEBUG", "1")
    assert guarded(_broken) == 70
    assert "Traceback" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (MemoryError("too much"), 1),
        (PermissionError(13, "Permission denied", "a.net"), 3),
        (click.exceptions.Exit(4), 4),
    ],
)
def test_every_way_to_end_has_its_code(error: BaseException, code: int) -> None:
    def throw() -> None:
        raise error

    assert guarded(throw) == code


def test_a_real_process_keeps_its_streams_apart() -> None:
    done = netc("check", DIGITS, "nowhere.net")
    out, error = done.communicate(timeout=60)
    assert done.returncode == 3
    assert out.decode().startswith(f"{DIGITS}: ok")
    assert error.decode().startswith("error[unreadable-file]")
    assert b"\x1b" not in out + error


def test_colours_are_for_those_who_ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("check", "nowhere.net", "--color", "always")
    assert "\x1b[" in run(*asked, code=3).stderr
    assert "\x1b[" in run("--color", "always", "check", "nowhere.net", code=3).stderr
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" in run(*asked, code=3).stderr
    assert "\x1b[" not in run("check", "nowhere.net", code=3).stderr


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_a_reader_that_goes_away_is_no_trouble() -> None:
    done = netc("explain", "--list")
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.close()
    assert done.stderr.read() == b""
    assert done.wait(timeout=60) == 141


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_ctrl_c_saves_and_ends_with_130(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = netc("train", DIGITS, "--epochs", "100000", "--out", str(folder), "--json")
    assert done.stdout is not None
    events = [json.loads(done.stdout.readline())["event"]]
    while events.count("step") < 2:  # on a busy machine compiling is told of, too
        events.append(json.loads(done.stdout.readline())["event"])
    assert events[0] == "start"
    done.send_signal(signal.SIGINT)
    out, error = done.communicate(timeout=60)
    assert done.returncode == 130
    assert json.loads(out.splitlines()[-1])["reason"] == "interrupted"
    assert "netc train --resume" in error.decode()
    assert (folder / "state.safetensors").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_ctrl_c_that_meets_a_dataclass_ends_with_130_too() -> None:
    code = (
        "import os, signal, sys; from netc.cli import main; import netc.cli.check as check\n"
        # a shell that starts the tests in the background has it ignored
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def press(*_, **__): exec('os.kill(os.getpid(), signal.SIGINT)', globals())\n"
        "check.command.callback = press\n"
        f"sys.argv = ['netc', 'check', {DIGITS!r}]; main.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, cwd=ROOT)
    assert (done.returncode, done.stderr) == (130, b"error: interrupted\n")


def test_checking_imports_nothing_heavy() -> None:
    code = (
        "import sys; from netc.cli.checked import check; import netc.cli.check, netc.cli.main;"
        f"check({DIGITS!r}); print([m for m in {LIGHT!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=True, cwd=ROOT
    )
    assert done.stdout.decode().strip() == "[]"


def test_a_text_that_is_no_text_is_told_of(
    run: Run, spec: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "noise.net"
    path.write_bytes(bytes(range(256)))
    for words in (["check"], ["summary"], ["train"], ["compile", "-o", str(tmp_path / "x.onnx")]):
        assert "not-text" in run(words[0], path, *words[1:], code=1).stderr


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes the streams")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check - <&-", 1),
        (f"check {DIGITS} >&-", 0),
        ("check nowhere.net 2>&-", 3),
        (f"train {DIGITS} --steps 1 --out run <&- >&- 2>&-", 0),
    ],
)
def test_closed_streams_are_no_trouble(line: str, code: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shell = f"{sys.executable} -m netc {line}"
    done = subprocess.run(shell, shell=True, cwd=tmp_path, env=environment, timeout=60)
    assert done.returncode == code
