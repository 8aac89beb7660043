"""Nets in a text of a script, which a page shows and runs: the demos of ConvNetJS have them."""

import re
from collections.abc import Iterator, Sequence

from netc.formats.convnetjs.script.tokens import Token, tokens

_NET = re.compile(r"layer_defs|makeLayers")
_INPUT = re.compile(r"type\s*\\?['\"]?\s*:\s*\\?['\"]input")
_ESCAPE = re.compile(r"\\(\r\n|.)", re.DOTALL)
_BLANKS = {"n": " \n", "r": "  ", "t": "  ", "\n": " \n", "\r\n": "  \n"}
_MOST = 50


def nets_in_texts(text: str, words: Sequence[Token]) -> list[list[Token]]:
    """The tokens of each net that stands in a text, at their places in the script."""
    found = []
    for start, end in _stretches(words):
        parts = [word for word in words[start:end] if _is_text(word)]
        inside = "".join(part.text for part in parts)
        if not _NET.search(inside) or not _INPUT.search(inside) or "${" in inside:
            continue
        found.append(list(tokens(_laid_out(text, parts), parts[0].start, parts[-1].end)))
        if len(found) == _MOST:
            break
    return found


def _stretches(words: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Texts with nothing but `+` or `,` between them."""
    at = 0
    while at < len(words):
        if words[at].kind not in ("string", "template"):
            at += 1
            continue
        end = at + 1
        while end + 1 < len(words) and words[end].kind in ("+", ",") and _is_text(words[end + 1]):
            end += 2
        # What is not a text goes on with it: only a run of the script would put it together.
        if words[end : end + 1] == [] or words[end].kind != "+":
            yield at, end
        at = end


def _is_text(word: Token) -> bool:
    return word.kind in ("string", "template")


def _laid_out(text: str, parts: Sequence[Token]) -> str:
    """The script with only what stands in the texts, every character at its place."""
    made, at = [" " * parts[0].start], parts[0].start
    for part in parts:
        between = text[at : part.start]
        made.append("".join("\n" if sign == "\n" else " " for sign in between))
        made.append(f" {_ESCAPE.sub(_Plain(), part.text[1:-1])} ")
        at = part.end
    return "".join(made)


class _Plain:
    """What escapes stand for, each as long as it is; quotes by turns open and close."""

    def __init__(self) -> None:
        self._open = ""

    def __call__(self, escape: re.Match[str]) -> str:
        sign = escape[1]
        if sign in _BLANKS:
            return _BLANKS[sign]
        if sign == self._open:
            self._open = ""
            return f"{sign} "
        self._open = self._open or (sign if sign in "'\"" else "")
        return f" {sign}"
