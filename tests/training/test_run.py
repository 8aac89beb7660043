"""A run: its events, its folder, and how it ends."""

import json
import os
from contextlib import suppress

import numpy as np

from netc.training import (
    Diverged,
    Ended,
    Started,
    Stepped,
    Wish,
    resume,
)
from netc.training import Tested as Measurement
from tests.training.small import (
    NET,
    TRAIN,
    consume,
    lines,
    ready,
    resumed,
    spec_of,
    weights,
    without_times,
)

STEPS = 30


def test_events_tell_the_whole_story(whole):
    _, events = whole
    started, *middle, ended = events
    assert isinstance(started, Started)
    assert (started.steps, started.steps_per_epoch, started.last_batch) == (STEPS, 15, 38)
    assert (started.train_examples, started.test_examples) == (1438, 359)
    assert started.memory > 0
    assert [e.step for e in middle if isinstance(e, Stepped)] == list(range(1, STEPS + 1))
    assert [e.epoch for e in middle if isinstance(e, Measurement)] == [1, 2]
    assert isinstance(ended, Ended)
    assert ended.reason == "done"
    assert ended.metrics["accuracy"] > 0.5


def test_the_net_learns(whole):
    losses = [e.loss for e in whole[1] if isinstance(e, Stepped)]
    assert np.mean(losses[-5:]) < 0.5 * np.mean(losses[:5])


def test_the_folder_holds_what_it_should(whole):
    folder, _ = whole
    assert sorted(os.listdir(folder)) == [
        "best.safetensors",
        "last.safetensors",
        "manifest.json",
        "metrics.jsonl",
        "spec.net",
        "state.safetensors",
    ]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert len(manifest["data"]["digest"]) == 64
    spec = spec_of((folder / "spec.net").read_text())
    assert [s.name.text for s in spec.train.settings][:3] == ["data", "batch", "epochs"]


def test_metrics_start_with_start_and_end_with_end(whole):
    rows = lines(whole[0])
    assert [row["event"] for row in rows].count("step") == STEPS
    assert (rows[0]["event"], rows[-1]["event"]) == ("start", "end")
    assert rows[1].keys() == {"event", "step", "epoch", "loss", "rate", "examples_per_second"}
    (last,) = [row for row in rows if row["event"] == "test" and row["step"] == STEPS]
    assert last["metrics"].keys() == {"accuracy"}


def test_the_same_seed_gives_the_same_bits(whole, tmp_path):
    consume(ready(tmp_path / "run"))
    assert weights(tmp_path / "run") == weights(whole[0])
    assert without_times(tmp_path / "run") == without_times(whole[0])


def test_another_seed_gives_other_bits(whole, tmp_path):
    consume(ready(tmp_path / "run", NET + TRAIN.replace("seed      3", "seed 4")))
    assert weights(tmp_path / "run")["last"] != weights(whole[0])["last"]


def test_a_loss_that_is_no_number_ends_the_run(tmp_path):
    text = NET + "train {\n data digits()\n optimizer sgd(1e15)\n}\n"
    events = consume(ready(tmp_path / "run", text))
    assert isinstance(events[-1], Diverged)
    assert "1e+15" in events[-1].advice
    assert lines(tmp_path / "run")[-1]["reason"] == "diverged"


def test_a_test_without_numbers_is_a_divergence_too(tmp_path):
    run = ready(tmp_path / "run")
    for event in run.events():
        if isinstance(event, Stepped) and event.step == 15:
            run.loop.learner.network.store.flat_weights[:] = np.nan
    assert isinstance(event, Diverged)
    assert (event.step, event.epoch) == (15, 1)


def test_a_test_without_numbers_after_one_step_asks_for_more_steps(tmp_path):
    run = ready(tmp_path / "run", steps=1)
    for event in run.events():
        if isinstance(event, Stepped):
            run.loop.learner.network.store.flat_weights[:] = np.nan
    assert isinstance(event, Diverged)
    assert "more `steps`" in event.advice


def test_steps_end_a_run_within_an_epoch(tmp_path):
    events = consume(ready(tmp_path / "run", steps=4))
    assert [e.step for e in events if isinstance(e, Measurement)] == [4]
    assert events[-1].step == 4


def test_tests_can_be_rarer(tmp_path):
    text = NET + TRAIN.replace("epochs    2", "epochs 5\n test_every 2")
    events = consume(ready(tmp_path / "run", text))
    assert [e.epoch for e in events if isinstance(e, Measurement)] == [2, 4, 5]


def test_weights_of_another_run_are_a_start(whole, tmp_path):
    best = whole[0] / "best.safetensors"
    events = consume(ready(tmp_path / "run", init_from=best, steps=1))
    (step,) = [e for e in events if isinstance(e, Stepped)]
    assert step.loss < 1.0


def test_folders_are_numbered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = [str(ready(None).folder.path) for _ in range(3)]
    assert paths == ["runs/small-1", "runs/small-2", "runs/small-3"]


def test_without_test_data_the_last_weights_are_the_best(tmp_path):
    one = {"image": np.zeros((1, 1, 8, 8)), "label": np.zeros(1, np.int64)}
    np.savez(tmp_path / "one.npz", **one)
    text = NET + f'train {{\n data npz("{tmp_path}/one.npz", holdout: 0.9)\n}}\n'
    events = consume(ready(tmp_path / "run", text))
    assert not any(isinstance(e, Measurement) for e in events)
    assert (events[0].batch, events[-1].step, events[-1].reason) == (1, 10, "done")
    kept = weights(tmp_path / "run")
    assert kept["best"] == kept["last"]
    steps = [e for e in events if isinstance(e, Stepped)]
    assert lines(tmp_path / "run")[-1]["loss"] == steps[-1].loss


def test_what_a_killed_process_had_begun_to_write_is_removed(tmp_path):
    run = ready(tmp_path / "run")
    with suppress(KeyboardInterrupt):
        consume(run, interrupt_at=3)
    begun = run.folder.path / ".best.safetensors.4711"
    begun.write_bytes(b"half")
    mine = run.folder.path / ".mine"
    mine.write_bytes(b"not netc's")
    resumed(run.folder.path)
    assert (begun.exists(), mine.exists()) == (False, True)


def test_runs_in_a_folder_are_named(whole):
    folder, _ = whole
    (problem,) = resume(folder.parent, Wish())
    assert problem.diagnostic().helps == (f"there is `{folder}`",)
