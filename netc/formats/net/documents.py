"""Text laid out within a width: what a writer says may be broken is broken where it must be."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100
_INDENT = 4


@dataclass(frozen=True)
class Bracket:
    """Items between brackets: on one line, or else on filled lines, the last item with `end`."""

    open: str
    items: tuple["Document", ...]
    close: str
    end: str = ","


@dataclass(frozen=True)
class Step:
    """What stands behind a blank, or on the next line, one level further in."""

    document: "Document"


@dataclass(frozen=True)
class Bodies:
    """Heads with a body each: `head { ... } head { ... }`. All on one line if they fit and
    `is_inline` allows it, or else a line for every statement."""

    parts: tuple[tuple["Document", tuple["Document", ...]], ...]
    is_inline: bool


@dataclass(frozen=True)
class _Item:
    """An item of a bracket, on this line or the next."""

    document: "Document"


@dataclass(frozen=True)
class _End:
    """The end of a line, and what begins the next."""

    text: str


Document = str | tuple["Document", ...] | Bracket | Step | Bodies | _Item


@dataclass(frozen=True)
class _Place:
    """A document to be printed: all on this line (`is_flat`), or with breaks at a level."""

    document: Document | _End
    level: int
    is_flat: bool = False


def printed(document: Document, level: int = 0) -> str:
    """A document as lines, the first of them at an indent of some levels."""
    printer = _Printer(level)
    printer.todo.append(_Place(document, level))
    while printer.todo:
        printer.print(printer.todo.pop())
    return "".join(printer.parts)


def on_one_line(document: Document) -> str:
    """A document without breaks, however long it gets."""
    if isinstance(document, str):
        return document
    parts = document if isinstance(document, tuple) else _flat(document)
    return "".join(map(on_one_line, parts))


class _Printer:
    """Holds what is printed and, the next one last, what is still to be printed."""

    def __init__(self, level: int) -> None:
        self.parts: list[str] = [_blanks(level)]
        self.todo: list[_Place] = []
        self._column = _INDENT * level
        self._level = level
        """Of the line that is being printed: brackets and bodies stand one further in."""

    def print(self, place: _Place) -> None:
        document, level = place.document, place.level
        if isinstance(document, str):
            self._write(document)
        elif isinstance(document, tuple):
            self._push(document, level, is_flat=place.is_flat)
        elif isinstance(document, _End):
            self._end(level)
            self._write(document.text)
        elif isinstance(document, Bodies) and not document.is_inline:
            self._bodies(document)
        elif isinstance(document, Bracket) and _has_lines(document):
            self._bracket(document)
        elif place.is_flat or self._fits(document):
            self._push(_flat(document), level, is_flat=True)
        elif isinstance(document, Step):
            self._end(level + 1)
            self._push((document.document,), level)
        elif isinstance(document, _Item):
            self._end(level)
            self._push((document.document,), level)
        elif isinstance(document, Bracket):
            self._bracket(document)
        else:
            self._bodies(document)

    def _bracket(self, bracket: Bracket) -> None:
        level = self._level
        *others, last = bracket.items
        first, *middle = (*((item, ",") for item in others), (last, bracket.end))
        self._push((_End(bracket.close),), level)
        self._push((_End(""), first, *map(_Item, middle)), level + 1)
        self._push((bracket.open,), level)

    def _bodies(self, bodies: Bodies) -> None:
        level = self._level
        for index, (head, body) in reversed(list(enumerate(bodies.parts))):
            self._push((_End("}"),), level)
            for statement in reversed(body):
                self._push((_End(""), statement), level + 1)
            self._push((" " if index else "", head, " {"), level)

    def _push(
        self, documents: Sequence[Document | _End], level: int, *, is_flat: bool = False
    ) -> None:
        self.todo += [_Place(document, level, is_flat) for document in reversed(documents)]

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self._column += len(text)

    def _end(self, level: int) -> None:
        self.parts.append(f"\n{_blanks(level)}")
        self._column, self._level = _INDENT * level, level

    def _fits(self, document: Document) -> bool:
        """Whether a document, and what follows it up to the next break, fits on this line."""
        room = WIDTH - self._column
        todo = [_Place(document, 0, is_flat=True)]
        after = len(self.todo)
        while room >= 0:
            if not todo:
                after -= 1
                if after < 0:
                    return True
                todo.append(self.todo[after])
            place = todo.pop()
            part, is_flat = place.document, place.is_flat
            if isinstance(part, str):
                room -= len(part)
            elif isinstance(part, tuple):
                todo += [_Place(each, 0, is_flat) for each in reversed(part)]
            elif isinstance(part, Bodies) and not (is_flat and part.is_inline):
                head, _ = part.parts[0]
                todo += [_Place(each, 0, is_flat=True) for each in (_End(""), " {", head)]
            elif is_flat and not isinstance(part, _End) and not _has_lines(part):
                todo += [_Place(each, 0, is_flat=True) for each in reversed(_flat(part))]
            elif isinstance(part, Bracket):
                return room >= len(part.open)
            else:
                return True
        return False


def _has_lines(document: Document) -> bool:
    """Whether something in a bracket has lines of its own, so that the bracket's items have too."""
    if not isinstance(document, Bracket):
        return False
    todo: list[Document] = list(document.items)
    while todo:
        part = todo.pop()
        if isinstance(part, Bodies):
            if not part.is_inline:
                return True
            todo += [each for head, body in part.parts for each in (head, *body)]
        elif not isinstance(part, str):
            todo += part if isinstance(part, tuple) else _inside(part)
    return False


def _inside(part: Bracket | Step | _Item) -> Sequence[Document]:
    return part.items if isinstance(part, Bracket) else (part.document,)


def _blanks(level: int) -> str:
    return " " * (_INDENT * level)


def _flat(document: Bracket | Step | Bodies | _Item) -> Sequence[Document]:
    """What stands on the line when nothing is broken."""
    if isinstance(document, Bracket):
        return (document.open, *_joined(document.items, ", "), document.close)
    if not isinstance(document, Bodies):
        return (" ", document.document)
    bodies = [(head, " { ", *_joined(body, " ; "), " }") for head, body in document.parts]
    return _joined(bodies, " ")


def _joined(documents: Sequence[Document], between: str) -> list[Document]:
    parted = [part for document in documents for part in (between, document)]
    return parted[1:]
