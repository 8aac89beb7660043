"""The most memory that a process has while it trains, beyond what its imports took.

    python -m benchmarks.memory PEER NETWORK BATCH THREADS ENGINE

Each measurement is a process of its own. Peers: netc, contiguous, channels_last. Linux only.
"""

import importlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.cases import chosen
from benchmarks.peers import netc_step, torch_step

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_memory(peer: str, name: str, batch: int, threads: int, engine: str) -> int | None:
    """Bytes, found out by a new process; None where the system does not tell."""
    if not _RESET.exists():
        return None
    asked = [peer, name, str(batch), str(threads), engine]
    command = [sys.executable, "-m", "benchmarks.memory", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(json.loads(done.stdout)["bytes"])


def main(peer: str, name: str, batch: str, threads: str, engine: str) -> None:
    case = replace(chosen([name])[0], batch=int(batch))
    # What was loaded is not what training takes.
    for module in ("netc.native", "llvmlite.binding") if peer == "netc" else ("torch",):
        importlib.import_module(module)
    before = _status("VmRSS")
    if peer == "netc":
        step = netc_step(case, threads=int(threads), engine=engine)
    else:
        step = torch_step(case, peer, threads=int(threads), fused=True)
    for _ in range(2):
        step()
    _RESET.write_text("5")  # the highest mark begins anew: building is no part of a step
    for _ in range(2):
        step()
    print(json.dumps({"bytes": _status("VmHWM") - before}))


def _status(field: str) -> int:
    """Bytes of a line of the process's status."""
    for line in _STATUS.read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise OSError(f"no {field} in {_STATUS}")


if __name__ == "__main__":
    main(*sys.argv[1:])
