from itertools import pairwise
from typing import Any

import pytest

from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.retry import Backoff

LONGEST = Backoff(jitter=lambda most: most)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("connection", None),
        ("timeout", 408),
        *(("unavailable", status) for status in (500, 502, 503, 504)),
    ],
)
def test_what_passes_is_tried_again_twice(code: Any, status: int | None) -> None:
    waits = [LONGEST.wait(failures, DetectorError(code), status, 60) for failures in (1, 2, 3)]
    assert waits == [0.1, 0.2, None]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("bad_request", 400),
        ("auth", 401),
        ("quota", 402),
        ("quota", 429),
        ("payload_too_large", 413),
        ("unavailable", 501),
        ("unavailable", 200),
        ("protocol", 200),
        ("protocol", None),
        ("rate_limited", 429),
    ],
)
def test_what_would_fail_again_is_not(code: Any, status: int | None) -> None:
    assert LONGEST.wait(1, DetectorError(code), status, 60) is None


def test_a_service_is_asked_when_it_wants_to_be() -> None:
    busy = DetectorError("rate_limited", retry_after=1.5)
    assert LONGEST.wait(1, busy, 429, 1.6) == 1.5
    assert LONGEST.wait(1, busy, 429, 1.5) is None
    assert LONGEST.wait(1, DetectorError("unavailable", retry_after=0.0), 503, 60) == 0.1


def test_no_wait_outlasts_the_deadline() -> None:
    assert LONGEST.wait(1, DetectorError("connection"), None, 0.05) is None
    assert LONGEST.wait(1, DetectorError("connection"), None, -1) is None


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(retries=9, jitter=lambda most: most)
    error = DetectorError("connection")
    waits = [backoff.wait(failures, error, None, 60) or 0 for failures in range(1, 10)]
    assert waits[-1] == backoff.longest
    assert all(later == min(2 * earlier, 2.0) for earlier, later in pairwise(waits))


def test_jitter_is_full() -> None:
    waits = [Backoff().wait(1, DetectorError("connection"), None, 60) or 0 for _ in range(200)]
    assert 0 <= min(waits) < 0.02
    assert 0.08 < max(waits) <= 0.1


def test_none_without_retries() -> None:
    assert Backoff(retries=0).wait(1, DetectorError("connection"), None, 60) is None
