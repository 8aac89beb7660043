"""`netc train` and `netc test`: what they say, keep and return."""

import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from netc.cli.measures import Measures
from netc.cli.progress import Bar
from netc.training import Started
from netc.training import Tested as Measurement
from tests.cli.conftest import DIGITS, Run
from tests.training.small import graph_of


def test_training_is_told_in_a_table_and_ends_with_the_weights(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    result = run("train", DIGITS, "--steps", "50", "--out", folder)
    # A busy machine may be told how far compiling is.
    lines = [line for line in result.stderr.splitlines() if "compiling" not in line]
    assert lines[0].startswith("digits: 30,634 params, 1,438 examples to learn from")
    title = next(i for i, line in enumerate(lines) if "epoch" in line and "test loss" in line)
    assert [line.split()[0] for line in lines[title + 1 : title + 3]] == ["1", "2"]
    assert "trained in" in result.stdout
    assert f"best weights: {folder / 'best.safetensors'}" in result.stdout


def test_json_lines_tell_every_event(run: Run, tmp_path: Path) -> None:
    result = run("train", DIGITS, "--epochs", "1", "--out", tmp_path / "run", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.stderr == ""
    assert [e["event"] for e in events if e["event"] != "compile"][:2] == ["start", "step"]
    assert events[-1]["event"] == "end"
    step = next(e for e in events if e["event"] == "step")
    assert {"step", "epoch", "loss", "rate", "examples_per_second"} <= set(step)
    test = next(e for e in events if e["event"] == "test")
    assert {"step", "epoch", "loss", "metrics"} <= set(test)


def test_quiet_says_nothing(run: Run, tmp_path: Path) -> None:
    result = run("train", DIGITS, "--steps", "2", "--out", tmp_path / "run", "--quiet")
    assert result.output == ""


def test_a_run_goes_on(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run("train", DIGITS, "--steps", "10", "--out", folder, "--quiet")
    result = run("train", "--resume", folder, "--steps", "12")
    assert "going on after step 10" in result.stderr


@pytest.mark.parametrize("words", [[DIGITS], ["--seed", "2"], ["--set", "batch=3"]])
def test_a_run_goes_on_as_it_began(run: Run, trained: Path, words: list[str]) -> None:
    assert "goes on as it began" in run("train", "--resume", trained, *words, code=2).stderr


def test_settings_from_the_command_line_are_kept_with_the_run(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    words = ("--steps", "2", "--seed", "7", "--set", "batch=16", "--quiet")
    run("train", DIGITS, "--out", folder, *words)
    kept = (folder / "spec.net").read_text(encoding="utf-8")
    assert all(word in kept for word in ("batch      16", "seed       7", "steps      2"))


def test_a_loss_that_is_no_number_ends_with_4(run: Run, tmp_path: Path) -> None:
    wild = ("--set", "optimizer=sgd(rate: 1e15)", "--epochs", "3")
    result = run("train", DIGITS, *wild, "--out", tmp_path / "run", code=4)
    assert "training diverged in step" in result.stderr
    assert "= help:" in result.stderr


def test_absent_data_end_with_3(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETC_DATA", raising=False)
    images = ("--set", 'data=idx(images: "nowhere", labels: "nowhere")')
    result = run("train", DIGITS, *images, "--out", tmp_path / "run", code=3)
    assert "missing-data" in result.stderr
    assert not (tmp_path / "run").exists()


def test_a_wrong_engine_or_run_is_told_of(run: Run, tmp_path: Path) -> None:
    assert "unknown-engine" in run("train", DIGITS, "--engine", "gpu", code=2).stderr
    assert "unusable-run" in run("train", "--resume", tmp_path / "nowhere", code=3).stderr


def test_testing_measures_what_training_measured(run: Run, trained: Path) -> None:
    weights = trained / "best.safetensors"
    document = json.loads(run("test", DIGITS, "--weights", weights, "--json").stdout)
    assert set(document) == {"loss", "metrics", "examples"}
    assert document["examples"] == 359
    lines = (trained / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    tests = [line for line in map(json.loads, lines) if line["event"] == "test"]
    best = max(tests, key=lambda line: line["metrics"]["accuracy"])
    assert document["metrics"]["accuracy"] == pytest.approx(best["metrics"]["accuracy"])
    text = run("test", DIGITS, "--weights", weights).stdout
    assert f"accuracy  {100 * document['metrics']['accuracy']:.2f} %" in text


def test_weights_that_are_none_are_told_of(run: Run, tmp_path: Path) -> None:
    assert "unreadable-weights" in run("test", DIGITS, "--weights", "nowhere", code=3).stderr
    noise = tmp_path / "noise.safetensors"
    noise.write_bytes(b"\x10" * 64)
    assert "unreadable-weights" in run("test", DIGITS, "--weights", noise, code=3).stderr
    run("test", DIGITS, code=2)


def test_steps_that_are_no_whole_epochs_are_told_as_steps(run: Run, tmp_path: Path) -> None:
    result = run("train", DIGITS, "--steps", "2", "--out", tmp_path / "run")
    assert "\n2 steps, 45 to an epoch, batches of 32" in result.stderr


def test_a_run_that_is_done_says_how_to_go_on(run: Run, trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(trained, folder)
    said = run("train", "--resume", folder).stderr
    assert "all of it is done; `--epochs` or `--steps` make the run longer" in said
    assert "test loss" not in said


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (100, "epoch loss accuracy test loss test accuracy rate time"),
        (60, "epoch loss accuracy test loss test accuracy"),
        (40, "epoch test loss test accuracy"),
        (10, "epoch test loss test accuracy"),
    ],
)
def test_a_narrow_terminal_gets_fewer_columns(width: int, titles: str) -> None:
    paper = io.StringIO()
    measures = Measures(graph_of())
    bar = Bar(measures, Console(file=paper, width=width, color_system=None))
    for event in (
        Started("small", 10, 20, 30, 5, 6, 6, 0, 10, 5, "cpu", 1),
        Measurement(5, 1, 0.5, {"accuracy": 0.5}, 5, is_best=True),
    ):
        bar.see(event)
    bar.close()
    rows = [line for line in paper.getvalue().splitlines() if "epoch " in line or "best" in line]
    if width >= 40:
        assert " ".join(rows[-2].split()) == titles
        assert max(map(len, rows)) <= width
    else:
        assert "accuracy" in paper.getvalue()


@pytest.mark.parametrize(("step", "is_said"), [(0, True), (10, False)])
def test_a_terminal_is_not_left_bare_while_code_is_compiled(step: int, is_said: bool) -> None:
    paper = io.StringIO()
    bar = Bar(Measures(graph_of()), Console(file=paper, width=80, force_terminal=True))
    bar.see(Started("small", 10, 20, 30, 5, 6, 6, step, 10, 5, "cpu", 1))
    bar.close()
    assert ("getting ready" in paper.getvalue()) == is_said
