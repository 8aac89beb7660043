"""The known word that a misspelt one most likely stands for."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar known word, or None when none is similar enough to be meant.

    Similarity is difflib's ratio over lower-case text, with a bonus when one word begins with
    the other: `pool` is meant to be `max_pool` less often than `sigm` to be `sigmoid`.
    """
    best, best_score = None, 0.62
    folded = _fold(word)
    for candidate in known:
        other = _fold(candidate)
        if folded == other:
            return candidate
        if abs(len(folded) - len(other)) > max(len(folded), len(other)) // 2 + 1:
            continue
        score = SequenceMatcher(None, folded, other).ratio()
        if min(len(folded), len(other)) >= 3 and (
            other.startswith(folded) or folded.startswith(other)
        ):
            score += 0.2
        if score > best_score:
            best, best_score = candidate, score
    return best


def _fold(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
