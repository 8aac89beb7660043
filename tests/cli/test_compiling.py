"""Compiling as it is seen: a word where it takes long, and none at all where nothing is run."""

import json
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from netc.cli.measures import Measures
from netc.cli.progress import JsonLines, Lines
from netc.training import Compiling, Ended, Network, Stepped
from tests.training.small import graph_of, ready

COMMANDS = (["--version"], ["check"], ["summary"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_runs_nothing_does_not_wait_for_llvm(command: list[str]) -> None:
    words = [*command, "specs/mnist.net"] if command[0] != "--version" else command
    program = f"""
import sys
from netc.cli import main
sys.argv = ["netc", *{words!r}]
try:
    main.main()
except SystemExit:
    pass
assert not {{"llvmlite", "netc.native"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_lines_say_it_once_in_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    view = Lines(Measures(graph_of()))
    view.see(Compiling(34, 151))
    view.see(Compiling(60, 151))
    out, err = capsys.readouterr()
    assert (out + err).split() == ["compiling", "kernels", "34/151"]


def test_programs_are_told_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    JsonLines("runs/small-1").see(Compiling(34, 151))
    assert json.loads(capsys.readouterr().out) == {"event": "compile", "done": 34, "total": 151}


def test_a_training_waits_for_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loop = ready(tmp_path / "run").loop
    codes: list[Future[bytes]] = [Future(), Future()]
    codes[0].set_result(b"")
    monkeypatch.setattr("netc.training.loop._LONG", 0.01)
    monkeypatch.setattr(Network, "begin", lambda *_: codes)
    events = loop.events()
    next(events)
    assert next(events) == next(events) == Compiling(1, 2)
    codes[1].set_result(b"")
    assert isinstance(next(events), Stepped)


def test_a_training_may_be_stopped_while_it_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netc.training.loop._LONG", 0.01)
    monkeypatch.setattr(Network, "begin", lambda *_: [Future()])
    *_, ended = ready(tmp_path / "run").loop.events(lambda: True)
    assert isinstance(ended, Ended)
    assert ended.reason == "interrupted"
