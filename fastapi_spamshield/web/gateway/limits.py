"""How much a key may ask, and how much it has asked."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from ...dialects.base import Facts, SiteUsage, Usage
from ...dialects.serving import LimitReached
from ...errors import ConfigurationError

Clock = Callable[[], float]
"""Unix time."""

SITES = 1_000
"""Sites of one key that are counted by themselves."""

_MINUTE = 60.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one key may ask of one vendor's language; `None`: as much as it likes.

    Attributes:
        per_minute: Requests in any 60 seconds.
        per_month: Submissions judged in a calendar month, UTC.

    Raises:
        ConfigurationError: One of them is below 1.
    """

    per_minute: int | None = None
    per_month: int | None = None

    def __post_init__(self) -> None:
        for name in ("per_minute", "per_month"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigurationError(f"{name}={value}: write at least 1, or None for no limit.")

    @classmethod
    def of(cls, facts: Facts) -> "Limits":
        """Those that a vendor states.

        Args:
            facts: What its documents say.
        """
        return cls(per_minute=facts.per_minute, per_month=facts.per_month)


class Meter:
    """Counts what one key asks of one vendor's language. What it knows ends with the process.

    Args:
        limits: Of the key.
        clock: Tells the time.
    """

    def __init__(self, limits: Limits, clock: Clock = time.time) -> None:
        self._limits = limits
        self._clock = clock
        self._recent: deque[float] = deque()
        self._month: str | None = None
        self._spent = 0
        self._sites: dict[str, SiteUsage] = {}

    def request(self) -> None:
        """Count a request.

        Raises:
            LimitReached: `rate_limited`: there were too many in the last minute.
        """
        if self._limits.per_minute is None:
            return
        now = self._clock()
        while self._recent and self._recent[0] <= now - _MINUTE:
            self._recent.popleft()
        if len(self._recent) >= self._limits.per_minute:
            wait = self._recent[0] + _MINUTE - now
            raise LimitReached("rate_limited", self.usage(), retry_after=wait)
        self._recent.append(now)

    def spend(self, checks: int) -> None:
        """Take some of the month's quota.

        Args:
            checks: Submissions to judge.

        Raises:
            LimitReached: `quota`: there is not so much left.
        """
        self._turn()
        limit = self._limits.per_month
        if limit is not None and self._spent + checks > limit:
            wait = self._next_month() - self._clock()
            raise LimitReached("quota", self.usage(), retry_after=wait)
        self._spent += checks

    def give_back(self, checks: int) -> None:
        """Undo `spend`, for what could not be judged.

        Args:
            checks: As they were taken.
        """
        self._turn()
        self._spent = max(self._spent - checks, 0)

    def judged(self, site: str, *, spam: bool) -> None:
        """Count a check of a site.

        Args:
            site: Its host.
            spam: What it came to.
        """
        seen = self._site(site)
        self._keep(
            seen._replace(calls=seen.calls + 1, spam=seen.spam + spam, ham=seen.ham + (not spam))
        )

    def corrected(self, site: str, *, spam: bool) -> None:
        """Count a correction of a site.

        Args:
            site: Its host.
            spam: What it should have been.
        """
        seen = self._site(site)
        self._keep(
            seen._replace(
                missed_spam=seen.missed_spam + spam,
                false_positives=seen.false_positives + (not spam),
            )
        )

    def usage(self) -> Usage:
        """What was used of the month's quota."""
        self._turn()
        limit = self._limits.per_month
        return Usage(
            used=self._spent,
            limit=limit,
            remaining=None if limit is None else limit - self._spent,
            period="month",
            resets_at=self._next_month(),
            sites=tuple(self._sites.values()),
            month=self._month,
        )

    def _site(self, site: str) -> SiteUsage:
        self._turn()
        return self._sites.get(site, SiteUsage(site))

    def _keep(self, seen: SiteUsage) -> None:
        # A client may name as many sites as it likes.
        if seen.site in self._sites or len(self._sites) < SITES:
            self._sites[seen.site] = seen

    def _turn(self) -> None:
        month = f"{self._now():%Y-%m}"
        if month != self._month:
            self._month = month
            self._spent = 0
            self._sites.clear()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _next_month(self) -> float:
        now = self._now()
        year, month = divmod(now.year * 12 + now.month, 12)
        return datetime(year, month + 1, 1, tzinfo=UTC).timestamp()
