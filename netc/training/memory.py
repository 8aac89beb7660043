"""Whether a run fits in memory, known before any is taken."""

import os
from pathlib import Path

from netc.diag import Problem, bytes_text
from netc.training.data import Dataset
from netc.training.network import Network
from netc.training.problems import TooMuchMemory
from netc.training.settings import Settings

_CGROUP = Path("/sys/fs/cgroup")


def step_bytes(network: Network, settings: Settings, train: int, test: int) -> int:
    """Memory of the engines: that which stays, and the largest of those made for a while.

    `train` and `test` are numbers of examples.
    """
    batch = min(settings.batch, train)
    lent = [network.plan_for("train", train % batch).arena_bytes] if train % batch else []
    for size in {min(settings.batch, test), test % settings.batch} - {0}:
        lent.append(network.plan_for("test", size).arena_bytes)
    if settings.statistics == "population":
        lent.append(network.plan_for("gather", batch).arena_bytes)
    return network.plan_for("train", batch).arena_bytes + max(lent, default=0)


def weight_bytes(network: Network, settings: Settings) -> int:
    """Memory of weights, gradients, states and what the optimizer carries."""
    graph = network.graph
    weights = sum(graph.types[name].size for name in graph.weights)
    states = sum(graph.types[name].size for name in graph.states)
    return 4 * (weights * (2 + len(settings.optimizer.arrays)) + states)


def data_bytes(data: Dataset) -> int:
    """Memory that the examples have taken already."""
    parts = (data.train, data.test)
    return sum(field.data.nbytes for part in parts for field in part.fields.values())


def check_memory(network: Network, settings: Settings, data: Dataset) -> list[Problem]:
    """A problem where the run cannot fit in the memory that is free, the data being there."""
    step = step_bytes(network, settings, len(data.train), len(data.test))
    weights, free = weight_bytes(network, settings), available()
    if free is None or step + weights <= free:
        return []
    batch = int(settings.batch * max(free - weights, 0) / max(step, 1))
    return [
        TooMuchMemory(
            settings.places.get("batch"),
            needed=bytes_text(step + weights),
            available=bytes_text(free),
            step=bytes_text(step),
            weights=bytes_text(weights),
            data=bytes_text(data_bytes(data)),
            way_out=f"a smaller batch takes less: set `batch` to {batch} or less"
            if batch
            else "the weights alone leave no room: make the net smaller",
        )
    ]


def available() -> int | None:
    """Bytes that may still be taken on this machine, or in its container; None if unknown."""
    found = [n for n in (_machine(), _container()) if n is not None]
    return min(found, default=None)


def _machine() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _container() -> int | None:
    """What a control group (version 2) leaves; file pages that can be dropped count as free."""
    try:
        limit = int((_CGROUP / "memory.max").read_text(encoding="ascii"))
        used = int((_CGROUP / "memory.current").read_text(encoding="ascii"))
        lines = (_CGROUP / "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return None
    stat = dict(line.split(maxsplit=1) for line in lines)
    return limit - used + int(stat.get("inactive_file", 0))
