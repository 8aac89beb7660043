"""Makes caffe/cases.json and caffe/values.npz: what the real Caffe computes.

Each case is one layer, written in netc's words.

Reads ../shared/golden/caffe beside the repository: its README says how Caffe was run.

    python tests/data/make_caffe.py
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
GOLDEN = HERE.parents[2] / "shared" / "golden" / "caffe"

Message = dict[str, Any]
Case = tuple[str, Message, dict[str, np.ndarray]]
"""Type and options of a netc layer, and arrays by the names of netc's rules."""


class Skip(Exception):
    """Why netc has no layer for a case."""


CONVERTERS: dict[str, Callable[[Message, "Golden"], Case]] = {}


class Golden:
    """The arrays of one case."""

    def __init__(self, case: Message, layer: Message, arrays: Any) -> None:
        self.case, self.layer, self.arrays = case, layer, arrays
        self.bottoms, self.tops = layer["bottoms"], layer["tops"]

    @property
    def x(self) -> np.ndarray:
        return self.input(0)

    def input(self, index: int) -> np.ndarray:
        return self.arrays[f"in/{self.bottoms[index]}"]

    @property
    def y(self) -> np.ndarray:
        return self.arrays[f"blob/{self.tops[0]}"]

    def get(self, key: str) -> np.ndarray | None:
        return self.arrays[key] if key in self.arrays.files else None

    def param(self, index: int, kind: str = "param") -> np.ndarray | None:
        return self.get(f"{kind}/{self.layer['name']}/{index}")

    def values(self, *names: str) -> dict[str, np.ndarray]:
        """Inputs by these names with their gradients, the output and the gradient put into it."""
        found: dict[str, Any] = {"y": self.y, "dy": self.get(f"seed/{self.tops[0]}")}
        if self.tops[0] in self.case.get("loss_weights", {}):
            found["dy"] = np.float32(self.case["loss_weights"][self.tops[0]])
        for index, name in enumerate(names):
            found[name] = self.input(index)
            found[f"d{name}"] = self.get(f"diff/{self.bottoms[index]}")
        return {name: value for name, value in found.items() if value is not None}

    def weights(self, *names: str) -> dict[str, np.ndarray]:
        found = {}
        for index, name in enumerate(names):
            found |= {name: self.param(index), f"d{name}": self.param(index, "pdiff")}
        return {name: value for name, value in found.items() if value is not None}


def caffe(*types: str) -> Callable[[Any], Any]:
    def enter(convert: Any) -> Any:
        CONVERTERS.update(dict.fromkeys(types, convert))
        return convert

    return enter


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


@caffe("LRN")
def lrn(m: Message, g: Golden) -> Case:
    p = m.get("lrn_param", [{}])[0]
    names = {"local_size": "size", "alpha": "alpha", "beta": "beta", "k": "k"}
    defaults = {"size": 5, "alpha": 1.0, "beta": 0.75, "k": 1.0}
    given = {netc: p[name][0] for name, netc in names.items() if name in p}
    if p.get("norm_region") == ["WITHIN_CHANNEL"]:
        given |= {"over": "image", "k": 1.0}  # Caffe does not look at `k` there
    return "lrn", defaults | given, g.values("x")


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


@caffe("SoftmaxWithLoss")
def softmax_loss(m: Message, g: Golden) -> Case:
    p = m.get("loss_param", [{}])[0]
    if m.get("softmax_param", [{}])[0].get("axis", [1])[0] != 1:
        raise Skip("the channels are axis 1 in netc")
    if p.get("normalization", ["VALID"]) != ["VALID"]:
        raise Skip("netc averages over the labels that count")
    if g.case["name"] == "softmaxloss_clamp":
        raise Skip("Caffe stops at 87.3; netc gives the loss as it is")
    options = {"ignore": p["ignore_label"][0]} if "ignore_label" in p else {}
    return "softmax_loss", options, g.values("scores") | {"label": labels_of(g)}


@caffe("SigmoidCrossEntropyLoss")
def sigmoid_loss(m: Message, g: Golden) -> Case:
    p = m.get("loss_param", [{}])[0]
    if "normalize" in p or p.get("normalization", ["BATCH_SIZE"]) != ["BATCH_SIZE"]:
        raise Skip("netc averages over the batch")
    options = {"ignore": p["ignore_label"][0]} if "ignore_label" in p else {}
    return "sigmoid_loss", options, g.values("scores", "target")


@caffe("MultinomialLogisticLoss")
def log_loss(m: Message, g: Golden) -> Case:
    return "log_loss", {}, g.values("prob") | {"label": labels_of(g)}


@caffe("ContrastiveLoss")
def contrastive_loss(m: Message, g: Golden) -> Case:
    p = m["contrastive_loss_param"][0]
    options = {"margin": p["margin"][0], "squared": p.get("legacy_version", [False])[0]}
    arrays = g.values("left", "right")
    return "contrastive_loss", options, arrays | {"same": g.input(2).astype(np.int64)}


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


@caffe("EuclideanLoss")
def euclidean_loss(m: Message, g: Golden) -> Case:
    return "euclidean_loss", {}, g.values("x", "target")


@caffe("HingeLoss")
def hinge_loss(m: Message, g: Golden) -> Case:
    norm = m.get("hinge_loss_param", [{}])[0].get("norm", ["L1"])[0].lower()
    return "hinge_loss", {"norm": norm}, g.values("scores") | {"label": labels_of(g)}


@caffe("Accuracy")
def accuracy(m: Message, g: Golden) -> Case:
    p = m.get("accuracy_param", [{}])[0]
    if g.x.ndim != 2:
        raise Skip("netc has one label for each example")
    options = {"top": p.get("top_k", [1])[0]}
    options |= {"ignore": p["ignore_label"][0]} if "ignore_label" in p else {}
    return "accuracy", options, {"scores": g.x, "label": labels_of(g), "y": g.y}


def labels_of(g: Golden) -> np.ndarray:
    """A label for each place of the first bottom."""
    return g.input(1).reshape(len(g.x), *g.x.shape[2:]).astype(np.int64)


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


@caffe("Embed")
def embed(m: Message, g: Golden) -> Case:
    p = m["embed_param"][0]
    found = {"y": g.y, "dy": g.arrays[f"diff/{g.tops[0]}"]}
    arrays = {name: np.moveaxis(array, -1, 1) for name, array in found.items()}
    arrays |= {"label": g.x.astype(np.int64)} | g.weights("weight", "bias")
    options = {"units": p["num_output"][0], "bias": p.get("bias_term", [True])[0]}
    return "embed", options, arrays


def sides(p: Message, both: str, each: str, default: int | None = None) -> Any:
    """One number for all axes, or a list; Caffe's `_h` and `_w` forms leave out zeros."""
    if f"{each}_h" in p or f"{each}_w" in p:
        return [p.get(f"{each}_{axis}", [0])[0] for axis in "hw"]
    given = p.get(both, [default])
    return given[0] if len(given) == 1 else given


TOKEN = re.compile(r"#[^\n]*|\s+|[,;]|(\"[^\"]*\"|[\w.+-]+|[{}:\[\]])")


def parse(text: str) -> Message:
    """Protobuf's text format: every field a list of its values."""
    tokens = (found[1] for found in TOKEN.finditer(text) if found[1])
    return _message(tokens)


def _message(tokens: Iterator[str]) -> Message:
    message: Message = {}
    for name in tokens:
        if name == "}":
            break
        token = next(tokens)
        token = next(tokens) if token == ":" else token
        message.setdefault(name, []).append(_message(tokens) if token == "{" else _scalar(token))
    return message


def _scalar(token: str) -> Any:
    if token[0] == '"':
        return token[1:-1]
    if token in ("true", "false"):
        return token == "true"
    try:
        return float(token) if re.search(r"[.e]", token) else int(token)
    except ValueError:
        return token


def main() -> None:
    index = json.loads((GOLDEN / "INDEX.json").read_text())["cases"]
    cases, skipped, arrays = [], {}, {}
    for case in sorted(
        index if isinstance(index, list) else index.values(), key=lambda c: c["name"]
    ):
        name = case["name"]
        layers = [layer for layer in case["layers"] if layer["type"] not in ("Input", "Split")]
        if name.startswith("embed"):
            layers = layers[:1]  # behind it stands a loss alone, to give it a gradient
        if len(layers) != 1:
            skipped[name] = "a network of several layers"
        elif layers[0]["type"] not in CONVERTERS:
            skipped[name] = f"netc has no layer for {layers[0]['type']} yet"
        else:
            net = parse((GOLDEN / f"{name}.prototxt").read_text())
            message = next(m for m in net.get("layer", []) if m["type"] == [layers[0]["type"]])
            try:
                kind, options, values = CONVERTERS[layers[0]["type"]](
                    message, Golden(case, layers[0], np.load(GOLDEN / f"{name}.npz"))
                )
            except Skip as reason:
                skipped[name] = str(reason)
                continue
            cases.append({"name": name, "layer": kind, "options": options})
            arrays |= {f"{name}/{key}": value for key, value in values.items()}
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
