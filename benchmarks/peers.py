"""The programs that netc is measured beside: PyTorch on the CPU, and ConvNetJS in node."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from netc.engines import Store
from netc.ir import Graph
from netc.layers import inputs_of

HERE = Path(__file__).parent


def torch_step(
    graph: Graph, images: np.ndarray, labels: np.ndarray, *, threads: int, channels_last: bool
) -> Callable[[], Any]:
    """One training step of the same network in eager PyTorch, from the layers' own torch rules."""
    import torch

    torch.set_num_threads(threads)
    form = torch.channels_last if channels_last else torch.contiguous_format
    store = Store.fresh(graph, seed=1)
    weights = {}
    for name, array in store.weights.items():
        tensor = torch.tensor(array)
        tensor = tensor.contiguous(memory_format=form) if tensor.ndim == 4 else tensor
        weights[name] = tensor.requires_grad_(True)
    optimizer = torch.optim.SGD(list(weights.values()), lr=0.001, momentum=0.9)
    image_name = next(v for v in graph.inputs if graph.types[v].classes is None)
    label_name = next(v for v in graph.inputs if graph.types[v].classes is not None)
    nodes = [node for node in graph.nodes if "metric" not in type(node.layer).roles]
    needed = {v for node in nodes if "loss" in type(node.layer).roles for v in node.reads}
    nodes = [n for n in nodes if n.writes and (n.value in needed or _feeds(n, nodes))]
    y = torch.tensor(labels)

    def step() -> float:
        x = torch.tensor(images)
        values = {image_name: x.contiguous(memory_format=form), label_name: y, **weights}
        for node in nodes:
            taken = [a.removeprefix("*") for a in inputs_of(type(node.layer))]
            ports = {a: p for a, p in node.ports.items() if a not in ("y", *node.keeps)}
            bound = {
                a: values[p] if isinstance(p, str) else [values[v] for v in p]
                for a, p in ports.items()
                if a in taken or p in weights
            }
            extra = {"training": True} if "training" in _torch_arguments(node.layer) else {}
            values[node.value] = node.layer.torch(torch, **bound, **extra)
        loss = values[graph.losses[0].value]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def _feeds(node: Any, nodes: list[Any]) -> bool:
    made = node.value
    return "loss" in type(node.layer).roles or any(made in other.reads for other in nodes)


def _torch_arguments(layer: Any) -> tuple[str, ...]:
    code = type(layer).torch.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


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
