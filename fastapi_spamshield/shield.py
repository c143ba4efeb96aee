"""The running service: asks a detector, applies a policy. It knows no web framework."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Self, Unpack

from pydantic import ValidationError

from .backlog import Backlog
from .deadline import within
from .detectors.base import Detector
from .errors import ConfigurationError, DetectorError, ErrorCode, UnknownOption, describe
from .models import Context, SpamVerdict, Submission
from .policy import SpamPolicy, readable
from .settings import SpamShieldSettings

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

OnVerdict = Callable[[SpamVerdict, Submission], Awaitable[None] | None]
"""What `check_later` calls with its result."""


class Shield:
    """Judges submissions with one detector and one policy.

    Works anywhere: in a request, a background task, a worker, a script. Used as an async context
    manager it opens what the detector needs and keeps a backlog for `check_later`.

    Args:
        detector: Who judges. Default: the one that the settings name, which is the embedded engine.
        policy: When a submission is spam. Default: made of the settings.
        settings: Default: read from `SPAMSHIELD_*`.

    Raises:
        ConfigurationError: The settings are wrong, or `detector` is not a detector.
    """

    def __init__(
        self,
        detector: Detector | None = None,
        *,
        policy: SpamPolicy | None = None,
        settings: SpamShieldSettings | None = None,
    ) -> None:
        self.settings: SpamShieldSettings = settings or SpamShieldSettings()
        self.detector: Detector = require_detector(detector or self.settings.make_detector())
        self.policy: SpamPolicy = policy or self.settings.make_policy()
        self._users = 0
        self._resources = AsyncExitStack()
        self._opened: list[Detector] = []
        self._backlog = self._new_backlog()

    def _new_backlog(self) -> Backlog:
        return Backlog(
            size=self.settings.backlog,
            workers=self.settings.concurrency,
            drain_timeout=self.settings.drain_timeout,
        )

    async def __aenter__(self) -> Self:
        self._users += 1
        if self._users == 1:
            try:
                self._backlog = await self._resources.enter_async_context(self._new_backlog())
                await self.open(self.detector)
            except BaseException:
                await self.__aexit__(None, None, None)
                raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._users -= 1
        if self._users == 0:
            # The backlog was opened first, yet it still needs the detectors while it drains.
            await self._backlog.drain()
            self._opened.clear()
            await self._resources.aclose()

    async def open(self, detector: Detector) -> None:
        """Open a further detector until the shield closes; one that needs no opening is left alone.

        Args:
            detector: The detector of a single check.
        """
        if isinstance(detector, AbstractAsyncContextManager) and not self._is_open(detector):
            await self._resources.enter_async_context(detector)
            self._opened.append(detector)

    def _is_open(self, detector: Detector) -> bool:
        return any(opened is detector for opened in self._opened)

    async def check(
        self,
        submission: str | Submission,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> SpamVerdict:
        """Judge one submission. Raises neither for spam nor for an outage.

        Args:
            submission: The text, or a whole `Submission`.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`, such as `author=` and `ip=`.

        Raises:
            ConfigurationError: The submission is not one, or the detector was never opened.
        """
        submission = as_submission(submission, context)
        policy = policy or self.policy
        detector = detector or self.detector
        if isinstance(detector, AbstractAsyncContextManager) and not self._is_open(detector):
            raise ConfigurationError(
                f"The detector {detector.name!r} is not open. Write `async with shield:` around "
                "the checks, or `FastAPI(lifespan=shield.lifespan)` in an application."
            )
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}
        started = time.perf_counter()
        error: ErrorCode
        try:
            detection = await within(self.settings.timeout, detector.detect(submission))
        except DetectorError as failure:
            error = failure.code
        except TimeoutError:
            error = "timeout"
        except Exception as failure:  # noqa: BLE001 - a detector's own bug stays its own
            error = "protocol"
            logger.error("Detector %s raised %s", detector.name, describe(failure))
        else:
            about["latency_ms"] = (time.perf_counter() - started) * 1_000
            about["detector"] = detection.detector or detector.name
            return policy.judge(detection, **about)
        about["latency_ms"] = (time.perf_counter() - started) * 1_000
        logger.warning("Detector %s could not measure a submission: %s", detector.name, error)
        return policy.without_score("degraded", error=error, detector=detector.name, **about)

    async def check_many(
        self,
        submissions: Sequence[str | Submission],
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
    ) -> list[SpamVerdict]:
        """Judge several submissions, a bounded number at a time.

        Args:
            submissions: Texts or whole submissions.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.

        Returns:
            The verdicts, in the order of the submissions.

        Raises:
            ConfigurationError: As for `check`.
        """
        slots = asyncio.Semaphore(self.settings.concurrency)

        async def one(submission: Submission) -> SpamVerdict:
            async with slots:
                return await self.check(submission, policy=policy, detector=detector)

        ready = [as_submission(submission, {}) for submission in submissions]
        return list(await asyncio.gather(*map(one, ready)))

    async def check_later(
        self,
        submission: str | Submission,
        on_verdict: OnVerdict,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> None:
        """Judge one submission in the background and call `on_verdict` with the result.

        Nothing is lost in silence: what the backlog can't take, or can't finish before the shield
        closes, reaches `on_verdict` as a `degraded` verdict.

        Args:
            submission: The text, or a whole `Submission`.
            on_verdict: Called with the verdict and the submission; may be a coroutine function.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`, or the shield is not running.
        """
        submission = as_submission(submission, context)
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}

        async def judge() -> None:
            verdict = await self.check(
                submission, policy=policy, detector=detector, verdict_id=verdict_id
            )
            await report(verdict)

        async def give_up(error: ErrorCode, reason: str) -> None:
            await report(
                (policy or self.policy).without_score(
                    "degraded", error=error, reason=reason, **about
                )
            )

        async def report(verdict: SpamVerdict) -> None:
            result = on_verdict(verdict, submission)
            if result is not None:
                await result

        await self._backlog.put(judge, give_up)


def as_submission(submission: str | Submission, context: Context) -> Submission:
    """A submission made of a text and what else is known.

    Args:
        submission: The text, or a whole submission.
        context: Fields to set on it.

    Raises:
        ConfigurationError: A value has the wrong type, or a field does not exist.
    """
    if isinstance(submission, Submission) and not context:
        return submission
    for name in context:
        if name not in Submission.model_fields:
            raise UnknownOption("A submission", name, Submission.model_fields)
    try:
        if isinstance(submission, Submission):
            return Submission.model_validate({**dict(submission), **context})
        return Submission(text=submission, **context)
    except ValidationError as error:
        raise ConfigurationError(f"Not a submission: {readable(error)}") from None


def require_detector(detector: Detector) -> Detector:
    """The detector itself, if it is one.

    Raises:
        ConfigurationError: It has no `name` or no `detect`.
    """
    given: object = detector  # Whoever uses no type checker may have given anything.
    if isinstance(given, type) or not isinstance(given, Detector):
        raise ConfigurationError(
            "A detector is an object with a `name` and `async def detect(self, submission)`; this "
            f"is {detector!r}"
        )
    return detector
