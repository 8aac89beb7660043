"""Layers of Caffe that change values one by one, cut them or put them together."""

import numpy as np

from tests.data.from_caffe.case import Case, Golden, Skip, caffe
from tests.data.from_caffe.prototxt import Message


@caffe("ReLU")
def relu(m: Message, g: Golden) -> Case:
    slope = m.get("relu_param", [{}])[0].get("negative_slope")
    return (
        ("leaky_relu", {"slope": slope[0]}, g.values("x")) if slope else ("relu", {}, g.values("x"))
    )


@caffe("ELU")
def elu(m: Message, g: Golden) -> Case:
    alpha = m.get("elu_param", [{}])[0].get("alpha", [1.0])[0]
    return "elu", {"alpha": alpha}, g.values("x")


@caffe("Sigmoid", "TanH")
def activation(m: Message, g: Golden) -> Case:
    return m["type"][0].lower(), {}, g.values("x")


@caffe("Dropout")
def dropout(m: Message, g: Golden) -> Case:
    rate = m["dropout_param"][0]["dropout_ratio"][0]
    return "dropout", {"rate": rate, "training": False}, g.values("x")


@caffe("Softmax")
def softmax(m: Message, g: Golden) -> Case:
    if m.get("softmax_param", [{}])[0].get("axis", [1])[0] != 1:
        raise Skip("the channels are axis 1 in netc")
    return "softmax", {}, g.values("x")


PLAIN = {"AbsVal": "abs", "BNLL": "softplus"}
"""Caffe's layers without options."""

WORDS = {
    "Swish": ("silu", ("beta",)),
    "Power": ("power", ("power", "scale", "shift")),
    "Exp": ("exp", ("base", "scale", "shift")),
    "Log": ("log", ("base", "scale", "shift")),
    "Clip": ("clip", ("min", "max")),
}
"""Caffe's layers whose options are called as in netc."""


@caffe(*PLAIN)
def plain(m: Message, g: Golden) -> Case:
    return PLAIN[m["type"][0]], {}, g.values("x")


@caffe(*WORDS)
def curve(m: Message, g: Golden) -> Case:
    kind, names = WORDS[m["type"][0]]
    p = m.get(f"{m['type'][0].lower()}_param", [{}])[0]
    return kind, {name: p[name][0] for name in names if name in p}, g.values("x")


@caffe("Threshold")
def threshold(m: Message, g: Golden) -> Case:
    return "threshold", {"at": m["threshold_param"][0]["threshold"][0]}, g.values("x")


@caffe("Eltwise")
def join(m: Message, g: Golden) -> Case:
    p = m.get("eltwise_param", [{}])[0]
    if "coeff" in p:
        raise Skip("the sums of netc have no factors")
    kind = {"SUM": "add", "PROD": "mul", "MAX": "max"}[p.get("operation", ["SUM"])[0]]
    return kind, {}, g.values(*(f"xs[{i}]" for i in range(len(g.bottoms))))


@caffe("Concat")
def concat(m: Message, g: Golden) -> Case:
    p = m.get("concat_param", [{}])[0]
    axis = p.get("axis", p.get("concat_dim", [1]))[0] % g.x.ndim
    if axis == 0:
        raise Skip("no layer of netc touches the batch axis")
    return "concat", {"axis": axis}, g.values(*(f"xs[{i}]" for i in range(len(g.bottoms))))


@caffe("Flatten", "Reshape")
def reshape(m: Message, g: Golden) -> Case:
    if g.y.shape[:1] != g.x.shape[:1]:
        raise Skip("no layer of netc touches the batch axis")
    if g.y.ndim == 2 and m["type"] == ["Flatten"]:
        return "flatten", {}, g.values("x")
    return "reshape", {"shape": list(g.y.shape[1:])}, g.values("x")


@caffe("Slice")
def slice_(m: Message, g: Golden) -> Case:
    """The second of the parts; the others had gradients of their own."""
    p = m.get("slice_param", [{}])[0]
    axis = p.get("axis", [1])[0]
    ends = [0, *np.cumsum([g.arrays[f"blob/{top}"].shape[axis] for top in g.tops])]
    part = (slice(None),) * axis + (slice(ends[1], ends[2]),)
    dx = np.zeros_like(g.x)
    dx[part] = g.arrays[f"diff/{g.bottoms[0]}"][part]
    top = g.tops[1]
    arrays = {"x": g.x, "y": g.arrays[f"blob/{top}"], "dy": g.arrays[f"seed/{top}"], "dx": dx}
    if "slice_point" in p:
        return "slice", {"start": int(ends[1]), "stop": int(ends[2]), "axis": axis}, arrays
    return "split", {"parts": len(g.tops), "part": 1, "axis": axis}, arrays


@caffe("Crop")
def crop(m: Message, g: Golden) -> Case:
    p = m.get("crop_param", [{}])[0]
    if p.get("axis", [2])[0] != 2:
        raise Skip("netc crops the axes of an image, not its channels")
    offset = p.get("offset", [0])
    arrays = g.values("x", "like")
    return "crop", {"offset": offset[0] if len(offset) == 1 else offset}, arrays


@caffe("Tile")
def tile(m: Message, g: Golden) -> Case:
    p = m["tile_param"][0]
    if p["axis"][0] == 0:
        raise Skip("no layer of netc touches the batch axis")
    return "tile", {"times": p["tiles"][0], "axis": p["axis"][0]}, g.values("x")


@caffe("Reduction")
def reduction(m: Message, g: Golden) -> Case:
    """Without Caffe's coefficient, and where the batch is reduced too, as a batch of one."""
    p = m.get("reduction_param", [{}])[0]
    words = {"SUM": "sum", "MEAN": "mean", "ASUM": "sum_abs", "SUMSQ": "sum_squares"}
    factor, axis = p.get("coeff", [1.0])[0], p.get("axis", [0])[0] % g.x.ndim
    arrays = g.values("x")
    arrays |= {"y": arrays["y"] / factor, "dy": arrays["dy"] * factor}
    if axis == 0:
        arrays = {name: array[None] for name, array in arrays.items()}
    axes = [*range(1, arrays["x"].ndim)] if axis == 0 else [*range(axis, g.x.ndim)]
    return "reduce", {"how": words[p.get("operation", ["SUM"])[0]], "axis": axes}, arrays


@caffe("ArgMax")
def argmax(m: Message, g: Golden) -> Case:
    p = m.get("argmax_param", [{}])[0]
    if p.get("top_k", [1])[0] > 1 or p.get("out_max_val") == [True]:
        raise Skip("netc gives the one class with the highest score")
    if "axis" in p:
        axis = p["axis"][0] % g.x.ndim
        return "argmax", {"axis": axis}, {"x": g.x, "y": g.y.squeeze(axis)}
    return "argmax", {}, {"x": g.x.reshape(len(g.x), -1), "y": g.y.reshape(-1)}
