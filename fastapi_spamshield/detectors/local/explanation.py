"""Which words of a text made the model think so."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .ngrams import SIZES, Buckets
from .wording import WORD

MOST_WORDS: Final = 5
LEAST: Final = 0.15
"""A word that adds less, in logit units, is not shown by itself."""

_LONG: Final = 24
_PIECE: Final = 6
"""Where no spaces are written, a stretch of so many characters is shown like a word."""


def telling_words(low: str, parts: NDArray[np.float32]) -> list[tuple[int, int, float]]:
    """The words that speak most for spam: start, end, and what they add to the log-odds.

    An n-gram counts in equal shares for each of its characters, a word for its characters. Words
    side by side are shown as one.

    Args:
        low: The text, normalised.
        parts: What each n-gram of it adds, in the order of `buckets_of`.
    """
    spans = _words(low)
    if not spans:
        return []
    sums = np.concatenate([[0.0], np.cumsum(_of_characters(parts, len(low) + 2))])
    starts, ends = (np.array(side) + 1 for side in zip(*spans, strict=True))
    weights = sums[ends] - sums[starts]
    best = [int(word) for word in np.argsort(-weights, kind="stable")[:MOST_WORDS]]
    shown: list[tuple[int, int, float]] = []
    for word in sorted(word for word in best if weights[word] >= LEAST):
        start, end = spans[word]
        weight = float(weights[word])
        if shown and start - shown[-1][1] <= 1:
            before = shown.pop()
            start, weight = before[0], before[2] + weight
        shown.append((start, end, weight))
    return shown


def _words(low: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for match in WORD.finditer(low):
        start, end = match.span()
        step = end - start if end - start <= _LONG else _PIECE
        spans += [(at, min(at + step, end)) for at in range(start, end, step)]
    return spans


def _of_characters(parts: NDArray[np.float32], length: int) -> NDArray[np.float64]:
    """What each character adds, those around the text included."""
    changes = np.zeros(length + 1)
    first = 0
    for size in SIZES:
        count = length - size + 1
        if count <= 0:
            break
        shares = parts[first : first + count] / size
        changes[:count] += shares
        changes[size:] -= shares
        first += count
    return np.cumsum(changes[:length])
