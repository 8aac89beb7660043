"""Why a script has no layers, and where they may be."""

import re
from collections.abc import Sequence

from netc.diag import Problem, Source, Span
from netc.formats.convnetjs.script.cut import Statement
from netc.formats.convnetjs.script.problems import NoLayerDefs, UnreadCode
from netc.formats.convnetjs.script.statements import Script

_COMPUTED = "what is in this list is only known while the script runs"
_WRITE_OUT = "write out its layers, one `{...}` for each: a script is read and never run"
_TEXTS = ("string", "template")
_ELSEWHERE = (
    (
        _TEXTS,
        "layer_defs",
        "the layers stand in a text that is put together while a page runs",
        "put what stands in the text then into a `.js` file of its own",
    ),
    (
        ("word",),
        "makeLayers",
        "the layers of this net are not in this file",
        "name the file in which they are: one `layer_defs.push({...})` for each of them",
    ),
    (
        ("word",),
        "fromJSON",
        "this script takes a net that was saved, and makes none itself",
        "name the `.json` file that was saved: netc reads it as it is",
    ),
)
_IN_COMMENT = re.compile(r"(?:^|\n)[ \t]*(?://|/?\*)[^\n]*?(\w+\.push\(\{ *type *:)")


def absent(script: Script) -> Problem:
    """Why there are no layers."""
    for token, *_ in script.functions.changed_by(set(script.functions)):
        if token.text == "layer_defs":
            span = Span(script.source, token.start, token.end)
            way_out = "move the lines that make the layers out of the function"
            return UnreadCode(span, name=token.text, what="a function", way_out=way_out)
    if script.reader.made.searches:
        here = script.reader.made.searches[0]
        what = "`MagicNet` invents its layers while it runs, so there are none to read"
        way_out = "give the layers of one net; `netc search` tries variants of it"
        return NoLayerDefs(here, what=what, way_out=way_out)
    return _elsewhere(script.source, script.statements)


def _elsewhere(source: Source, statements: Sequence[Statement]) -> Problem:
    """Where the layers are that a script does not have."""
    words = [token for statement in statements for token in statement.tokens]
    for at, token in enumerate(words):
        if token.text == "makeLayers" and words[at + 2 : at + 3] and words[at + 2].kind == "[":
            here = Span(source, words[at + 2].start, words[at + 2].end)
            return NoLayerDefs(here, what=_COMPUTED, way_out=_WRITE_OUT)
        for kinds, word, what, way_out in _ELSEWHERE:
            if token.kind in kinds and word in token.text:
                end = token.end if token.kind == "word" else token.start + 1
                return NoLayerDefs(Span(source, token.start, end), what=what, way_out=way_out)
    if found := _IN_COMMENT.search(source.text):
        what, way_out = "the layers stand in a comment", "take the `//` away from these lines"
        return NoLayerDefs(Span(source, *found.span(1)), what=what, way_out=way_out)
    start = words[0].start if words else 0
    return NoLayerDefs(Span(source, start, start), what="this script has no layers")
