"""Asking one of several detectors: what came of it, and what is said where nothing did."""

import logging
import math
from collections.abc import Sequence

from ..deadline import remaining, within
from ..errors import ConfigurationError, DetectorError, ErrorCode, describe
from ..models import Detection, Signal, Submission
from .base import Detector, DetectsMany

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

RESERVE = 0.05
"""Part of the time left that nobody gets who is asked, so that there is time to say what failed."""


async def ask(
    detector: Detector, submission: Submission, *, share: float = 1.0
) -> Detection | DetectorError:
    """What a detector found, or why it found nothing.

    Args:
        detector: Whom to ask.
        submission: What about.
        share: Which part of the time that is left it may take, up to 1.
    """
    seconds = remaining() * share * (1 - RESERVE)
    code: ErrorCode
    try:
        asking = detector.detect(submission)
        found = await (asking if math.isinf(seconds) else within(seconds, asking))
    except ConfigurationError:
        raise
    except DetectorError as error:
        return error
    except TimeoutError:
        code = "timeout"
    except Exception as error:  # noqa: BLE001 - a detector's own bug stays its own
        logger.error("Detector %s raised %s", detector.name, describe(error))
        code = "protocol"
    else:
        return found if found.detector else found.model_copy(update={"detector": detector.name})
    return DetectorError(code, detector=detector.name)


async def ask_many(
    detector: DetectsMany, submissions: Sequence[Submission], *, share: float = 1.0
) -> list[Detection | DetectorError]:
    """The same for several submissions in one request.

    Args:
        detector: Whom to ask.
        submissions: What about; at most its `batch_size`.
        share: Which part of the time that is left it may take, up to 1.
    """
    seconds = remaining() * share * (1 - RESERVE)
    code: ErrorCode
    try:
        asking = detector.detect_many(submissions)
        found = await (asking if math.isinf(seconds) else within(seconds, asking))
    except ConfigurationError:
        raise
    except TimeoutError:
        code = "timeout"
    except Exception as error:  # noqa: BLE001 - as for `ask`
        logger.error("Detector %s raised %s", detector.name, describe(error))
        code = "protocol"
    else:
        return found
    return [DetectorError(code, detector=detector.name)] * len(submissions)


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
