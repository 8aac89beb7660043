"""The known word that a misspelt one most likely stands for."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_PARTS = re.compile(r"\d+|(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
"""Numbers and single letters: the parts of a name by which its like are told apart."""


_MANY = 200
"""Known words from which on only the likeliest are compared."""


class Sure(str):
    """A known word that is meant without a doubt."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar known word, or None when none is similar enough to be meant.

    Similarity is difflib's ratio over lower-case text, with a bonus when one word begins with
    the other: `pool` is meant to be `max_pool` less often than `sigm` to be `sigmoid`.
    """
    folded = _fold(word)
    matcher = SequenceMatcher(b=folded)
    bounds: list[tuple[float, str]] = []
    for candidate in _likely(word, known):
        other = _fold(candidate)
        if folded == other:
            return candidate
        if abs(len(folded) - len(other)) > max(len(folded), len(other)) // 2 + 1:
            continue
        matcher.set_seq1(other)
        bounds.append((matcher.quick_ratio() + _bonus(folded, other), candidate))
    best, best_score = None, 0.62
    # The exact ratio is dear: it is worked out only where its bound could still be the best.
    for bound, candidate in sorted(bounds, key=lambda pair: -pair[0]):
        if bound <= best_score:
            break
        other = _fold(candidate)
        matcher.set_seq1(other)
        score = matcher.ratio() + _bonus(folded, other)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _likely(word: str, known: Iterable[str]) -> list[str]:
    """The words to compare with: of very many only those with the same digits and about as long,
    since names by the hundred are numbered, and the time for a thousand mistakes is bounded so."""
    words = list(known)
    if len(words) <= _MANY:
        return words
    digits = _digits(word)
    return [w for w in words if _digits(w) == digits and abs(len(w) - len(word)) <= 2]


@lru_cache(maxsize=1 << 16)
def _digits(word: str) -> str:
    return "".join(letter for letter in word if letter.isdigit())


def _bonus(folded: str, other: str) -> float:
    begins = other.startswith(folded) or folded.startswith(other)
    return 0.2 if begins and min(len(folded), len(other)) >= 3 else 0.0


def is_slip(word: str, meant: str, known: Iterable[str]) -> bool:
    """Whether a word can only be a slip of the pen for a known one.

    It is so where they differ by case or underscores alone, or by one letter that is too many,
    missing, wrong or swapped with its neighbour, and no other known word is as near. Short words,
    digits, first letters and letters that stand alone, as in `conv_a`, tell words apart.
    """
    if _fold(word) == _fold(meant):
        return True
    likely = set(_likely(word, known)) | {meant}
    near = [other for other in likely if _is_one_off(_fold(word), _fold(other))]
    return near == [meant] and not _tells_apart(word, meant)


def _is_one_off(word: str, other: str) -> bool:
    """Whether one letter put in, left out, replaced or swapped makes the one word of the other."""
    short, long = sorted((word, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short) + 1:
        return short[at:] == long[at + 1 :]
    swapped = long[at + 1 : at + 2] + long[at : at + 1] + long[at + 2 :]
    return len(long) == len(short) and (short[at + 1 :] == long[at + 1 :] or short[at:] == swapped)


def _tells_apart(word: str, meant: str) -> bool:
    if min(len(word), len(meant)) < 4 or word[0].lower() != meant[0].lower():
        return True
    return _PARTS.findall(word) != _PARTS.findall(meant)


def _fold(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
