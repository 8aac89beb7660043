"""Whether a plan is run by kernels or by NumPy, decided before any memory is taken."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from netc.engines import CpuEngine, Engine, Store, Watch
from netc.native.build import Built, build
from netc.native.compile import begin
from netc.native.engine import NativeEngine
from netc.native.ready import available
from netc.plan import Plan


@dataclass(frozen=True, eq=False)
class Prepared:
    """A plan, and how it is built from kernels; not at all where `built` is None."""

    plan: Plan
    built: Built | None

    @property
    def arena_bytes(self) -> int:
        """What an engine takes, weights and all that outlives a run not counted."""
        return self.plan.arena_bytes if self.built is None else self.built.bytes

    def begin(self) -> "Sequence[Future[bytes]]":
        """Begin to compile what an engine needs, beside whatever else there is to do."""
        return [] if self.built is None else begin(job.kernel for job in self.built.jobs)

    def engine(self, store: Store, *, watch: Watch | None = None) -> Engine:
        """An engine for this plan; with a watch, one that is timed."""
        if self.built is None:
            return CpuEngine(self.plan, store, watch=watch)
        return NativeEngine(self.plan, store, self.built, watch=watch)


def prepare(plan: Plan, *, native: bool = True) -> Prepared:
    """Make ready to run a plan. Kernels are left out where none of the layers that take time have
    one: single loops between rules of NumPy would only move numbers back and forth."""
    if not native or not available():
        return Prepared(plan, None)
    built = build(plan)
    return Prepared(plan, built if built.pays else None)
