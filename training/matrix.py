"""Texts as rows of numbers: exactly what the engine computes of them."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from fastapi_spamshield.detectors.local.links import masks_of
from fastapi_spamshield.detectors.local.ngrams import BUCKETS, buckets_of, codes_of
from fastapi_spamshield.detectors.local.reading import reading_of

MOST_CHARACTERS = 20_000


class Matrix(NamedTuple):
    """Some texts.

    Attributes:
        grams: How often each bucket is hit, over the square root of the number of n-grams.
        strengths: Of each named signal.
        names: Of these signals.
    """

    grams: sparse.csr_array[np.float32]
    strengths: NDArray[np.float64]
    names: tuple[str, ...]


class _Read(NamedTuple):
    buckets: NDArray[np.int32]
    counts: NDArray[np.float32]
    strengths: dict[str, float]


def matrix_of(texts: Sequence[str], names: Sequence[str] | None = None) -> Matrix:
    """Read texts, on all processors.

    Args:
        texts: As they were sent.
        names: Of the signals; by default those that occur.
    """
    with ProcessPoolExecutor() as pool:
        read = list(pool.map(_read, texts, chunksize=500))
    if names is None:
        names = sorted({name for one in read for name in one.strengths})
    strengths = np.array([[one.strengths.get(name, 0.0) for name in names] for one in read])
    ends = np.cumsum([0, *(len(one.buckets) for one in read)])
    grams = sparse.csr_array(
        (
            np.concatenate([one.counts for one in read]),
            np.concatenate([one.buckets for one in read]),
            ends,
        ),
        shape=(len(read), BUCKETS),
    )
    return Matrix(grams, strengths, tuple(names))


def _read(text: str) -> _Read:
    reading = reading_of(text[:MOST_CHARACTERS])
    low = reading.normal.text
    buckets = buckets_of(codes_of(low, masks_of(low, reading.links)))
    unique, counts = np.unique(buckets, return_counts=True)
    strengths: Counter[str] = Counter()
    for finding in reading.findings:
        strengths[finding.name] += finding.weight  # type: ignore[assignment] - weights are no counts
    return _Read(
        unique.astype(np.int32),
        (counts / np.sqrt(len(buckets))).astype(np.float32),
        dict(strengths),
    )
