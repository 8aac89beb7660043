"""What is wrong and where; knows nothing of networks."""

from netc.diag.diagnostic import Diagnostic, Fix, Label, Level
from netc.diag.mend import mend
from netc.diag.misspelt import Misspelt
from netc.diag.nearest import Sure, is_slip, nearest
from netc.diag.problem import CATALOGUE, Problem
from netc.diag.render import printable, render, render_concise
from netc.diag.render_github import render_github
from netc.diag.render_json import render_json
from netc.diag.render_sarif import render_sarif
from netc.diag.repeated import Repeated
from netc.diag.span import Source, Span
from netc.diag.wording import amount, bytes_text, did_you_mean, listed, quoted, refusal

__all__ = [
    "CATALOGUE",
    "Diagnostic",
    "Fix",
    "Label",
    "Level",
    "Misspelt",
    "Problem",
    "Repeated",
    "Source",
    "Span",
    "Sure",
    "amount",
    "bytes_text",
    "did_you_mean",
    "is_slip",
    "listed",
    "mend",
    "nearest",
    "printable",
    "quoted",
    "refusal",
    "render",
    "render_concise",
    "render_github",
    "render_json",
    "render_sarif",
]
