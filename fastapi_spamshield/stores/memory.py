"""Verdicts remembered in this process."""

import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from ..process_lock import ProcessLock
from .base import Judged

FRAME: Final = 500
"""Bytes that an entry takes by itself: measured, rounded up."""

OPINION: Final = 500
"""The same for each service that answered."""

_UNKNOWN: Final = (None, 0.0)


class MemoryJudgements:
    """Remembers verdicts in this process; the oldest go first.

    Args:
        count: How many at most.
        size: How many bytes they may take together.
        seconds: How long each is remembered.
        clock: Seconds that never jump.
    """

    def __init__(
        self,
        *,
        count: int,
        size: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._count = count
        self._most = size
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[str, tuple[Judged, float]] = OrderedDict()
        self._lock = ProcessLock()
        self.size: int = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"MemoryJudgements({len(self)} verdicts, {self.size} bytes)"

    async def keep(self, verdict_id: str, judged: Judged) -> None:
        """Remember a verdict; one that is too large by itself is not.

        Args:
            verdict_id: Its id.
            judged: What is to be known of it.
        """
        now = self._clock()
        size = _size_of(judged)
        entries = self._entries
        with self._lock:
            if verdict_id in entries:
                self._drop(verdict_id)
            entries[verdict_id] = judged, now + self._seconds
            self.size += size
            while entries:
                oldest, (_, until) = next(iter(entries.items()))
                if len(entries) <= self._count and self.size <= self._most and until > now:
                    break
                self._drop(oldest)

    async def find(self, verdict_id: str) -> Judged | None:
        """A verdict that is remembered.

        Args:
            verdict_id: Its id.
        """
        judged, until = self._entries.get(verdict_id, _UNKNOWN)
        return judged if until > self._clock() else None

    def _drop(self, verdict_id: str) -> None:
        judged, _ = self._entries.pop(verdict_id)
        self.size -= _size_of(judged)


def _size_of(judged: Judged) -> int:
    size = FRAME + len(judged.features or b"")
    for opinion in judged.opinions:
        size += OPINION
        if opinion.submission is not None:
            values = dict(opinion.submission).values()
            size += sum(sys.getsizeof(value) for value in values if isinstance(value, str))
    return size
