"""What lessons add to the log-odds of a text: a function of whole numbers that were counted."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .features import Grams
from .lessons import MINIMUM, Learnt, Lesson, counting
from .ngrams import BUCKETS

LIMIT: Final = 6.0
"""Whatever was learned, it moves the log-odds of a new text by no more than this."""

LIMIT_REPEATED: Final = 10.0
"""The same for a text that is word for word one of the lessons."""

TOLERANCE: Final = 1.0
"""What would move a text by less does not move it at all: every text shares some n-grams."""

GAIN: Final = 0.6
CHANCE: Final = 1.1
"""Standard errors that are taken off: as many as chance brings about."""

LEAST: Final = 2
"""So many lessons have to hold an n-gram: a single one says who wrote it, not what it is."""

MOST_SPAM: Final = 3.0
MOST_HAM: Final = 1.0
"""What remains counts up to here. Ham is of all kinds, and its n-grams are those of a language."""

ENOUGH: Final = 30
"""So many n-grams, about 33 characters, have to be there for what was learned to count in full."""

STEPS: Final = 1_000
"""Weights are whole numbers of such parts, so that their sum does not depend on any order."""

POINTS: Final = 4
"""What the application itself says of a repeated text has so many points, a reporter one."""


@dataclass(frozen=True, eq=False)
class Corrections:
    """What lessons add to the log-odds.

    Attributes:
        version: Another one for other lessons; the same for the same.
        spam: How many lessons of spam count.
        ham: How many of ham.
        weights: A whole number for each bucket, in `STEPS` of a unit; empty below the minimum.
        repeated: Points for spam, or below 0 for ham, of the texts that were taught.
    """

    version: str
    spam: int
    ham: int
    weights: NDArray[np.int16]
    repeated: dict[bytes, int]

    def shift(self, digest: bytes, grams: Grams) -> float:
        """What they add to the log-odds of a text.

        Args:
            digest: Of the text.
            grams: Its longest n-grams, each once; all of them.
        """
        added = 0.0
        if len(self.weights):
            total = int(self.weights.take(grams).sum(dtype=np.int64))
            size = GAIN * abs(total) / STEPS / math.sqrt(max(len(grams), ENOUGH))
            added = math.copysign(min(max(size - TOLERANCE, 0.0), LIMIT), total)
        points = self.repeated.get(digest)
        if points:
            part = min(len(grams) / ENOUGH, 1.0) * points / POINTS
            added = min(max(added + part * LIMIT_REPEATED, -LIMIT_REPEATED), LIMIT_REPEATED)
        return added


def corrections_of(lessons: Sequence[Lesson]) -> Corrections | None:
    """What lessons add to the log-odds; `None`: there is nothing to learn from.

    For each n-gram it is counted how many lessons of spam and of ham hold it: *s* of *S* and *h* of
    *H*. The shares p = s/S and q = h/H, in which neither label outweighs the other, differ by so
    many standard errors (the test of two proportions)

        z = (p - q) / sqrt(r (1 - r) (1/S + 1/H)),  r = (p + q) / 2.

    An n-gram that only one lesson holds is left out. As much as chance brings about is taken off,
    as in nearest shrunken centroids (Tibshirani, Hastie, Narasimhan and Chu, "Diagnosis of multiple
    cancer types by shrunken centroids of gene expression", 2002), what remains is limited, and it
    counts the less the more the n-gram belongs to both labels:

        weight = min(|z| - 1.1, 3) ((p - q) / (p + q))^2, for ham min(|z| - 1.1, 1) (...)^2.

    A text is moved by 0.6 times the sum of the weights of its n-grams over the square root of their
    number, less what any text may have.

    Args:
        lessons: All of them, the oldest first.
    """
    learnt = counting(lessons)
    if not learnt:
        return None
    told = {spam: [one for one in learnt if one.spam is spam] for spam in (True, False)}
    weights: NDArray[np.int16] = np.zeros(0, np.int16)
    if min(map(len, told.values())) >= MINIMUM:
        counts = {spam: _counted(some) for spam, some in told.items()}
        weights = _weights(counts[True], counts[False], len(told[True]), len(told[False]))
    return Corrections(
        version=_version(learnt),
        spam=len(told[True]),
        ham=len(told[False]),
        weights=weights,
        repeated=_repeated(learnt),
    )


def _version(learnt: Iterable[Learnt]) -> str:
    parts = [f"{one.id} {one.spam:d}" for one in learnt]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def _counted(learnt: Iterable[Learnt]) -> NDArray[np.int64]:
    return np.bincount(
        np.concatenate([one.features.grams for one in learnt]).astype(np.int64), minlength=BUCKETS
    )


def _weights(
    spam: NDArray[np.int64], ham: NDArray[np.int64], spams: int, hams: int
) -> NDArray[np.int16]:
    seen = np.flatnonzero(spam + ham >= LEAST)
    p, q = spam[seen] / spams, ham[seen] / hams
    both = p + q
    error = np.sqrt(both / 2 * (1 - both / 2) * (1 / spams + 1 / hams))
    # Without an error it stands in all lessons: no difference then.
    z = np.divide(p - q, error, out=np.zeros(len(seen)), where=error > 0)
    size = np.clip(np.abs(z) - CHANCE, 0, np.where(z > 0, MOST_SPAM, MOST_HAM))
    weights: NDArray[np.int16] = np.zeros(len(spam), np.int16)
    weights[seen] = np.rint(STEPS * np.sign(z) * size * ((p - q) / both) ** 2)
    return weights


def _repeated(learnt: Iterable[Learnt]) -> dict[bytes, int]:
    points: Counter[bytes] = Counter()
    for one in learnt:
        of_one = POINTS if one.trusted else 1
        points[one.features.digest] += of_one if one.spam else -of_one
    return {digest: min(max(sum_, -POINTS), POINTS) for digest, sum_ in points.items() if sum_}
