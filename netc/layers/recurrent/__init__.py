"""Layers that go through a sequence step by step."""

from netc.layers.recurrent.gru import Gru
from netc.layers.recurrent.lstm import Lstm
from netc.layers.recurrent.rnn import Rnn

__all__ = ["Gru", "Lstm", "Rnn"]
