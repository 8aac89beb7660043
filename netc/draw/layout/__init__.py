"""From a picture to a scene: where everything stands."""

from netc.draw.layout.columns import lay_out
from netc.draw.layout.measure import header_of
from netc.draw.layout.scene import Label, Rect, Route, Scene

__all__ = ["Label", "Rect", "Route", "Scene", "header_of", "lay_out"]
