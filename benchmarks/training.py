"""Training speed side by side: netc, PyTorch, and ConvNetJS.

    python -m benchmarks.training [NETWORK ...] [--rounds 9] [--threads 2] [--json FILE]

All take turns within one run, because other work on the machine comes and goes; a ratio is the
median over the rounds. A step of netc is: the batch copied in, forward, backward, update, loss
read. PyTorch finds the batch in place and in its own layout; it is measured in the better of its
two layouts with the better of its two SGDs, found out before. SGD has momentum in both.
"""

import argparse
import gc
import json
import statistics
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.cases import CASES, Case, chosen
from benchmarks.memory import peak_memory
from benchmarks.peak import Peak
from benchmarks.peers import LAYOUTS, Step, convnetjs_speed, has_torch, netc_step, torch_step


@dataclass(frozen=True)
class Row:
    """What was measured of one network. Times are of one step, memory in bytes."""

    name: str
    batch: int
    netc_ms: float
    torch_ms: float | None
    ratio: float | None
    torch: str
    gflops: float
    share_of_peak: float
    convnetjs_per_second: float | None
    netc_memory: int | None
    torch_memory: int | None

    @property
    def times_convnetjs(self) -> float | None:
        rival = self.convnetjs_per_second
        return None if rival is None else self.batch / self.netc_ms * 1e3 / rival


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(c.name for c in CASES)}")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--batch", type=int, help="another size of batch than usual")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--engine", default="cpu")
    parser.add_argument("--chunk", type=float, default=0.1, help="seconds of a timing")
    parser.add_argument("--no-torch", action="store_true")
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--no-convnetjs", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    print(_HEAD)
    rows = []
    for case in chosen(asked.networks):
        rows.append(measured(replace(case, batch=asked.batch or case.batch), asked))
        print(_line(rows[-1]), flush=True)
        if asked.json:
            asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    _means(rows)


def measured(case: Case, asked: argparse.Namespace) -> Row:
    graph, peak = case.graph(), Peak(asked.threads)
    ours = netc_step(case, threads=asked.threads, engine=asked.engine)
    rival, name = _best_of_torch(case, asked) if has_torch() and not asked.no_torch else (None, "")
    taken: dict[str, list[float]] = {"netc": [], "torch": []}
    ceilings, speeds = [], []
    for index in range(asked.rounds):
        taken["netc"].append(_seconds(ours, asked.chunk))
        if rival is not None:
            taken["torch"].append(_seconds(rival, asked.chunk))
        ceilings.append(peak.rate(0.02))
        if index % 5 == 0 and case.rival and not asked.no_convnetjs:
            speed = convnetjs_speed(case.rival, 3.0)
            speeds += [] if speed is None else [speed]
    del ours, rival
    gc.collect()
    seconds = statistics.median(taken["netc"])
    rate = case.operations(graph) / seconds
    memory = {} if asked.no_memory else _memory(case, name, asked)
    return Row(
        case.name,
        case.batch,
        netc_ms=seconds * 1e3,
        torch_ms=statistics.median(taken["torch"]) * 1e3 if name else None,
        ratio=_ratio(taken["torch"], taken["netc"]) if name else None,
        torch=name,
        gflops=rate / 1e9,
        share_of_peak=rate / max(ceilings),
        convnetjs_per_second=statistics.median(speeds) if speeds else None,
        netc_memory=memory.get("netc"),
        torch_memory=memory.get("torch"),
    )


def _best_of_torch(case: Case, asked: argparse.Namespace) -> tuple[Step, str]:
    """The fastest of PyTorch's ways. Only one is kept: large networks take gigabytes."""
    best: tuple[float, Step, str] | None = None
    for form in LAYOUTS:
        for fused in (False, True):
            step = torch_step(case, form, threads=asked.threads, fused=fused)
            seconds = min(_seconds(step, asked.chunk) for _ in range(3))
            if best is None or seconds < best[0]:
                best = (seconds, step, f"{form}{', fused' if fused else ''}")
            del step
            gc.collect()
    assert best is not None
    return best[1:]


def _memory(case: Case, torch: str, asked: argparse.Namespace) -> dict[str, int | None]:
    sizes = (case.name, case.batch, asked.threads, asked.engine)
    found = {"netc": peak_memory("netc", *sizes)}
    if torch:
        found["torch"] = peak_memory(torch.removesuffix(", fused"), *sizes)
    return found


def _seconds(step: Step, chunk: float) -> float:
    """Seconds of one step, from as many as fill a chunk of time, one at least. Before it the same
    for a while: a worker of the other program may still turn in a loop, and caches are filled."""
    stop = time.perf_counter() + _WARM
    step()
    while time.perf_counter() < stop:
        step()
    count, start = 0, time.perf_counter()
    while True:
        step()
        count += 1
        passed = time.perf_counter() - start
        if passed >= chunk:
            return passed / count


def _ratio(theirs: list[float], ours: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


_HEAD = (
    f"{'network':<14} {'batch':>5} {'netc/s':>9} {'torch/s':>9} {'ratio':>6} {'GF/s':>6}"
    f" {'peak':>5} {'netc':>8} {'torch':>8}  {'js':>5}  torch"
)


def _line(row: Row) -> str:
    """A row as text: examples a second, netc's speed in PyTorch's, the share of what the machine
    can multiply and add, the memory of a step, netc's speed in ConvNetJS's, PyTorch's best way."""
    cells = (
        f"{row.name:<14} {row.batch:>5} {row.batch / row.netc_ms * 1e3:>9,.0f}",
        f"{row.batch / row.torch_ms * 1e3:>9,.0f}" if row.torch_ms else f"{'-':>9}",
        f"{row.ratio:>6.2f}" if row.ratio else f"{'-':>6}",
        f"{row.gflops:>6.0f} {row.share_of_peak:>5.0%}",
        *(
            f"{m / 1e6:>5,.0f} MB" if m else f"{'-':>8}"
            for m in (row.netc_memory, row.torch_memory)
        ),
        f" {row.times_convnetjs:>5.0f} " if row.times_convnetjs else f" {'-':>5} ",
        row.torch,
    )
    return " ".join(cells)


def _means(rows: list[Row]) -> None:
    """Geometric means of the ratios, of small networks and of those for large images."""
    large = {case.name for case in CASES if case.large}
    for text, wanted in (("small networks", False), ("large networks", True)):
        ratios = [r.ratio for r in rows if r.ratio and (r.name in large) == wanted]
        if ratios:
            mean, least = statistics.geometric_mean(ratios), min(ratios)
            print(f"{text}: geometric mean of the ratios {mean:.2f}, least {least:.2f}")


_WARM = 0.03
"""Seconds."""


if __name__ == "__main__":
    main()
