"""Training for a long time: no step may come out otherwise, take more memory, or never end.

    python -m benchmarks.soak [--minutes 10] [--beside 2] [--threads 2] [SPEC...]

Trains the nets in turns, each time from its first weights: engines come and go, threads sleep and
wake between steps, and every turn must give the losses and weights of the first, bit by bit.
`--beside` does it in several processes at once, which have to share the processors. Ends with 1
where anything drifts, leaks or stands still.
"""

import argparse
import faulthandler
import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import netc
from netc.training import OPTIMIZERS, Learner, Network

SPECS = Path(__file__).parents[1] / "specs"
NETS = ("mnist", "lenet", "lenet_dropout", "mnist_bn", "resnet_cifar", "densenet_cifar")

_STEPS = 25
_STILL = 120.0
"""Seconds that a turn may take before all threads are shown and the process ends."""

_LEAK = 16 << 20
"""Bytes that memory may grow by between the second turn of all nets and the last."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("specs", nargs="*", metavar="SPEC")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--beside", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    specs = given.specs or [str(SPECS / f"{name}.net") for name in NETS]
    if given.beside > 1:
        words = [f"--minutes={given.minutes}", f"--threads={given.threads}", *specs]
        command = [sys.executable, "-m", "benchmarks.soak", *words]
        children = [subprocess.Popen(command) for _ in range(given.beside)]
        sys.exit(max(child.wait() for child in children))
    sys.exit(soak(specs, given.minutes * 60, given.threads))


def soak(specs: list[str], seconds: float, threads: int) -> int:
    """Train until the time is over; 1 where anything was not as it should be."""
    first: dict[str, str] = {}
    memory: list[int] = []
    steps, start = 0, time.monotonic()
    while time.monotonic() < start + seconds or len(memory) < 3:
        for spec in specs:
            faulthandler.dump_traceback_later(_STILL, exit=True)
            digest = turn(spec, threads)
            steps += _STEPS
            if first.setdefault(spec, digest) != digest:
                print(f"{spec}: another result after {steps:,} steps", flush=True)
                return 1
        faulthandler.cancel_dump_traceback_later()
        memory.append(resident())
    grown = memory[-1] - memory[1]
    rate = steps / (time.monotonic() - start)
    print(
        f"{steps:,} steps in {len(memory)} turns, {rate:.0f} a second: the same bits; memory "
        f"{memory[-1] / 1e6:.0f} MB, {grown / 1e6:+.1f} MB since the second turn",
        flush=True,
    )
    return int(grown > _LEAK)


def turn(spec: str, threads: int) -> str:
    """Some steps from the first weights; a digest of all losses and of the weights they end at."""
    network = Network(netc.load(spec).graph, seed=1, threads=threads)
    learner = Learner(network, OPTIMIZERS["sgd"](rate=0.01, decay=1e-4, l1=0.0), seed=1)
    rng, pauses = np.random.default_rng(1), random.Random()
    found = hashlib.sha256()
    with network.lend("train", 24) as engine:
        for _ in range(_STEPS):
            for name, array in engine.inputs.items():
                type = network.graph.types[name]
                if type.is_float:
                    array[...] = rng.standard_normal(array.shape)
                else:
                    array[...] = rng.integers(type.classes or 2, size=array.shape)
            found.update(str(learner.learn(engine, 0.01).loss).encode())
            if pauses.random() < 0.2:
                time.sleep(pauses.choice([1e-4, 1e-3, 5e-3]))
    found.update(network.store.flat_weights.tobytes())
    return found.hexdigest()


def resident() -> int:
    """Bytes of memory that this process has just now; 0 where the system does not tell."""
    try:
        words = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(words[1]) * 4096


if __name__ == "__main__":
    main()
