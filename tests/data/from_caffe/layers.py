"""Layers of Caffe that learn, or see windows, in netc's words."""

import numpy as np

from tests.data.from_caffe.case import Case, Golden, Skip, caffe, sides
from tests.data.from_caffe.prototxt import Message


@caffe("Convolution", "Deconvolution")
def conv(m: Message, g: Golden) -> Case:
    p = m["convolution_param"][0]
    if "axis" in p:
        raise Skip("the channels are axis 1 in netc")
    if len(g.bottoms) > 1:
        raise Skip("a layer of netc has one output")
    options = {
        "filters": p["num_output"][0],
        "kernel": sides(p, "kernel_size", "kernel"),
        "stride": sides(p, "stride", "stride", 1),
        "pad": sides(p, "pad", "pad", 0),
        "dilation": sides(p, "dilation", "dilation", 1),
        "groups": p.get("group", [1])[0],
        "bias": p.get("bias_term", [True])[0],
    }
    kind = {"Convolution": "conv", "Deconvolution": "deconv"}[m["type"][0]]
    return kind, options, g.values("x") | g.weights("weight", "bias")


@caffe("InnerProduct")
def dense(m: Message, g: Golden) -> Case:
    p = m["inner_product_param"][0]
    if p.get("axis", [1])[0] != 1:
        raise Skip("dense flattens from axis 1 on")
    options = {"units": p["num_output"][0], "bias": p.get("bias_term", [True])[0]}
    if p.get("transpose") == [True]:
        options["transposed"] = True
    return "dense", options, g.values("x") | g.weights("weight", "bias")


@caffe("Pooling")
def pool(m: Message, g: Golden) -> Case:
    p = m["pooling_param"][0]
    name = {"MAX": "max", "AVE": "avg"}[p.get("pool", ["MAX"])[0]]
    if p.get("global_pooling") == [True]:
        return f"global_{name}_pool", {}, g.values("x")
    if g.case["name"].endswith("_empty_window"):
        raise Skip("netc rejects windows that lie wholly outside the image")
    if g.case["name"] == "pool_max_nan":
        raise Skip("what is not a number wins in netc, so that it is seen")
    options = {
        "kernel": sides(p, "kernel_size", "kernel"),
        "stride": sides(p, "stride", "stride", 1),
        "pad": sides(p, "pad", "pad", 0),
        "round": "down" if p.get("round_mode") == ["FLOOR"] else "up",
    }
    return f"{name}_pool", options, g.values("x")


@caffe("SPP")
def pyramid_pool(m: Message, g: Golden) -> Case:
    p = m["spp_param"][0]
    how = {"MAX": "max", "AVE": "avg"}[p.get("pool", ["MAX"])[0]]
    options = {"levels": p["pyramid_height"][0], "how": how, "bins": "padded"}
    return "pyramid_pool", options, g.values("x")


@caffe("BatchNorm")
def batch_norm(m: Message, g: Golden) -> Case:
    p = m.get("batch_norm_param", [{}])[0]
    is_test = g.case["phase"] == "TEST"
    training = not p.get("use_global_stats", [is_test])[0]
    factor = float(g.param(2)[0])
    fraction = p.get("moving_average_fraction", [0.999])[0]
    arrays = g.values("x")
    for index, name in enumerate(("mean", "var")):
        arrays[name] = g.param(index) / (factor or 1.0)
        if training:
            after = g.param(index, "param_after"), g.param(2, "param_after")
            arrays[f"{name}_after"] = after[0] / after[1]
    options = {
        "epsilon": p.get("eps", [1e-5])[0],
        "scale": False,
        "shift": False,
        # Caffe divides running sums by a running count, which gives this part to the old ones.
        "momentum": fraction * factor / (fraction * factor + 1),
        "training": training,
    }
    if not is_test and not training:
        options |= {"frozen": True, "training": True}
    return "batch_norm", options, arrays


@caffe("MVN")
def norm(m: Message, g: Golden) -> Case:
    p = m.get("mvn_param", [{}])[0]
    if "eps" in p:
        raise Skip("Caffe adds `eps` to the deviation, and netc to the variance below the root")
    options = {"scale": False, "shift": False, "epsilon": 1e-12}
    is_across = p.get("across_channels") == [True]
    return "layer_norm" if is_across else "instance_norm", options, g.values("x")


@caffe("LRN")
def lrn(m: Message, g: Golden) -> Case:
    p = m.get("lrn_param", [{}])[0]
    names = {"local_size": "size", "alpha": "alpha", "beta": "beta", "k": "k"}
    defaults = {"size": 5, "alpha": 1.0, "beta": 0.75, "k": 1.0}
    given = {netc: p[name][0] for name, netc in names.items() if name in p}
    if p.get("norm_region") == ["WITHIN_CHANNEL"]:
        given |= {"over": "image", "k": 1.0}  # Caffe does not look at `k` there
    return "lrn", defaults | given, g.values("x")


@caffe("PReLU")
def prelu(m: Message, g: Golden) -> Case:
    return "prelu", {}, g.values("x") | g.weights("slope")


@caffe("Scale", "Bias")
def scale(m: Message, g: Golden) -> Case:
    kind = m["type"][0].lower()
    p = m.get(f"{kind}_param", [{}])[0]
    if len(g.bottoms) > 1:
        raise Skip("the factor is a value of its own: `mul` takes it, of the same shape")
    if p.get("axis", [1])[0] != 1 or p.get("num_axes", [1])[0] not in (0, 1):
        raise Skip("netc has a number for each channel, or one for all")
    options = {"shared": p.get("num_axes") == [0]}
    options |= {"bias": p.get("bias_term") == [True]} if kind == "scale" else {}
    found = g.weights("scale", "bias") if kind == "scale" else g.weights("bias")
    return kind, options, g.values("x") | {name: a.reshape(-1) for name, a in found.items()}


@caffe("Embed")
def embed(m: Message, g: Golden) -> Case:
    p = m["embed_param"][0]
    found = {"y": g.y, "dy": g.arrays[f"diff/{g.tops[0]}"]}
    arrays = {name: np.moveaxis(array, -1, 1) for name, array in found.items()}
    arrays |= {"label": g.x.astype(np.int64)} | g.weights("weight", "bias")
    options = {"units": p["num_output"][0], "bias": p.get("bias_term", [True])[0]}
    return "embed", options, arrays


@caffe("LSTM")
def lstm(m: Message, g: Golden) -> Case:
    """The first sequence: the second is two, one after the other. So its gradients are left out."""
    if len(g.bottoms) > 2 or len(g.tops) > 1:
        raise Skip("an input that is the same in every step, or the state beside the output")
    arrays = {n: a[:, :1].transpose(1, 2, 0) for n, a in g.values("x").items()}
    for name, index in (("input_weight", 0), ("bias", 1), ("hidden_weight", 2)):
        i, f, o, c = np.split(g.param(index), 4)
        arrays[name] = np.concatenate([i, f, c, o])
    return "lstm", {"units": m["recurrent_param"][0]["num_output"][0]}, arrays


@caffe("RNN")
def rnn(m: Message, g: Golden) -> Case:
    raise Skip("Caffe's has a layer of its own after each step: `rnn`, then `conv` and `tanh`")
