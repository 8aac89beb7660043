"""Searches follow from their seed, wherever they are stopped, and keep the best net."""

import json
import shutil
from pathlib import Path

import pytest

from netc.formats import read
from netc.searching import Finished, Search, Trying, resume_search
from netc.spec import Spec
from netc.training import Where, hold_out, open_source
from tests.searching.small import NET, TRAIN, resumed, search_in


def consume(search: Search, *, interrupt_in: int | None = None) -> str:
    """All of a search; Ctrl-C comes while a step of this trial is looked at."""
    reason = ""
    for event in search.events():
        if isinstance(event, Trying) and event.number == interrupt_in:
            raise KeyboardInterrupt
        reason = event.reason if isinstance(event, Finished) else reason
    return reason


def rows(search: Search) -> list[dict[str, object]]:
    """The trials that are kept, without what the clock says."""
    lines = search.folder.trials.read_text(encoding="utf-8").splitlines()
    return [{k: v for k, v in json.loads(line).items() if k != "seconds"} for line in lines]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """A search that nobody stopped."""
    search = search_in(tmp_path_factory.mktemp("whole") / "search")
    assert consume(search) == "done"
    return search


def test_the_first_trial_is_the_net_as_it_is(whole: Search) -> None:
    first = rows(whole)[0]
    assert first["values"] == {"conv_1": 4, "dense_1": 12, "rate": 0.1, "decay": 0}
    assert first["params"] == 4 * 10 + (36 * 12 + 12) + 12 * 10 + 10


def test_each_trial_has_other_values(whole: Search) -> None:
    assert len({json.dumps(row["values"]) for row in rows(whole)}) == 4


def test_trials_are_scored_on_training_examples_that_are_held_out(whole: Search) -> None:
    settings = whole.settings
    assert settings.data is not None
    data = open_source(settings.data, Where(Path()))
    assert not isinstance(data, list)
    assert whole.learned + whole.held == len(data.train)
    learned, held = hold_out(data.train, 0.2)
    assert (whole.learned, whole.held) == (len(learned), len(held))
    assert len(held) == round(0.2 * len(data.train))


def test_the_same_seed_gives_the_same_trials(whole: Search, tmp_path: Path) -> None:
    again = search_in(tmp_path / "again")
    consume(again)
    assert rows(again) == rows(whole)
    other = search_in(tmp_path / "other", seed=2)
    consume(other)
    assert rows(other)[0] == rows(whole)[0]
    assert rows(other)[1:] != rows(whole)[1:]


@pytest.mark.parametrize("trial", [1, 3])
def test_a_search_goes_on_to_the_same_trials(whole: Search, tmp_path: Path, trial: int) -> None:
    stopped = search_in(tmp_path / "search")
    with pytest.raises(KeyboardInterrupt):
        consume(stopped, interrupt_in=trial)
    assert len(rows(stopped)) == trial - 1
    again = resumed(tmp_path / "search")
    assert consume(again) == "done"
    assert rows(again) == rows(whole)
    assert again.folder.best.read_bytes() == whole.folder.best.read_bytes()


def test_a_longer_search_has_the_trials_of_a_shorter_one(whole: Search, tmp_path: Path) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    longer = resumed(tmp_path / "search", trials=6)
    assert consume(longer) == "done"
    assert rows(longer)[:4] == rows(whole)
    assert len(rows(longer)) == 6
    assert resumed(tmp_path / "search").request.trials == 6


def test_a_torn_line_is_done_anew(whole: Search, tmp_path: Path) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    kept = tmp_path / "search" / "trials.jsonl"
    kept.write_bytes(kept.read_bytes()[:-30] + b'\n\xff{}\n[1]\n{"trial": 9}\n')
    again = resumed(tmp_path / "search")
    assert len(again.trials) == 3
    consume(again)
    assert rows(again) == rows(whole)


def test_the_best_net_is_the_authors_text_with_other_values(whole: Search) -> None:
    best = whole.best
    assert best is not None
    text = whole.folder.best.read_text(encoding="utf-8")
    assert f"conv({best.values['conv_1']}, kernel: 3) -> relu  # narrow" in text
    assert f"rate: {best.values['rate']}" in text
    assert "# fast" in text
    changed = [
        a for a, b in zip(text.splitlines(), (NET + TRAIN).splitlines(), strict=True) if a != b
    ]
    assert len(changed) <= 3
    assert isinstance(read(str(whole.folder.best)), Spec)


def test_the_best_trial_is_the_one_with_the_best_metric_then_loss(whole: Search) -> None:
    scored = [(row["metrics"]["accuracy"], -row["loss"]) for row in rows(whole)]  # type: ignore[index, operator]
    best = whole.best
    assert best is not None
    assert scored[best.number - 1] == max(scored)


def test_a_trial_that_diverges_is_a_row(tmp_path: Path) -> None:
    search = search_in(tmp_path / "search", "rate=1e13..1e15,log", steps=4, trials=3)
    assert consume(search) == "done"
    outcomes = [row["outcome"] for row in rows(search)]
    assert outcomes[0] == "done"
    assert "diverged" in outcomes
    assert all((row["loss"] is None) == (row["outcome"] != "done") for row in rows(search))


def test_a_trial_without_enough_memory_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = search_in(tmp_path / "search", "batch=32,64", trials=3)
    monkeypatch.setattr("netc.training.memory.available", lambda: 1000)
    assert consume(search) == "done"
    outcomes = [row["outcome"] for row in rows(search)]
    assert outcomes == ["done", "refused", "refused"]
    assert "memory" in str(rows(search)[1]["reason"])


def test_values_are_not_tried_twice(tmp_path: Path) -> None:
    search = search_in(tmp_path / "search", "batch=50,100,200", trials=9)
    assert consume(search) == "exhausted"
    assert sorted(row["values"]["batch"] for row in rows(search)) == [50, 100, 200]  # type: ignore[index]


def test_values_that_make_no_right_net_are_drawn_anew(tmp_path: Path) -> None:
    text = (NET + TRAIN).replace("    loss ", "    assert params < 700\n    loss ")
    search = search_in(tmp_path / "search", text=text, trials=6)
    consume(search)
    assert all(row["params"] < 700 for row in rows(search))  # type: ignore[operator]


def test_a_folder_that_is_in_use_is_told_of(whole: Search, tmp_path: Path) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    first = resumed(tmp_path / "search")
    second = resume_search(tmp_path / "search")
    assert isinstance(second, list)
    assert "going on in it" in second[0].diagnostic().message
    first.folder.release()
    assert isinstance(resume_search(tmp_path / "search"), Search)


@pytest.mark.parametrize(
    "damage",
    [b"", b"[]", b"{}", b"{", b'{"trials": "x"}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_damaged_search_is_told_of(whole: Search, tmp_path: Path, damage: bytes) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    (tmp_path / "search" / "search.json").write_bytes(damage)
    problems = resume_search(tmp_path / "search")
    assert isinstance(problems, list)
    assert "damaged" in problems[0].diagnostic().message


@pytest.mark.parametrize(
    ("name", "value"), [("seed", -1), ("threads", 0), ("held_out", 1), ("epochs", 0), ("vary", 3)]
)
def test_facts_that_cannot_be_are_told_of(
    whole: Search, tmp_path: Path, name: str, value: object
) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    path = tmp_path / "search" / "search.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    assert isinstance(resume_search(tmp_path / "search"), list)


def test_data_that_changed_are_told_of(whole: Search, tmp_path: Path) -> None:
    shutil.copytree(whole.folder.path, tmp_path / "search")
    path = tmp_path / "search" / "search.json"
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "data": {**facts["data"], "digest": "another"}}))
    problems = resume_search(tmp_path / "search")
    assert isinstance(problems, list)
    assert "the data have changed" in problems[0].diagnostic().message
