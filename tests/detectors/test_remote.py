from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from fastapi_spamshield import (
    ConfigurationError,
    RemoteDetector,
    SpamShield,
    SpamShieldSettings,
    Submission,
    spam_check,
)
from fastapi_spamshield.dialects.base import Facts
from fastapi_spamshield.dialects.generic import GenericJson
from fastapi_spamshield.dialects.stopforumspam import StopForumSpam
from fastapi_spamshield.shield import Shield
from tests.faults import FaultServer, refusing_url
from tests.plain import FACTS, Basic, Plain

NEEDY = Basic(
    facts=Facts(base_url="https://plain.test", sends=("text", "ip"), needs=("text", "ip"))
)


def test_equal_configurations_are_equal() -> None:
    one = RemoteDetector(Plain(), api_key="key", send=("text", "email"))
    same = RemoteDetector(
        Plain(), api_key=SecretStr("key"), base_url="https://plain.test/", send=("text", "email")
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one != replace(one, api_key="other")
    assert one != replace(one, mask_pii=True)
    assert spam_check(field="text", detector=one) == spam_check(field="text", detector=same)


def test_its_repr_hides_the_key() -> None:
    detector = RemoteDetector(Plain(), api_key="CANARY")
    assert "CANARY" not in f"{detector!r} {detector} {detector.__dict__}"
    assert detector.key == "CANARY"
    assert RemoteDetector(Plain()).key is None


@pytest.mark.parametrize("key", ["", "a b", "key\n", "schlüssel", "a\x00"])
def test_a_key_that_no_header_takes(key: str) -> None:
    with pytest.raises(ConfigurationError, match="look for one at its end") as caught:
        RemoteDetector(Plain(), api_key=key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"base_url": "http://example.test"}, "write https://"),
        ({"send": ("text", "e_mail")}, r"no 'e_mail'; did you mean 'email'\?"),
        ({"send": ("zzz",)}, "a submission has no 'zzz'; It has: text, author"),
        ({"timeout": 0}, "timeout=0: write at least 0.001"),
        ({"timeout": float("nan")}, "timeout=nan"),
        ({"retries": -1}, "retries=-1"),
        ({"per_minute": 0}, "per_minute=0"),
        ({"concurrency": 0}, "concurrency=0"),
        ({"cache_size": -1}, "cache_size=-1"),
    ],
)
def test_a_slip_is_told(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        RemoteDetector(Plain(), **options)


@pytest.mark.parametrize(("given", "told"), [(Plain, "the class Plain"), ("siftfy", "'siftfy'")])
def test_what_is_no_dialect(given: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{told} is no dialect"):
        RemoteDetector(given)


@pytest.mark.parametrize("limit", ["characters", "body_bytes"])
def test_a_limit_of_nothing(limit: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{limit}=0: write at least 1"):
        RemoteDetector(Basic(facts=replace_facts(limit)))


def replace_facts(limit: str) -> Facts:
    options: dict[str, Any] = {limit: 0}
    return Facts(base_url="https://plain.test", **options)


def test_what_a_service_needs_has_to_be_listed() -> None:
    with pytest.raises(
        ConfigurationError, match=r"send=\('text', 'ip'\), or set SPAMSHIELD_SEND=text,ip"
    ):
        RemoteDetector(NEEDY)
    with pytest.raises(ConfigurationError, match=r"write send=\('text', 'email', 'ip'\)"):
        RemoteDetector(NEEDY, send=("email", "text"))
    assert RemoteDetector(NEEDY, send=("text", "ip")).fields == ("ip",)


def test_a_service_that_could_never_be_asked() -> None:
    with pytest.raises(
        ConfigurationError, match=r"without ip or email or author.*\('text', 'ip'\)"
    ):
        RemoteDetector(StopForumSpam())
    assert RemoteDetector(StopForumSpam(), send=("author",)).fields == ("author",)
    senders = GenericJson(
        name="senders",
        base_url="https://plain.test",
        path="/check",
        request={"mail": "email"},
        score="score",
    )
    with pytest.raises(ConfigurationError, match=r"senders can't judge without email.*'email'\)"):
        RemoteDetector(senders)


def test_what_a_service_does_not_understand_stays() -> None:
    detector = RemoteDetector(Plain(), send=("text", "kind", "email", "user_agent"))
    assert detector.fields == ("email",)
    one: Any = "email"
    assert RemoteDetector(Plain(), send=one).send == ("email",)


async def test_only_what_was_listed_is_on_the_wire(server: FaultServer) -> None:
    detector = RemoteDetector(Basic(), api_key="key", base_url=server.at("ok"), send=("ip",))
    async with Shield(detector) as shield:
        await shield.check("hello", ip="10.0.0.1", email="ann@example.org", author="Ann")
        await shield.check("hello", ip="8.8.8.8", kind="review")
    first, second = (seen.about for seen in server.seen)
    assert first == {"text": "hello", "kind": "comment"}
    assert second == {"text": "hello", "ip": "8.8.8.8", "kind": "review"}


async def test_a_detector_that_is_not_open() -> None:
    detector = RemoteDetector(Plain(), api_key="key")
    with pytest.raises(ConfigurationError, match=r"'plain' is not open\. Write `async"):
        await Shield(detector).check("hello")
    with pytest.raises(ConfigurationError, match="'plain' is not open"):
        await detector.detect(Submission(text="hello"))


async def test_egress_can_be_refused(server: FaultServer) -> None:
    detector = RemoteDetector(Plain(), api_key="key", base_url=server.at("ok"))
    shield = SpamShield(detector, settings=SpamShieldSettings(egress="none"))
    with pytest.raises(ConfigurationError, match="egress='none', yet the detector 'plain'"):
        await shield.__aenter__()
    assert server.connections == 0


@pytest.mark.parametrize(
    ("status", "verify", "stops", "warns"),
    [
        (200, "error", False, ""),
        (401, "error", True, ""),
        (401, "warn", False, "Detector plain can't measure: auth: it refused the api_key"),
        (401, "skip", False, ""),
        (429, "error", False, "the key could not be verified: rate_limited"),
        (503, "error", False, "the key could not be verified: unavailable"),
    ],
)
async def test_a_key_is_verified_at_the_start(
    *,
    status: int,
    verify: Any,
    stops: bool,
    warns: str,
    server: FaultServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.answers["/ok/verify"] = [status]
    detector = RemoteDetector(
        Plain(), api_key="CANARY", base_url=server.at("ok"), verify=verify, retries=0
    )
    if stops:
        with pytest.raises(ConfigurationError, match="plain refused the api_key") as caught:
            await Shield(detector).__aenter__()
        assert "CANARY" not in str(caught.value)
    else:
        async with Shield(detector) as shield:
            refused = "can't measure" in warns
            [health] = shield.health()
            told = ("open", "auth") if refused else ("closed", None)
            assert (health.breaker, health.error) == told
            assert (await shield.check("hello")).error == ("auth" if refused else None)
            assert server.paths["/ok/check"] == (not refused)
    assert server.paths["/ok/verify"] == (verify != "skip")
    assert (warns in caplog.text) if warns else not caplog.records


async def test_a_service_that_is_away_does_not_stop_the_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    detector = RemoteDetector(Plain(), api_key="key", base_url=refusing_url(), retries=0)
    async with Shield(detector) as shield:
        assert "the key could not be verified: connection" in caplog.text
        assert (await shield.check("hello")).error == "connection"


async def test_a_service_that_hangs_does_not_stop_the_start(
    server: FaultServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastapi_spamshield.detectors.subscription.VERIFY_SECONDS", 0.05)
    detector = RemoteDetector(Plain(), api_key="key", base_url=server.at("hang"))
    async with Shield(detector):
        assert "the key could not be verified: timeout" in caplog.text


async def test_a_missing_key(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    detector = RemoteDetector(Basic(), base_url=server.at("ok"))
    with pytest.raises(ConfigurationError, match="plain needs an api_key"):
        await Shield(detector).__aenter__()
    async with Shield(replace(detector, verify="warn")) as shield:
        assert "Detector plain can't measure: unconfigured: it needs an api_key" in caplog.text
        assert [(one.breaker, one.error) for one in shield.health()] == [("closed", "unconfigured")]
        verdict = await shield.check("hello")
    assert (verdict.status, verdict.error, verdict.detector) == (
        "degraded",
        "unconfigured",
        "plain",
    )
    assert server.connections == 0


async def test_a_service_without_keys(server: FaultServer) -> None:
    dialect = Basic(facts=replace(FACTS, needs_key=False))
    async with Shield(RemoteDetector(dialect, base_url=server.at("ok"))) as shield:
        assert (await shield.check("hello")).status == "checked"
    assert "x-api-key" not in server.seen[0].headers
