"""Fixes made in a text."""

from collections.abc import Iterable

from netc.diag.diagnostic import Fix


def mend(text: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """The text after fixes of it, and how many were made.

    Of fixes that overlap or touch only the first is made: the others were found in a text that
    is no more.
    """
    made: list[Fix] = []
    for fix in sorted(fixes, key=lambda f: (f.span.start, f.span.end)):
        changes = text[fix.span.start : fix.span.end] != fix.text
        if changes and (not made or fix.span.start > made[-1].span.end):
            made.append(fix)
    parts, at = list[str](), 0
    for fix in made:
        parts += (text[at : fix.span.start], fix.text)
        at = fix.span.end
    return "".join([*parts, text[at:]]), len(made)
