"""Layers on images of open size: the formulas are those of the plain numbers, at every size."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netc.layers import REGISTRY, Layer, inputs_of
from netc.sizes import Size, Undecided, closed
from netc.types import Reject, Tensor
from tests.uses import EXAMPLES

h, w = Size.symbol("h"), Size.symbol("w")
IMAGE = Tensor((6, h, w))


def layer(kind: str, **options: object) -> Layer:
    return REGISTRY[kind](**options)


def at(type: Tensor, **sizes: int) -> Tensor:
    return replace(type, shape=tuple(closed(side, sizes) for side in type.shape))


SHAPES = [
    ("conv", {"filters": 8, "kernel": 3}, "[8, h - 2, w - 2]"),
    ("conv", {"filters": 8, "kernel": 3, "pad": "same"}, "[8, h, w]"),
    ("conv", {"filters": 8, "kernel": 7, "stride": 2, "pad": 3}, "[8, (h + 1) // 2, (w + 1) // 2]"),
    ("conv", {"filters": 8, "kernel": 1, "stride": 2}, "[8, (h + 1) // 2, (w + 1) // 2]"),
    ("max_pool", {"kernel": 2}, "[6, (h + 1) // 2, (w + 1) // 2]"),
    ("max_pool", {"kernel": 2, "round": "down"}, "[6, h // 2, w // 2]"),
    ("max_pool", {"kernel": 2, "pad": 1}, "[6, h // 2 + 1, w // 2 + 1]"),
    ("avg_pool", {"kernel": 3, "stride": 2, "pad": 1}, "[6, h // 2 + 1, w // 2 + 1]"),
    ("global_avg_pool", {}, "[6, 1, 1]"),
    ("flatten", {}, "[6 * h * w]"),
    ("reshape", {"shape": (3, -1)}, "[3, 2 * h * w]"),
    ("reshape", {"shape": (-1, h, w)}, "[6, h, w]"),
    ("relu", {}, "[6, h, w]"),
    ("batch_norm", {}, "[6, h, w]"),
    ("softmax", {}, "[6, h, w]"),
]


@pytest.mark.parametrize(("kind", "options", "shape"), SHAPES)
def test_shapes_of_open_sizes_are_formulas(kind, options, shape):
    assert str(layer(kind, **options).infer(IMAGE)) == shape


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("dense", {"units": 2}, "the size of its input, 6 * h * w, is not known"),
        (
            "reshape",
            {"shape": (4, -1)},
            "whether the 6 * h * w numbers of [6, h, w] go into [4, -1] cannot be told "
            "while `h` and `w` are open",
        ),
        (
            "max_pool",
            {"kernel": 2, "stride": 3},
            "whether the last window lies wholly outside cannot be told while `h` is open",
        ),
        (
            "conv",
            {"filters": 1, "kernel": 300},
            "a 300x300 kernel does not fit in an image [h, w] where `h` is 224 and `w` is 224",
        ),
    ],
)
def test_what_hangs_on_the_size_is_refused(kind, options, reason):
    with pytest.raises(Reject) as refused:
        layer(kind, **options).infer(IMAGE)
    assert refused.value.reason == reason
    assert refused.value.culprit


def test_sizes_that_agree_at_times_are_refused():
    half = Tensor((6, h // 2 * 2, w))
    with pytest.raises(Reject) as refused:
        layer("add").infer(IMAGE, half)
    assert refused.value.reason == "value 2 is [6, 2 * (h // 2), w], value 1 is [6, h, w]"
    assert refused.value.help.startswith("they are equal for some sizes only; give the sizes")


def test_weights_are_never_open():
    for kind in ("conv", "batch_norm", "dense"):
        options = {"conv": {"filters": 1, "kernel": 1}, "dense": {"units": 1}}.get(kind, {})
        with pytest.raises(Reject, match="not known"):
            layer(kind, **options).infer(Tensor((h, 4, 4)))
    with pytest.raises(Reject, match=r"a weight would be \[h, 6, 1, 1\]"):
        layer("conv", filters=h, kernel=1).weights(Tensor((6, 4, 4)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_layer_takes_or_refuses_images_of_open_size(name):
    kind = REGISTRY[name]
    needed = {"filters": 2, "kernel": 1, "units": 2, "shape": (3, -1), "order": (2, 3, 1)}
    needed |= {"times": 2, "parts": 3, "part": 1, "how": "mean", "power": 2.0, "max": 1.0}
    needed |= {"size": 3, "levels": 2, "factor": 2}
    made = kind(**{key: v for key, v in needed.items() if key in kind.__dataclass_fields__})
    names = inputs_of(kind)
    types = [IMAGE] * (2 if names[0].startswith("*") else len(names))
    try:
        y = made.infer(*types)
        weights = made.weights(*types)
    except Reject:
        return
    assert all(type(side) is int for weight in weights.values() for side in weight.shape)
    plain = [at(t, h=9, w=8) for t in types]
    assert at(y, h=9, w=8).shape == made.infer(*plain).shape
    for key, kept in made.keep(*types).items():
        assert at(kept, h=9, w=8) == made.keep(*plain)[key]
    assert closed(made.macs(*types), {"h": 9, "w": 8}) == made.macs(*plain)


# ---- any net

convs = st.builds(
    lambda k, s, p, d: layer("conv", filters=4, kernel=k, stride=s, pad=p, dilation=d),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(1, 2),
)
pools = st.builds(
    lambda kind, k, s, p, r: layer(kind, kernel=k, stride=s, pad=min(p, k - 1), round=r),
    st.sampled_from(["max_pool", "avg_pool"]),
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(1, 5)),
    st.integers(0, 3),
    st.sampled_from(["up", "down"]),
)
others = st.sampled_from(["relu", "batch_norm", "identity"]).map(layer)
sizes = st.tuples(st.integers(1, 300), st.integers(1, 300))


def shapes(chain: list[Layer], joined: int, x: Tensor) -> list[Tensor]:
    """The types along a chain; then a sum of what was there before `joined` layers, and a row."""
    found = [x]
    for each in chain:
        found.append(each.infer(found[-1]))
    found.append(layer("concat").infer(found[-1], found[max(0, len(found) - 1 - joined)]))
    found.append(layer("add").infer(found[-1], found[-1]))
    found.append(layer("flatten").infer(found[-1]))
    return found


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(convs, pools, others), max_size=5),
    st.integers(0, 1),
    st.lists(sizes, min_size=10, max_size=20),
)
def test_a_chain_of_any_layers_has_the_shapes_of_plain_numbers(chain, joined, places):
    try:
        found = shapes(chain, joined, IMAGE)
    except Reject:
        return
    for a, b in places:
        refusal = ""
        try:
            plain = shapes(chain, joined, at(IMAGE, h=a, w=b))
        except Reject as refused:
            refusal = refused.reason
        if refusal:
            assert "fit" in refusal, "only too small an image may be refused"
        else:
            assert [at(t, h=a, w=b) for t in found] == plain


def test_few_chains_are_refused_for_their_open_size():
    rng = np.random.default_rng(7)
    refused = 0
    for _ in range(200):
        x = IMAGE
        for _ in range(4):
            k, s, p = (int(n) for n in rng.integers([1, 1, 0], [5, 3, 2]))
            kind = str(rng.choice(["conv", "max_pool"]))
            more = {"filters": 4} if kind == "conv" else {}
            s = min(s, k)
            try:
                x = layer(kind, kernel=k, stride=s, pad=min(p, k - 1), **more).infer(x)
            except Undecided:
                refused += 1
    assert refused == 0
