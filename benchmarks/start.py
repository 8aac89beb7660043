"""Cold starts: how long a person waits before netc says anything.

    python -m benchmarks.start [--rounds 15]

Each command runs in a new process, all taking turns; the median and the best are printed in
milliseconds. The first round is not counted: it leaves the compiled modules that an installed
package comes with.
"""

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

SPECS = Path(__file__).parents[1] / "specs"

HEAD = "net large {\n    input image [3, 16, 16]\n    input label class(10)\n"
LAYERS = "    conv(8, kernel: 3, pad: 1) -> relu\n"
TAIL = "    scores = global_avg_pool -> dense(10)\n    loss softmax_loss(scores, label)\n}\n"
MISTAKE = "    conv(8, kernle: 3, pad: 1) -> relu\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder:
        commands = dict(_commands(Path(folder)))
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, times in taken.items():
                times.append(_seconds(commands[name]))
    print(f"{'':<36} {'median':>10} {'best':>10}")
    for name, (_, *times) in taken.items():
        print(f"{name:<36} {_shown(statistics.median(times))} {_shown(min(times))}")


def _commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What is measured: its name, and the arguments of Python."""
    yield "python -c pass", ["-c", "pass"]
    yield "import numpy", ["-c", "import numpy"]
    yield "import netc", ["-c", "import netc"]
    yield "netc --version", ["-m", "netc", "--version"]
    check = ["-m", "netc", "check"]
    yield "netc check mnist.net", [*check, str(SPECS / "mnist.net")]
    resnet = [str(SPECS / "resnet.net"), "--set", "depth=152"]
    yield "netc check resnet.net, depth=152", [*check, *resnet]
    yield "netc check (all specs)", [*check, *map(str, sorted(SPECS.glob("*.net")))]
    for name, text in _large().items():
        path = folder / f"{name}.net"
        path.write_text(text, encoding="utf-8")
        yield f"netc check, {name}", [*check, str(path)]
    yield "netc summary mnist.net", ["-m", "netc", "summary", str(SPECS / "mnist.net")]
    if importlib.util.find_spec("torch") is not None:
        yield "import torch", ["-c", "import torch"]


def _large() -> dict[str, str]:
    """Texts of large nets by what is large in them."""
    made = {f"{n:,} layers": HEAD + n // 2 * LAYERS + TAIL for n in (5_000, 10_000)}
    repeat = f"    repeat 5_000 {{\n    {LAYERS}    }}\n"
    made["10,000 layers by a loop"] = HEAD + repeat + TAIL
    made["1,000 mistakes"] = HEAD + 1_000 * MISTAKE + TAIL
    made["1,000 mistakes of syntax"] = HEAD + 1_000 * MISTAKE.replace(")", "") + TAIL
    return made


def _shown(seconds: float) -> str:
    return f"{seconds * 1e3:7,.0f} ms"


def _seconds(arguments: list[str]) -> float:
    keeping = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=keeping)
    taken = time.perf_counter() - start
    assert done.returncode in (0, 1), done.stderr.decode()
    return taken


if __name__ == "__main__":
    main()
