"""Where the time of an engine goes, for those who ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from netc.ir import Node


@dataclass(eq=False)
class Work:
    """A piece of the work of an engine: the rule that it does, others that it does along with it,
    and the kernel that does them, None where the rule of NumPy itself runs.

    `seconds` are those of the last run, for one thread; of shared work, the mean over threads.
    """

    node: Node
    along: tuple[Node, ...] = ()
    kernel: str | None = None
    seconds: float = 0.0


@dataclass
class Watch:
    """All pieces of work of one engine, in the order in which they begin. `waiting` is how long a
    thread waited for others in the last run, on average."""

    works: list[Work] = field(default_factory=list)
    waiting: float = 0.0

    def clear(self) -> None:
        """Forget the times of the last run."""
        self.waiting = 0.0
        for work in self.works:
            work.seconds = 0.0

    def begin(self, node: Node, along: tuple[Node, ...] = (), kernel: str | None = None) -> Work:
        """A piece of work to be timed."""
        self.works.append(Work(node, along, kernel))
        return self.works[-1]

    def rule(self, node: Node, run: Callable[[], None]) -> Callable[[], None]:
        """The same rule, timed."""
        work = self.begin(node)

        def timed() -> None:
            start = perf_counter()
            run()
            work.seconds = perf_counter() - start

        return timed
