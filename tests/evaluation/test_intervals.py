import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from fastapi_spamshield.evaluation.intervals import most_hits, needed, wilson

SHARES = st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES)
def test_it_is_wilsons(share: tuple[int, int]) -> None:
    other = binomtest(*share).proportion_ci(method="wilson")
    assert wilson(*share) == pytest.approx((other.low, other.high), abs=1e-12)


def test_of_nothing_it_may_be_anything() -> None:
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize("rate", [0.0005, 0.005, 0.01, 0.3])
def test_how_many_it_takes_to_promise(rate: float) -> None:
    count = needed(rate)
    assert wilson(0, count).high <= rate < wilson(0, count - 1).high


@given(st.sampled_from([0.001, 0.005, 0.05, 0.5]), st.integers(0, 5_000))
def test_how_many_hits_are_compatible(rate: float, count: int) -> None:
    hits = most_hits(rate, count)
    assert hits < 0 or wilson(hits, count).high <= rate
    assert hits == count or wilson(hits + 1, count).high > rate
