"""Makes solvers.npz: how the real Caffe's solvers moved the weights of a small net.

The data, the weights after some steps and the rate of each step, for solvers whose rules netc
has. Reads ../shared/golden/caffe/solvers beside the repository.

    python tests/data/make_solvers.py
"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
GOLDEN = HERE.parents[2] / "shared" / "golden" / "caffe" / "solvers"

CASES = (
    "sgd_plain",
    "sgd_momentum",
    "sgd_wd",
    "nesterov",
    "nesterov_step",
    "adagrad",
    "rmsprop",
    "rmsprop_default",
    "adam",
    "lr_step",
    "lr_exp",
    "lr_inv",
    "lr_poly",
    "lr_multistep",
)
STEPS = (0, 1, 3, 10)


def main() -> None:
    data = np.load(GOLDEN / "data.npz")
    kept = {"image": data["data"], "label": data["label"].astype(np.int64)}
    for case in CASES:
        arrays = np.load(GOLDEN / f"{case}.npz")
        kept[f"{case}/rates"] = arrays["lr"]
        for step in STEPS:
            for name in ("conv/0", "conv/1", "ip/0", "ip/1"):
                kept[f"{case}/{step}/{name}"] = arrays[f"p{step}/{name}"]
    np.savez_compressed(HERE / "solvers.npz", **kept)


if __name__ == "__main__":
    main()
