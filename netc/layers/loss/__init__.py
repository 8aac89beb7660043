"""Losses: one number for the whole batch, which training makes small."""

from netc.layers.loss.distance import EuclideanLoss, SmoothL1Loss
from netc.layers.loss.embedding import ContrastiveLoss, TripletLoss
from netc.layers.loss.margin import HingeLoss, SvmLoss
from netc.layers.loss.own import SumLoss
from netc.layers.loss.rbf import RbfLoss
from netc.layers.loss.sigmoid import SigmoidLoss
from netc.layers.loss.softmax import LogLoss, SoftmaxLoss

__all__ = [
    "ContrastiveLoss",
    "EuclideanLoss",
    "HingeLoss",
    "LogLoss",
    "RbfLoss",
    "SigmoidLoss",
    "SmoothL1Loss",
    "SoftmaxLoss",
    "SumLoss",
    "SvmLoss",
    "TripletLoss",
]
