"""A search made ready: a new one, or one that goes on where it was stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from os.path import abspath
from pathlib import Path
from typing import Any

from netc import formats, spec
from netc.diag import Level, Problem
from netc.ir import build
from netc.searching.divided import Divided
from netc.searching.folder import SearchFolder, damaged, new_folder, open_folder
from netc.searching.knobs import Knob, Knobs
from netc.searching.problems import UnusableSearch
from netc.searching.search import Request, Search
from netc.searching.wanted import Wanted, read_wanted
from netc.summary import memory_of
from netc.training import Ready, Wish, make_ready, settings_for_training, write_copy


def start_search(whole: spec.Spec, request: Request, vary: Sequence[str]) -> Search | list[Problem]:
    """Make everything ready for a new search, or say why it cannot be.

    `vary` are texts such as `rate=0.001..0.1,log`; without any, what is usual is varied. The folder
    is that of the request's wish.
    """
    whole = _without_weights(whole)
    made = _made_ready(whole, request, vary)
    if not isinstance(made, tuple):
        return made
    knobs, ready, opener = made
    folder = new_folder(ready.learner.network.graph.name, request.wish.out)
    if not isinstance(folder, SearchFolder):
        return folder
    if problems := write_copy(folder.spec, whole):
        folder.release()
        return problems
    request = replace(request, wish=replace(request.wish, threads=ready.learner.network.threads))
    folder.write_facts(_facts(whole, request, knobs[1], ready))
    return Search(folder, whole, knobs, request, (ready, opener))


def _without_weights(whole: spec.Spec) -> spec.Spec:
    """The same, as if its file held no weights: they fit no other widths."""
    if whole.origin is None:
        return whole
    return replace(whole, origin=replace(whole.origin, holds_weights=False))


def resume_search(
    path: Path, *, trials: int | None = None, data_folders: Sequence[Path] = ()
) -> Search | list[Problem]:
    """Make ready to go on with the search in a folder, to another number of trials if wanted."""
    opened = open_folder(path)
    if not isinstance(opened, tuple):
        return opened
    folder, facts = opened
    found = _resumed(folder, facts, trials, data_folders)
    if not isinstance(found, Search):
        folder.release()
    return found


def _resumed(
    folder: SearchFolder, facts: dict[str, Any], trials: int | None, data_folders: Sequence[Path]
) -> Search | list[Problem]:
    try:
        request, vary = _request(facts), [str(text) for text in facts["vary"]]
        digest = str(facts["data"]["digest"])
    except (KeyError, TypeError, ValueError):
        return [damaged(folder.path)]
    wish = replace(request.wish, data_folders=(*data_folders, *request.wish.data_folders))
    request = replace(request, wish=wish, trials=trials or request.trials)
    whole = formats.read(str(folder.spec))
    if not isinstance(whole, spec.Spec):
        return whole
    made = _made_ready(whole, request, vary)
    if not isinstance(made, tuple):
        return made
    knobs, ready, opener = made
    if ready.digest != digest:
        reason, way_out = "the data have changed since it began", "start a new search"
        return [UnusableSearch(None, path=str(folder.path), reason=reason, way_out=way_out)]
    if trials is not None:
        folder.write_facts({**facts, "trials": trials})
    return Search(folder, whole, knobs, request, (ready, opener), folder.read_trials())


_Varied = tuple[Knobs, tuple[Knob, ...]]


def _made_ready(
    whole: spec.Spec, request: Request, vary: Sequence[str]
) -> tuple[_Varied, Ready, Divided] | list[Problem]:
    """What is varied, what trains the first net, and what opens the data for all of them."""
    varied = _varied(whole, vary)
    if not isinstance(varied, tuple):
        return varied
    opener = Divided(request.held_out)
    ready = make_ready(whole, request.wish, request.spec_folder, opener)
    return (varied, ready, opener) if isinstance(ready, Ready) else ready


def _varied(whole: spec.Spec, vary: Sequence[str]) -> _Varied | list[Problem]:
    """What is varied, and what makes nets of it."""
    built = build(whole, memory=memory_of)
    bound = settings_for_training(whole, built.graph)
    problems = [p for p in built.problems if p.level is Level.ERROR] + [*bound.problems]
    if problems or built.graph is None or bound.settings is None:
        return problems
    read = [read_wanted(text) for text in vary]
    wrong = [problem for one in read if not isinstance(one, Wanted) for problem in one]
    if wrong:
        return wrong
    maker = Knobs(whole, built.graph, bound.settings)
    knobs = maker.make([one for one in read if isinstance(one, Wanted)])
    return (maker, knobs) if isinstance(knobs, tuple) else knobs


def _facts(
    whole: spec.Spec, request: Request, knobs: Sequence[Knob], ready: Ready
) -> dict[str, Any]:
    """What a search must know to go on, and what its reader may want to."""
    wish, network = request.wish, ready.learner.network
    return {
        "net": network.graph.name,
        "spec": abspath(whole.source.path),
        "vary": [knob.text for knob in knobs],
        "trials": request.trials,
        "seed": request.seed,
        "held_out": request.held_out,
        "epochs": wish.epochs,
        "steps": wish.steps,
        "engine": network.engine_name,
        "threads": network.threads,
        "data": {
            "name": ready.data.name,
            "digest": ready.digest,
            "learned": len(ready.data.train),
            "held": len(ready.data.test),
            "folder": abspath(request.spec_folder),
            "folders": [abspath(folder) for folder in wish.data_folders],
        },
        "command": list(wish.command),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": wish.version,
    }


def _request(facts: Mapping[str, Any]) -> Request:
    """The request of a search that is to go on. Raises where a fact is absent or impossible."""
    request = Request(
        trials=int(facts["trials"]),
        seed=int(facts["seed"]),
        held_out=float(facts["held_out"]),
        wish=Wish(
            data_folders=tuple(Path(folder) for folder in facts["data"]["folders"]),
            engine=str(facts["engine"]),
            threads=int(facts["threads"]),
            epochs=None if facts["epochs"] is None else int(facts["epochs"]),
            steps=None if facts["steps"] is None else int(facts["steps"]),
        ),
        spec_folder=Path(facts["data"]["folder"]),
    )
    threads = request.wish.threads or 0
    if not (0 < request.held_out < 1 and request.seed >= 0 and 0 < threads <= 1024):
        raise ValueError("a search was never asked so")
    return request
