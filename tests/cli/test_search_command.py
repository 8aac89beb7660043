"""`netc search`: what it says, keeps and returns."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netc.cli.trials import Trials
from netc.searching import Trial
from tests.cli.conftest import DIGITS, Run
from tests.searching.small import NET, TRAIN, search_in

PAGE = """layer_defs = [];
layer_defs.push({type:'input', out_sx:8, out_sy:8, out_depth:1});
layer_defs.push({type:'fc', num_neurons:4, activation:'relu'});
layer_defs.push({type:'softmax', num_classes:10});
net = new convnetjs.Net();
net.makeLayers(layer_defs);
trainer = new convnetjs.SGDTrainer(net, {learning_rate:0.01});
"""

QUICK = ("--engine", "numpy", "--threads", "1", "--steps", "2")


def test_the_best_trial_comes_first_and_its_net_can_be_trained(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    result = run("search", DIGITS, "--trials", "3", *QUICK, "--out", folder)
    title, *lines = result.stdout.splitlines()
    names = ["trial", "accuracy", "loss", "params", "time", "conv_1", "conv_2", "conv_3"]
    assert title.split() == [*names, "rate", "decay"]
    accuracies = [float(line.split()[1]) for line in lines[:3]]
    assert accuracies == sorted(accuracies, reverse=True)
    assert f"best: trial {lines[0].split()[0]}" in lines[3]
    assert lines[4].endswith(f"netc train {folder / 'best.net'}")
    assert "1,150 training examples to learn from, 288 held out" in result.stderr
    assert "varied: conv_1 8..64,log" in result.stderr
    run("train", folder / "best.net", "--steps", "1", "--out", tmp_path / "run", "--quiet")


def test_json_prints_one_document(run: Run, tmp_path: Path) -> None:
    words = ("--trials", "2", *QUICK, "--vary", "rate", "--json", "--out", tmp_path / "search")
    result = run("search", DIGITS, *words)
    assert result.stderr == ""
    document = json.loads(result.stdout)
    assert set(document) == {
        *("folder", "seed", "learned", "held_out", "varied", "best", "best_file", "trials"),
    }
    assert document["varied"] == {"rate": "0.005..0.5,log"}
    assert {trial["trial"] for trial in document["trials"]} == {1, 2}
    assert document["best"] == document["trials"][0]["trial"]


def test_a_search_goes_on_to_more_trials(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    run("search", DIGITS, "--trials", "1", *QUICK, "--out", folder)
    result = run("search", "--resume", folder, "--trials", "2")
    assert "going on after 1 trial\n" in result.stderr
    assert len((folder / "trials.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_a_search_whose_trials_are_done_says_how_it_goes_on(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    run("search", DIGITS, "--trials", "2", *QUICK, "--out", folder)
    result = run("search", "--resume", folder)
    assert "2 trials are done; `--trials` makes it longer\n" in result.stderr
    assert "going on" not in result.stderr
    assert "best: trial" in result.stdout


def test_a_net_of_convnetjs_is_told_of_in_its_words(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.js"
    page.write_text(PAGE, encoding="utf-8")
    missing = run("search", page, code=1).stderr
    assert "the trainer says nothing of `data`" in missing
    assert "`--set 'train.data=digits()'`" in missing
    other = run("search", page, "--set", "train.data=digits(pad: 2)", code=1).stderr
    assert "input `image` is 8x8x1, but digits gives 12x12x1" in other


@pytest.mark.parametrize(
    "words", [[DIGITS], ["--seed", "2"], ["--vary", "rate"], ["--set", "batch=3"], ["--steps", "3"]]
)
def test_a_search_goes_on_as_it_began(run: Run, tmp_path: Path, words: list[str]) -> None:
    assert "goes on as it began" in run("search", "--resume", tmp_path, *words, code=2).stderr


def test_a_folder_that_has_a_search_is_not_taken_for_another(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    run("search", DIGITS, "--trials", "1", *QUICK, "--out", folder)
    said = run("search", DIGITS, "--trials", "1", *QUICK, "--out", folder, code=3).stderr
    assert f"`--resume {folder}`" in said
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("")
    assert "not empty" in run("search", DIGITS, "--out", tmp_path / "full", code=3).stderr


def test_the_train_command_does_not_take_a_search_for_a_run(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "search"
    run("search", DIGITS, "--trials", "1", *QUICK, "--out", folder)
    assert "there is no run in it" in run("train", "--resume", folder, code=3).stderr


def test_trials_that_all_diverge_end_with_4(run: Run, tmp_path: Path) -> None:
    words = ("--set", "optimizer=sgd(rate: 1e15)", "--engine", "numpy", "--steps", "4")
    words = (*words, "--vary", "rate=1e14..1e15", "--trials", "1", "--out", str(tmp_path / "s"))
    result = run("search", DIGITS, *words, code=4)
    assert "diverged" in result.stdout
    assert "no trial came to an end" in result.stderr


@pytest.mark.parametrize(
    "words", [["--epochs", "1", "--steps", "1"], ["--held-out", "0"], ["--held-out", "1"]]
)
def test_wrong_usage_ends_with_2(run: Run, words: list[str]) -> None:
    run("search", DIGITS, *words, code=2)
    run("search", code=2)


def test_a_net_that_cannot_be_trained_ends_with_1(run: Run, spec) -> None:  # type: ignore[no-untyped-def]
    assert "no-train-section" in run("search", spec(NET), code=1).stderr


def test_data_beside_the_file_are_found_again(run: Run, spec, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "points.csv").write_text(
        "x,y\n" + "".join(f"{i},{2 * i}\n" for i in range(40)), encoding="utf-8"
    )
    lines = ["net line {", "input x [1]", "input y [1]", "h = dense(4) -> relu", "fit = dense(1)"]
    lines += ["loss euclidean_loss(fit, y)", "}", "train {"]
    lines += ['data csv("points.csv", target: "y")', "optimizer sgd(rate: 1e-4)", "}"]
    folder = tmp_path / "a b"
    result = run("search", spec("\n".join(lines)), "--trials", "2", *QUICK, "--out", folder)
    last = result.stdout.splitlines()[-1]
    assert last.endswith(f"netc train '{folder / 'best.net'}' --data {tmp_path}")
    words = ("--data", tmp_path, "--steps", "1", "--quiet", "--out", tmp_path / "run")
    run("train", folder / "best.net", *words)


def test_more_things_than_there_is_room_for_share_a_column(tmp_path: Path) -> None:
    text = NET.replace("dense(12) -> relu", "dense(12) -> relu\n" * 8) + TRAIN
    search = search_in(tmp_path / "search", text=text)
    try:
        search.trials.append(Trial(1, "diverged", {"rate": 0.5}, params=10))
        table = Trials(search, is_shown=True, is_terminal=False).table()
    finally:
        search.folder.release()
    assert "drawn" in table.splitlines()[0]
    assert "diverged" in table
    assert max(map(len, table.splitlines())) <= 100


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_keeps_what_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    words = ["--trials", "500", "--steps", "200", "--engine", "numpy", "--vary", "rate"]
    started = subprocess.Popen(
        [sys.executable, "-m", "netc", "search", DIGITS, *words, "--out", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert started.stderr is not None
    said = ""
    while "\n      1 " not in said:
        line = started.stderr.readline()
        assert line, said
        said += line
    started.send_signal(signal.SIGINT)
    out, error = started.communicate(timeout=60)
    assert started.returncode == 130, error
    assert "of 500 trials are done" in error
    assert "best: trial" in out
    assert len((folder / "trials.jsonl").read_text(encoding="utf-8").splitlines()) >= 1


@pytest.mark.parametrize("slug", ["bad-range", "unknown-variable", "unusable-search"])
def test_what_can_be_wrong_with_a_search_has_a_page(run: Run, slug: str) -> None:
    assert "netc search" in run("explain", slug).stdout
