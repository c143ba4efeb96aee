import asyncio
import base64
import logging
import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from fastapi_spamshield import ConfigurationError, SpamShield, SpamShieldSettings
from fastapi_spamshield.form_tokens import SKEW, FormTokenReading, FormTokens
from tests.support import Clock

OLD, NEW = SecretStr("an old secret, quite long"), SecretStr("a new secret, as long as that")
HOURS = 8 * 3_600.0


def tokens(*given: SecretStr, clock: Clock | None = None, **options: Any) -> FormTokens:
    return FormTokens(
        given or (OLD,), lifetime=HOURS, timeout=1.0, clock=clock or Clock(1e9), **options
    )


def test_a_token_says_when_it_was_made() -> None:
    clock = Clock(1e9)
    made = tokens(clock=clock).make("contact")
    clock.now += 42.5
    read = tokens(clock=clock).read(made, "contact")
    assert read.state == "valid"
    assert read.elapsed == pytest.approx(42.5)
    assert read.seconds == pytest.approx(HOURS - 42.5)
    assert read.context() == {"form_token": "valid", "elapsed": pytest.approx(42.5)}


def test_it_fits_into_a_form_and_a_url_and_is_another_one_each_time() -> None:
    here = tokens()
    made = {here.make("contact") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{88}", one) for one in made)
    assert len({here.read(one, "contact").id for one in made}) == 100


@pytest.mark.parametrize("token", [None, ""], ids=["None", "empty"])
def test_none_was_sent(token: str | None) -> None:
    assert tokens().read(token, "contact") == FormTokenReading("missing")
    assert tokens().read(token, "contact").context() == {"form_token": "missing"}


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "A" * 88,
        "A" * 87 + "+",
        "A" * 87 + "=",
        "A" * 87 + "\N{FULLWIDTH LATIN CAPITAL LETTER A}",
        "A" * 88 + "\n",
        "\ud83d" * 88,
        "A" * 1_000_000,
    ],
)
def test_what_was_never_a_token(token: str) -> None:
    assert tokens().read(token, "contact") == FormTokenReading("forged")


class _Counting(str):
    """A text that tells how much of it was looked at."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        raise AssertionError("a long token was computed with")


def test_a_long_one_costs_nothing() -> None:
    assert tokens().read(_Counting("A" * 1_000_000), "contact").state == "forged"


@given(st.integers(0, 65), st.integers(1, 255))
def test_a_changed_byte_is_forged(place: int, change: int) -> None:
    here = tokens()
    data = bytearray(base64.urlsafe_b64decode(here.make("contact", session="s")))
    data[place] ^= change
    changed = base64.urlsafe_b64encode(bytes(data)).decode()
    assert here.read(changed, "contact", session="s") == FormTokenReading("forged")


@pytest.mark.parametrize(
    ("purpose", "session"),
    [
        ("comment", "s"),
        ("contact", "t"),
        ("contact", None),
        ("contact", ""),
        ("contacts", ""),
        ("contac", "ts"),
        ("", "contacts"),
    ],
)
def test_another_form_or_another_session(purpose: str, session: str | None) -> None:
    here = tokens()
    read = here.read(here.make("contact", session="s"), purpose, session=session)
    assert (read.state, read.elapsed) == ("foreign", 0.0)


def test_no_session_is_not_the_session_with_an_empty_name() -> None:
    here = tokens()
    assert here.read(here.make("contact"), "contact", session="").state == "foreign"
    assert here.read(here.make("contact", session=""), "contact").state == "foreign"
    assert here.read(here.make("contact", session="null"), "contact").state == "foreign"


@pytest.mark.parametrize("session", [7, "a7", UUID(int=7), "\ud83d", "session \N{SNOWMAN}"])
def test_what_a_token_can_be_bound_to(session: Any) -> None:
    here = tokens()
    assert here.read(here.make("a", session=session), "a", session=session).state == "valid"


def test_what_it_can_not() -> None:
    wrong: Any = object()
    with pytest.raises(ConfigurationError, match=r"session is a object: .* a str, an int or a"):
        tokens().make("contact", session=wrong)


@pytest.mark.parametrize(
    ("seconds", "state", "elapsed"),
    [
        (0.0, "valid", 0.0),
        (HOURS, "valid", HOURS),
        (HOURS + 0.01, "expired", HOURS + 0.01),
        (-0.5, "valid", None),
        (-SKEW, "valid", None),
        (-SKEW - 0.01, "expired", None),
    ],
)
def test_its_time(seconds: float, state: str, elapsed: float | None) -> None:
    clock = Clock(1e9)
    made = tokens(clock=clock).make("contact")
    clock.now += seconds
    read = tokens(clock=clock).read(made, "contact")
    assert read.state == state
    assert read.elapsed == (None if elapsed is None else pytest.approx(elapsed))


def test_an_age_for_tests() -> None:
    here = tokens()
    assert here.read(here.make("a", age=20.0), "a").elapsed == pytest.approx(20.0)
    assert here.read(here.make("a", age=1e12), "a").state == "expired"


def test_a_secret_is_exchanged_without_a_gap() -> None:
    before, between, after = tokens(OLD), tokens(NEW, OLD), tokens(NEW)
    assert between.read(before.make("a"), "a").state == "valid"
    assert after.read(between.make("a"), "a").state == "valid"
    assert after.read(before.make("a"), "a").state == "forged"
    assert between.read(before.make("a"), "b").state == "foreign"


def test_without_a_secret_it_warns_once_and_only_if_tokens_are_made(
    caplog: pytest.LogCaptureFixture,
) -> None:
    here = FormTokens(lifetime=HOURS, timeout=1.0)
    assert here.read("x", "a").state == "forged"
    assert not caplog.records
    assert here.read(here.make("a"), "a").state == "valid"
    here.make("a")
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "SPAMSHIELD_SECRET is not set" in record.message
    other = FormTokens(lifetime=HOURS, timeout=1.0)
    assert other.read(here.make("a"), "a").state == "forged"


async def test_it_is_used_once_unless_it_is_released() -> None:
    here = tokens()
    read = here.read(here.make("a"), "a")
    assert await here.claim(read) == read
    assert await here.claim(read) == read._replace(state="used")
    await here.release(read._replace(state="used"))
    assert (await here.claim(read)).state == "used"
    await here.release(read)
    assert (await here.claim(read)).state == "valid"


async def test_what_is_not_valid_is_not_used_up() -> None:
    here = tokens()
    foreign = here.read(here.make("a"), "b")
    assert [await here.claim(foreign), await here.claim(foreign)] == [foreign, foreign]
    missing = FormTokenReading("missing")
    assert await here.claim(missing) == missing
    await here.release(missing)
    anything = FormTokenReading("valid")
    assert await here.claim(anything) == anything
    await here.release(anything)


class Down:
    """A store that can't be reached."""

    async def claim(self, token_id: str, seconds: float, /) -> bool:
        raise OSError(f"no route for {token_id}")

    async def release(self, token_id: str, /) -> None:
        await asyncio.sleep(60)


async def test_an_outage_refuses_nobody_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    here = FormTokens([OLD], lifetime=HOURS, timeout=0.01, used=Down())
    assert not here.never_waits
    read = here.read(here.make("a"), "a")
    assert await here.claim(read) == read
    await here.release(read)
    claimed, released = (record.message for record in caplog.records)
    assert claimed.startswith("Used form tokens: claim raised OSError in ")
    assert released.startswith("Used form tokens: release raised TimeoutError in ")
    assert read.id is not None
    assert read.id not in caplog.text


@pytest.mark.parametrize("secret", ["short", "long enough, this is,tooshort"])
def test_a_secret_has_some_length(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="write at least 16 random characters") as error:
        SpamShieldSettings(secret=secret)
    assert "short" not in str(error.value).replace("openssl", "")


def test_secrets_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = SpamShield(settings=SpamShieldSettings(secret="the first of two secrets"))
    monkeypatch.setenv("SPAMSHIELD_SECRET", "the second of two secrets,the first of two secrets")
    monkeypatch.setenv("SPAMSHIELD_FORM_TOKEN_LIFETIME", "60")
    shield = SpamShield()
    assert "secret of" not in repr(shield.settings)
    assert shield.form_tokens.read(before.form_token("a"), "a").state == "valid"
    assert shield.form_tokens.read(before.form_token("a", age=61), "a").state == "expired"


async def test_a_shield_reads_them_where_there_is_no_check() -> None:
    shield = SpamShield(settings=SpamShieldSettings(secret="long enough to be a secret"))
    text = "When do you open on Sundays?"
    token = shield.form_token("chat", session=7, age=20)
    read = await shield.claim_form_token(token, "chat", session=7)
    assert (await shield.check(text, **read.context())).action == "allow"
    again = await shield.claim_form_token(token, "chat", session=7)
    assert "form_token_used" in {
        signal.name for signal in (await shield.check(text, **again.context())).signals
    }
    await shield.release_form_token(read)
    assert (await shield.claim_form_token(token, "chat", session=7)).state == "valid"
