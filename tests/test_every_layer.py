"""What the contract promises of every layer type, whatever it computes, read from the registry."""

from typing import Any

import numpy as np
import pytest

from netc.layers import LENT, REGISTRY, arguments_of, inputs_of
from netc.options import main_option, manual, options_of
from netc.spec import RESERVED
from netc.types import NUMPY_DTYPES, Array, Reject, Tensor
from tests.rules import Bench, engine_array, parse_example, scattered_array, spaced_array
from tests.uses import EXAMPLES, those

KINDS = [pytest.param(kind, id=name) for name, kind in sorted(REGISTRY.items())]
uses = those(lambda kind: True)
with_gradient = those(lambda kind: kind.backward is not None)
phases = pytest.mark.parametrize("training", [True, False], ids=["train", "test"])


def bench_of(use: str, dtype: str = "f64", **settings: Any) -> Bench:
    layer, types, _ = parse_example(use, dtype)
    return Bench(layer, *types, dtype=dtype, **settings)


def named(arrays: dict[str, Any]) -> dict[str, Array]:
    """Lists of arrays taken apart."""
    flat = {}
    for name, value in arrays.items():
        many = value if isinstance(value, list) else [value]
        flat |= {f"{name}[{i}]": array for i, array in enumerate(many)}
    return flat


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_of_the_manual_is_true(name):
    layer, types, result = parse_example(EXAMPLES[name])
    assert type(layer).name == name
    assert str(layer.infer(*types)) == result


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_and_layer_is_documented(kind):
    assert manual(kind)[0].splitlines()[0].endswith("."), "the first line is one sentence"
    assert kind.family
    for option in options_of(kind).values():
        assert option.doc.endswith("."), option.name
        assert not RESERVED & set(option.choices), "words of the language cannot be written there"
    assert sum(option.main for option in options_of(kind).values()) <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_main_option_is_no_word_alone_which_would_be_the_name_of_a_value(kind):
    main = main_option(kind)
    assert main is None or main.type is not str


@pytest.mark.parametrize("kind", KINDS)
def test_names_follow_the_contract(kind):
    assert not any(name.lstrip("*").startswith("d") for name in inputs_of(kind))
    layer, types, _ = parse_example(EXAMPLES[kind.name])
    if kind.backward is None:
        assert kind.roles == ("metric",) or layer.infer(*types).classes is not None
    else:
        assert "dy" in arguments_of(kind, "backward")


@with_gradient
@phases
@pytest.mark.parametrize("new", [engine_array, scattered_array], ids=["engine", "scattered"])
def test_gradients_are_the_central_differences(use, training, new):
    bench = bench_of(use, training=training, new=new, batch=3, seed=4)
    bench.forward()
    gradients = bench.backward()
    assert gradients.keys() <= bench.learnable().keys()
    for name, array in bench.learnable().items():
        expected = differences(bench, array)
        # An input may be left without a gradient where nothing changes with it little by little.
        found = gradients.get(name, np.zeros_like(expected))
        np.testing.assert_allclose(
            found, expected, rtol=1e-6, atol=1e-6, err_msg=f"gradient of {name}"
        )


def differences(bench: Bench, array: Array, step: float = 1e-5) -> Array:
    """The gradient of sum(y * dy) by central differences, one number of `array` at a time."""
    states = {name: bench.arrays[name].copy() for name in bench.states}

    def value() -> float:
        bench.put(states)
        return float(np.sum(bench.forward() * bench.arrays["dy"]))

    slopes = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = value()
        array[place] = kept - step
        slopes[place] = (above - value()) / (2 * step)
        array[place] = kept
    return slopes


@uses
@phases
def test_rules_change_nothing_that_is_not_theirs(use, training):
    bench = bench_of(use, training=training)
    mine = {"y", *bench.rooms, *(bench.states if training else ())}
    before = {n: a.copy() for n, a in named(bench.arrays).items()}
    bench.forward()
    kept = {
        n: a.copy()
        for n, a in named(
            {k: bench.arrays[k] for k in ("y", *bench.layer.keep(*bench.types), *bench.states)}
        ).items()
    }
    theirs = [n for n in before if n.split("[")[0] not in mine]
    for name in theirs:
        np.testing.assert_array_equal(named(bench.arrays)[name], before[name], err_msg=name)
    if bench.kind.backward is None:
        return
    bench.backward()
    for name in theirs:
        if not (name.startswith("d") and name.split("[")[0] != "dy"):
            np.testing.assert_array_equal(named(bench.arrays)[name], before[name], err_msg=name)
    for name, array in kept.items():
        np.testing.assert_array_equal(named(bench.arrays)[name], array, err_msg=name)


@with_gradient
def test_gradients_that_nobody_needs_may_be_left_out(use):
    bench = bench_of(use)
    bench.forward()
    whole = {name: array.copy() for name, array in bench.backward().items()}
    optional = [
        name[1:]
        for name, may_miss in arguments_of(bench.kind, "backward").items()
        if may_miss and name[0] == "d" and name != "dy" and f"{name}" not in ("dxs",)
    ]
    for left_out in optional:
        for name, array in bench.backward(left_out).items():
            np.testing.assert_array_equal(array, whole[name], err_msg=name)


@uses
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_share_the_work_and_give_the_same_bits_each_time(use, threads):
    one, many = (bench_of(use, threads=count, batch=3) for count in (1, threads))
    expected, y = one.forward().copy(), many.forward().copy()
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
    if one.kind.backward is None:
        return
    one.backward()
    first = {name: array.copy() for name, array in many.backward().items()}
    for name, array in one.gradients().items():
        np.testing.assert_allclose(first[name], array, rtol=1e-11, atol=1e-11)
    for name, array in many.backward().items():
        np.testing.assert_array_equal(array, first[name])


@uses
@pytest.mark.parametrize("batch", [1, 3])
def test_float32_agrees_with_float64(use, batch):
    narrow, wide = (bench_of(use, dtype, batch=batch, seed=5) for dtype in ("f32", "f64"))
    wide.put(narrow.learnable())
    wide.put({"dy": narrow.arrays["dy"]})
    assert narrow.forward().dtype == NUMPY_DTYPES[narrow.out.dtype]
    # a batch of 1 may leave batch_norm a single number, whose variance is rounding alone
    np.testing.assert_allclose(narrow.arrays["y"], wide.forward(), rtol=1e-3, atol=1e-4)
    if narrow.kind.backward is None:
        return
    exact = wide.backward()
    for name, array in narrow.backward().items():
        assert array.dtype == np.float32
        scale = max(1.0, float(np.abs(exact[name]).max()))
        np.testing.assert_allclose(array, exact[name], rtol=1e-3, atol=1e-4 * scale, err_msg=name)


@uses
@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_numbers_may_lie_far_apart(use, dtype):
    near, far = (bench_of(use, dtype, new=new) for new in (engine_array, spaced_array))
    tolerance = {"f32": 1e-4, "f64": 1e-11}[dtype]
    np.testing.assert_allclose(far.forward(), near.forward(), tolerance, tolerance)
    if near.kind.backward is None:
        return
    wanted = named(near.backward())
    for name, array in named(far.backward()).items():
        scale = max(1.0, float(np.abs(wanted[name]).max(initial=0)))
        np.testing.assert_allclose(array, wanted[name], tolerance, tolerance * scale, err_msg=name)


@those(lambda kind: kind.overlay)
def test_overlay_is_right_where_it_is_allowed(use):
    apart = bench_of(use)
    overlay = apart.kind.overlay
    expected = apart.forward().copy()
    for index in range(len(apart.types) if "y" in overlay else 0):
        laid = bench_of(use)
        base = laid.arrays[overlay["y"].split("[")[0]]
        if overlay["y"].endswith("[0]") and index:
            continue
        base = base[index] if isinstance(base, list) else base
        laid.arrays["y"] = base.reshape(expected.shape) if laid.kind.view else base
        np.testing.assert_array_equal(laid.forward(), expected)
    if "dx" in overlay:
        gradient = apart.backward()["x"].copy()
        laid = bench_of(use)
        laid.forward()
        dy = laid.arrays[overlay["dx"]]
        laid.arrays["dx"] = dy.reshape(gradient.shape) if laid.kind.view else dy
        np.testing.assert_array_equal(laid.backward()["x"], gradient)


@those(lambda kind: kind.splits)
def test_splits_is_right_where_it_is_claimed(use):
    whole = bench_of(use, batch=3)
    channels = whole.types[0].shape[0]
    parts = bench_of(use, batch=3)
    if any(weight.shape[:1] != (channels,) for weight in whole.weights.values()):
        return  # the engine leaves alone what all channels share
    for rule in ("forward", "backward"):
        getattr(whole, rule)()
        arrays = dict(parts.arrays)
        for part in (slice(0, 1), slice(1, channels))[:channels]:
            parts.arrays = {name: sliced(array, part, parts) for name, array in arrays.items()}
            getattr(parts, rule)()
        parts.arrays = arrays
    own = ("y", *whole.states, *(f"d{name}" for name in (*whole.names, *whole.weights)))
    for name, array in named({n: parts.arrays[n] for n in own}).items():
        expected = named({n: whole.arrays[n] for n in own})[name]
        np.testing.assert_array_equal(array, expected, err_msg=name)


def sliced(array: Any, part: slice, bench: Bench) -> Any:
    """The channels of a part: axis 1 of what has the batch, axis 0 of all else."""
    if isinstance(array, list):
        return [sliced(a, part, bench) for a in array]
    is_batched = array.ndim > 1 and len(array) == bench.batch
    return array[:, part] if is_batched else array[part]


@pytest.mark.parametrize("kind", KINDS)
def test_rules_ask_only_for_what_exists(kind):
    layer, types, _ = parse_example(EXAMPLES[kind.name])
    known = {"y", "dy", *(n.removeprefix("*") for n in inputs_of(kind)), *LENT}
    for arrays in (layer.weights(*types), layer.state(*types), layer.keep(*types)):
        known |= arrays.keys()
    known |= layer.work(2, 1, *types).keys()
    known |= {f"d{name}" for name in known}
    rules = ("forward",) if kind.backward is None else ("forward", "backward")
    for rule in rules:
        asked = {n for n, may_miss in arguments_of(kind, rule).items() if not may_miss}
        assert asked <= known, f"{rule} asks for {asked - known}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "types",
    [
        [Tensor((), "i64", classes=3)],
        [Tensor(())],
        [Tensor((2, 3, 4, 5, 6))],
        [Tensor((), batched=False)],
    ],
    ids=["label", "scalar", "rank 5", "loss"],
)
def test_strange_inputs_give_a_type_or_a_reject(kind, types):
    layer, wanted, _ = parse_example(EXAMPLES[kind.name])
    given = [*types * len(wanted)]
    try:
        assert isinstance(layer.infer(*given), Tensor)
        return
    except Reject as refusal:
        reject = refusal
    culprits = {name.removeprefix("*") for name in inputs_of(kind)} | options_of(kind).keys()
    assert reject.culprit.split("[")[0] in culprits
    assert reject.reason[0].islower() or reject.reason[0] in "`[0123456789"
    assert not reject.reason.endswith(".")
