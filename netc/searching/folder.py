"""The folder of a search: what it was asked, the trials that are done, and the best net."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netc.diag import Problem, refusal
from netc.files import write_file
from netc.searching.problems import UnusableSearch
from netc.searching.trial import Trial
from netc.training import RunFolder, make_folder


class SearchFolder:
    """The paths of a search's files, and the right to write them."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self.path = folder.path
        self.spec = folder.path / "spec.net"
        self.facts = folder.path / "search.json"
        self.trials = folder.path / "trials.jsonl"
        self.best = folder.path / "best.net"

    def release(self) -> None:
        """Let others search in this folder."""
        self._folder.release()

    def write_facts(self, facts: Mapping[str, Any]) -> None:
        """Keep what the search is asked."""
        write_file(self.facts, (json.dumps(facts, indent=2) + "\n").encode())

    def read_trials(self) -> list[Trial]:
        """The trials that are done, each number once; what is no whole line is left out."""
        found: dict[int, Trial] = {}
        try:
            lines = self.trials.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        for line in lines:
            try:
                trial = Trial.read(json.loads(line))
            except (ValueError, RecursionError):
                continue
            if trial is not None:
                found.setdefault(trial.number, trial)
        return [found[number] for number in sorted(found)]


def new_folder(name: str, out: Path | None) -> SearchFolder | list[Problem]:
    """A new folder for a search: `out`, or the next of runs/NAME-search-1, -2."""
    if out is not None and (out / "search.json").exists():
        way_out = f"name another folder by `--out`, or go on with it: `--resume {out}`"
        return [_unusable(out, "another one is in it", way_out)]
    folder = make_folder(f"{name}-search", out)
    return SearchFolder(folder) if isinstance(folder, RunFolder) else folder


def open_folder(path: Path) -> tuple[SearchFolder, dict[str, Any]] | list[Problem]:
    """The folder of a search that is to go on, and what it was asked."""
    folder = SearchFolder(RunFolder(path))
    try:
        facts = json.loads(folder.facts.read_bytes())
    except FileNotFoundError:
        reason = "there is no search in it" if path.is_dir() else "there is no such folder"
        return [_unusable(path, reason)]
    except OSError as error:
        return [_unusable(path, refusal(error))]
    except (ValueError, RecursionError):
        return [damaged(path)]
    if not isinstance(facts, dict):
        return [damaged(path)]
    run = RunFolder(path)
    return run.take() or (SearchFolder(run), facts)


def damaged(path: Path) -> UnusableSearch:
    """The problem that what the search was asked cannot be read."""
    return _unusable(path, "its `search.json` is damaged")


def _unusable(path: Path, reason: str, way_out: str = "") -> UnusableSearch:
    return UnusableSearch(None, path=str(path), reason=reason, way_out=way_out)
