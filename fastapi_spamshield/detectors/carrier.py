"""Carries the calls of one detector to its service: whether, when, how often, and how it goes."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from ..breaker import Breaker
from ..budget import Budget
from ..deadline import Patience, deadline
from ..dialects.base import Answer, Call, Usage
from ..errors import DetectorError, ErrorCode, describe
from ..retry import Backoff
from ..transport import Transport
from .base import Health
from .configuration import Configuration

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")

HEAD_START = 0.02
"""Seconds before the deadline of a check at which its calls end."""

QUIET_SECONDS = 60.0
"""How long a warning is not repeated: an outage would fill the log, one line for each check."""


class Carrier:
    """Counts, retries, gives up in time, leaves alone what is down, and knows how it goes.

    Args:
        configuration: What to ask, and how.
        transport: Carries the calls.
    """

    def __init__(self, configuration: Configuration, transport: Transport) -> None:
        self._configuration = configuration
        self._name = configuration.dialect.name
        self._timeout = configuration.timeout or configuration.dialect.facts.timeout
        self._transport = transport
        self._slots = asyncio.Semaphore(configuration.concurrency)
        self._backoff = Backoff(retries=configuration.retries)
        self._breaker = Breaker(
            failures=configuration.breaker_failures, cooldown=configuration.breaker_cooldown
        )
        self._budget = Budget(
            per_minute=configuration.per_minute, per_month=configuration.per_month
        )
        self._health = Health(detector=self._name)
        self._warned: dict[ErrorCode, float] = {}
        self._late_until = -math.inf

    def health(self) -> Health:
        """How the service does, as far as it was asked."""
        return self._health.model_copy(update={"breaker": self._breaker.state})

    def usage(self) -> Usage | None:
        """How much of the month's budget is used; `None` where there is none."""
        return self._budget.usage()

    def patience(self) -> Patience:
        """How long whoever asks now waits for an answer."""
        now = asyncio.get_running_loop().time()
        # A little less than that, so that the connection is closed in peace.
        left = deadline() - now
        return Patience(now + left - min(HEAD_START, left * 0.05), longest=now + self._timeout)

    async def ask(self, call: Call, read: Callable[[Answer], T]) -> T:
        """Send a call about the account, and read the answer.

        It is no check: it takes nothing of the budgets, an open breaker does not keep it from
        asking, and how it goes is not noted.

        Args:
            call: What to send.
            read: As for `carry`.

        Raises:
            DetectorError: As for `carry`.
        """
        patience = self.patience()
        try:
            async with patience.timeout():
                return await self._try(call, read, patience, Budget())
        except TimeoutError:
            raise DetectorError("timeout", detector=self._name) from None

    async def carry(self, call: Call, read: Callable[[Answer], T], patience: Patience) -> T:
        """Send a call for a check, or for a correction, and read the answer.

        Args:
            call: What to send.
            read: Makes something of the answer, or raises what the answer says is wrong.
            patience: How long to wait for the answer.

        Raises:
            DetectorError: There is no answer, or none that helps.
        """
        clock = asyncio.get_running_loop().time
        probe = self._breaker.enter()
        try:
            self._budget.take()
        except DetectorError as error:
            self._breaker.leave(probe=probe)
            raise self.failed(error) from None
        try:
            async with patience.timeout(), self._slots:
                result = await self._try(call, read, patience, self._budget)
        except (DetectorError, TimeoutError) as error:
            failure = error if isinstance(error, DetectorError) else DetectorError("timeout")
            self._breaker.fail(failure.code, probe=probe)
        except BaseException:
            # Whoever asked gave up, perhaps since the same deadline was over a moment earlier.
            if clock() >= patience.until:
                self._breaker.fail("timeout", probe=probe)
                self._note(DetectorError("timeout"))
            else:
                self._breaker.leave(probe=probe)
            raise
        else:
            self._breaker.succeed()
            self._note(None)
            return result
        raise self.failed(failure)

    def failed(self, error: DetectorError) -> DetectorError:
        """Note that a check failed.

        Args:
            error: Why.

        Returns:
            The same, with the name of the detector.
        """
        error.detector = error.detector or self._name
        self._note(error)
        return error

    def late(self, asked: float, until: float) -> None:
        """Note that somebody gave up on a call that others still wait for.

        It is one call, however many wait for it: so it counts once in the time that one waits.

        Args:
            asked: When they began to wait, on the event loop's clock.
            until: How long they could.
        """
        now = asyncio.get_running_loop().time()
        if now >= max(until, self._late_until):
            self._late_until = now + (now - asked)
            self._breaker.fail("timeout", probe=False)
            self._note(DetectorError("timeout"))

    def refused(self, error: DetectorError) -> None:
        """Note that every check will fail, whatever is to be checked.

        Args:
            error: `auth`: the key was refused; `unconfigured`: there is none.
        """
        if error.code == "auth":
            self._breaker.open("auth")
        self.failed(error)

    async def _try(
        self, call: Call, read: Callable[[Answer], T], patience: Patience, budget: Budget
    ) -> T:
        clock = asyncio.get_running_loop().time
        failures = 0
        while True:
            status: int | None = None
            try:
                answer = await self._transport.send(
                    self._configuration.address, call, redirects=self._configuration.redirects
                )
                status = answer.status
                return self._understood(answer, read)
            except DetectorError as error:
                failure = error
            failures += 1
            wait = self._backoff.wait(failures, failure, status, patience.until - clock())
            if wait is None or not call.retryable or not await _again(wait, budget):
                budget.heed(failure)
                raise failure

    def _understood(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        try:
            return read(answer)
        except DetectorError:
            raise
        except Exception as error:  # noqa: BLE001 - a dialect's bug is an answer not understood
            logger.error("Dialect %s raised %s", self._name, describe(error))
        # Not in the handler: the error may quote the answer, and the answer the text.
        raise DetectorError("protocol", "the answer could not be read")

    def _note(self, error: DetectorError | None) -> None:
        known, code = self._health, error and error.code
        if known.since is None or (known.error is None) != (code is None):
            self._health = known.model_copy(update={"error": code, "since": datetime.now(UTC)})
        elif known.error != code:
            self._health = known.model_copy(update={"error": code})
        if error is not None:
            self._warn(error)

    def _warn(self, error: DetectorError) -> None:
        # Here, since nobody else may: another detector may answer in its place.
        now = time.monotonic()
        if now - self._warned.get(error.code, -math.inf) >= QUIET_SECONDS:
            self._warned[error.code] = now
            logger.warning("Detector %s can't measure: %s", self._name, error)


async def _again(wait: float, budget: Budget) -> bool:
    await asyncio.sleep(wait)
    try:
        budget.take()
    except DetectorError:
        return False
    return True
