"""Pictures of what a net has learned: filters, maps, and what in a picture excites a channel."""

from netc.visualize.choose import picture_inputs, seen_from, telling
from netc.visualize.drawer import Drawer, Made
from netc.visualize.look import Look
from netc.visualize.methods import METHODS, Method
from netc.visualize.png import png

__all__ = [
    "METHODS",
    "Drawer",
    "Look",
    "Made",
    "Method",
    "picture_inputs",
    "png",
    "seen_from",
    "telling",
]
