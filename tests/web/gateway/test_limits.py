import pytest

from fastapi_spamshield import ConfigurationError
from fastapi_spamshield.dialects.activelayer import ActiveLayer
from fastapi_spamshield.dialects.base import SiteUsage
from fastapi_spamshield.dialects.serving import LimitReached
from fastapi_spamshield.web.gateway.limits import SITES, Limits, Meter

DECEMBER = 1_796_083_200.0
"""2026-12-01, 00:00 UTC."""
JANUARY = DECEMBER + 31 * 86_400


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def refused(meter: Meter, checks: int = 0) -> LimitReached:
    with pytest.raises(LimitReached) as caught:
        meter.spend(checks) if checks else meter.request()
    return caught.value


def test_any_60_seconds_have_so_many_requests() -> None:
    clock = Clock(DECEMBER)
    meter = Meter(Limits(per_minute=2), clock)
    meter.request()
    clock.now += 50
    meter.request()
    error = refused(meter)
    assert (error.code, error.retry_after) == ("rate_limited", 10)
    clock.now += 10
    meter.request()
    assert refused(meter).retry_after == 50


def test_a_month_has_so_many_checks() -> None:
    clock = Clock(JANUARY - 100)
    meter = Meter(Limits(per_month=5), clock)
    meter.spend(3)
    error = refused(meter, 3)
    assert (error.code, error.retry_after) == ("quota", 100)
    assert (error.usage.used, error.usage.limit, error.usage.remaining) == (3, 5, 2)
    assert (error.usage.period, error.usage.month) == ("month", "2026-12")
    meter.give_back(1)
    meter.spend(3)
    clock.now = JANUARY
    assert meter.usage()[:3] == (0, 5, 5)
    assert meter.usage().month == "2027-01"
    meter.give_back(3)
    assert meter.usage().used == 0
    assert meter.usage().resets_at == JANUARY + 31 * 86_400


def test_without_limits_it_only_counts() -> None:
    meter = Meter(Limits())
    for _ in range(100):
        meter.request()
        meter.spend(100)
    assert meter.usage()[:3] == (10_000, None, None)


def test_sites_are_counted_by_themselves_and_not_without_end() -> None:
    clock = Clock(DECEMBER)
    meter = Meter(Limits(), clock)
    meter.judged("a.test", spam=True)
    meter.judged("a.test", spam=False)
    meter.corrected("a.test", spam=True)
    meter.corrected("b.test", spam=False)
    assert meter.usage().sites == (
        SiteUsage("a.test", calls=2, spam=1, ham=1, missed_spam=1),
        SiteUsage("b.test", false_positives=1),
    )
    for number in range(SITES):
        meter.judged(f"{number}.test", spam=True)
    assert len(meter.usage().sites) == SITES
    clock.now = JANUARY
    assert meter.usage().sites == ()


def test_limits_of_a_vendor() -> None:
    assert Limits.of(ActiveLayer().facts) == Limits(per_minute=50, per_month=1_000)
    for name in ("per_minute", "per_month"):
        with pytest.raises(ConfigurationError, match=f"{name}=0: write at least 1"):
            Limits(**{name: 0})
