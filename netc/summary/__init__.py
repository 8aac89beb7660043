"""A net in numbers: the facts behind `netc summary`."""

from netc.summary.blocks import BlockSummary, by_block
from netc.summary.fields import Field, fields_of
from netc.summary.numbers import LayerSummary, Memory, Summary, memory_of, params, summarize

__all__ = [
    "BlockSummary",
    "Field",
    "LayerSummary",
    "Memory",
    "Summary",
    "by_block",
    "fields_of",
    "memory_of",
    "params",
    "summarize",
]
