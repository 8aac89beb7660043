"""Training speed side by side: netc, PyTorch (the better of its two layouts) and ConvNetJS.

    python -m benchmarks.training [--rounds 15] [--batch 64] [--threads 2] [NETWORK ...]

All take turns within one run, because other work on the machine comes and goes; the ratio is the
median over the rounds. A step is: the batch copied in, forward, backward, update, loss read.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import netc
from benchmarks.peers import convnetjs_speed, torch_step

SPECS = Path(__file__).parent.parent / "specs"
NETWORKS = {"mnist": "mnist", "cifar10": "cifar10", "lenet": None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-torch", action="store_true")
    chosen = parser.parse_args()
    head = ("network", "netc/s", "torch/s", "time ratio", "convnetjs/s", "times convnetjs")
    print(("{:>16}" * 6).format(*head))
    for name in chosen.networks:
        print(row(name, chosen), flush=True)


def row(name: str, chosen: argparse.Namespace) -> str:
    """One line of the table: examples a second, and ratios as medians over rounds."""
    net = netc.load(str(SPECS / f"{name}.net"))
    graph = net.graph
    rng = np.random.default_rng(0)
    image = next(v for v in graph.inputs if graph.types[v].classes is None)
    images = rng.normal(size=(chosen.batch, *graph.types[image].shape)).astype(np.float32)
    labels = rng.integers(0, 10, chosen.batch)
    trainer = net.trainer(threads=chosen.threads)
    steps: dict[str, Callable[[], Any]] = {"netc": lambda: trainer.step(images, labels)}
    if not chosen.no_torch:
        for form, last in (("torch", False), ("torch_last", True)):
            steps[form] = torch_step(
                graph, images, labels, threads=chosen.threads, channels_last=last
            )
    taken: dict[str, list[float]] = {form: [] for form in steps}
    rivals: list[float] = []
    for index in range(chosen.rounds):
        for form, step in steps.items():
            taken[form].append(_seconds(step))
        if index % 5 == 0 and NETWORKS.get(name):
            speed = convnetjs_speed(name, 3.0)
            rivals += [] if speed is None else [speed]
    return _format(name, chosen.batch, taken, rivals)


def _seconds(step: Callable[[], Any]) -> float:
    """Seconds of one step, from as many as fill a quarter of a second."""
    step()
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < 0.25:
        step()
        count += 1
    return passed / count


def _format(name: str, batch: int, taken: dict[str, list[float]], rivals: list[float]) -> str:
    ours = taken["netc"]
    speed = batch / statistics.median(ours)
    peers = [taken[f] for f in ("torch", "torch_last") if f in taken]
    torch_speed = ratio = beside = times = "-"
    if peers:
        best = min(peers, key=statistics.median)
        torch_speed = f"{batch / statistics.median(best):.0f}"
        ratio = f"{statistics.median(a / b for a, b in zip(ours, best, strict=True)):.2f}"
    if rivals:
        beside = f"{statistics.median(rivals):.0f}"
        times = f"{speed / statistics.median(rivals):.1f}"
    cells = (name, f"{speed:.0f}", torch_speed, ratio, beside, times)
    return ("{:>16}" * 6).format(*cells)


if __name__ == "__main__":
    main()
