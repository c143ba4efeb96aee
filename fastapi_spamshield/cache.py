"""Remembered answers, and one call for equal questions at the same time."""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Generic, TypeVar

from cachetools import TTLCache

from .deadline import Patience
from .errors import DetectorError

T = TypeVar("T")

DIGEST_BYTES = 32


def fingerprint(secret: bytes, parts: Iterable[tuple[str, Any]]) -> bytes:
    """A key for a question, from which nobody without the secret learns what was asked.

    Keyed BLAKE2b (RFC 7693) over the parts, each with its length in front, so that no two
    different questions are the same bytes.

    Args:
        secret: 16 to 64 random bytes of this process.
        parts: Names and values, always in the same order; what is no text is taken as JSON.
    """
    digest = hashlib.blake2b(key=secret, digest_size=DIGEST_BYTES)
    for name, value in parts:
        form = "s" if isinstance(value, str) else "j"
        text = value if form == "s" else json.dumps(value, sort_keys=True, default=repr)
        data = text.encode()
        digest.update(f"{name}:{form}{len(data)}:".encode())
        digest.update(data)
    return digest.digest()


class _Flight(Generic[T]):
    """A question that is being asked, and how many wait for the answer."""

    __slots__ = ("patience", "task", "waiting")

    def __init__(self, task: asyncio.Task[T], patience: Patience) -> None:
        self.task = task
        self.patience = patience
        self.waiting = 0


class Cache(Generic[T]):
    """Remembers answers for a while, the least recently used ones go first; failures never.

    Equal questions at the same time are asked once, in a task of their own: it has as much time as
    the most patient of those who wait, whoever no longer waits takes nothing from the others, and
    when nobody waits any more the task ends.

    Args:
        size: Answers to remember; 0: none.
        ttl: Seconds that an answer is good for.
        clock: Seconds that never jump.
    """

    def __init__(
        self, *, size: int, ttl: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._known: TTLCache[bytes, T] = TTLCache(max(size, 1), ttl, clock)
        self._remembers = size > 0
        self._flights: dict[bytes, _Flight[T]] = {}
        self._tasks: set[asyncio.Task[T]] = set()

    def find(self, key: bytes) -> T | None:
        """A remembered answer.

        Args:
            key: The question.
        """
        return self._known.get(key)

    def keep(self, key: bytes, answer: T) -> None:
        """Remember an answer.

        Args:
            key: The question.
            answer: What was answered.
        """
        if self._remembers:
            self._known[key] = answer

    def drop(self, key: bytes) -> None:
        """Remember an answer no longer.

        Args:
            key: The question.
        """
        self._known.pop(key, None)

    def is_asking(self, key: bytes) -> bool:
        """Whether somebody is asking.

        Args:
            key: The question.
        """
        return key in self._flights

    async def ask(
        self, key: bytes, question: Callable[[], Coroutine[Any, Any, T]], patience: Patience
    ) -> T:
        """The answer to a question, asked now unless somebody else is asking it.

        Args:
            key: The question; not among those remembered.
            question: Asks it, for as long as `patience` says, which can become longer meanwhile.
            patience: How long whoever asks waits; to keep to it is left to them.

        Raises:
            DetectorError: There is no answer, or the cache was closed meanwhile.
        """
        flight = self._flights.get(key)
        if flight is None or not flight.patience.extend(patience.until):
            task = asyncio.create_task(self._fly(key, question))
            flight = self._flights[key] = _Flight(task, patience)
            self._tasks.add(flight.task)
            flight.task.add_done_callback(self._tasks.discard)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is None or caller.cancelling() or not flight.task.cancelled():
                raise
            raise DetectorError("connection", "closed meanwhile") from None
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._land(key, flight)
                flight.task.cancel()

    async def close(self) -> None:
        """End what is being asked."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fly(self, key: bytes, question: Callable[[], Coroutine[Any, Any, T]]) -> T:
        flight = self._flights[key]
        try:
            answer = await question()
        finally:
            self._land(key, flight)
        self.keep(key, answer)
        return answer

    def _land(self, key: bytes, flight: _Flight[T]) -> None:
        # After a flight was given up a new one may be under way by the same key.
        if self._flights.get(key) is flight:
            del self._flights[key]
