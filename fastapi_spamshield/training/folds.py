"""Parts of a corpus that are left out in turn, and what must not be split between them."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..evaluation.rows import Labelled

FOLDS: Final = 5
START: Final = 60
"""Texts that begin with the same so many characters, but for digits, are never on both sides."""

_NO_LETTERS: Final = re.compile(r"[\W\d_]+")


class Folds(NamedTuple):
    """Which part each text belongs to.

    Attributes:
        places: The number of the part, from 0 on.
        groups: The number of what each text stays together with.
        by: What that is: what the corpus calls a group or a source, or only texts that begin alike.
        too_few: Whether the corpus has groups or sources, but too few to leave some out.
    """

    places: NDArray[np.intp]
    groups: NDArray[np.intp]
    by: Literal["group", "text"]
    too_few: bool


def folds_of(rows: Sequence[Labelled], seed: int) -> Folds:
    """Divide a corpus into parts, each with about as much of both labels.

    Args:
        rows: All of it.
        seed: Of the order in which groups of one size are dealt out.
    """
    named = any(row.group or row.source for row in rows)
    if named and _enough(rows, _group):
        return Folds(*_dealt(rows, _group, seed), "group", too_few=False)
    return Folds(*_dealt(rows, _start, seed), "text", too_few=named)


def _group(row: Labelled) -> str:
    return f"group {row.group}" if row.group else _source(row)


def _source(row: Labelled) -> str:
    return f"source {row.source}" if row.source else _start(row)


def _start(row: Labelled) -> str:
    return _NO_LETTERS.sub(" ", row.submission.text.lower())[:START]


def _enough(rows: Sequence[Labelled], key: Callable[[Labelled], str]) -> bool:
    return all(
        len({key(row) for row in rows if row.spam == spam}) >= FOLDS for spam in (True, False)
    )


def _dealt(
    rows: Sequence[Labelled], key: Callable[[Labelled], str], seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The largest group first, each to the part that has least of what it holds."""
    sizes: dict[str, NDArray[np.float64]] = {}
    for row in rows:
        sizes.setdefault(key(row), np.zeros(2))[int(row.spam)] += 1
    names = sorted(sizes)
    random.Random(seed).shuffle(names)  # noqa: S311 - no cryptography
    names.sort(key=lambda name: -sizes[name].sum())
    totals = np.maximum(sum(sizes.values(), np.zeros(2)), 1)
    filled = np.zeros((FOLDS, 2))
    part: dict[str, int] = {}
    for name in names:
        # How uneven the parts would become: the sum of squares grows by 2 a b + b².
        share, more = filled / totals, sizes[name] / totals
        part[name] = int(np.argmin((2 * share * more + more * more).sum(axis=1)))
        filled[part[name]] += sizes[name]
    numbers = {name: number for number, name in enumerate(names)}
    groups = np.array([numbers[key(row)] for row in rows], np.intp)
    return np.array([part[name] for name in names], np.intp)[groups], groups
