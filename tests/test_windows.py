"""Receptive fields that layers declare, against what their gradients say they have seen.

What a layer takes of the whole image, as the statistics of a normalization, is not counted as seen;
and a layer that makes other axes of the axes has no field that could be followed.
"""

import numpy as np
import pytest

from netc.summary.fields import Field, field_of
from tests.rules import Bench, parse_example
from tests.uses import those

SEEDS = range(4)
OTHERWISE = ("group_norm", "instance_norm", "layer_norm", "permute", "reshape")


def seen(bench: Bench) -> list[int]:
    """The most that one place of y has seen of x along each axis of the image."""
    bench.forward()
    x, y = next(iter(bench.learnable().values())), bench.arrays["y"]
    extents = np.zeros(x.ndim - 2, int)
    for place in np.ndindex(y.shape[2:]):
        dy = bench.arrays["dy"]
        dy[...] = 0
        dy[(slice(None), slice(None), *place)] = np.random.default_rng(1).random(dy.shape[:2])
        dx = next(iter(bench.backward().values()))
        for axis in range(x.ndim - 2):
            others = tuple(i for i in range(dx.ndim) if i != axis + 2)
            found = np.flatnonzero(np.abs(dx).max(axis=others) > 1e-12)
            if len(found):
                extents[axis] = max(extents[axis], found[-1] - found[0] + 1)
    return extents.tolist()


@those(lambda kind: kind.backward and not kind.roles and kind.name not in OTHERWISE)
def test_a_layer_sees_what_it_declares(use: str) -> None:
    layer, types, _ = parse_example(use, "f64")
    first, out = types[0], layer.infer(*types)
    if not first.is_float or first.rank < 2 or out.rank != first.rank:
        pytest.skip("no image goes in, or none comes out")
    declared = field_of(layer, types, Field.at(first))
    found = np.zeros(first.rank - 1, int)
    for seed in SEEDS:
        bench = Bench(layer, *types, seed=seed, training=False)
        found = np.maximum(found, seen(bench))
    image = first.shape[1:]
    for axis, (most, side) in enumerate(zip(declared.size, image, strict=True)):
        assert found[axis] <= most, f"axis {axis}: sees {found}, declares {declared.size}"
        assert found[axis] >= min(most, side) - 1, f"sees {found}, declares {declared.size}"
