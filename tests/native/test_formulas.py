"""What layers say they do at one place against their rules: by NumPy, and compiled."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from netc.kernels.normal import normal_cdf
from netc.kernels.sigmoid import sigmoid
from netc.layers import REGISTRY, Layer
from netc.native.formula import Formula, Recorder, Step
from netc.native.kernels.pointwise import Pointwise
from netc.native.layout import Layout
from netc.native.tail import Tail
from netc.native.target import host
from netc.types import NUMPY_DTYPES, Dtype, Shape, Tensor
from tests.native.blocks import in_block, planes
from tests.native.guarded import check_guards, guarded, guarded_copy
from tests.rules import Bench

LAYERS: dict[str, Sequence[Mapping[str, Any]]] = {
    "abs": [{}],
    "add": [{}],
    "bias": [{}, {"shared": True}],
    "clip": [{"min": -0.5}, {"max": 1.0}, {"min": -0.5, "max": 0.5}],
    "elu": [{}, {"alpha": 0.3}],
    "exp": [{}, {"base": 2.0, "scale": 0.5, "shift": 1.0}],
    "gelu": [{}, {"approximate": "tanh"}],
    "hard_sigmoid": [{}, {"slope": 0.2, "shift": 0.4}],
    "hard_swish": [{}],
    "leaky_relu": [{}, {"slope": 0.0}, {"slope": 1.0}],
    "log": [{}, {"base": 10.0, "scale": 0.5, "shift": 3.0}],
    "max": [{}],
    "mish": [{}],
    "mul": [{}],
    "negate": [{}],
    "power": [
        {"power": power, "scale": 0.5, "shift": 2.0}
        for power in (0, 1, 2, 3, 9, 0.5, 0.75, 1.5, 2.25, -1, -2, -0.5, -0.75, 2.1, -1.3)
    ]
    + [{"power": 2.0}, {"power": 0.5}],
    "prelu": [{}, {"shared": True}],
    "relu": [{}],
    "scale": [{}, {"bias": True}, {"bias": True, "shared": True}],
    "scaled_tanh": [{}],
    "selu": [{}],
    "sigmoid": [{}],
    "silu": [{}, {"beta": 1.7}],
    "softplus": [{}],
    "tanh": [{}],
    "threshold": [{"at": 0.2}],
}
CASES = [
    pytest.param(REGISTRY[name](**options), id=f"{name}-{i}")
    for name, many in LAYERS.items()
    for i, options in enumerate(many)
]

OPERATIONS = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "maximum": lambda a, b: np.where(a > b, a, b),
    "minimum": lambda a, b: np.where(a < b, a, b),
    "greater": np.greater,
    "equal": np.equal,
    "select": np.where,
    "absolute": np.abs,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "tanh": np.tanh,
    "sigmoid": lambda x: _filled(sigmoid, x),
    "normal_cdf": lambda x: _filled(normal_cdf, x, np.empty_like(x), np.empty_like(x)),
}


def _filled(rule: Any, x: np.ndarray, *room: np.ndarray) -> np.ndarray:
    out = np.empty_like(x)
    rule(x, out, *room)
    return out


def computed(steps: Sequence[Step], arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """What each step is, by NumPy; weights are shaped to meet values."""
    found: list[Any] = []
    with np.errstate(all="ignore"):
        for step in steps:
            if step.kind == "number":
                found.append(np.float64(step.number))
            elif step.name:
                found.append(arrays[step.name])
            else:
                found.append(OPERATIONS[step.kind](*(found[i] for i in step.of)))
    return found


def bench_of(layer: Layer, shape: Shape, batch: int, dtype: Dtype, seed: int) -> Bench:
    """The layer with its arrays, both rules run."""
    is_join = inspect.signature(layer.infer).parameters.keys() == {"xs"}
    count = 2 + seed % 3 if is_join else 1
    bench = Bench(layer, *[Tensor(shape, dtype)] * count, batch=batch, seed=seed, dtype=dtype)
    for array in bench.learnable().values():
        np.round(array, 1, out=array)  # so that some are equal, and some 0
        array += 0.0  # and none is -0, whose root NumPy's power takes for that of 0
    with np.errstate(all="ignore"):
        bench.forward()
        bench.backward()
    return bench


def written(bench: Bench, rule: str, p: Recorder) -> Any:
    """What a layer says, with the arrays of a bench as names."""
    given: dict[str, Any] = {}
    taken = inspect.signature(getattr(bench.layer, rule)).parameters
    for name in list(taken)[1:]:
        array = bench.arrays.get(name)
        if isinstance(array, list):
            given[name] = [p.value(f"{name}[{i}]") for i in range(len(array))]
        elif name in bench.weights:
            given[name] = p.channel(name) if array.size > 1 else p.scalar(name)
        elif array is not None:
            given[name] = p.value(name)
    return getattr(bench.layer, rule)(p, **given)


def arrays_of(bench: Bench) -> dict[str, np.ndarray]:
    return {
        name: a.reshape(-1, *(1,) * (bench.arrays["dy"].ndim - 2)) if name in bench.weights else a
        for name, a in bench.spread().items()
    }


def summed(gradient: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Over all places of a channel, or of all."""
    if len(weight) == 1:
        return gradient.sum().reshape(1)
    return gradient.sum((0, *range(2, gradient.ndim)))


def test_every_layer_with_a_formula_is_here() -> None:
    with_formula = {name for name, kind in REGISTRY.items() if kind.formula is not None}
    assert with_formula - LOSSES == LAYERS.keys()
    with_gradient = {name for name, kind in REGISTRY.items() if kind.gradient is not None}
    assert with_gradient == with_formula


LOSSES = {"euclidean_loss", "sigmoid_loss", "smooth_l1_loss"}
"""These are tested with the kernel for them."""


@pytest.mark.parametrize("layer", CASES)
@pytest.mark.parametrize("seed", range(6))
def test_formulas_are_the_rules(layer: Layer, seed: int) -> None:
    bench = bench_of(layer, (3, 4, 5), 7, "f64", seed)
    arrays, p = arrays_of(bench), Recorder()
    result = written(bench, "formula", p)
    found = computed(p.steps, arrays)[result]
    y = bench.arrays["y"]
    np.testing.assert_allclose(np.broadcast_to(found, y.shape), y, rtol=1e-12, atol=1e-14)

    p = Recorder()
    results = written(bench, "gradient", p)
    steps = computed(p.steps, arrays)
    for name, wanted in bench.gradients().items():
        found = np.broadcast_to(steps[results[f"d{name}"]], y.shape)
        found = summed(found, wanted) if name in bench.weights else found
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-13)


def shapes() -> list[Any]:
    rng = np.random.default_rng(4)
    made = []
    for layer in CASES:
        for _ in range(3):
            sides = tuple(int(n) for n in rng.integers(1, 7, rng.integers(0, 3)))
            shape = (int(rng.integers(1, 5)), *sides)
            block, dtype = int(rng.choice([1, 2, 3, 7, 16, 32])), str(rng.choice(["f32", "f64"]))
            pad = int(rng.choice([0, 0, 16, 5]))
            values = (*layer.values, Layout(shape, block, pad), dtype, int(rng.integers(99)))
            made.append(pytest.param(*values, id=f"{layer.id}-{dtype}-{shape}-{block}"))
    return made


@pytest.mark.parametrize(("layer", "layout", "dtype", "seed"), shapes())
def test_compiled_formulas_are_the_rules(
    layer: Layer, layout: Layout, dtype: Dtype, seed: int
) -> None:
    pytest.importorskip("llvmlite")
    bench = bench_of(layer, layout.shape, layout.block, dtype, seed)
    p = Recorder()
    stores = {"y": written(bench, "formula", p)}
    _check(bench, p, stores, {}, layout, dtype)

    p = Recorder()
    results = written(bench, "gradient", p)
    wanted = {f"d{name}": name in bench.weights for name in bench.gradients()}
    stores = {name: results[name] for name, is_sum in wanted.items() if not is_sum}
    sums = {name: results[name] for name, is_sum in wanted.items() if is_sum}
    _check(bench, p, stores, sums, layout, dtype)


def _check(
    bench: Bench,
    p: Recorder,
    stores: Mapping[str, int],
    sums: Mapping[str, int],
    layout: Layout,
    dtype: Dtype,
) -> None:
    """Compile a formula and compare what it stores and sums with the arrays of a bench."""
    from netc.native.call import call

    formula = Formula(tuple(p.steps), tuple(stores.items()), tuple(sums.items())).tidied()
    arrays = {_plain(name): array for name, array in bench.spread().items()}
    stores, sums = ({_plain(name): i for name, i in d.items()} for d in (stores, sums))
    formula = formula.renamed({n: _plain(n) for n in (*formula.reads, *formula.writes)})
    number, lanes = NUMPY_DTYPES[dtype], host().lanes(dtype)
    values = {name: in_block(arrays[name], layout) for name in formula.names("value")}
    weights = {n: guarded_copy(arrays[n]) for n in formula.names("channel", "scalar")}
    made = {name: guarded(layout.size, number) for name in stores}
    layouts = tuple((name, layout) for name in (*values, *made))
    kernel = Pointwise(dtype, Tail(formula, layouts), layout)
    runs = []
    for _ in range(2):
        added = {name: guarded((layout.channels, lanes), number) for name in sums}
        for array in added.values():
            array.fill(0)
        call(kernel, **values, **weights, **made, **added, first=0, stop=kernel.units)
        check_guards()
        runs.append([a.tobytes() for a in (*made.values(), *added.values())])
    assert runs[0] == runs[1]
    close = {"f32": 5e-6, "f64": 1e-13}[dtype]
    for name, memory in made.items():
        view = planes(memory, layout)
        np.testing.assert_allclose(view, arrays[name], rtol=close, atol=close)
    for name, memory in added.items():
        wanted, many = arrays[name], 1 + layout.size
        total = memory.sum() if wanted.size == 1 else memory.sum(1)
        np.testing.assert_allclose(total.reshape(-1), wanted, rtol=close, atol=close * many)


def _plain(name: str) -> str:
    """A name that the code may have too."""
    return name.replace("[", "_").rstrip("]")
