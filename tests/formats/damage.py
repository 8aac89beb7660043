"""Texts that were right, with a few accidents in them."""

import random
from collections.abc import Sequence


def damaged(tokens: Sequence[str], words: Sequence[str], seed: int, damages: int) -> str:
    """The text of tokens of which some are left out, doubled, swapped, or become other words."""
    rng, left = random.Random(seed), list(tokens)
    for _ in range(damages):
        at, other = rng.randrange(len(left)), rng.randrange(len(left))
        match rng.randrange(4):
            case 0:
                del left[at]
            case 1:
                left.insert(at, left[other])
            case 2:
                left[at], left[other] = left[other], left[at]
            case _:
                left[at] = rng.choice(words)
    return "".join(left)
