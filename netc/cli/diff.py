"""What changes in a text, for eyes."""

from difflib import unified_diff

from netc.diag import printable


def diff(before: str, after: str, name: str, name_after: str = "") -> str:
    """The lines that differ, as `diff -u` shows them. Line ends are compared, but not shown."""
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    found = unified_diff(old, new, name, name_after or name, lineterm="")
    return "".join(f"{printable(line.rstrip())}\n" for line in found)
