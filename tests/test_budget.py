from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.budget import QUOTA_PAUSE, Budget
from fastapi_spamshield.dialects.base import Usage
from fastapi_spamshield.errors import DetectorError, ErrorCode
from tests.support import Clock

NEW_YEARS_EVE = datetime(2030, 12, 31, 23, 59, 0, tzinfo=UTC).timestamp()


def refusal(budget: Budget) -> DetectorError:
    with pytest.raises(DetectorError) as caught:
        budget.take()
    return caught.value


def test_without_limits_everything_passes() -> None:
    budget = Budget()
    for _ in range(1_000):
        budget.take()
    assert budget.usage() is None


def test_a_minute() -> None:
    clock = Clock()
    budget = Budget(per_minute=2, clock=clock)
    budget.take()
    clock.now += 40
    budget.take()
    error = refusal(budget)
    assert (error.code, error.retry_after) == ("rate_limited", 20)
    clock.now += 20
    budget.take()
    assert refusal(budget).retry_after == 40


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.integers(1, 5))
def test_no_sixty_seconds_hold_more(pauses: list[float], limit: int) -> None:
    clock = Clock()
    budget = Budget(per_minute=limit, clock=clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause
        try:
            budget.take()
        except DetectorError:
            continue
        taken.append(clock.now)
    for start in taken:
        assert sum(start <= moment < start + 60 for moment in taken) <= limit


def test_a_month_is_one_of_the_calendar() -> None:
    clock = Clock()
    budget = Budget(per_month=2, clock=clock, wall=lambda: NEW_YEARS_EVE)
    budget.take()
    budget.take()
    assert refusal(budget).code == "quota"
    assert budget.usage() == Usage(2, 2, 0, "month")
    clock.now += 59
    assert refusal(budget).code == "quota"
    clock.now += 1
    assert budget.usage() == Usage(0, 2, 2, "month")
    budget.take()
    clock.now += 31 * 24 * 3_600 - 1
    budget.take()
    assert refusal(budget).code == "quota"
    clock.now += 1
    budget.take()


@pytest.mark.parametrize("jump", [-1e8, -3_600.0, 3_600.0, 1e9])
def test_setting_the_wall_clock_changes_nothing(jump: float) -> None:
    clock = Clock()
    wall = Clock(NEW_YEARS_EVE)
    budget = Budget(per_minute=2, per_month=2, clock=clock, wall=wall)
    budget.take()
    wall.now += jump
    budget.take()
    assert refusal(budget).code == "rate_limited"
    clock.now += 59.9
    assert refusal(budget).code == "rate_limited"
    clock.now += 0.1
    wall.now -= jump
    budget.take()  # It is the next minute and the next month.
    assert budget.usage() == Usage(1, 2, 1, "month")


def test_what_was_refused_is_not_counted() -> None:
    clock = Clock()
    budget = Budget(per_minute=1, per_month=2, clock=clock, wall=lambda: NEW_YEARS_EVE - 1e6)
    budget.take()
    for _ in range(5):
        refusal(budget)
    clock.now += 60
    budget.take()
    clock.now += 60
    assert refusal(budget).code == "quota"


def test_a_pause() -> None:
    clock = Clock()
    budget = Budget(clock=clock)
    budget.pause(30)
    budget.pause(10)
    error = refusal(budget)
    assert (error.code, error.retry_after) == ("rate_limited", 30)
    clock.now += 30
    budget.take()
    budget.pause(60, "quota")
    budget.pause(10)
    error = refusal(budget)
    assert (error.code, error.retry_after) == ("quota", 60)
    budget.pause(1e9)
    assert refusal(budget).retry_after == 3_600


@pytest.mark.parametrize(
    ("code", "wait", "pause"),
    [
        ("rate_limited", 30.0, 30.0),
        ("quota", 30.0, 30.0),
        ("quota", None, QUOTA_PAUSE),
        ("rate_limited", None, None),
        ("bad_request", 30.0, None),
        ("unavailable", 30.0, None),
    ],
)
def test_what_a_service_says_is_heeded(
    code: ErrorCode, wait: float | None, pause: float | None
) -> None:
    clock = Clock()
    budget = Budget(clock=clock)
    budget.heed(DetectorError(code, retry_after=wait))
    if pause is not None:
        error = refusal(budget)
        assert (error.code, error.retry_after) == (code, pause)
        clock.now += pause
    budget.take()
