"""The example against services on a loopback address, over real HTTP."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from examples import hosted_service as example
from fastapi_spamshield import ConfigurationError
from fastapi_spamshield.testing import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from tests.faults import FaultServer
from tests.support import Client
from tests.support import drive_with_httpx as drive

CHECK, VERIFY = "/ok/1.1/comment-check", "/ok/1.1/verify-key"
MESSAGE = {
    "name": "Ada",
    "email": "ada@example.org",
    "message": "Hello, are you open on Sunday? I could not find it on your page.",
}


@pytest.fixture(autouse=True)
def empty() -> None:
    example.published.clear()
    example.held.clear()


def use(monkeypatch: pytest.MonkeyPatch, detector: str, base_url: str, **options: str) -> None:
    values = {"detector": detector, "base_url": base_url, "api_key": "CANARY", **options}
    for name, value in values.items():
        monkeypatch.setenv(f"SPAMSHIELD_{name.upper()}", value)


def use_akismet(monkeypatch: pytest.MonkeyPatch, server: FaultServer) -> None:
    use(
        monkeypatch,
        "akismet",
        server.at("ok"),
        site_url="https://blog.example",
        send="text,ip,author",
        trusted_proxies="203.0.113.9",
    )


async def send(client: Client, message: str = MESSAGE["message"], **more: str) -> Any:
    headers = {"X-Forwarded-For": "8.8.8.8"}
    written = {**MESSAGE, "message": message, **more}
    return await client("POST", "/messages", data=written, headers=headers)


@pytest.mark.parametrize(
    ("probability", "status", "state"),
    [(0.1, 201, "published"), (0.6, 201, "held"), (0.97, 403, None)],
)
async def test_siftfy_decides(
    server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
    probability: float,
    status: int,
    state: str | None,
) -> None:
    use(monkeypatch, "siftfy", server.at("ok"))
    server.answers["/ok/v1/predict"] = [{"spam_probability": probability}]
    async with drive(example.create_app()) as client:
        answer = await send(client)
    assert answer.status_code == status
    if state:
        assert answer.json() == {"state": state}
    assert len(example.published) == (state == "published")
    assert [one.verdict.score for one in example.held] == [0.6] * (state == "held")
    [seen] = server.seen
    assert seen.about == {"text": MESSAGE["message"]}
    assert seen.headers["x-api-key"] == "CANARY"


@pytest.mark.parametrize(("word", "status"), [(b"false", 201), (b"true", 403)])
async def test_akismet_decides(
    server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
    word: bytes,
    status: int,
) -> None:
    use_akismet(monkeypatch, server)
    server.answers |= {VERIFY: [b"valid"], CHECK: [word]}
    async with drive(example.create_app()) as client:
        assert (await send(client)).status_code == status
    assert server.paths == {VERIFY: 1, CHECK: 1}
    sent = parse_qs(server.seen[-1].body.decode())
    assert (sent["user_ip"], sent["comment_author"]) == (["8.8.8.8"], ["Ada"])
    assert sent["comment_type"] == ["contact-form"]
    assert "comment_author_email" not in sent  # Nobody listed it.


async def test_a_key_that_akismet_refuses_stops_the_start(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_akismet(monkeypatch, server)
    server.answers[VERIFY] = [b"invalid"]
    with pytest.raises(ConfigurationError, match="akismet refused the api_key"):
        async with drive(example.create_app()):
            pass


@pytest.mark.parametrize("fault", ["hang", "status-503", "html", "reset-at-once", "gzip-bomb"])
async def test_the_engine_answers_when_the_service_does_not(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    use(monkeypatch, "siftfy", server.at(fault), timeout="0.5")
    async with drive(example.create_app()) as client:
        assert (await send(client)).json() == {"state": "published"}
        assert (await send(client, SUSPICIOUS_TEST_STRING)).json() == {"state": "held"}
        assert (await send(client, SPAM_TEST_STRING)).status_code == 403
    assert server.connections
    [one] = example.held
    assert one.verdict.detector == "local"
    assert "unmeasured" in {signal.name for signal in one.verdict.signals}


async def test_it_stays_ready_while_the_engine_can_answer(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "siftfy", server.at("html"))
    async with drive(example.create_app()) as client:
        before = (await client("GET", "/ready")).json()
        for number in range(5):
            await send(client, f"Are you open on Sunday the {number}th?")
        answer = await client("GET", "/ready")
    assert before == {"ready": True, "detectors": {"siftfy": "closed", "local": "closed"}}
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "detectors": {"siftfy": "open", "local": "closed"}}


async def test_a_service_alone_that_is_away_is_not_ready_and_publishes_nothing(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, "siftfy", server.at("html"), mode="only")
    async with drive(example.create_app()) as client:
        for number in range(5):
            answer = await send(client, f"Are you open on Sunday the {number}th?")
            assert answer.json() == {"state": "held"}
            # One failure is no outage: nobody would come and show that it is over.
            assert (await client("GET", "/ready")).status_code == (503 if number == 4 else 200)
        answer = await client("GET", "/ready")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "detectors": {"siftfy": "open"}}
    assert [one.verdict.error for one in example.held] == ["protocol"] * 5
    assert not example.published


async def test_without_a_setting_the_engine_judges() -> None:
    async with drive(example.create_app()) as client:
        assert (await send(client)).json() == {"state": "published"}
        assert (await send(client, homepage="https://cheap.example")).status_code == 403
        assert (await client("GET", "/ready")).json()["detectors"] == {"local": "closed"}
