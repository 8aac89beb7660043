"""Weights in the files of other programs; what reads them is imported when there are some."""

from typing import TYPE_CHECKING

from netc.diag import Problem, Source

if TYPE_CHECKING:
    from netc.formats.convnetjs.volumes import SavedLayer


def read_weights(source: Source) -> tuple["SavedLayer", ...] | list[Problem]:
    """The layers with weights in the text of a network that ConvNetJS saved, in their order."""
    from netc.formats.convnetjs.volumes import read_layers

    return read_layers(source)
