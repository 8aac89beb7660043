"""Where the time of a training step goes: the share of the peak of each layer that multiplies, and
how much of the step the others take.

    python -m benchmarks.layers [NETWORK ...] [--threads 2] [--seconds 3]

Shares above 1 are of layers whose taps in the padding are left out, or whose algorithm multiplies
less than the layer is counted for.
"""

import argparse
import json
import subprocess
import sys
from typing import Any

from benchmarks.cases import CASES, Case, chosen

_SLOW = 0.6
"""Shares of the peak below which a layer is named."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(c.name for c in CASES)}")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    print("| network | multiplying | of peak | least | other layers | update | waiting |")
    print("|---|---|---|---|---|---|---|")
    slow = []
    for case in chosen(asked.networks):
        found = _times(case, asked.threads, asked.seconds)
        print(_row(case.name, found), flush=True)
        slow += [f"{case.name}: {text}" for text in _slow(found)]
    print(f"\nbelow {_SLOW:.0%} of the peak, and over 2 % of the step:")
    print("\n".join(f"  {text}" for text in slow) or "  none")


def _times(case: Case, threads: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "netc", "time", str(case.file), "--json"]
    command += ["--batch", str(case.batch), "--threads", str(threads), "--seconds", str(seconds)]
    for name, value in case.given.items():
        command += ["--set", f"{name}={value}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _own(layer: dict[str, Any]) -> float:
    return float(layer["forward_ms"] or 0) + float(layer["backward_ms"] or 0)


def _row(name: str, found: dict[str, Any]) -> str:
    heavy = [layer for layer in found["layers"] if layer["peak_share"]]
    total = sum(_own(layer) for layer in found["layers"])
    whole = total + found["update_ms"] + found["waiting_ms"]
    own = sum(_own(layer) for layer in heavy)
    mean = sum(_own(layer) * layer["peak_share"] for layer in heavy) / own
    least = min(layer["peak_share"] for layer in heavy)
    shares = (own, total - own, found["update_ms"], found["waiting_ms"])
    parts = [f"{share / whole:.0%}" for share in shares]
    cells = (name, parts[0], f"{mean:.2f}", f"{least:.2f}", *parts[1:])
    return f"| {' | '.join(cells)} |"


def _slow(found: dict[str, Any]) -> list[str]:
    """The layers that are far from the peak and matter."""
    whole = sum(_own(layer) for layer in found["layers"])
    return [
        f"{layer['name']} {layer['peak_share']:.2f} ({_own(layer) / whole:.0%})"
        for layer in found["layers"]
        if layer["peak_share"] and layer["peak_share"] < _SLOW and _own(layer) > 0.02 * whole
    ]


if __name__ == "__main__":
    main()
