"""A run: its folder, its events, and that it goes on bit for bit after any stop."""

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.training import (
    Diverged,
    Ended,
    Place,
    Saved,
    Started,
    Stepped,
    Wish,
    resume,
    start,
    write_arrays,
)
from netc.training import Tested as Measurement
from netc.training.folder import RunFolder
from netc.training.state import read_state
from tests.training.small import NET, TRAIN, consume, ready, resumed, spec_of

FILES = ("last", "best", "state")
STEPS = 30


def weights(folder):
    return {name: (folder / f"{name}.safetensors").read_bytes() for name in FILES}


def lines(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def without_times(folder):
    timed = ("seconds", "started", "examples_per_second")
    return [{k: v for k, v in line.items() if k not in timed} for line in lines(folder)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder and the events of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, consume(ready(folder))


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


@pytest.mark.parametrize("step", [1, 7, 15, 16, 29, 30])
def test_a_stopped_run_goes_on_bit_for_bit(whole, tmp_path, step):
    folder = tmp_path / "run"
    with suppress(KeyboardInterrupt):
        consume(ready(folder), interrupt_at=step)
    assert lines(folder)[-1]["event"] == "end"
    events = consume(resumed(folder))
    assert events[0].step == step
    assert weights(folder) == weights(whole[0])
    assert without_times(folder) == without_times(whole[0])


def test_a_run_may_be_stopped_many_times(whole, tmp_path):
    folder = tmp_path / "run"
    with suppress(KeyboardInterrupt):
        consume(ready(folder), interrupt_at=4)
    for step in (9, 15, 22):
        with suppress(KeyboardInterrupt):
            consume(resumed(folder), interrupt_at=step)
    consume(resumed(folder))
    assert weights(folder) == weights(whole[0])


def test_a_run_killed_before_anything_was_saved_starts_again(whole, tmp_path):
    folder = tmp_path / "run"
    ready(folder)
    (folder / "metrics.jsonl").write_text('{"event": "step", "step": 3}\n{"event": "st')
    consume(resumed(folder))
    assert weights(folder) == weights(whole[0])


def test_a_run_killed_between_two_files_goes_on_from_its_state(whole, tmp_path):
    folder = tmp_path / "run"
    with suppress(KeyboardInterrupt):
        consume(ready(folder), interrupt_at=5)
    (folder / "last.safetensors").write_bytes(b"of another step")
    (folder / "metrics.jsonl").write_bytes((folder / "metrics.jsonl").read_bytes() + b'{"event"')
    consume(resumed(folder))
    assert weights(folder) == weights(whole[0])
    assert without_times(folder) == without_times(whole[0])


def test_a_finished_run_has_nothing_left_to_do(whole, tmp_path):
    folder = tmp_path / "run"
    consume(ready(folder))
    events = consume(resumed(folder))
    assert [type(e) for e in events if not isinstance(e, Saved)] == [Started, Ended]
    assert weights(folder) == weights(whole[0])


def test_a_finished_run_can_be_made_longer(tmp_path):
    text = NET + TRAIN.replace("schedule  cosine", "")
    consume(ready(tmp_path / "long", text, epochs=2))
    consume(ready(tmp_path / "short", text, epochs=1))
    consume(resumed(tmp_path / "short", epochs=2))
    assert weights(tmp_path / "short") == weights(tmp_path / "long")


def test_control_c_ends_the_run_after_the_step(tmp_path):
    run, events = ready(tmp_path / "run"), []
    before = signal.getsignal(signal.SIGINT)
    for event in run.events():
        events.append(event)
        if isinstance(event, Stepped) and event.step == 6:
            os.kill(os.getpid(), signal.SIGINT)
    assert isinstance(events[-1], Ended)
    assert (events[-1].reason, events[-1].step) == ("interrupted", 6)
    assert (tmp_path / "run" / "state.safetensors").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_control_c_ends_it_at_once(tmp_path):
    run = ready(tmp_path / "run")

    def twice():
        for event in run.events():
            if isinstance(event, Stepped):
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        twice()


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


def slugs(found):
    return [p.slug for p in found]


def test_a_folder_with_files_in_it_is_refused(tmp_path):
    (tmp_path / "mine").touch()
    (problem,) = start(spec_of(NET + TRAIN), Wish(out=tmp_path))
    assert problem.slug == "unusable-run"
    assert "not empty" in problem.diagnostic().message


@pytest.mark.parametrize("manifest", [None, b"", b"[]", b"{}", b"\xff", b'{"data": 3}'])
def test_a_folder_without_a_run_cannot_go_on(tmp_path, manifest):
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    assert slugs(resume(tmp_path, Wish())) == ["unusable-run"]


def test_a_damaged_state_is_a_problem(whole, tmp_path):
    folder = tmp_path / "run"
    with suppress(KeyboardInterrupt):
        consume(ready(folder), interrupt_at=5)
    state = RunFolder(folder).state
    whole_bytes = state.read_bytes()
    state.write_bytes(whole_bytes[:-3])
    assert slugs(resume(folder, Wish())) == ["unreadable-weights"]
    state.write_bytes(whole_bytes.replace(b'"step":"5"', b'"step":"x"'))
    assert slugs(resume(folder, Wish())) == ["unreadable-weights"]


FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=60)
@given(part=st.sampled_from(["tested", "best", "best_step", "last", None]), fact=FACTS)
def test_a_state_that_says_anything_is_a_place_or_a_problem(tmp_path_factory, part, fact):
    path = tmp_path_factory.mktemp("state") / "state.safetensors"
    learner = ready(path.parent / "run").loop.learner
    place = {**asdict(Place()), **({part: fact} if part else {})} if part else fact
    arrays = learner.network.store.arrays
    arrays |= {f"adam:{name}": array for name, array in learner.updater.arrays.items()}
    write_arrays(path, arrays, {"step": "0", "place": json.dumps(place)})
    got = read_state(path, learner)
    assert isinstance(got, Place) or slugs(got) == ["unreadable-weights"]


def test_data_that_changed_stop_a_resume(tmp_path):
    folder = tmp_path / "run"
    with suppress(KeyboardInterrupt):
        consume(ready(folder), interrupt_at=2)
    spec = folder / "spec.net"
    spec.write_text(spec.read_text().replace("scale: 0.0625", "scale: 0.5"))
    assert slugs(resume(folder, Wish())) == ["data-changed"]


@pytest.mark.parametrize(
    ("text", "wish", "slug"),
    [
        (NET, {}, "no-train-section"),
        (NET + "train {\n}\n", {}, "missing-setting"),
        (NET + TRAIN, {"engine": "gpu"}, "unknown-engine"),
        (NET + 'train {\n data csv("nowhere.csv", label: "a")\n}\n', {}, "missing-data"),
        (NET.replace("8, 8", "9, 9") + TRAIN, {}, "data-mismatch"),
        (
            "net a {\n input image [1, 8, 8]\n input label class(10)\n"
            " scores = dense(10, rate: 0)\n loss softmax_loss(scores, label)\n}\n" + TRAIN,
            {},
            "nothing-learns",
        ),
    ],
)
def test_what_cannot_start_is_a_problem(tmp_path, text, wish, slug):
    assert slugs(start(spec_of(text), Wish(out=tmp_path / "run", **wish))) == [slug]
    assert not (tmp_path / "run").exists()


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


def test_a_run_larger_than_memory_is_refused_with_figures(tmp_path, monkeypatch):
    monkeypatch.setattr("netc.training.memory.available", lambda: 400_000)
    (problem,) = start(spec_of(NET + TRAIN), Wish(out=tmp_path / "run"))
    diagnostic = problem.diagnostic()
    assert problem.slug == "too-much-memory"
    assert "400 kB are free" in diagnostic.message
    assert "set `batch` to " in diagnostic.helps[0]


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")
def test_two_trainings_do_not_share_a_folder(tmp_path):
    run = ready(tmp_path / "run")
    events = run.events()
    next(events)
    for other in (
        resume(run.folder.path, Wish()),
        start(spec_of(NET + TRAIN), Wish(out=run.folder.path)),
    ):
        (problem,) = other
        assert problem.slug == "unusable-run"
        assert "a training is going on in it" in problem.diagnostic().message
    events.close()
    assert resumed(run.folder.path)


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
