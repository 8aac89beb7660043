"""Steps of training and inference as machine code made for one network."""

from netc.native.about import About, about
from netc.native.formula import Formula, Recorder
from netc.native.peak import multiply_adds
from netc.native.prepare import Prepared, prepare
from netc.native.ready import available, why_not
from netc.native.update import FlatLength, FlatPass, Stretch

__all__ = [
    "About",
    "FlatLength",
    "FlatPass",
    "Formula",
    "Prepared",
    "Recorder",
    "Stretch",
    "about",
    "available",
    "multiply_adds",
    "prepare",
    "why_not",
]
