"""`netc.search`: the same from Python."""

from pathlib import Path

import pytest

import netc
from netc.searching import Tried
from tests.searching.small import NET, TRAIN


def test_a_search_from_python_gives_its_trials(tmp_path: Path) -> None:
    path = tmp_path / "small.net"
    path.write_text(NET + TRAIN, encoding="utf-8")
    seen: list[int] = []
    found = netc.search(
        path,
        vary=["rate", "conv_1=2..6"],
        trials=3,
        steps=2,
        engine="numpy",
        out=tmp_path / "out",
        show=lambda event: seen.append(event.trial.number) if isinstance(event, Tried) else None,
    )
    assert seen == [trial.number for trial in found.trials] == [1, 2, 3]
    assert found.best in found.trials
    assert netc.load(found.best_file).name == "small"


def test_what_cannot_be_searched_raises(tmp_path: Path) -> None:
    path = tmp_path / "small.net"
    path.write_text(NET + TRAIN, encoding="utf-8")
    with pytest.raises(netc.SpecError, match="no `colour`"):
        netc.search(path, vary=["colour=1..2"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ValueError, match="at least 1"):
        netc.search(path, trials=0)
    with pytest.raises(ValueError, match="both say"):
        netc.search(path, epochs=1, steps=1)
