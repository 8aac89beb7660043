"""A run goes on bit for bit after any stop."""

import os
import signal
from contextlib import suppress

import pytest

from netc.training import (
    Ended,
    Saved,
    Started,
    Stepped,
)
from tests.training.small import (
    NET,
    TRAIN,
    consume,
    lines,
    ready,
    resumed,
    weights,
    without_times,
)


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
