"""A hosted service that is being asked: what `RemoteDetector` is while it is open."""

import asyncio
import logging
import math
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, TypeVar, cast

from ..breaker import Breaker
from ..budget import Budget
from ..cache import Cache, fingerprint
from ..deadline import deadline, within
from ..dialects.base import Answer, Call, ShowsUsage, TakesFeedback, Usage, Verifies
from ..errors import ConfigurationError, DetectorError, ErrorCode, describe
from ..models import Detection, Submission
from ..retry import Backoff
from ..stores.base import Opinion
from ..transport import Transport
from .base import Health
from .configuration import Configuration
from .outgoing import Outgoing, fit, pack
from .scale import common_score
from .trace import trace

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")

HEAD_START = 0.02
"""Seconds before the deadline of a check at which its calls end."""

RAW_BYTES = 16_384
"""Of a longer answer `raw` does not keep the body."""

LONGEST_ID = 500
"""Characters of a service's own id of a judgement; it is kept with each verdict."""

REFUSED_SECONDS = 30.0
"""How long a service that refused the key is not asked again: a wrong key does not mend itself."""

VERIFY_SECONDS = 5.0
"""How long the start may be held up by a service that does not say whether a key is good."""


class Service:
    """Asks a service: remembers, counts, retries, gives up in time.

    Args:
        configuration: What to ask, and how.
        transport: Carries the calls.

    Attributes:
        name: The dialect's.
        mark: Which account of which service it is: for a correction, perhaps after a restart.
    """

    def __init__(self, configuration: Configuration, transport: Transport) -> None:
        self.name: str = configuration.dialect.name
        self._configuration = configuration
        self._dialect = configuration.dialect
        self._facts = configuration.dialect.facts
        self._fields = configuration.fields
        self._transport = transport
        self._slots = asyncio.Semaphore(configuration.concurrency)
        self._backoff = Backoff(retries=configuration.retries)
        self._breaker = Breaker(
            failures=configuration.breaker_failures, cooldown=configuration.breaker_cooldown
        )
        self._budget = Budget(
            per_minute=configuration.per_minute, per_month=configuration.per_month
        )
        self._cache: Cache[Detection] = Cache(
            size=configuration.cache_size, ttl=configuration.cache_ttl
        )
        self._secret = secrets.token_bytes(32)
        self._timeout = configuration.timeout or self._facts.timeout
        self._health = Health(detector=self.name)
        self.mark: str = _mark(configuration)
        self._checks = self._saved = 0
        self._refused = -math.inf
        self._limits: dict[bytes, asyncio.Timeout] = {}

    async def detect(self, submission: Submission) -> Detection:
        """Ask about one submission.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: It could not be measured.
        """
        self._checks += 1
        try:
            outgoing, call = self._prepare(submission)
        except DetectorError as error:
            raise self._failed(error) from None
        question = self._question(submission, outgoing)
        known = self._remembered(question)
        if known is None:
            if self._cache.is_asking(question):
                self._saved += 1
                self._extend(question)
            known = await self._cache.ask(question, lambda: self._measure(question, call))
        if (check := trace()) is not None:
            check.opinions.append(self._opinion(known, outgoing, question))
        return outgoing.incoming(known, self.name)

    async def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool
    ) -> bool:
        """Tell the service of a mistake, at most once.

        Args:
            submission: What was judged.
            detection_id: The service's id of the judgement.
            spam: What it should have been.

        Returns:
            Whether the service takes corrections at all.

        Raises:
            DetectorError: It did not take this one.
        """
        if not hasattr(self._dialect, "feedback"):
            return False
        dialect = cast("TakesFeedback", self._dialect)
        sent = self._pack(submission).submission
        call = dialect.feedback(sent, detection_id, spam=spam, key=self._key())
        await self._carry(call._replace(retryable=False), dialect.fed_back)
        return True

    def forget(self, opinion: Opinion) -> None:
        """Remember an answer no longer: once corrected, the service may say something else.

        Args:
            opinion: That answer.
        """
        self._cache.drop(opinion.question)

    async def usage(self) -> Usage | None:
        """How much of the quota is used; `None` where nobody counts.

        Raises:
            DetectorError: The service does not say.
        """
        if hasattr(self._dialect, "usage"):
            dialect = cast("ShowsUsage", self._dialect)
            return await self._aside(dialect.usage(self._key()), dialect.used)
        return self._budget.usage()

    def health(self) -> Health:
        """How the service does, as far as it was asked."""
        return self._health.model_copy(
            update={
                "breaker": self._breaker.state,
                "checks": self._checks,
                "saved": self._saved,
            }
        )

    async def verify(self) -> None:
        """See that the key is good, as the detector's `verify` wants it.

        Raises:
            ConfigurationError: It is not.
        """
        how = self._configuration.verify
        if how == "skip":
            return
        try:
            key = self._key()
            if hasattr(self._dialect, "verify"):
                dialect = cast("Verifies", self._dialect)
                asking = self._aside(dialect.verify(key), dialect.verified)
                await within(VERIFY_SECONDS, asking)
        except (DetectorError, TimeoutError) as error:
            code = error.code if isinstance(error, DetectorError) else "timeout"
        else:
            return
        if code not in ("auth", "unconfigured"):
            logger.warning("Detector %s: the key could not be verified: %s", self.name, code)
            return
        slip = "needs an api_key" if code == "unconfigured" else "refused the api_key"
        if how == "error":
            raise ConfigurationError(
                f"{self.name} {slip}. Set it, or write verify='warn' to start without"
            )
        logger.warning("Detector %s %s: it can't measure anything", self.name, slip)

    async def close(self) -> None:
        """End the calls that are under way."""
        await self._cache.close()

    def _key(self) -> str | None:
        key = self._configuration.key
        if key is None and self._facts.needs_key:
            raise DetectorError("unconfigured", "there is no api_key", detector=self.name)
        return key

    def _pack(self, submission: Submission) -> Outgoing:
        return pack(
            submission,
            self._fields,
            characters=self._facts.characters,
            mask_pii=self._configuration.mask_pii,
        )

    def _prepare(self, submission: Submission) -> tuple[Outgoing, Call]:
        key = self._key()

        def call(outgoing: Outgoing) -> Call:
            return self._dialect.check(outgoing.submission, key)

        outgoing = self._pack(submission)
        limit = self._facts.body_bytes
        if limit is not None:
            fitting = fit(outgoing, lambda shorter: len(call(shorter).body), limit)
            if fitting is None:
                raise DetectorError("payload_too_large", detector=self.name)
            outgoing = fitting
        return outgoing, call(outgoing)

    def _question(self, submission: Submission, outgoing: Outgoing) -> bytes:
        # Everything that the service sees, so that nobody gets an answer about somebody else's
        # name or address; one cache belongs to one configuration of one detector.
        sent = outgoing.submission
        parts = [(name, getattr(sent, name)) for name in ("text", "kind", *self._fields)]
        return fingerprint(self._secret, [("tenant", submission.tenant), *parts])

    def _opinion(self, detection: Detection, outgoing: Outgoing, question: bytes) -> Opinion:
        takes = hasattr(self._dialect, "feedback")
        again = takes and not self._facts.corrects_by_id
        return Opinion(
            service=self.mark,
            name=self.name,
            score=common_score(detection),
            detection_id=detection.detection_id,
            takes_feedback=takes,
            submission=outgoing.submission if again else None,
            question=question,
        )

    def _remembered(self, question: bytes) -> Detection | None:
        known = self._cache.find(question)
        if known is None:
            return None
        self._saved += 1
        return known.model_copy(update={"cached": True})

    def _detection(self, answer: Answer) -> Detection:
        detection = self._dressed(self._dialect.detection(answer))
        if detection.detection_id is not None and len(detection.detection_id) > LONGEST_ID:
            raise DetectorError("protocol", "its id is too long", detector=self.name)
        if len(answer.body) > RAW_BYTES:
            # A thousand remembered answers would hold as many of them.
            kept = {name: value for name, value in detection.raw.items() if name != "body"}
            return detection.model_copy(update={"raw": {**kept, "left_out": "body"}})
        return detection

    def _dressed(self, detection: Detection) -> Detection:
        changes: dict[str, Any] = {}
        if detection.bands is None and self._facts.bands is not None:
            changes["bands"] = self._facts.bands
        if detection.detector is None:
            changes["detector"] = self.name
        return detection.model_copy(update=changes) if changes else detection

    async def _measure(self, question: bytes, call: Call) -> Detection:
        limit = self._limits[question] = asyncio.timeout_at(self._until())
        try:
            return await self._carry(call, self._detection, limit)
        finally:
            if self._limits.get(question) is limit:
                del self._limits[question]

    def _extend(self, question: bytes) -> None:
        """Whoever joins a call may have more time than whoever began it."""
        limit, until = self._limits.get(question), self._until()
        if limit is not None and until > (limit.when() or 0) and not limit.expired():
            limit.reschedule(until)

    async def _aside(self, call: Call, read: Callable[[Answer], T]) -> T:
        """A call that measures nothing, and spends nothing of what checks may spend."""
        until = self._until()
        try:
            async with asyncio.timeout_at(until):
                return await self._try(call, read, until, counted=False)
        except TimeoutError:
            raise DetectorError("timeout", detector=self.name) from None

    async def _carry(
        self, call: Call, read: Callable[[Answer], T], limit: asyncio.Timeout | None = None
    ) -> T:
        clock = asyncio.get_running_loop().time
        limit = limit or asyncio.timeout_at(self._until())
        if clock() < self._refused:
            raise self._failed(DetectorError("auth", "the key was refused a moment ago"))
        probe = self._breaker.enter()
        try:
            self._budget.take()
        except DetectorError as error:
            self._breaker.leave(probe=probe)
            raise self._failed(error) from None
        try:
            async with limit, self._slots:
                result = await self._try(call, read, limit.when() or math.inf)
        except (DetectorError, TimeoutError) as error:
            failure = error if isinstance(error, DetectorError) else DetectorError("timeout")
            self._breaker.fail(failure.code, probe=probe)
            if failure.code == "auth":
                self._refused = clock() + REFUSED_SECONDS
        except BaseException:
            # Whoever asked gave up, perhaps since the same deadline was over a moment earlier.
            if clock() >= (limit.when() or math.inf):
                self._breaker.fail("timeout", probe=probe)
                self._note("timeout")
            else:
                self._breaker.leave(probe=probe)
            raise
        else:
            self._breaker.succeed()
            self._note(None)
            return result
        raise self._failed(failure)

    def _until(self) -> float:
        # A little before whoever asks is interrupted, so that the connection is closed in peace.
        now = asyncio.get_running_loop().time()
        left = deadline() - now
        return now + min(left - min(HEAD_START, left * 0.05), self._timeout)

    async def _try(
        self, call: Call, read: Callable[[Answer], T], until: float, *, counted: bool = True
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
            wait = self._backoff.wait(failures, failure, status, until - clock())
            if wait is None or not call.retryable or not await self._again(wait, counted=counted):
                if failure.code == "rate_limited" and failure.retry_after is not None:
                    self._budget.pause(failure.retry_after)
                raise failure

    async def _again(self, wait: float, *, counted: bool) -> bool:
        await asyncio.sleep(wait)
        if not counted:
            return True
        try:
            self._budget.take()
        except DetectorError:
            return False
        return True

    def _understood(self, answer: Answer, read: Callable[[Answer], T]) -> T:
        try:
            return read(answer)
        except DetectorError:
            raise
        except Exception as error:  # noqa: BLE001 - a dialect's bug is an answer not understood
            logger.error("Dialect %s raised %s", self.name, describe(error))
        # Not in the handler: the error may quote the answer, and the answer the text.
        raise DetectorError("protocol", "the answer could not be read")

    def _failed(self, error: DetectorError) -> DetectorError:
        error.detector = error.detector or self.name
        self._note(error.code)
        return error

    def _note(self, error: ErrorCode | None) -> None:
        known = self._health
        if known.since is None or (known.error is None) != (error is None):
            self._health = known.model_copy(update={"error": error, "since": datetime.now(UTC)})
        elif known.error != error:
            self._health = known.model_copy(update={"error": error})


def _mark(configuration: Configuration) -> str:
    parts = [configuration.dialect.name, configuration.address, configuration.key or ""]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
