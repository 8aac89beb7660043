"""Running a plan."""

from netc.engines.cpu import CpuEngine
from netc.engines.engine import Engine
from netc.engines.store import Group, Limit, Store, groups_that_learn
from netc.engines.threads import ThreadPool, usable_threads

__all__ = [
    "CpuEngine",
    "Engine",
    "Group",
    "Limit",
    "Store",
    "ThreadPool",
    "groups_that_learn",
    "usable_threads",
]
