"""Losses and metrics of Caffe in netc's words."""

import numpy as np

from tests.data.from_caffe.case import Case, Golden, Skip, caffe, labels_of
from tests.data.from_caffe.prototxt import Message


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
    options = {"top": p.get("top_k", [1])[0]}
    options |= {"ignore": p["ignore_label"][0]} if "ignore_label" in p else {}
    return "accuracy", options, {"scores": g.x, "label": labels_of(g), "y": g.y}
