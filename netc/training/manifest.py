"""The manifest of a run: what it was made by, and what it takes to make it again."""

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from netc import spec
from netc.ir import Constant, Evaluator, constants_of
from netc.training.folder import Line
from netc.training.prepare import Ready, Wish


def manifest_of(whole: spec.Spec, ready: Ready, wish: Wish) -> dict[str, Any]:
    """What a run is made by, in words that JSON has."""
    network = ready.learner.network
    return {
        "net": network.graph.name,
        "spec": os.path.abspath(whole.source.path),
        "parameters": _parameters(whole),
        "inputs": {name: list(network.graph.types[name].shape) for name in network.graph.inputs},
        "command": list(wish.command),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": ready.settings.seed,
        "engine": network.engine_name,
        "threads": network.threads,
        "init_from": None if wish.init_from is None else os.path.abspath(wish.init_from),
        "data": {
            "name": ready.data.name,
            "digest": ready.digest,
            "train": len(ready.data.train),
            "test": len(ready.data.test),
            "folders": [os.path.abspath(folder) for folder in wish.data_folders],
        },
        "versions": {
            "netc": wish.version,
            "python": platform.python_version(),
            "numpy": np.__version__,
        },
        "machine": {
            "system": platform.platform(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "byte_order": sys.byteorder,
        },
    }


def _parameters(whole: spec.Spec) -> dict[str, object]:
    """The net's parameters as they are for this run, set or not."""
    evaluator = Evaluator([], constants_of(whole))
    names = [parameter.name for parameter in whole.net.parameters]
    return {name.text: _plain(evaluator.constant(name)) for name in names}


def _plain(value: Constant | None) -> object:
    """A constant as JSON has it, whose tables have texts for keys."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def start_facts(facts: Mapping[str, Any]) -> Line:
    """What the first line of `metrics.jsonl` takes over from the manifest."""
    return {name: facts.get(name) for name in ("net", "seed", "engine", "threads", "started")}


@dataclass(frozen=True)
class Known:
    """What a manifest must say so that a run can go on."""

    engine: str
    threads: int
    digest: str
    spec_folder: Path
    data_folders: tuple[Path, ...]
    init_from: Path | None

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Known | None":
        """The facts of a manifest; None where one is absent or not what it should be."""
        try:
            folders = tuple(Path(folder) for folder in facts["data"]["folders"])
            known = cls(
                str(facts["engine"]),
                int(facts["threads"]),
                str(facts["data"]["digest"]),
                Path(facts["spec"]).parent,
                folders,
                Path(facts["init_from"]) if facts["init_from"] else None,
            )
        except (KeyError, TypeError, ValueError):
            return None
        return known if 0 < known.threads <= 1024 else None
