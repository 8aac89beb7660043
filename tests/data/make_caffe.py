"""Makes caffe/cases.json and caffe/values.npz: what the real Caffe computes.

Each case is one layer, written in netc's words.

Reads ../shared/golden/caffe beside the repository: its README says how Caffe was run.

    python -m tests.data.make_caffe
"""

import json
from pathlib import Path

import numpy as np

from tests.data.from_caffe import layers, losses, values
from tests.data.from_caffe.case import CONVERTERS, Golden, Skip
from tests.data.from_caffe.prototxt import parse
from tests.data.make_caffe_nets import LEFT_OUT, NETS

HERE = Path(__file__).parent
GOLDEN = HERE.parents[2] / "shared" / "golden" / "caffe"

FAMILIES = (layers, losses, values)
"""What they know of Caffe's layers is entered into CONVERTERS when they are imported."""

WITHOUT = {
    "DummyData": "data of netc come from a source, not from a layer",
    "Im2col": "netc makes the columns of a convolution inside it",
    "InfogainLoss": "netc has no loss with a matrix between the classes",
    "LSTMUnit": "one step of netc's `lstm` is no layer by itself",
}
"""Caffe's layers that netc has nothing for, and why."""


def main() -> None:
    index = json.loads((GOLDEN / "INDEX.json").read_text())["cases"]
    index = index if isinstance(index, list) else index.values()
    cases, skipped, arrays = [], {}, {}
    for case in sorted(index, key=lambda case: case["name"]):
        name = case["name"]
        layers = [layer for layer in case["layers"] if layer["type"] not in ("Input", "Split")]
        if name.startswith("embed"):
            layers = layers[:1]  # behind it stands a loss alone, to give it a gradient
        if len(layers) != 1:
            skipped[name] = LEFT_OUT.get(name, "a network: tests/test_caffe_nets.py runs it")
            assert name in (*LEFT_OUT, *NETS), f"{name} is a network that nobody looked at"
        elif layers[0]["type"] not in CONVERTERS:
            skipped[name] = WITHOUT[layers[0]["type"]]
        else:
            net = parse((GOLDEN / f"{name}.prototxt").read_text())
            message = next(m for m in net.get("layer", []) if m["type"] == [layers[0]["type"]])
            try:
                kind, options, found = CONVERTERS[layers[0]["type"]](
                    message, Golden(case, layers[0], np.load(GOLDEN / f"{name}.npz"))
                )
            except Skip as reason:
                skipped[name] = str(reason)
                continue
            cases.append({"name": name, "layer": kind, "options": options})
            arrays |= {f"{name}/{key}": value for key, value in found.items()}
    (HERE / "caffe").mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    reasons = json.dumps(skipped, indent=1, sort_keys=True)
    (HERE / "caffe" / "cases.json").write_text(
        f'{{"cases": [\n{lines}\n],\n"skipped": {reasons}}}\n'
    )
    np.savez_compressed(HERE / "caffe" / "values.npz", **arrays)
    print(f"{len(cases)} cases, {len(skipped)} left out")


if __name__ == "__main__":
    main()
