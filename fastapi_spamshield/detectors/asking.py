"""Asking one of several detectors: what came of it, and what is said where nothing did."""

import asyncio
import logging
import math
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from ..deadline import remaining, within
from ..errors import ConfigurationError, DetectorError, ErrorCode, describe
from ..models import Detection, Signal, Submission
from .base import Detector, DetectsMany

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")

Found = Detection | DetectorError
"""What came of asking about one submission."""

RESERVE = 0.05
"""Part of the time left that nobody gets who is asked, so that there is time to say what failed."""


async def ask_many(
    detector: Detector, submissions: Sequence[Submission], *, share: float = 1.0
) -> list[Found]:
    """What a detector found in each of some submissions, or why it found nothing.

    Several go in batches where it takes them, else all at the same time: a hosted service has a
    bound of its own on that.

    Args:
        detector: Whom to ask.
        submissions: What about.
        share: Which part of the time that is left it may take, up to 1.

    Raises:
        ConfigurationError: It was never opened.
    """
    seconds = remaining() * share * (1 - RESERVE)
    if len(submissions) == 1:
        return [await _ask(detector, submissions[0], seconds)]
    if isinstance(detector, DetectsMany) and detector.batch_size > 1:
        size = detector.batch_size
        batches = [submissions[at : at + size] for at in range(0, len(submissions), size)]
        found = await asyncio.gather(*(_ask_batch(detector, one, seconds) for one in batches))
        return [one for batch in found for one in batch]
    return await asyncio.gather(*(_ask(detector, one, seconds) for one in submissions))


async def _ask(detector: Detector, submission: Submission, seconds: float) -> Found:
    async def asking() -> Found:
        return _named(await detector.detect(submission), detector)

    return await _attempt(detector, asking(), seconds)


async def _ask_batch(
    detector: DetectsMany, submissions: Sequence[Submission], seconds: float
) -> list[Found]:
    async def asking() -> list[Found]:
        found = await detector.detect_many(submissions)
        both = zip(submissions, found, strict=True)
        return [one if isinstance(one, DetectorError) else _named(one, detector) for _, one in both]

    found = await _attempt(detector, asking(), seconds)
    return [found] * len(submissions) if isinstance(found, DetectorError) else found


def _named(found: Detection, detector: Detector) -> Detection:
    return found if found.detector else found.model_copy(update={"detector": detector.name})


async def _attempt(
    detector: Detector, asking: Coroutine[Any, Any, T], seconds: float
) -> T | DetectorError:
    code: ErrorCode
    try:
        return await (asking if math.isinf(seconds) else within(seconds, asking))
    except ConfigurationError:
        raise
    except DetectorError as error:
        return error
    except TimeoutError:
        code = "timeout"
    except Exception as error:  # noqa: BLE001 - a detector's own bug stays its own
        logger.error("Detector %s raised %s", detector.name, describe(error))
        code = "protocol"
    return DetectorError(code, detector=detector.name)


def unmeasured(detector: Detector, error: DetectorError) -> Signal:
    """The signal that a detector could not measure; it weighs nothing.

    Args:
        detector: Who.
        error: Why.
    """
    name = error.detector or detector.name
    return Signal(name="unmeasured", weight=0.0, detail=f"{name}: {error.code}", source=name)


def all_failed(
    name: str, detectors: Sequence[Detector], errors: Sequence[DetectorError]
) -> DetectorError:
    """The error of a detector made of several, too few of which could measure.

    Args:
        name: Of the whole.
        detectors: Who could not.
        errors: Why; the first one's code is that of the whole.
    """
    each = zip(detectors, errors, strict=True)
    told = "; ".join(f"{detector.name}: {error.code}" for detector, error in each)
    first = errors[0]
    return DetectorError(first.code, told, detector=name, retry_after=first.retry_after)


def with_signals(detection: Detection, signals: Sequence[Signal]) -> Detection:
    """A detection with further signals behind its own.

    Args:
        detection: What was found.
        signals: What else is to be said.
    """
    if not signals:
        return detection
    return detection.model_copy(update={"signals": (*detection.signals, *signals)})
