"""An epoch of real MNIST from the text of ConvNetJS's own page: netc beside ConvNetJS in node.

    python -m benchmarks.convnetjs [--data FOLDER] [--examples 60000] [--rounds 3] [--json FILE]

Both read the same file with its own settings, see every training image once, cut to 24x24 at a
random place, and are tested on the middle of all test images. netc's time is that of the whole
command: start, reading, compiling, training, testing. ConvNetJS's is that of its training alone.
Before and after ConvNetJS, netc takes turns of different seeds, so that a busy machine is seen;
seconds of the processor, over all threads, say more there than those of the clock.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers import convnetjs_folder

HERE = Path(__file__).parent
DEFINITION = HERE.parent / "examples" / "convnetjs" / "mnist.js"
EPOCH = 60_000


@dataclass(frozen=True)
class Row:
    """One training. `seconds` is that of all of it, `training` without start and test; `processor`
    are the seconds of all processors for all of it."""

    program: str
    seed: int
    examples: int
    seconds: float
    training: float
    processor: float
    accuracy: float

    @property
    def line(self) -> str:
        rate = self.examples / self.training
        return (
            f"{self.program:<10} {self.seed:>4} {self.examples:>9,} {self.seconds:>8.1f} s"
            f" {self.training:>8.1f} s {self.processor:>8.1f} s {rate:>10,.0f}"
            f" {100 * self.accuracy:>8.2f} %"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("NETC_DATA", "."), help="folder of MNIST")
    parser.add_argument("--examples", type=int, default=EPOCH, help="that ConvNetJS trains with")
    parser.add_argument("--rounds", type=int, default=3, help="times that netc trains")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    print(f"{'program':<10} {'seed':>4} {'examples':>9} {'whole':>10} {'training':>10}", end="")
    print(f" {'processor':>10} {'examples/s':>10} {'accuracy':>10}")
    ours = [_shown(netc_row(seed, asked)) for seed in range(1, asked.rounds // 2 + 2)]
    theirs = convnetjs_row(1, asked)
    if theirs is not None:
        _shown(theirs)
    ours += [_shown(netc_row(seed, asked)) for seed in range(len(ours) + 1, asked.rounds + 1)]
    if theirs is not None:
        _compare(ours, theirs)
    if asked.json:
        rows = [*ours, *([theirs] if theirs else [])]
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


def _compare(ours: list[Row], theirs: Row) -> None:
    """One epoch of ConvNetJS's training against whole runs of netc; of a part, what it comes to."""
    whole = theirs.training * EPOCH / theirs.examples
    slowest, fastest = (f(row.seconds for row in ours) for f in (max, min))
    is_whole = theirs.examples == EPOCH
    told = "" if is_whole else " (scaled up from its part)"
    print(f"an epoch of ConvNetJS, {whole:.0f} s{told}, is", end=" ")
    print(f"{whole / slowest:.0f} to {whole / fastest:.0f} whole runs of netc")
    if is_whole:
        most, least = (theirs.processor / f(row.processor for row in ours) for f in (min, max))
        print(f"in seconds of the processor, {least:.0f} to {most:.0f}")


def netc_row(seed: int, asked: argparse.Namespace) -> Row:
    """One epoch by the command that a user gives."""
    data = "train.data=mnist(crop: 24)"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "netc", "train", str(DEFINITION), "--set", data]
        command += ["--epochs", "1", "--seed", str(seed), "--threads", str(asked.threads)]
        command += ["--data", asked.data, "--out", f"{folder}/run", "--quiet"]
        _, seconds, processor = _measured(command)
        end = json.loads(Path(folder, "run", "metrics.jsonl").read_text().splitlines()[-1])
    accuracy = end["metrics"]["accuracy"]
    return Row("netc", seed, EPOCH, seconds, end["seconds"], processor, accuracy)


def convnetjs_row(seed: int, asked: argparse.Namespace) -> Row | None:
    """The same by ConvNetJS, on one thread, which is all it can use; None without node."""
    folder = convnetjs_folder()
    if folder is None:
        return None
    command = ["node", str(HERE / "convnetjs_mnist.js"), folder, str(DEFINITION)]
    command += [asked.data, str(asked.examples), str(seed)]
    done, seconds, processor = _measured(command)
    told = json.loads(done)
    count, training, accuracy = (told[name] for name in ("examples", "seconds", "accuracy"))
    return Row("ConvNetJS", seed, count, seconds, training, processor, accuracy)


def _measured(command: list[str]) -> tuple[str, float, float]:
    """What a command prints, the seconds it took, and those of the processors."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, seconds, used


def _shown(row: Row) -> Row:
    print(row.line, flush=True)
    return row


if __name__ == "__main__":
    main()
