"""Steps of training and inference as machine code made for one network."""

from netc.native.formula import Formula, Recorder
from netc.native.update import FlatLength, FlatPass, Stretch

__all__ = ["FlatLength", "FlatPass", "Formula", "Recorder", "Stretch"]
