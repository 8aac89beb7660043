"""What cannot start or go on is told before anything is written."""

import json
import sys
from contextlib import suppress
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.training import (
    Place,
    Wish,
    resume,
    start,
    write_arrays,
)
from netc.training.folder import RunFolder
from netc.training.state import read_state
from tests.training.small import (
    NET,
    TRAIN,
    consume,
    ready,
    resumed,
    spec_of,
)


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


@pytest.fixture(scope="module")
def learner(tmp_path_factory):
    return ready(tmp_path_factory.mktemp("learner") / "run").loop.learner


@settings(max_examples=60)
@given(part=st.sampled_from(["tested", "best", "best_step", "last", None]), fact=FACTS)
def test_a_state_that_says_anything_is_a_place_or_a_problem(learner, tmp_path_factory, part, fact):
    path = tmp_path_factory.mktemp("state") / "state.safetensors"
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


def test_a_run_larger_than_memory_is_refused_with_figures(tmp_path, monkeypatch):
    monkeypatch.setattr("netc.training.memory.available", lambda: 400_000)
    (problem,) = start(spec_of(NET + TRAIN), Wish(out=tmp_path / "run"))
    diagnostic = problem.diagnostic()
    assert problem.slug == "too-much-memory"
    assert "400 kB are free" in diagnostic.message
    assert "set `batch` to " in diagnostic.helps[0]


def test_a_net_too_large_for_one_example_is_refused_before_data_are_opened(tmp_path, monkeypatch):
    monkeypatch.setattr("netc.training.memory.available", lambda: 10_000)
    train = 'train { data csv("nowhere.csv", label: "a") }\n'
    (problem,) = start(spec_of(NET + train), Wish(out=tmp_path / "run"))
    assert problem.slug == "too-much-memory"
    assert "make the net smaller" in problem.diagnostic().helps[0]


def test_noise_that_does_not_fit_in_memory_is_not_made(tmp_path, monkeypatch):
    monkeypatch.setattr("netc.training.data.made.available", lambda: 10_000)
    train = "train { data random(examples: 100) }\n"
    (problem,) = start(spec_of(NET + train), Wish(out=tmp_path / "run"))
    diagnostic = problem.diagnostic()
    assert "10 kB are free" in str(diagnostic)
    assert "set `examples` to 30 or less" in diagnostic.helps[0]


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
