"""When a failed request may be sent again, and how long to wait before."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from .errors import DetectorError, ErrorCode

STATUSES = frozenset({408, 429, 500, 502, 503, 504})
"""HTTP statuses after which another try can help."""

CODES: frozenset[ErrorCode] = frozenset({"connection", "unavailable", "timeout", "rate_limited"})
"""What such a failure may be; a status 429 that means a used-up month is a `quota` and is final."""


def _up_to(most: float) -> float:
    return random.uniform(0, most)  # noqa: S311 - no secret


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Exponential back-off with full jitter.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

    Attributes:
        retries: How often a request is sent again at most.
        base: Seconds that the first wait may last; the next may last twice as long.
        longest: Seconds that no wait exceeds, unless the service asks for more.
        jitter: A number from 0 to its argument, any of them as likely.
    """

    retries: int = 2
    base: float = 0.1
    longest: float = 2.0
    jitter: Callable[[float], float] = _up_to

    def wait(
        self, failures: int, error: DetectorError, status: int | None, remaining: float
    ) -> float | None:
        """Seconds to wait before the next try; `None`: there shall be none.

        Args:
            failures: How many tries have failed, from 1.
            error: How the last one failed.
            status: The HTTP status, where there was an answer.
            remaining: Seconds until the deadline.
        """
        if failures > self.retries or error.code not in CODES:
            return None
        if status is not None and status not in STATUSES:
            return None
        if error.code == "rate_limited" and error.retry_after is None:
            return None  # Its window lasts a minute or more: another try now is one too many again.
        wait = self.jitter(min(self.longest, self.base * 2 ** (failures - 1)))
        if error.retry_after is not None:
            wait = max(wait, error.retry_after)
        return wait if wait < remaining else None
