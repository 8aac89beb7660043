"""How long a network waits for its first step: compiled, from the cache, and by NumPy's rules.

    python -m benchmarks.compile [NETWORK ...] [--rounds 5] [--threads 2] [--json FILE]

Each measurement is a process of its own, and all take turns; medians are printed, in seconds. What
counts begins when the spec is read and the imports are done: plan, kernels, memory, and one step,
from which the time of a second one is taken off. `cpu` is the time that all processors together
spent on the cold start, which other work on the machine lengthens less.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cases import CASES, Case, chosen

USUAL = ("lenet", "resnet_20", "resnet_50", "densenet_40")

Row = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(c.name for c in CASES)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    print(f"{'network':<14} {'kernels':>7} {'cold':>7} {'cpu':>7} {'cached':>7} {'numpy':>7}")
    rows: dict[str, Row] = {}
    for case in chosen(asked.networks or list(USUAL)):
        rows[case.name] = row = measured(case, rounds=asked.rounds, threads=asked.threads)
        times = " ".join(f"{row[name]:7.3f}" for name in ("cold", "cpu", "cached", "numpy"))
        print(f"{case.name:<14} {row['kernels']:>7.0f} {times}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


def measured(case: Case, *, rounds: int, threads: int) -> Row:
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, value in _round(case, threads):
            found.setdefault(name, []).append(value)
    return {name: statistics.median(values) for name, values in found.items()}


def _round(case: Case, threads: int) -> Iterator[tuple[str, float]]:
    with TemporaryDirectory() as cache:
        cold = _started(case, "cpu", threads, cache)
        yield "cold", cold["seconds"]
        yield "cpu", cold["cpu"]
        # The driver of the threads is kept too.
        yield "kernels", max(len(list(Path(cache).iterdir())) - 1, 0)
        yield "cached", _started(case, "cpu", threads, cache)["seconds"]
        yield "numpy", _started(case, "numpy", threads, cache)["seconds"]


def _started(case: Case, engine: str, threads: int, cache: str) -> Row:
    command = [sys.executable, "-m", "benchmarks.compile", "--start"]
    command += [case.name, engine, str(threads)]
    keeping = {**os.environ, "NETC_CACHE": cache}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=keeping)
    found: Row = json.loads(done.stdout)
    return found


def start(name: str, engine: str, threads: str) -> None:
    """In a process of its own: print how long the first step had to wait."""
    from netc.training import Network, Trainer
    from netc.training.learner import Learner
    from netc.training.optimizers import Sgd

    case = chosen([name])[0]
    graph = case.graph()
    network = Network(graph, seed=1, threads=int(threads), engine=engine)
    network.store.flat_gradients.fill(0)  # Weights are drawn for any engine.
    batch = case.data(graph)
    begun, spent = time.perf_counter(), time.process_time()
    trainer = Trainer(Learner(network, Sgd(rate=1e-3, momentum=0.9), seed=1))
    trainer.step(**batch)
    first, work = time.perf_counter() - begun, time.process_time() - spent
    begun, spent = time.perf_counter(), time.process_time()
    trainer.step(**batch)
    second, again = time.perf_counter() - begun, time.process_time() - spent
    print(json.dumps({"seconds": first - second, "cpu": work - again}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--start"]:
        start(*sys.argv[2:])
    else:
        main()
