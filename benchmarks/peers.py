"""The programs that are measured beside each other: netc, PyTorch, and ConvNetJS in node."""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from netc.training import Learner, Network, Trainer
from netc.training.optimizers import Sgd

HERE = Path(__file__).parent
RATE = 1e-3
"""Small, so that no network learns noise until its numbers are strange."""

Step = Callable[[], Any]

LAYOUTS = ("contiguous", "channels_last")


def netc_step(case: Case, *, threads: int, engine: str) -> Step:
    """A step as a user makes it from Python: see `Trainer.step`."""
    graph = case.graph()
    network = Network(graph, seed=1, threads=threads, engine=engine)
    trainer = Trainer(Learner(network, Sgd(rate=RATE, momentum=0.9), seed=1))
    batch = case.data(graph)
    return lambda: trainer.step(**batch).loss


def has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


def torch_step(case: Case, form: str, *, threads: int, fused: bool) -> Step:
    """A step of the same network in eager PyTorch."""
    from benchmarks.torch_peer import TorchPeer

    graph = case.graph()
    batch = case.data(graph)
    return TorchPeer(graph, batch, threads=threads, form=form, fused=fused, rate=RATE).step


@cache
def convnetjs_folder() -> str | None:
    """Where npm put ConvNetJS; None where there is no node or npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        return None
    folder = tempfile.mkdtemp(prefix="convnetjs-")
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder]
    done = subprocess.run([*command, "convnetjs@0.3.0"], capture_output=True, check=False)
    return f"{folder}/node_modules" if done.returncode == 0 else None


def convnetjs_speed(which: str, seconds: float) -> float | None:
    """Examples a second that ConvNetJS trains, on one thread, which is all it can use."""
    folder = convnetjs_folder()
    if folder is None:
        return None
    command = ["node", str(HERE / "convnetjs.js"), folder, which, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
