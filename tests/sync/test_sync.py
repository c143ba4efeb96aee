import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Fallback,
    LocalDetector,
    NotRemembered,
    RemoteDetector,
    SpamShieldSettings,
    SyncSpamShield,
)
from fastapi_spamshield.dialects.base import Usage
from tests.detectors.local.lessons import HAM
from tests.faults import FaultServer
from tests.plain import Basic
from tests.support import Broken
from tests.sync.waiting import Waiting


def remote(service: FaultServer, **options: Any) -> RemoteDetector:
    return RemoteDetector(Basic(), api_key="key", base_url=service.at("ok"), **options)


def test_health(service: FaultServer) -> None:
    shield = SyncSpamShield(remote(service))
    assert shield.health() == ()
    with shield:
        assert [(one.detector, one.checks) for one in shield.health()] == [("plain", 0)]
        shield.check("hello")
        shield.check("hello")
        [health] = shield.health()
        assert (health.checks, health.saved, health.error) == (2, 1, None)
    assert shield.health() == ()


async def test_health_where_a_loop_is_running() -> None:
    before = threading.active_count()
    assert [one.detector for one in SyncSpamShield(LocalDetector()).health()] == ["local"]
    assert threading.active_count() == before


def test_usage(service: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    with SyncSpamShield(remote(service, per_month=10)) as shield:
        shield.check("hello")
        assert shield.usage() == {"plain": Usage(1, 10, 9, "month")}
    with pytest.raises(ConfigurationError, match="closed"):
        shield.usage()
    before = threading.active_count()
    with SyncSpamShield(LocalDetector()) as local:
        assert local.usage() == {}
        assert threading.active_count() == before
    assert not caplog.records


async def test_usage_where_a_loop_is_running() -> None:
    with pytest.raises(ConfigurationError, match="event loop is running"):
        SyncSpamShield(LocalDetector()).usage()


def test_usage_of_what_cannot_be_opened(caplog: pytest.LogCaptureFixture) -> None:
    class Unopenable(Waiting):
        async def __aenter__(self) -> None:
            raise OSError

    shield = SyncSpamShield(Unopenable())
    assert shield.usage() == {}
    assert "Detector waiting: no usage: protocol" in caplog.text


class Shared:
    """Used tokens that are somewhere else, which takes a moment."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    async def claim(self, token_id: str, seconds: float, /) -> bool:
        await asyncio.sleep(0)
        is_first = token_id not in self.used
        self.used.add(token_id)
        return is_first

    async def release(self, token_id: str, /) -> None:
        await asyncio.sleep(0)
        self.used.discard(token_id)


@pytest.mark.parametrize("shared", [False, True])
def test_form_tokens(shared: bool) -> None:
    text = "When do you open on Sundays?"
    with SyncSpamShield(used_tokens=Shared() if shared else None) as shield:
        token = shield.form_token("contact", session="s", age=20)
        read = shield.claim_form_token(token, "contact", session="s")
        assert read.state == "valid"
        assert shield.check(text, **read.context()).action == "allow"
        assert shield.claim_form_token(token, "contact", session="s").state == "used"
        shield.release_form_token(read)
        assert shield.claim_form_token(token, "contact", session="s").state == "valid"
        assert shield.claim_form_token(token, "contact").state == "foreign"


@pytest.mark.parametrize("detector", [LocalDetector(), Fallback(Broken(), LocalDetector())])
def test_feedback_is_learned_and_forgotten(detector: Any) -> None:
    with SyncSpamShield(detector) as shield:
        before = shield.check(HAM[0])
        told = shield.feedback(before.id, "spam")
        assert told.learned == ("local",)
        assert shield.lessons().spam == 1
        assert shield.check(HAM[0]).label == "spam"
        assert shield.check_many([HAM[0]])[0].label == "spam"
        assert shield.forget(told.id).forgotten
        assert shield.check(HAM[0]).score == before.score
        with pytest.raises(NotRemembered):
            shield.forget(told.id)
        with pytest.raises(NotRemembered):
            shield.feedback("unknown", "ham")


def test_what_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = SpamShieldSettings(learning_path=str(tmp_path / "learned"))
    with SyncSpamShield(settings=settings) as shield:
        verdict = shield.check(HAM[0])
        assert shield.feedback(verdict.id, "spam").saved
    shield = SyncSpamShield(settings=settings)
    assert shield.check(HAM[0]).label == "spam"
    shield.close()
