"""Running a plan."""

from netc.engines.cpu import CpuEngine, rule_call
from netc.engines.engine import Engine
from netc.engines.flat import flat_zeros
from netc.engines.store import Group, Limit, Store, groups_that_learn
from netc.engines.threads import ThreadPool, default_threads, thread_pool, usable_threads
from netc.engines.watch import Watch, Work

__all__ = [
    "CpuEngine",
    "Engine",
    "Group",
    "Limit",
    "Store",
    "ThreadPool",
    "Watch",
    "Work",
    "default_threads",
    "flat_zeros",
    "groups_that_learn",
    "rule_call",
    "thread_pool",
    "usable_threads",
]
