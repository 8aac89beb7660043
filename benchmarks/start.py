"""Cold starts: how long a person waits before netc says anything.

    python -m benchmarks.start [--rounds 15]

Each command runs in a new process, all taking turns; the median is printed in milliseconds.
"""

import argparse
import importlib.util
import statistics
import subprocess
import sys
import time
from pathlib import Path

SPECS = Path(__file__).parent.parent / "specs"

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import numpy": ["-c", "import numpy"],
    "import netc": ["-c", "import netc"],
    "netc --version": ["-m", "netc", "--version"],
    "netc check mnist.net": ["-m", "netc", "check", str(SPECS / "mnist.net")],
    "netc check (all specs)": ["-m", "netc", "check", *map(str, sorted(SPECS.glob("*.net")))],
    "netc summary mnist.net": ["-m", "netc", "summary", str(SPECS / "mnist.net")],
    "import torch": ["-c", "import torch"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    if importlib.util.find_spec("torch") is None:
        del taken["import torch"]
    for _ in range(rounds):
        for name, times in taken.items():
            times.append(_seconds(COMMANDS[name]))
    for name, times in taken.items():
        print(f"{name:<24} {statistics.median(times) * 1e3:7.0f} ms")


def _seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
