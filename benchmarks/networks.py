"""Every network of docs/networks.md does its work once: one training step, and a compiled file.

    python -m benchmarks.networks [SPEC ...] [--batch 2]

Each is a command of its own, `netc train` on random data and `netc compile`, which proves that
onnxruntime answers as netc does. Seconds and the most memory are those of the whole command. The
large networks take gigabytes, so nothing else should run beside.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.networks import NETWORKS, SPECS, Network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("specs", nargs="*", metavar="SPEC")
    parser.add_argument("--batch", type=int, default=2)
    asked = parser.parse_args()
    chosen = [n for n in NETWORKS if not asked.specs or n.spec in asked.specs]
    print(f"{'network':<44} {'step':>8} {'memory':>9} {'compile':>9} {'memory':>9}")
    failed = [network for network in chosen if not _worked(network, asked.batch)]
    sys.exit(1 if failed else 0)


def _worked(network: Network, batch: int) -> bool:
    """Whether both commands ended well; prints a line."""
    spec = str(SPECS / f"{network.spec}.net")
    given = [a for item in network.given.items() for a in ("--set", _setting(*item))]
    with TemporaryDirectory() as folder:
        learned, made = f"{folder}/run", f"{folder}/made.onnx"
        data = ["--set", f"train.data=random({2 * batch})", "--set", f"train.batch={batch}"]
        step = _run(["train", spec, *given, *data, "--steps", "1", "--out", learned])
        weights = ["--weights", f"{learned}/last.safetensors"]
        compiled = _run(["compile", spec, *given, *weights, "-o", made])
        name = " ".join((network.spec, network.label))
        print(f"{name:<44} {step.shown} {compiled.shown}", flush=True)
        for run in (step, compiled):
            if run.code != 0:
                print(run.said)
        return step.code == compiled.code == 0


def _setting(name: str, value: bool | int | str) -> str:
    return f"{name}={str(value).lower() if isinstance(value, bool) else value}"


@dataclass(frozen=True)
class Ran:
    """A command that has ended: its exit status, seconds, megabytes, and what it said."""

    code: int
    seconds: float
    megabytes: float
    said: str

    @property
    def shown(self) -> str:
        return f"{self.seconds:6.1f} s {self.megabytes:6,.0f} MB"


def _run(arguments: list[str]) -> Ran:
    start = time.perf_counter()
    with TemporaryDirectory() as folder, (Path(folder) / "said").open("w+") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "netc", *arguments], stdout=said, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        said.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return Ran(code, time.perf_counter() - start, used.ru_maxrss / 1024, said.read())


if __name__ == "__main__":
    main()
