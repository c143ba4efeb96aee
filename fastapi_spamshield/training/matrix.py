"""Texts as rows of numbers: exactly what the engine computes of them."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..detectors.local.links import masks_of
from ..detectors.local.ngrams import BUCKETS, MOST_OF_ONE, buckets_of, coded, divisor_of
from ..detectors.local.reading import reading_of
from ..detectors.local.sender import LIMIT

MOST_CHARACTERS = 20_000
AT_ONCE = 2_000
"""Of more texts than this, several processors read a part each."""


class Matrix(NamedTuple):
    """Some texts.

    Attributes:
        grams: How often each bucket is hit, over what their number is divided by.
        strengths: Of each named signal.
        names: Of these signals.
    """

    grams: "sparse.csr_array[np.float32]"
    strengths: NDArray[np.float64]
    names: tuple[str, ...]


class _Read(NamedTuple):
    buckets: NDArray[np.int32]
    counts: NDArray[np.float32]
    strengths: dict[str, float]


def matrix_of(
    texts: Sequence[str],
    names: Sequence[str] | None = None,
    subjects: Sequence[str] | None = None,
) -> Matrix:
    """Read texts, on all processors.

    Args:
        texts: As they were sent.
        names: Of the signals; by default those that occur.
        subjects: Of the texts; by default they have none.
    """
    subjects = subjects or [""] * len(texts)
    if len(texts) > AT_ONCE:
        # Not forked: somebody may be drawing a bar of progress in a thread.
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            read = list(pool.map(_read, texts, subjects, chunksize=AT_ONCE // 4))
    else:
        read = list(map(_read, texts, subjects))
    if names is None:
        names = sorted({name for one in read for name in one.strengths})
    strengths = np.array(
        [[one.strengths.get(name, 0.0) for name in names] for one in read], np.float64
    )
    ends = np.cumsum([0, *(len(one.buckets) for one in read)])
    grams = sparse.csr_array(
        (
            np.concatenate([one.counts for one in read]),
            np.concatenate([one.buckets for one in read]),
            ends,
        ),
        shape=(len(read), BUCKETS),
    )
    return Matrix(cast("sparse.csr_array[np.float32]", grams), strengths, tuple(names))


def _read(text: str, subject: str) -> _Read:
    reading = reading_of(text[:MOST_CHARACTERS], subject[:LIMIT])
    low = reading.normal.text
    buckets = buckets_of(coded(low, masks_of(low, reading.links)).codes)
    unique, counts = np.unique(buckets, return_counts=True)
    counts = np.minimum(counts, MOST_OF_ONE)
    strengths: dict[str, float] = {}
    for finding in reading.findings:
        strengths[finding.name] = strengths.get(finding.name, 0.0) + finding.weight
    return _Read(
        unique.astype(np.int32),
        (counts / divisor_of(int(counts.sum()))).astype(np.float32),
        strengths,
    )
