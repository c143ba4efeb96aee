"""Asking a shield about a whole corpus, and what is kept of it: numbers, not texts."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models import SpamVerdict
from ..policy import Bands, SpamPolicy
from ..shield import Shield
from .metrics import Scores, Spam
from .mistakes import WORST, Mistakes
from .rows import Labelled

AT_ONCE: Final = 512
"""So many texts are in memory at a time."""


class Dimension(StrEnum):
    """What a corpus can be cut into slices by."""

    LANG = "lang"
    SOURCE = "source"
    KIND = "kind"


NAME: Final = 60
"""Characters of a slice's name that are kept."""

NOT_GIVEN: Final = "(not given)"


class Judged(NamedTuple):
    """What came of a corpus, a number for each text in its order.

    Attributes:
        scores: NaN where nothing was measured.
        called: Which texts were called spam.
        spam: Which are.
        milliseconds: How long each check took.
        errors: How often which error kept the detector from measuring.
        answered: Who measured, and how many texts: a detector may be made of several.
        bands: The thresholds that applied, and to how many texts: a service may have its own.
        slices: For each dimension the names of its slices, and the place among them of each text.
        mistakes: The worst.
    """

    scores: Scores
    called: Spam
    spam: Spam
    milliseconds: NDArray[np.float64]
    errors: Counter[str]
    answered: Counter[str]
    bands: Counter[Bands]
    slices: dict[Dimension, tuple[list[str], NDArray[np.int32]]]
    mistakes: Mistakes

    @property
    def measured(self) -> Spam:
        """Which texts were measured."""
        return ~np.isnan(self.scores)


class Recorder:
    """Writes down what was found, in a few bytes a text.

    Args:
        by: What the corpus shall be cut into slices by.
        worst: How many of the worst mistakes of each kind are kept, with their texts.
    """

    def __init__(self, by: Sequence[Dimension] = (), worst: int = WORST) -> None:
        self._scores = array("d")
        self._milliseconds = array("d")
        self._called = bytearray()
        self._spam = bytearray()
        self._errors: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._bands: Counter[Bands] = Counter()
        self._names: dict[Dimension, dict[str, int]] = {dimension: {} for dimension in by}
        self._places = {dimension: array("i") for dimension in by}
        self._mistakes = Mistakes(worst)

    def see(self, row: Labelled, verdict: SpamVerdict) -> None:
        """Write one down.

        Args:
            row: What was judged.
            verdict: What was found.
        """
        self._scores.append(float("nan") if verdict.score is None else verdict.score)
        self._milliseconds.append(verdict.latency_ms)
        self._called.append(verdict.is_spam)
        self._spam.append(row.spam)
        if verdict.error is not None:
            self._errors[verdict.error] += 1
        if verdict.score is not None:
            self._answered[verdict.detector or ""] += 1
            self._bands[Bands(verdict.review_threshold, verdict.threshold)] += 1
        for dimension, names in self._names.items():
            name = _slice_of(row, dimension)
            self._places[dimension].append(names.setdefault(name, len(names)))
        self._mistakes.see(row, verdict)

    def judged(self) -> Judged:
        """What has been written down."""
        return Judged(
            np.array(self._scores, np.float64),
            np.frombuffer(bytes(self._called), np.bool_),
            np.frombuffer(bytes(self._spam), np.bool_),
            np.array(self._milliseconds, np.float64),
            self._errors,
            self._answered,
            self._bands,
            {
                dimension: (list(names), np.array(self._places[dimension], np.int32))
                for dimension, names in self._names.items()
            },
            self._mistakes,
        )


def _slice_of(row: Labelled, dimension: Dimension) -> str:
    names = {
        Dimension.LANG: row.submission.language,
        Dimension.SOURCE: row.source,
        Dimension.KIND: row.submission.kind,
    }
    return (names[dimension] or NOT_GIVEN)[:NAME]


async def judge(
    rows: Iterable[Labelled],
    shield: Shield,
    recorder: Recorder,
    *,
    policy: SpamPolicy | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Judged:
    """Ask about every text: as many at a time as the shield's settings say, in order.

    Args:
        rows: The texts; read as they are needed.
        shield: Is open.
        recorder: Writes down what is found.
        policy: Instead of the shield's own.
        on_progress: Called after some texts each with how many they were.
    """
    remaining = iter(rows)
    while batch := _some(remaining):
        verdicts = await shield.check_many([row.submission for row in batch], policy=policy)
        for row, verdict in zip(batch, verdicts, strict=True):
            recorder.see(row, verdict)
        on_progress(len(batch))
    return recorder.judged()


def _some(rows: Iterator[Labelled]) -> list[Labelled]:
    return list(islice(rows, AT_ONCE))
