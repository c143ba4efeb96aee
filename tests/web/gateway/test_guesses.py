import pytest

from fastapi_spamshield import ConfigurationError, DetectorError
from fastapi_spamshield.web.gateway.guesses import MINUTE, Guesses, place_of
from fastapi_spamshield.web.gateway.keys import Keys
from tests.support import Clock

HOST = "203.0.113.9"


def refused(guesses: Guesses, key: str | None, host: str = HOST) -> DetectorError:
    with pytest.raises(DetectorError) as caught:
        guesses.owner(key, host)
    return caught.value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guesses(clock: Clock) -> Guesses:
    return Guesses(Keys(["one", "two"]), 3, clock)


def test_whoever_tries_keys_has_to_wait(guesses: Guesses, clock: Clock) -> None:
    for number in range(3):
        assert refused(guesses, f"wrong-{number}").code == "auth"
        clock.now += 10
    for key in ("wrong", "two"):  # Or the right one would be found as quickly.
        error = refused(guesses, key)
        assert (error.code, error.retry_after) == ("rate_limited", MINUTE - 30)
    assert guesses.owner("two", "203.0.113.10") == 1
    clock.now += 30
    assert guesses.owner("two", HOST) == 1
    assert refused(guesses, "wrong").code == "auth"
    assert refused(guesses, "wrong").code == "rate_limited"


def test_whoever_was_there_before_is_not_shut_out(guesses: Guesses) -> None:
    assert guesses.owner("one", HOST) == 0
    for _ in range(3):
        refused(guesses, "wrong")
    assert guesses.owner("one", HOST) == 0
    assert refused(guesses, "two").code == "rate_limited"


@pytest.mark.parametrize("key", [None, ""])
def test_no_key_is_no_guess(guesses: Guesses, key: str | None) -> None:
    for _ in range(9):
        assert refused(guesses, key).code == "auth"
    assert guesses.owner("one", HOST) == 0


def test_without_keys_nobody_guesses(clock: Clock) -> None:
    guesses = Guesses(Keys([]), 1, clock)
    assert [guesses.owner(key, HOST) for key in (None, "a", "b", "c")] == [0] * 4


@pytest.mark.parametrize(
    ("host", "place"),
    [
        (HOST, HOST),
        ("::ffff:203.0.113.9", HOST),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_places(host: str, place: str) -> None:
    assert place_of(host) == place


def test_at_least_one_has_to_be_allowed(clock: Clock) -> None:
    with pytest.raises(ConfigurationError, match="wrong_keys=0: write at least 1"):
        Guesses(Keys(["one"]), 0, clock)
