"""A circuit breaker: a service that is down is left alone for a while."""

import time
from collections.abc import Callable
from typing import Literal

from .errors import DetectorError, ErrorCode

State = Literal["closed", "open", "half_open"]
"""`closed`: requests pass. `open`: none does. `half_open`: one does, to see whether it helps."""

OUTAGES: frozenset[ErrorCode] = frozenset({"unavailable", "timeout", "connection", "protocol"})
"""Failures that say something about the service and not about the request or the account."""

FAILURES: frozenset[ErrorCode] = frozenset({*OUTAGES, "auth"})
"""Those after which the next call fails too, most likely."""


class Breaker:
    """Opens after some failures in a row, and lets one call through when it has been open for long.

    A key that is refused before it was ever taken opens it at once. One that was taken is given the
    benefit of the doubt, as an outage is: a firewall in front of a service refuses single texts
    with the same 403, and nobody shall be able to switch a service off by sending one.

    Source: M. Nygard, "Release It!", 2007; M. Fowler, "CircuitBreaker", 2014.

    Args:
        failures: How many failures in a row open it.
        cooldown: Seconds that it stays open before one call may probe.
        clock: Seconds that never jump.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        cooldown: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._cooldown = cooldown
        self._clock = clock
        self._failed = 0
        self._opened: float | None = None
        self._probing = False
        self._answered = False
        self._refused = False

    @property
    def state(self) -> State:
        """What would happen to a call now."""
        if self._opened is None:
            return "closed"
        if self._probing or self._clock() - self._opened < self._cooldown:
            return "open"
        return "half_open"

    def enter(self) -> bool:
        """Ask to make a call, and say afterwards how it went: `succeed`, `fail` or `leave`.

        Returns:
            Whether the call is the probe.

        Raises:
            DetectorError: The breaker is open: `auth` after a refused key, else `unavailable`.
        """
        state = self.state
        if state == "open":
            if self._refused:
                raise DetectorError("auth", "the key was refused, and is left alone for a while")
            raise DetectorError("unavailable", "the circuit breaker is open")
        self._probing = state == "half_open"
        return self._probing

    def succeed(self) -> None:
        """The service answered, whatever it said."""
        self._failed = 0
        self._opened = None
        self._probing = False
        self._answered = True

    def fail(self, code: ErrorCode, *, probe: bool) -> None:
        """The service failed the call.

        Args:
            code: How; what is none of `FAILURES` is an answer, and closes the breaker.
            probe: What `enter` returned.
        """
        if code not in FAILURES:
            self.succeed()
            return
        self._failed += 1
        enough = self._failed >= self._limit or (code == "auth" and not self._answered)
        # A call that began before the breaker opened tells nothing new, and must not end the probe.
        if probe or (self._opened is None and enough):
            self.open(code)

    def open(self, code: ErrorCode) -> None:
        """Let nothing through for as long as the cooldown lasts.

        Args:
            code: Why.
        """
        self._opened = self._clock()
        self._probing = False
        self._refused = code == "auth"

    def leave(self, *, probe: bool) -> None:
        """The call was given up, which tells nothing about the service.

        Args:
            probe: What `enter` returned.
        """
        if probe:
            self._probing = False
