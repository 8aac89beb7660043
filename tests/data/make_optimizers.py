"""Makes optimizers.npz: how PyTorch's optimizers move weights under given gradients, in float64.

PyTorch keeps the rate outside the momentum, which is the same while the rate stays the same.

    python -m tests.data.make_optimizers
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch

STEPS, SIZE = 12, 7

TABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd(rate: 0.1)": ("SGD", {"lr": 0.1}),
    "sgd(rate: 0.1, momentum: 0.9)": ("SGD", {"lr": 0.1, "momentum": 0.9}),
    "sgd(rate: 0.1, momentum: 0.9, nesterov: true, decay: 0.01)": (
        "SGD",
        {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    ),
    "adagrad(rate: 0.1)": ("Adagrad", {"lr": 0.1, "eps": 1e-8}),
    "adagrad(rate: 0.1, epsilon: 0.01, decay: 0.1)": (
        "Adagrad",
        {"lr": 0.1, "eps": 0.01, "weight_decay": 0.1},
    ),
    "rmsprop(rate: 0.01)": ("RMSprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-8}),
    "rmsprop(rate: 0.01, smoothing: 0.99, epsilon: 0.001, decay: 0.1)": (
        "RMSprop",
        {"lr": 0.01, "alpha": 0.99, "eps": 0.001, "weight_decay": 0.1},
    ),
    "adadelta()": ("Adadelta", {"lr": 1.0, "rho": 0.95, "eps": 1e-6}),
    "adadelta(rate: 0.5, smoothing: 0.8, epsilon: 0.001, decay: 0.1)": (
        "Adadelta",
        {"lr": 0.5, "rho": 0.8, "eps": 0.001, "weight_decay": 0.1},
    ),
    "adam(rate: 0.01)": ("Adam", {"lr": 0.01}),
    "adam(rate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 0.001, decay: 0.1)": (
        "Adam",
        {"lr": 0.01, "betas": (0.8, 0.99), "eps": 0.001, "weight_decay": 0.1},
    ),
}


def start() -> tuple[np.ndarray, np.ndarray]:
    """The first weights, and a gradient for each step."""
    rng = np.random.default_rng(20)
    return rng.normal(size=SIZE), rng.normal(size=(STEPS, SIZE))


def trajectory(text: str) -> np.ndarray:
    """The weights after each step, shape (steps, size)."""
    kind, options = TABLE[text]
    weights, gradients = start()
    tensor = torch.tensor(weights, requires_grad=True)
    optimizer = getattr(torch.optim, kind)([tensor], **options)
    path = []
    for gradient in gradients:
        tensor.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(tensor.detach().numpy().copy())
    return np.array(path)


if __name__ == "__main__":
    weights, gradients = start()
    paths = {text: trajectory(text) for text in TABLE}
    file = Path(__file__).with_name("optimizers.npz")
    np.savez_compressed(file, weights=weights, gradients=gradients, **paths)
