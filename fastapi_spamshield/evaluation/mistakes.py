"""The worst mistakes: the only texts of a corpus that are kept."""

import heapq
from typing import Final, NamedTuple

from ..models import Signal, SpamVerdict
from .rows import Labelled

WORST: Final = 20


class Mistake(NamedTuple):
    """A text that was judged wrongly.

    Attributes:
        row: The text.
        score: What it got.
        signals: Why.
    """

    row: Labelled
    score: float
    signals: tuple[Signal, ...]


class Mistakes:
    """The worst of each kind: the ham with the highest scores, the spam with the lowest.

    Args:
        most: How many of each kind are kept.
    """

    def __init__(self, most: int = WORST) -> None:
        self._most = most
        self._kept: dict[bool, list[tuple[float, int, Mistake]]] = {True: [], False: []}
        self._count = 0

    def see(self, row: Labelled, verdict: SpamVerdict) -> None:
        """Keep a text if it was judged wrongly, and worse than those that are kept.

        Args:
            row: The text, and what it is.
            verdict: What was found.
        """
        if verdict.score is None or verdict.is_spam == row.spam or not self._most:
            return
        self._count += 1
        badness = -verdict.score if row.spam else verdict.score
        # Of equals the first one stays; the number also keeps the heap from comparing texts.
        entry = (badness, -self._count, Mistake(row, verdict.score, verdict.signals))
        kept = self._kept[row.spam]
        if len(kept) < self._most:
            heapq.heappush(kept, entry)
        else:
            heapq.heappushpop(kept, entry)

    @property
    def refused(self) -> list[Mistake]:
        """Ham that was called spam, the highest score first."""
        return self._sorted(spam=False)

    @property
    def missed(self) -> list[Mistake]:
        """Spam that was not, the lowest score first."""
        return self._sorted(spam=True)

    def _sorted(self, *, spam: bool) -> list[Mistake]:
        return [mistake for _, _, mistake in sorted(self._kept[spam], reverse=True)]
