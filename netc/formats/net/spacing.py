"""Which words and marks of a text stand apart, and where its lines break."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from netc.formats.net.tokens import CLOSING, Token, spoken

Bracket = Literal["block", "train", "table", "round", "square"]

_LEADING = frozenset(
    ("output", "loss", "metric", "in", "repeat", "if", "then", "else", "assert", "or", "and", "not")
)
"""Words of the language that a value may follow."""

BODIES = ("block", "train")
_OPERATORS = frozenset(("->", "**", "//", "==", "!=", "<=", ">=", *"<>=+-*/%"))


@dataclass
class Piece:
    """A word, mark or comment of a text, and how it stands among the others.

    `breaks` is the number of line ends before it, at most 2; `apart` tells whether a blank stands
    before it inside a line; `bracket` is the kind of bracket it opens or closes; `begins` is the
    first word of a statement or setting, when it is that; `partner` is the place of the piece that
    closes the bracket it opens.
    """

    text: str
    is_comment: bool = False
    breaks: int = 0
    apart: bool = True
    opens: Bracket | None = None
    closes: Bracket | None = None
    begins: str = ""
    partner: int = -1


def pieces_of(tokens: Iterable[Token]) -> list[Piece]:
    """The pieces of a text, with all that their neighbours say about their places."""
    spacing = _Spacing()
    for token in tokens:
        spacing.take(token)
    return spacing.pieces


class _Spacing:
    """Walks over tokens; knows what is open, and what came before."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._open: list[int] = []
        self._statement = ""  # the first word of it
        self._before: Piece | None = None
        self._is_tight = False  # no blank stands behind what came before
        self._wants_value = False  # a value begins next, so no bracket belongs to what came before
        self._breaks = 0
        self._ended = True

    def take(self, token: Token) -> None:
        if token.kind == "end":
            self._breaks += token.text == "\n"
            self._ended = True
            return
        if token.kind == "comment":
            self.pieces.append(Piece(spoken(token.text), True, min(self._breaks, 2)))
            self._breaks = 0
            return
        self._separate(token.text)
        piece = Piece(token.text, breaks=min(self._breaks, 2))
        piece.begins = token.text if self._is_beginning(token.text) else ""
        self._statement = piece.begins or self._statement
        self._place(piece, token)
        self.pieces.append(piece)
        self._before = piece
        self._breaks, self._ended = 0, False

    # ---- statements

    @property
    def _bracket(self) -> Bracket | None:
        return self.pieces[self._open[-1]].opens if self._open else None

    @property
    def _is_after_body(self) -> bool:
        return self._before is not None and self._before.closes in BODIES

    def _is_beginning(self, text: str) -> bool:
        """Whether a statement begins with this."""
        if self._bracket not in (None, *BODIES) or text in ("->", "}"):
            return False
        if text == "else" and self._is_after_body:
            return False
        return self._ended or (self._before is not None and self._before.opens in BODIES)

    def _separate(self, text: str) -> None:
        """Keep the `;` between two statements on a line, and no other."""
        if not self._ended or self._breaks or self._before is None:
            return
        if self._is_beginning(text) and self._before.opens is None and self._before.text != ",":
            self.pieces.append(Piece(";"))

    # ---- blanks

    def _place(self, piece: Piece, token: Token) -> None:
        text = piece.text
        wants_value = self._wants_value or bool(piece.begins) or self._are_sizes(text)
        piece.apart = not self._is_tight
        self._is_tight = False
        if text in CLOSING:
            self._opening(piece, wants_value)
        elif text in CLOSING.values():
            self._closing(piece)
        elif text in (",", ":", ".", ".."):
            piece.apart = False
            self._is_tight = text in (".", "..")
            self._wants_value = True
        elif text in _OPERATORS:
            self._is_tight = text == "-" and wants_value
            self._wants_value = True
        else:
            self._wants_value = token.kind == "word" and self._leads(piece)

    def _are_sizes(self, text: str) -> bool:
        """Whether these are the sizes of labels, `class(96) [50]`, and no index."""
        return text == "[" and self._statement == "input" and self._bracket in BODIES

    def _leads(self, word: Piece) -> bool:
        """Whether a value begins after this word: then no bracket belongs to the word itself."""
        if word.text == "else":
            return not self._is_after_body
        is_setting = bool(word.begins) and self._bracket == "train"
        is_input = self._before is not None and self._before.begins == "input"
        return is_setting or is_input or word.text in _LEADING

    def _opening(self, piece: Piece, wants_value: bool) -> None:
        if piece.text != "{":
            piece.opens = "round" if piece.text == "(" else "square"
            piece.apart = piece.apart and wants_value
            self._is_tight = True
        elif wants_value:
            piece.opens = "table"
            self._is_tight = True
        else:
            is_train = self._before is not None and self._before.begins == "train"
            piece.opens = "train" if is_train and not self._open else "block"
        self._wants_value = True
        self._open.append(len(self.pieces))

    def _closing(self, piece: Piece) -> None:
        if not self._open:
            return
        opening = self.pieces[self._open.pop()]
        piece.closes, opening.partner = opening.opens, len(self.pieces)
        is_empty = self._before is opening
        piece.apart = opening.opens in BODIES and not is_empty
        self._wants_value = False
