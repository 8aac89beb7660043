"""Where examples come from, and how they get into a network."""

from netc.train.data import digits, images, npz, table
from netc.train.data.bind import bind
from netc.train.data.examples import Dataset, Examples, Field, order
from netc.train.data.find import Where
from netc.train.data.problems import DataProblem
from netc.train.data.source import SOURCES, Source, open_source

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
    "images",
    "npz",
    "open_source",
    "order",
    "table",
]
