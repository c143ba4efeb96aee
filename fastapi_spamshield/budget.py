"""How many requests a service may get in a minute and in a month."""

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from .dialects.base import Usage
from .errors import DetectorError, ErrorCode

MINUTE = 60.0
LONGEST_PAUSE = 3_600.0
"""Seconds that a service may ask to be left alone; one that asks for more is asked again then."""

QUOTA_PAUSE = 60.0
"""Seconds that a service is left alone whose quota is used up, where it does not say how long."""


class Budget:
    """Counts requests, and refuses those that would be too many; it never waits.

    No 60 seconds hold more than `per_minute` requests, wherever one begins to count, and no
    calendar month in UTC more than `per_month`. The wall clock is read once: from then on a clock
    counts that never jumps, so that setting the time neither empties nor fills a budget. The counts
    are those of one process since its start.

    Args:
        per_minute: Requests; `None`: any number.
        per_month: Requests; `None`: any number.
        clock: Seconds that never jump.
        wall: Seconds since 1970 in UTC.
    """

    def __init__(
        self,
        *,
        per_minute: int | None = None,
        per_month: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._offset = wall() - clock()
        self._recent = None if per_minute is None else deque[float](maxlen=per_minute)
        self._per_month = per_month
        self._used = 0
        self._month_ends = self._end_of_month()
        self._paused_until = float("-inf")
        self._paused_for: ErrorCode = "rate_limited"

    def take(self) -> None:
        """Count one request.

        Raises:
            DetectorError: `rate_limited`: too many in this minute; `quota`: too many in this month;
                or what the service asked for a pause for. Then it was not counted.
        """
        now = self._clock()
        if now < self._paused_until:
            raise DetectorError(
                self._paused_for,
                "the service asked to wait",
                retry_after=self._paused_until - now,
            )
        recent = self._recent
        if recent is not None and len(recent) == recent.maxlen:
            wait = recent[0] + MINUTE - now
            if wait > 0:
                raise DetectorError(
                    "rate_limited", "the budget of this minute is used up", retry_after=wait
                )
        self._turn_month(now)
        if self._per_month is not None and self._used >= self._per_month:
            raise DetectorError("quota", "the budget of this month is used up")
        if recent is not None:
            recent.append(now)
        self._used += 1

    def usage(self) -> Usage | None:
        """How much of this month's budget is used; `None`: there is no such budget."""
        if self._per_month is None:
            return None
        self._turn_month(self._clock())
        left = self._per_month - self._used
        return Usage(self._used, self._per_month, left, "month")

    def pause(self, seconds: float, code: ErrorCode = "rate_limited") -> None:
        """Refuse requests for a while, since the service said so.

        Args:
            seconds: For how long, at most an hour; a pause that lasts longer already stays.
            code: What for.
        """
        until = self._clock() + min(seconds, LONGEST_PAUSE)
        if until > self._paused_until:
            self._paused_until, self._paused_for = until, code

    def heed(self, refusal: DetectorError) -> None:
        """Refuse requests for a while, where the service said that there were too many.

        Args:
            refusal: `rate_limited`: for as long as it says, if it does; `quota`: for a minute where
                it does not. Anything else changes nothing.
        """
        seconds = refusal.retry_after
        if seconds is None and refusal.code == "quota":
            seconds = QUOTA_PAUSE
        if seconds is not None and refusal.code in ("rate_limited", "quota"):
            self.pause(seconds, refusal.code)

    def _turn_month(self, now: float) -> None:
        if now >= self._month_ends:
            self._used = 0
            self._month_ends = self._end_of_month()

    def _end_of_month(self) -> float:
        today = datetime.fromtimestamp(self._clock() + self._offset, UTC)
        years, month = divmod(today.month, 12)
        first = datetime(today.year + years, month + 1, 1, tzinfo=UTC)
        return first.timestamp() - self._offset
