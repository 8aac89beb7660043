"""What is wrong and where; knows nothing of networks."""

from netc.diag.diagnostic import Diagnostic, Fix, Label, Level
from netc.diag.nearest import nearest
from netc.diag.problem import CATALOGUE, Problem, did_you_mean
from netc.diag.render import printable, render, render_concise
from netc.diag.render_json import render_json
from netc.diag.span import Source, Span

__all__ = [
    "CATALOGUE",
    "Diagnostic",
    "Fix",
    "Label",
    "Level",
    "Problem",
    "Source",
    "Span",
    "did_you_mean",
    "nearest",
    "printable",
    "render",
    "render_concise",
    "render_json",
]
