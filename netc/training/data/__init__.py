"""Where examples come from, and how they get into a network."""

from netc.training.data import digits, images, letters, made, npz, table
from netc.training.data.bind import bind
from netc.training.data.examples import Dataset, Examples, Field, hold_out, order
from netc.training.data.find import Where
from netc.training.data.problems import DataProblem
from netc.training.data.source import SOURCES, Source, open_source, outline_source

__all__ = [
    "SOURCES",
    "DataProblem",
    "Dataset",
    "Examples",
    "Field",
    "Source",
    "Where",
    "bind",
    "digits",
    "hold_out",
    "images",
    "letters",
    "made",
    "npz",
    "open_source",
    "order",
    "outline_source",
    "table",
]
