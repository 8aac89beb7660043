"""Single layers side by side with PyTorch's: forward, and the gradients of input and weight.

    python -m benchmarks.kernels [SHAPE ...] [--rounds 7] [--threads 2] [--json FILE]

A shape is `batch,channels,side,filters,kernel,pad[,stride[,groups]]`. netc's kernels are those that
a training step would run, with their tails; PyTorch runs the convolution and nothing else, in the
better of its two layouts. The gradient of the input includes the sums for a scale below it.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peak import Peak
from benchmarks.peers import has_torch
from netc.diag import Source
from netc.formats import read_source
from netc.ir import build as build_graph
from netc.native.build import build
from netc.native.program import Tables, code_for, stages_of
from netc.native.runtime import crew
from netc.training import Network

PARTS = ("forward", "input gradient", "weight gradient")

SHAPES = (
    "64,1,24,8,5,2",
    "64,8,12,16,5,2",
    "64,20,12,50,5,0",
    "64,3,32,16,5,2",
    "64,16,16,20,5,2",
    "128,16,32,16,3,1",
    "128,32,16,32,3,1",
    "128,64,8,64,3,1",
    "16,64,56,64,3,1",
    "16,256,28,256,3,1",
    "16,512,14,512,3,1",
    "64,800,1,500,1,0",
    "64,64,8,64,3,1,1,64",
    "8,3,224,64,7,3,2",
    "8,256,56,64,1,0",
    "8,128,28,128,3,1",
    "8,512,7,2048,1,0",
    "4,64,224,64,3,1",
    "4,512,28,512,3,1",
    "16,3,227,96,11,0,4",
    "16,96,27,256,5,2,1,2",
    "16,9216,1,4096,1,0",
)
"""The convolutions of native-sized demos, of ResNets for CIFAR and ImageNet, VGG, AlexNet; a
dense layer is a convolution of an image of one place."""


@dataclass(frozen=True)
class Shape:
    batch: int
    channels: int
    side: int
    filters: int
    kernel: int
    pad: int
    stride: int = 1
    groups: int = 1

    @property
    def out(self) -> int:
        return (self.side + 2 * self.pad - self.kernel) // self.stride + 1

    @property
    def operations(self) -> int:
        """Of each part, those on padding included."""
        kernel = self.channels // self.groups * self.kernel**2
        return 2 * self.batch * self.filters * self.out**2 * kernel

    @property
    def text(self) -> str:
        """A net whose middle is the layer."""
        layer = (
            f"conv({self.filters}, kernel: {self.kernel}, pad: {self.pad}, stride: {self.stride},"
            f" groups: {self.groups}, bias: false)"
        )
        return f"""net one {{
            input image [{self.channels}, {self.side}, {self.side}]
            input label class({self.filters})
            scores = scale -> {layer} -> global_avg_pool
            loss softmax_loss(scores -> flatten, label)
        }}"""


@dataclass(frozen=True)
class Row:
    """Operations a second, in thousands of millions, of a part of a shape."""

    shape: str
    part: str
    netc: float
    torch: float | None
    ratio: float | None
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=SHAPES)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-torch", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    print(
        f"{'batch,channels,side,filters,kernel,pad':<24} {'part':<16} netc GF/s  torch  time ratio"
    )
    rows = []
    for text in asked.shapes:
        for row in _rows(text, asked):
            torch = f"{row.torch:6.0f} {row.ratio:11.2f}" if row.torch and row.ratio else ""
            print(
                f"{row.shape:<24} {row.part:<16} {row.netc:4.0f} {row.netc / row.peak:4.0%} {torch}"
            )
            rows.append(row)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


def _line(row: Row) -> str:
    own = f"{row.shape:<24} {row.part:<16} {row.netc:4.0f} {row.netc / row.peak:4.0%}"
    return f"{own} {row.torch:6.0f} {row.ratio:11.2f}" if row.torch and row.ratio else own


def _rows(text: str, asked: argparse.Namespace) -> list[Row]:
    shape, peak = Shape(*map(int, text.split(","))), Peak(asked.threads)
    ours = _netc(shape, asked.threads)
    theirs = _torch(shape, asked.threads) if has_torch() and not asked.no_torch else {}
    rows = []
    for part in PARTS:
        ways = {"netc": ours[part], **theirs.get(part, {})}
        taken: dict[str, list[float]] = {way: [] for way in ways}
        ceilings = []
        for _ in range(asked.rounds):
            for way, run in ways.items():
                taken[way].append(_seconds(run))
            ceilings.append(peak.rate(0.01) / 1e9)
        own = taken.pop("netc")
        best = min(taken.values(), key=statistics.median, default=None)
        rows.append(
            Row(
                *(text, part),
                netc=shape.operations / statistics.median(own) / 1e9,
                torch=shape.operations / statistics.median(best) / 1e9 if best else None,
                ratio=_ratio(own, best) if best else None,
                peak=max(ceilings),
            )
        )
    return rows


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _seconds(run: Callable[[], Any]) -> float:
    """Seconds of a run, from 20 ms of them after 10 ms that do not count."""
    stop = time.perf_counter() + 0.01
    run()
    while time.perf_counter() < stop:
        run()
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < 0.02:
        run()
        count += 1
    return passed / count


def _netc(shape: Shape, threads: int) -> dict[str, Callable[[], None]]:
    """The parts of the convolution in a training step of a net that has little else."""
    graph = build_graph(read_source(Source("one.net", shape.text))).graph
    network = Network(graph, seed=1, threads=threads)
    built = build(network.plan_for("train", shape.batch))
    memory, sizes = built.memory(network.store), built.sizes
    tables = Tables(
        memory,
        crew(threads),
        batch=sizes.batch,
        block=sizes.block,
        blocks=sizes.blocks,
        lanes=sizes.target.lanes(sizes.dtype),
    )
    tables.make_room(built.jobs)
    code = code_for(built.jobs)
    found = {}
    for part in PARTS:
        wanted = ("weight gradient", "collect") if part == "weight gradient" else (part,)
        jobs = [
            job
            for job in built.jobs
            if type(job.task.node.layer).name == "conv" and job.task.what in wanted
        ]
        written = tables.write(stages_of(jobs, wide=built.wide), code)
        found[part] = lambda written=written: crew(threads).run(written)
        found[part].held = (memory, tables)  # type: ignore[attr-defined]
    return found


def _torch(shape: Shape, threads: int) -> dict[str, dict[str, Callable[[], Any]]]:
    """The same by PyTorch, by part and layout."""
    import torch

    torch.set_num_threads(threads)
    rng = np.random.default_rng(0)
    found: dict[str, dict[str, Callable[[], Any]]] = {part: {} for part in PARTS}
    for form in (torch.contiguous_format, torch.channels_last):
        x, w, dy = (
            torch.tensor(rng.normal(size=s).astype(np.float32)).contiguous(memory_format=form)
            for s in (
                (shape.batch, shape.channels, shape.side, shape.side),
                (shape.filters, shape.channels // shape.groups, shape.kernel, shape.kernel),
                (shape.batch, shape.filters, shape.out, shape.out),
            )
        )
        sides = [[n, n] for n in (shape.stride, shape.pad, 1)]

        def forward(x: Any = x, w: Any = w) -> Any:
            return torch.nn.functional.conv2d(x, w, None, shape.stride, shape.pad, 1, shape.groups)

        def gradient(which: int, x: Any = x, w: Any = w, dy: Any = dy, sides: Any = sides) -> Any:
            wanted = [which == 0, which == 1, False]
            return torch.ops.aten.convolution_backward(
                dy, x, w, None, *sides, False, [0, 0], shape.groups, wanted
            )

        name = str(form)
        found["forward"][name] = forward
        found["input gradient"][name] = lambda gradient=gradient: gradient(0)
        found["weight gradient"][name] = lambda gradient=gradient: gradient(1)
    return found


if __name__ == "__main__":
    main()
