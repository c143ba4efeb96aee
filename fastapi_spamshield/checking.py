"""Checks: a detector is asked within a deadline, a policy judges, and the verdict is remembered."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .deadline import within
from .detectors.base import Detector, DetectsMany, require_detection
from .detectors.trace import Trace, begin, end
from .errors import DetectorError, ErrorCode, describe
from .learning import Learning
from .models import Detection, SpamVerdict, Submission
from .policy import SpamPolicy

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


class Checks:
    """Makes checks with detectors that are open. It raises neither for spam nor for an outage.

    Args:
        timeout: Seconds for one whole check.
        learning: Remembers the verdicts, and holds what the engine was taught.
    """

    def __init__(self, timeout: float, learning: Learning) -> None:
        self._timeout = timeout
        self._learning = learning

    async def one(
        self,
        submission: Submission,
        policy: SpamPolicy,
        detector: Detector,
        verdict_id: str | None = None,
    ) -> SpamVerdict:
        """Judge one submission.

        Args:
            submission: What somebody sent.
            policy: When it is spam.
            detector: Who is asked.
            verdict_id: The id that the verdict shall have. Default: a new one.
        """
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}
        trace = self._learning.trace()
        if trace is None:
            return await self._judged(submission, policy, detector, about)
        token = begin(trace)
        try:
            verdict = await self._judged(submission, policy, detector, about)
        finally:
            end(token)
        await self._learning.keep(verdict.id, submission, detector, trace)
        return verdict

    async def _judged(
        self, submission: Submission, policy: SpamPolicy, detector: Detector, about: dict[str, Any]
    ) -> SpamVerdict:
        started = time.perf_counter()
        error: ErrorCode
        try:
            detection = require_detection(await within(self._timeout, detector.detect(submission)))
            about["latency_ms"] = (time.perf_counter() - started) * 1_000
            about["detector"] = detection.detector or detector.name
            return policy.judge(detection, **about)
        except DetectorError as failure:
            error = failure.code
        except TimeoutError:
            error = "timeout"
        except Exception as failure:  # noqa: BLE001 - a detector's own bug stays its own
            error = "protocol"
            logger.error("Detector %s raised %s", detector.name, describe(failure))
        about.pop("detector", None)
        about["latency_ms"] = (time.perf_counter() - started) * 1_000
        return _unmeasured(policy, detector, error, about)

    async def batch(
        self, submissions: Sequence[Submission], policy: SpamPolicy, detector: DetectsMany
    ) -> list[SpamVerdict]:
        """Judge several submissions with one question.

        Args:
            submissions: No more than the detector takes.
            policy: When they are spam.
            detector: Who is asked.
        """
        started = time.perf_counter()
        found: list[Detection | DetectorError]
        token = begin(whole := Trace(self._learning.corrections, wanted=False))
        try:
            found = await within(self._timeout, detector.detect_many(submissions))
        except TimeoutError:
            found = [DetectorError("timeout")] * len(submissions)
        except Exception as failure:  # noqa: BLE001 - as for `one`
            logger.error("Detector %s raised %s", detector.name, describe(failure))
            found = [DetectorError("protocol")] * len(submissions)
        finally:
            end(token)
        about = {"latency_ms": (time.perf_counter() - started) * 1_000}
        verdicts = [
            policy.judge(one, **{"detector": one.detector or detector.name, **about})
            if isinstance(one, Detection)
            else _unmeasured(policy, detector, one.code, about)
            for one in found
        ]
        for submission, verdict in zip(submissions, verdicts, strict=True):
            trace = self._learning.trace()
            if trace is not None:
                for opinion in whole.opinions_of(submission):
                    trace.note(submission, opinion)
                await self._learning.keep(verdict.id, submission, detector, trace)
        return verdicts


def _unmeasured(
    policy: SpamPolicy, detector: Detector, error: ErrorCode, about: dict[str, Any]
) -> SpamVerdict:
    logger.warning("Detector %s could not measure a submission: %s", detector.name, error)
    return policy.without_score("degraded", error=error, detector=detector.name, **about)


async def in_parts(
    submissions: Sequence[Submission],
    judge: Callable[[Sequence[Submission]], Awaitable[list[SpamVerdict]]],
    *,
    size: int,
    slots: int,
) -> list[SpamVerdict]:
    """The verdicts on many submissions, in their order.

    Args:
        submissions: All of them.
        judge: Judges a few.
        size: So many are a few.
        slots: So often it is called at a time.
    """
    free = asyncio.Semaphore(slots)

    async def some(few: Sequence[Submission]) -> list[SpamVerdict]:
        async with free:
            return await judge(few)

    parts = [submissions[start : start + size] for start in range(0, len(submissions), size)]
    return [verdict for part in await asyncio.gather(*map(some, parts)) for verdict in part]
