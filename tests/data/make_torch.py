"""Makes torch.npz: what PyTorch computes for every layer type, written in PyTorch's own words.

Values and gradients in float64 from seeded inputs. Run from the root of the repository:

    python -m tests.data.make_torch
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from tests.data.torch_words import BATCH, TABLE
from tests.rules import Bench, parse_example


def main() -> None:
    arrays: dict[str, Any] = {"uses": np.array(list(TABLE))}
    for index, (use, run) in enumerate(TABLE.items()):
        layer, types, _ = parse_example(f"{use} -> ?", "f64")
        bench = Bench(layer, *types, batch=BATCH, seed=index, dtype="f64")
        inputs = [f"{bench.names[0]}[{i}]" for i in range(len(types))]
        names = [*(inputs if bench.has_many else bench.names), *bench.weights]
        every = dict(bench.spread())
        given = {name: torch.tensor(np.array(every[name], order="C")) for name in names}
        for tensor in given.values():
            tensor.requires_grad_(tensor.is_floating_point())
        states = {name: torch.tensor(bench.arrays[name]) for name in bench.states}
        y = run(*given.values(), *states.values())
        found = {**{n: t.detach() for n, t in given.items()}, "y": y.detach()}
        found |= {f"{name}_after": tensor for name, tensor in states.items()}
        if y.requires_grad:
            dy = torch.tensor(np.array(bench.arrays["dy"], order="C"))
            y.backward(dy)
            found["dy"] = dy
            found |= {f"d{n}": t.grad for n, t in given.items() if t.requires_grad}
        arrays |= {f"{index}/{name}": tensor.numpy() for name, tensor in found.items()}
    np.savez_compressed(Path(__file__).with_name("torch.npz"), **arrays)


if __name__ == "__main__":
    main()
