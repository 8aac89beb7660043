"""A network as a picture: SVG, and texts for Graphviz and Mermaid."""

from netc.draw.compose import picture
from netc.draw.dot import dot
from netc.draw.layout import lay_out
from netc.draw.mermaid import MOST_LINES, mermaid
from netc.draw.part import blocks_of, part_of
from netc.draw.picture import Picture
from netc.draw.style import Theme
from netc.draw.svg import svg

__all__ = [
    "MOST_LINES",
    "Picture",
    "Theme",
    "blocks_of",
    "dot",
    "lay_out",
    "mermaid",
    "part_of",
    "picture",
    "svg",
]
