"""`--set NAME=VALUE`: settings given on the command line, with places of their own."""

from pathlib import Path

import pytest

from tests.cli.conftest import DIGITS, Run

LINE = """net line {
    input x [1]
    input y [1]
    fit = dense(1)
    loss euclidean_loss(fit, y)
}
"""


def test_a_setting_can_be_changed_by_either_name(run: Run) -> None:
    run("check", DIGITS, "--set", "batch=16", "--set", "train.epochs=2")


def test_a_wrong_value_is_shown_as_it_was_given(run: Run) -> None:
    error = run("check", DIGITS, "--set", "batch=many", code=1).stderr
    assert " --> --set:1:7\n" in error
    assert "1 | batch=many\n  |       ^^^^" in error


def test_a_wrong_name_and_a_wrong_option_are_found(run: Run) -> None:
    error = run("check", DIGITS, "--set", "bach=3", "--set", "optimizer=sgd(rat: 1)", code=1).stderr
    assert "did you mean `batch`?" in error
    assert "--set:1:15" in error


def test_what_does_not_parse_keeps_its_place(run: Run) -> None:
    error = run("check", DIGITS, "--set", "schedule=step(2", code=1).stderr
    assert "--set:1:14" in error


def test_nothing_but_a_setting_gets_through(run: Run) -> None:
    run("check", DIGITS, "--set", "batch=3\nseed 4", code=2)
    run("check", DIGITS, "--set", "batch", code=2)
    run("check", DIGITS, "--set", "batch=3 } net b {", code=1)


def test_steps_stand_for_the_epochs_of_the_file(run: Run) -> None:
    run("check", DIGITS, "--set", "steps=3")
    error = run("check", DIGITS, "--set", "steps=3", "--set", "epochs=3", code=1).stderr
    assert "clashing-settings" in error


def test_a_file_without_a_train_section_can_be_given_one(run: Run) -> None:
    net = "net a {\n input image [1, 8, 8]\n output dense(3)\n}\n"
    error = run("check", "-", "--set", "batch=3", input=net, code=1).stderr
    assert "no-loss" in error


def test_data_named_on_the_command_line_are_looked_for_here(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a run that has begun with them goes on from anywhere."""
    nets, here = tmp_path / "nets", tmp_path / "here"
    nets.mkdir()
    here.mkdir()
    net = nets / "line.net"
    net.write_text(LINE, encoding="utf-8")
    (here / "points.csv").write_text(
        "x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(40)), encoding="utf-8"
    )
    monkeypatch.chdir(here)
    words = ("--set", 'train.data=csv("points.csv", target: "y")')
    run("check", net, *words)
    run("train", net, *words, "--steps", "1", "--out", tmp_path / "run", "--engine", "numpy")
    monkeypatch.chdir(tmp_path)
    run("train", "--resume", tmp_path / "run", "--steps", "2")
    assert "missing-data" in run("train", net, *words, "--steps", "1", code=3).stderr
