"""Which words of a text made the model think so."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from .ngrams import SIZES, Coded, Codes
from .wording import WORD

Places = NDArray[np.intp]

MOST_WORDS: Final = 5
LEAST: Final = 0.15
"""A word that adds less, in logit units, is not shown by itself."""

_LONG: Final = 24
_PIECE: Final = 6
"""Where no spaces are written, a stretch of so many characters is shown like a word."""

_SPACE: Final = 32


def telling_words(
    low: str, text: Coded, parts: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """The words that speak most for spam: start, end, and what they add to the log-odds.

    An n-gram counts in equal shares for each of its characters, a word for its characters. Words
    side by side are shown as one.

    Args:
        low: The text, normalised.
        text: Its characters, as the model sees them.
        parts: What each n-gram adds, in the order of `buckets_of`.
    """
    codes, places = text
    starts, ends = _words(codes)
    if not len(starts):
        return []
    sums = np.zeros(len(codes) + 1)
    _of_characters(parts, len(codes)).cumsum(out=sums[1:])
    weights = sums[ends] - sums[starts]
    best = (-weights).argsort(kind="stable")[:MOST_WORDS]
    shown: list[tuple[int, int, float]] = []
    for word in sorted(best[weights[best] >= LEAST].tolist()):
        start, end = _trimmed(low, int(places[starts[word]]), int(places[ends[word]]))
        weight = float(weights[word])
        if shown and start - shown[-1][1] <= 1:
            before = shown.pop()
            start, weight = before[0], before[2] + weight
        shown.append((start, end, weight))
    return shown


def _words(codes: Codes) -> tuple[Places, Places]:
    """Where words start and end: at spaces, and where there are none for long."""
    gaps = (codes == _SPACE).nonzero()[0]
    starts, ends = gaps[:-1] + 1, gaps[1:]
    some = ends > starts
    starts, ends = starts[some], ends[some]
    long = ends - starts > _LONG
    if not long.any():
        return starts, ends
    pieces: list[Places] = [
        np.arange(start, end, _PIECE, dtype=np.intp)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True)
    ]
    cut = np.sort(np.concatenate([starts[~long], *pieces]))
    return cut, np.minimum(np.append(cut[1:], ends[-1]), ends[np.searchsorted(ends, cut, "right")])


def _trimmed(low: str, start: int, end: int) -> tuple[int, int]:
    """A word without the marks around it; marks alone stay as they are."""
    words = list(WORD.finditer(low, start, end))
    return (words[0].start(), words[-1].end()) if words else (start, end)


def _of_characters(parts: NDArray[np.float64], length: int) -> NDArray[np.float64]:
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
    return changes[:length].cumsum()
