import asyncio
import logging
import math
from typing import Any, cast

import pytest

from fastapi_spamshield import (
    Detection,
    DetectorError,
    SpamShieldSettings,
    Submission,
)
from fastapi_spamshield.shield import Shield
from tests.support import Keyword

SECRET = "my secret words"


class Failing:
    name = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def detect(self, submission: Submission) -> Detection:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DetectorError("quota"), "quota"),
        (TimeoutError(), "timeout"),
        (KeyError(SECRET), "protocol"),
    ],
)
async def test_it_never_raises_for_an_outage(
    error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    verdict = await Shield(Failing(error)).check(SECRET, author=SECRET)
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", code, None)
    assert (verdict.detector, verdict.action) == ("failing", "review")
    assert "failing" in caplog.text
    assert SECRET not in caplog.text


async def test_one_deadline_bounds_the_check() -> None:
    class Endless(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.Event().wait()
            raise AssertionError

    shield = Shield(Endless(), settings=SpamShieldSettings(timeout=0.01))
    verdict = await shield.check("x")
    assert (verdict.status, verdict.error) == ("degraded", "timeout")
    assert verdict.latency_ms >= 10


async def test_a_cancelled_check_is_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await Shield(Failing(asyncio.CancelledError())).check("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_a_detector_made_of_several_names_the_one_that_answered() -> None:
    class Both(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            return Detection(score=0.1, detector="second")

    assert (await Shield(Both("both")).check("x")).detector == "second"


async def test_check_many_keeps_the_order_and_its_bound() -> None:
    running, most = 0, 0

    class Counting(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001 * (5 - int(submission.text) % 5))
            running -= 1
            return Detection(score=int(submission.text) / 100)

    shield = Shield(Counting(), settings=SpamShieldSettings(concurrency=3))
    verdicts = await shield.check_many([str(number) for number in range(20)])
    assert [verdict.score for verdict in verdicts] == [number / 100 for number in range(20)]
    assert most == 3
    assert await shield.check_many([]) == []


class Odd:
    """A detector that answers what no detector answers."""

    name = "odd"

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def detect(self, submission: Submission) -> Detection:
        return cast("Detection", self.answer)


class Richer(Detection, frozen=True):
    """A detection of somebody's own kind."""

    model_version: str = "3"


@pytest.mark.parametrize(
    "answer", [None, 0.9, {"score": 0.9}, Detection.model_construct(score=math.nan)]
)
async def test_an_answer_that_is_none_is_not_measured(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    verdict = await Shield(Odd(answer)).check(SECRET)
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", "protocol", None)
    assert verdict.detector == "odd"
    assert SECRET not in caplog.text


async def test_a_detection_of_ones_own_kind() -> None:
    verdict = await Shield(Odd(Richer(score=0.9))).check("x")
    assert (verdict.status, verdict.score) == ("checked", 0.9)
