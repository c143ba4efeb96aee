import pytest

from fastapi_spamshield.breaker import OUTAGES, Breaker
from fastapi_spamshield.errors import DetectorError, ErrorCode
from tests.support import Clock


def fail(breaker: Breaker, times: int = 1, code: ErrorCode = "timeout") -> None:
    for _ in range(times):
        breaker.fail(code, probe=breaker.enter())


def state_of(breaker: Breaker) -> str:
    return breaker.state


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, cooldown=10, clock=clock)


@pytest.mark.parametrize("code", sorted(OUTAGES))
def test_it_opens_after_outages_in_a_row(breaker: Breaker, code: ErrorCode) -> None:
    fail(breaker, 2, code)
    assert state_of(breaker) == "closed"
    fail(breaker, 1, code)
    assert state_of(breaker) == "open"
    with pytest.raises(DetectorError, match="unavailable: the circuit breaker is open"):
        breaker.enter()


@pytest.mark.parametrize("code", ["bad_request", "quota", "rate_limited", "payload_too_large"])
def test_what_is_an_answer_is_no_outage(breaker: Breaker, code: ErrorCode) -> None:
    fail(breaker, 9, code)
    fail(breaker, 2)
    fail(breaker, 1, code)
    fail(breaker, 2)
    assert state_of(breaker) == "closed"


def test_a_success_between_counts(breaker: Breaker) -> None:
    for _ in range(5):
        fail(breaker, 2)
        breaker.enter()
        breaker.succeed()
    assert state_of(breaker) == "closed"


def test_one_call_probes(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 9.9
    assert state_of(breaker) == "open"
    clock.now += 0.1
    assert state_of(breaker) == "half_open"
    assert breaker.enter() is True
    assert state_of(breaker) == "open"
    with pytest.raises(DetectorError):
        breaker.enter()
    breaker.succeed()
    assert state_of(breaker) == "closed"
    assert breaker.enter() is False


def test_a_failed_probe_opens_it_again_for_as_long(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    fail(breaker)
    assert state_of(breaker) == "open"
    clock.now += 9.9
    assert state_of(breaker) == "open"
    clock.now += 0.1
    assert state_of(breaker) == "half_open"


def test_a_probe_that_was_given_up_leaves_room_for_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 10
    breaker.leave(probe=breaker.enter())
    assert state_of(breaker) == "half_open"


def test_calls_that_began_before_tell_nothing_new(breaker: Breaker, clock: Clock) -> None:
    early = [breaker.enter() for _ in range(3)]
    fail(breaker, 3)
    clock.now += 10
    probe = breaker.enter()
    for one in early:
        breaker.fail("timeout", probe=one)
        breaker.leave(probe=one)
    assert state_of(breaker) == "open"
    clock.now += 10
    assert state_of(breaker) == "open"  # The probe is still under way.
    breaker.fail("timeout", probe=probe)
    clock.now += 9.9
    assert state_of(breaker) == "open"


def test_a_key_that_was_never_taken_opens_it_at_once(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 1, "auth")
    assert state_of(breaker) == "open"
    with pytest.raises(DetectorError, match="auth: the key was refused"):
        breaker.enter()
    clock.now += 10
    fail(breaker, 1)
    with pytest.raises(DetectorError, match="unavailable: the circuit breaker is open"):
        breaker.enter()


def test_a_single_text_that_a_firewall_refuses_does_not(breaker: Breaker) -> None:
    breaker.enter()
    breaker.succeed()
    fail(breaker, 2, "auth")
    assert state_of(breaker) == "closed"
    fail(breaker, 1, "auth")
    with pytest.raises(DetectorError, match="auth"):
        breaker.enter()
