"""Metrics: how good a network is, in numbers that people read and no gradient flows through."""

from netc.layers.measure.accuracy import Accuracy, ClassAccuracy, MultiLabelAccuracy
from netc.layers.measure.confusion import Confusion, MeanIou
from netc.layers.measure.metric import Metric

__all__ = ["Accuracy", "ClassAccuracy", "Confusion", "MeanIou", "Metric", "MultiLabelAccuracy"]
