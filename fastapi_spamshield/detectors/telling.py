"""Telling hosted services of corrections, and of those that were taken back."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..deadline import within
from ..errors import DetectorError, describe
from ..models import Submission
from ..stores.base import Opinion
from .base import Detector
from .scale import COMMON
from .service import Service

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


class Outcome(NamedTuple):
    """What became of telling one service.

    Attributes:
        opinion: As it is known now.
        why: Why it was not told, a word of `Feedback.untold`; empty: it knows.
    """

    opinion: Opinion
    why: str = ""


async def tell(
    detectors: Iterable[Detector], opinions: Sequence[Opinion], *, spam: bool, seconds: float
) -> list[Outcome]:
    """Tell those services of a correction that said something else, or were told something else.

    Args:
        detectors: Those that are open.
        opinions: What the services said.
        spam: What it should have been.
        seconds: How long that may take.

    Returns:
        For each opinion what became of it.
    """
    services = _by_mark(detectors)

    async def one(opinion: Opinion) -> Outcome:
        if not opinion.takes_feedback:
            return Outcome(opinion, "no_feedback")
        if opinion.told is None and said(opinion) is spam:
            return Outcome(opinion, "agreed")
        if opinion.told is spam:
            return Outcome(opinion)
        return await _report(services, opinion, spam=spam, seconds=seconds)

    return await asyncio.gather(*map(one, opinions))


async def take_back(
    detectors: Iterable[Detector], opinions: Sequence[Opinion], *, to: bool | None, seconds: float
) -> list[Outcome]:
    """Tell those services that were told something what holds without it.

    There is no way to withdraw a report. The opposite one is the same where it says what the
    service had said by itself, or what somebody else has said of the same verdict.

    Args:
        detectors: Those that are open.
        opinions: What the services said.
        to: What others say of it; `None`: nobody else says anything.
        seconds: How long that may take.

    Returns:
        For each opinion that was told of what became of it.
    """
    services = _by_mark(detectors)

    async def one(opinion: Opinion) -> Outcome:
        spam = said(opinion) if to is None else to
        if spam is None:
            return Outcome(opinion, "unsure")
        if opinion.told is spam:
            return Outcome(opinion)
        return await _report(services, opinion, spam=spam, seconds=seconds)

    return await asyncio.gather(*(one(each) for each in opinions if each.told is not None))


def said(opinion: Opinion) -> bool | None:
    """What a service said by itself: whether it is spam; `None`: neither.

    Args:
        opinion: Of that service.
    """
    _, review, threshold, _ = COMMON
    return True if opinion.score > threshold else False if opinion.score < review else None


def _by_mark(detectors: Iterable[Detector]) -> dict[str, Service]:
    return {one.mark: one for one in detectors if isinstance(one, Service)}


async def _report(
    services: dict[str, Service], opinion: Opinion, *, spam: bool, seconds: float
) -> Outcome:
    service = services.get(opinion.service)
    if service is None:
        return Outcome(opinion, "closed")
    submission = opinion.submission or Submission(text="")
    try:
        await within(seconds, service.feedback(submission, opinion.detection_id, spam=spam))
    except DetectorError as error:
        return Outcome(opinion, error.code)
    except TimeoutError:
        return Outcome(opinion, "timeout")
    except Exception as error:  # noqa: BLE001 - a dialect's bug stays its own
        logger.error("Detector %s raised %s", service.name, describe(error))
        return Outcome(opinion, "protocol")
    service.forget(opinion)
    return Outcome(opinion.informed(spam=spam))
