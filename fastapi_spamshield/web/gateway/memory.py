"""What a gateway has judged, for the corrections that may follow."""

import time
from hashlib import blake2b
from typing import NamedTuple

from cachetools import TTLCache

from ...dialects.sending import as_json
from ...errors import ConfigurationError
from ...models import Submission
from .limits import Clock

_FRAME = 1_024
"""Bytes that an entry takes besides what was sent."""


class Source(NamedTuple):
    """Whose verdicts they are: nobody corrects another's.

    Attributes:
        vendor: In whose language it was asked.
        owner: With which key.
    """

    vendor: str
    owner: int


class Judged(NamedTuple):
    """A submission that was judged.

    Attributes:
        verdict_id: Of its verdict.
        submission: As it was judged.
        size: Bytes of the request.
    """

    verdict_id: str
    submission: Submission
    size: int


class Memory:
    """Remembers what was judged, up to so many bytes, for so long.

    Args:
        size: Bytes; the oldest goes first.
        seconds: How long.
        clock: Tells the time.

    Raises:
        ConfigurationError: `size` or `seconds` is not above 0.
    """

    def __init__(self, size: int, seconds: float, clock: Clock = time.time) -> None:
        if not (size > 0 and seconds > 0):
            raise ConfigurationError("What is to be remembered needs a size and a time above 0.")
        self._size = size
        self._by_id: TTLCache[tuple[Source, str], Judged] = TTLCache(
            size, seconds, clock, getsizeof=lambda judged: judged.size + _FRAME
        )
        self._ids: TTLCache[tuple[Source, bytes], str] = TTLCache(
            max(size // _FRAME, 1), seconds, clock
        )

    def __repr__(self) -> str:
        return f"Memory({len(self._by_id)} submissions)"

    def keep(self, source: Source, verdict_id: str, submission: Submission, size: int) -> None:
        """Remember a submission, unless it is larger than everything that may be remembered.

        Args:
            source: Who asked.
            verdict_id: Of its verdict.
            submission: As it was judged.
            size: Bytes of the request.
        """
        if size + _FRAME <= self._size:
            self._by_id[source, verdict_id] = Judged(verdict_id, submission, size)
            self._ids[source, _digest(submission)] = verdict_id

    def by_id(self, source: Source, verdict_id: str) -> Judged | None:
        """What was judged with a verdict of that id.

        Args:
            source: Who asks now.
            verdict_id: Of the verdict.
        """
        return self._by_id.get((source, verdict_id))

    def id_of(self, source: Source, submission: Submission) -> str | None:
        """The id of the last verdict on the same words of the same sender.

        Args:
            source: Who asks now.
            submission: As it is sent again.
        """
        return self._ids.get((source, _digest(submission)))


def _digest(submission: Submission) -> bytes:
    names = ("text", "author", "email", "url", "ip", "permalink", "kind")
    return blake2b(as_json([getattr(submission, name) for name in names])).digest()
