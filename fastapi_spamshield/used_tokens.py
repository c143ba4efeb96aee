"""Which form tokens were used up."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from cachetools import TLRUCache

SIZE = 50_000
"""Used tokens to remember, some 200 bytes each."""


class UsedTokens(Protocol):
    """Remembers which form tokens were used, each for as long as it would be good.

    `MemoryUsedTokens` does so for one process. For several, write one on what they share: in Redis
    `claim` is `SET id 1 NX EX seconds`, and `release` is `DEL id`. What it raises is logged, and
    the token counts as not used: an outage refuses nobody.
    """

    async def claim(self, token_id: str, seconds: float, /) -> bool:
        """Use a token up; of several at the same time only one may succeed.

        Args:
            token_id: 28 hexadecimal digits.
            seconds: How long it has to be remembered.

        Returns:
            Whether nobody had used it.
        """
        ...

    async def release(self, token_id: str, /) -> None:
        """Make a token unused again.

        Args:
            token_id: As for `claim`.
        """
        ...


class MemoryUsedTokens:
    """Remembers used tokens in this process, for all its threads.

    Where more than `size` are remembered, those go first that were used longest ago.

    Args:
        size: Tokens to remember, at least 1.
        clock: Seconds that never jump.
    """

    def __init__(self, *, size: int = SIZE, clock: Callable[[], float] = time.monotonic) -> None:
        self._used: TLRUCache[str, float] = TLRUCache(size, _until, clock)
        self._lock = threading.Lock()

    async def claim(self, token_id: str, seconds: float, /) -> bool:
        """See `UsedTokens.claim`. It never waits."""
        with self._lock:
            if token_id in self._used:
                return False
            self._used[token_id] = seconds
            return True

    async def release(self, token_id: str, /) -> None:
        """See `UsedTokens.release`. It never waits."""
        with self._lock:
            self._used.pop(token_id, None)


def _until(_token_id: str, seconds: float, now: float) -> float:
    return now + seconds
