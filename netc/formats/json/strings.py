"""What a JSON string says, and which character of it stands where."""

import re
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.)|)", re.DOTALL)
_SHORT = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True)
class Fault:
    """A part of a string, by offsets into what stands between its quotes, that JSON forbids."""

    start: int
    end: int
    what: str
    way_out: str


@dataclass
class Decoded:
    """A text, where each of its characters begins (and the last ends), and what was wrong."""

    value: str
    places: list[int]
    faults: list[Fault] = field(default_factory=list)


def decode(raw: str) -> Decoded:
    """Take apart what stands between the quotes. What cannot be read is left out."""
    found = Decoded("", [])
    parts: list[str] = []
    at = 0
    for escape in _ESCAPE.finditer(raw):
        _plain(raw, at, escape.start(), parts, found)
        _escaped(escape, parts, found)
        at = escape.end()
    _plain(raw, at, len(raw), parts, found)
    found.places.append(len(raw))
    found.value = "".join(parts)
    return found


def _plain(raw: str, start: int, end: int, parts: list[str], found: Decoded) -> None:
    parts.append(raw[start:end])
    found.places += range(start, end)
    for control in _CONTROL.finditer(raw, start, end):
        at, code = control.start(), f"{ord(control[0]):04x}"
        what = f"the invisible character U+{code.upper()} cannot stand in a string"
        found.faults.append(Fault(at, at + 1, what, f"remove it, or write `\\u{code}`"))


def _escaped(escape: re.Match[str], parts: list[str], found: Decoded) -> None:
    start, end = escape.span()
    if escape[1]:
        code = int(escape[1], 16)
        before = parts[-2] if len(parts) > 1 and not parts[-1] else ""
        if 0xDC00 <= code < 0xE000 and "\ud800" <= before < "\udc00":
            high = ord(before)
            parts[-2:] = [chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00)]
            found.faults.pop()
            return
        parts.append(chr(code))
        if 0xD800 <= code < 0xE000:
            what = f"`{escape[0]}` is half of a character"
            found.faults.append(Fault(start, end, what, "write the character itself"))
    elif escape[2] in _SHORT:
        parts.append(_SHORT[escape[2]])
    else:
        way_out = 'after `\\` comes one of `" \\ / b f n r t`, or `u` and four digits'
        found.faults.append(Fault(start, end, f"there is no `{escape[0]}` in JSON", way_out))
        return
    found.places.append(start)
