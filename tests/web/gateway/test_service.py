"""The gateway in this process: who may ask, what it refuses, what it does not say."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from fastapi_spamshield import ConfigurationError, SpamPolicy, SpamShield, Submission
from fastapi_spamshield.web.gateway import Limits, create_gateway
from tests.live import live
from tests.support import SPAM, Broken, Keyword
from tests.web.gateway.asking import BEARER, KEY, X_API_KEY, gateway

CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "siftfy": ("/v1/predict", {"text": SPAM}),
    "activelayer": ("/api/v1/check", {"message": SPAM}),
    "toolkitapi": ("/v1/auth/spam-score", {"body": SPAM}),
    "rsflowhub": ("/api/v1/ai/spam-detection", {"text": SPAM}),
}
AKISMET = {"api_key": KEY, "blog": "https://site.test", "user_ip": "203.0.113.9"}
each_check = pytest.mark.parametrize(("path", "body"), CHECKS.values(), ids=CHECKS)


@each_check
async def test_an_open_gateway_is_open_to_its_own_machine_only(
    path: str, body: dict[str, Any]
) -> None:
    for host in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"):
        async with gateway(Keyword(), (host, 1)) as client:
            assert (await client.post(path, json=body)).status_code == 200
    for host in ("203.0.113.9", "10.0.0.1", "::ffff:10.0.0.1", "testclient", ""):
        async with gateway(Keyword(), (host, 1)) as client:
            assert (await client.post(path, json=body)).status_code == 401
    async with gateway(Keyword()) as client:
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Origin"):
            asked = await client.post(path, json=body, headers={name: "127.0.0.1"})
            assert asked.status_code == 401
    async with gateway(Keyword(), ("203.0.113.9", 1), keys=[KEY]) as client:
        asked = await client.post(path, json=body, headers={**BEARER, "Origin": "https://a.test"})
        assert asked.status_code == 200


@each_check
async def test_what_was_not_measured_is_an_outage(path: str, body: dict[str, Any]) -> None:
    async with gateway(Broken(), limits=Limits(per_month=1)) as client:
        for _ in range(2):  # It is not counted either.
            assert (await client.post(path, json=body)).status_code == 503


@each_check
async def test_refusals_in_each_vendors_style(path: str, body: dict[str, Any]) -> None:
    async with gateway(Keyword(), keys=[KEY], max_body=1_000) as client:
        for headers in ({}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}):
            assert (await client.post(path, json=body, headers=headers)).status_code == 401
        found = {
            404: await client.post(f"{path}-more", json=body, headers=BEARER),
            405: await client.put(path, json=body, headers=BEARER),
            415: await client.post(path, data=body, headers=BEARER),
            422: await client.post(path, json=[], headers=BEARER),
        }
        packed = {**BEARER, "Content-Encoding": "gzip"}
        assert (await client.post(path, json=body, headers=packed)).status_code == 415
        unnamed = {**BEARER, "Content-Type": ""}
        assert (await client.post(path, json=body, headers=unnamed)).status_code == 200
        for status, response in found.items():
            assert response.status_code == status
            assert isinstance(response.json(), dict)
            assert len(response.headers["x-request-id"]) == 16
        assert found[405].headers["allow"] == "POST"
        too_large = await client.post(path, content=b" " * 1_001, headers=BEARER)
        assert too_large.status_code in (413, 422)

        async def pieces() -> AsyncGenerator[bytes]:
            for _ in range(1_001):
                yield b" "

        assert (await client.post(path, content=pieces(), headers=BEARER)).status_code in (413, 422)


@each_check
async def test_wrong_keys_are_not_tried_without_end(path: str, body: dict[str, Any]) -> None:
    async with gateway(Keyword(), keys=[KEY, "other"], wrong_keys=2) as client:
        assert (await client.post(path, json=body, headers=BEARER)).status_code == 200
        answers = [
            (await client.post(path, json=body, headers={"Authorization": f"Bearer {key}"}))
            for key in ("a", "b", "c", "other")
        ]
        assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
        assert (await client.post(path, json=body, headers=BEARER)).status_code == 200


@each_check
async def test_a_body_that_does_not_come(path: str, body: dict[str, Any]) -> None:
    async def slowly() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with gateway(Keyword(), keys=[KEY], body_timeout=0.05) as client:
        answer = await client.post(path, content=slowly(), headers=BEARER)
        assert (answer.status_code, answer.headers["connection"]) == (408, "close")
        assert isinstance(answer.json(), dict)
        assert (await client.post(path, json=body, headers=BEARER)).status_code == 200


async def test_a_body_that_does_not_come_over_a_connection() -> None:
    head = (
        "POST /v1/predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"x-api-key: {KEY}\r\ncontent-length: 20\r\n\r\n{{"
    )
    app = create_gateway(SpamShield(Keyword()), keys=[KEY], body_timeout=0.05)
    with live(app) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(head.encode())
        answer = await reader.read()  # Up to its end: the server closes the connection.
        writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Request Timeout" in answer


async def test_akismets_refusals() -> None:
    async with gateway(Keyword(), keys=[KEY], limits=Limits(per_minute=9)) as client:
        as_json = await client.post("/1.1/comment-check", json=AKISMET)
        assert (as_json.status_code, as_json.text) == (200, "invalid")
        assert as_json.headers["x-akismet-debug-help"] == 'Empty "api_key" value.'
        for wrong in ({"blog": ""}, {"user_ip": ""}, {"blog": "http://["}):
            asked = await client.post("/1.1/comment-check", data={**AKISMET, **wrong})
            assert asked.text == "invalid"
            [name] = wrong
            assert name in asked.headers["x-akismet-debug-help"]
        wrong_page = await client.get(f"/1.2/key-sites?api_key={KEY}&limit=all")
        assert wrong_page.headers["x-akismet-debug-help"] == 'Invalid "limit" value.'
        assert (await client.get("/1.1/comment-check")).status_code == 405
        unknown = await client.post("/1.1/nothing")
        assert (unknown.status_code, unknown.text) == (404, "Not Found")
        unordered = await client.post("/1.2/key-sites", data={"api_key": KEY, "order": "spam"})
        assert unordered.json()["total"] == 0
        for _ in range(4):
            assert (await client.post("/1.1/comment-check", data=AKISMET)).text == "false"
        limited = await client.post("/1.1/comment-check", data=AKISMET)
        assert (limited.status_code, limited.text) == (429, "")
        assert 0 < int(limited.headers["retry-after"]) <= 60


async def test_limits_in_each_vendors_style() -> None:
    now = [1_790_000_000.0]  # 2026-09-21

    async def status(client: httpx.AsyncClient, vendor: str) -> tuple[int, httpx.Response]:
        path, body = CHECKS[vendor]
        response = await client.post(path, json=body, headers=BEARER)
        return response.status_code, response

    options: dict[str, Any] = {"keys": [KEY], "clock": lambda: now[0]}
    async with gateway(Keyword(), limits=Limits(per_minute=1), **options) as client:
        for vendor in CHECKS:
            assert (await status(client, vendor))[0] == 200
            code, response = await status(client, vendor)
            assert code == 429
            wait = response.headers.get("retry-after")
            if vendor == "rsflowhub":
                wait = response.json()["error"]["details"]["retry_after_seconds"]
            assert float(wait) == 60
    async with gateway(Keyword(), limits=Limits(per_month=1), **options) as client:
        for vendor, expected in {
            "siftfy": 429,
            "activelayer": 429,
            "toolkitapi": 402,
            "rsflowhub": 402,
        }.items():
            _, first = await status(client, vendor)
            assert first.status_code == 200
            code, response = await status(client, vendor)
            assert code == expected
            if vendor == "activelayer":
                assert response.json()["remaining"] == 0
            if vendor == "siftfy":
                assert first.headers["x-ratelimit-daily-used"] == "1"
                assert first.headers["x-ratelimit-daily-cap"] == "1"
            if vendor == "toolkitapi":
                assert response.headers["x-ratelimit-remaining"] == "0"
                assert response.headers["x-ratelimit-reset"] == "1790812800"
        now[0] = 1_790_812_800.0
        assert (await status(client, "siftfy"))[0] == 200


async def test_limits_by_default_and_by_name() -> None:
    async with gateway(Keyword(), limits={"siftfy": Limits(per_minute=1)}) as client:
        for expected in (200, 429):
            assert (await client.post("/v1/predict", json={"text": "a"})).status_code == expected
        statuses = [
            (await client.post("/api/v1/check", json={"message": "a"})).status_code
            for _ in range(51)
        ]
        assert statuses == [200] * 50 + [429]
    with pytest.raises(ConfigurationError, match=r"'sfitfy'\. Did you mean 'siftfy'"):
        create_gateway(SpamShield(), limits={"sfitfy": Limits()})
    with pytest.raises(ConfigurationError, match="max_body=0"):
        create_gateway(SpamShield(), max_body=0)
    with pytest.raises(ConfigurationError, match="body_timeout=nan: write a number above 0"):
        create_gateway(SpamShield(), body_timeout=float("nan"))


async def test_each_vendor_below_its_name() -> None:
    async with gateway(Keyword()) as client:
        index = (await client.get("/")).json()
        assert list(index) == ["siftfy", "activelayer", "toolkitapi", "rsflowhub", "akismet"]
        for vendor, (path, body) in CHECKS.items():
            assert path in index[vendor]["paths"]
            assert (await client.post(f"/{vendor}{path}", json=body)).status_code == 200
            document = (await client.get(index[vendor]["openapi"])).json()
            assert path in document["paths"]
            assert document["security"][0] == {}
            for missing in (f"/{vendor}", f"/{vendor}/", f"/{vendor}/nothing"):
                assert (await client.get(missing)).status_code == 404
        assert (await client.post(f"/akismet{CHECKS['siftfy'][0]}")).text == "Not Found"
        assert (await client.post("/")).status_code == 404
        assert (await client.get("/nothing")).status_code == 404
    async with gateway(Keyword(), keys=[KEY]) as client:
        document = (await client.get("/siftfy/openapi.json")).json()
        assert document["security"] == [{"apiKey": []}, {"bearer": []}]


async def test_mounted_in_another_application() -> None:
    shield = SpamShield(Keyword())
    app = FastAPI(lifespan=shield.lifespan)
    app.mount("/spam", create_gateway(shield))
    async with (
        LifespanManager(app) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app), base_url="http://test"
        ) as client,
    ):
        found = await client.post("/spam/v1/predict", json={"text": SPAM})
        assert found.json()["likelihood"] == "high"
        index = (await client.get("/spam/")).json()
        document = (await client.get(index["siftfy"]["openapi"])).json()
        assert document["servers"] == [{"url": "/spam"}]


async def test_corrections_belong_to_whoever_asked() -> None:
    told: list[tuple[str | None, bool]] = []

    async def corrected(verdict_id: str | None, submission: Submission, spam: bool) -> None:
        await asyncio.sleep(0)
        told.append((verdict_id, spam))

    async with gateway(Keyword(), keys=[KEY, "other"], on_feedback=corrected) as client:
        path, body = CHECKS["activelayer"]
        found = (await client.post(path, json=body, headers=BEARER)).json()
        correction = {"detection_id": found["detection_id"], "is_spam": False}
        other = {"X-API-Key": "other"}
        refused = await client.post("/api/v1/feedback", json=correction, headers=other)
        assert refused.status_code == 404
        assert told == []
        await client.post("/api/v1/feedback", json=correction, headers=BEARER)
        assert told == [(found["detection_id"], False)]


async def test_a_correction_that_is_not_taken_is_an_outage(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(verdict_id: str | None, submission: Submission, spam: bool) -> None:
        raise RuntimeError(submission.text)

    async with gateway(Keyword(), on_feedback=broken) as client:
        sent = {**AKISMET, "comment_content": "secret"}
        assert (await client.post("/1.1/submit-spam", data=sent)).status_code == 503
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    async with gateway(Keyword()) as client:
        asked = await client.post("/1.1/submit-spam", data=sent)
        assert asked.text == "Thanks for making the web a better place."


async def test_scores_follow_the_shields_policy() -> None:
    async with (
        LifespanManager(
            create_gateway(SpamShield(Keyword(), policy=SpamPolicy(threshold=0.4)))
        ) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app), base_url="http://test"
        ) as client,
    ):
        found = (await client.post("/v1/predict", json={"text": "MAYBE"})).json()
    assert found["likelihood"] == "high"
    assert found["spam_probability"] >= 0.85


async def test_nothing_of_the_sender_and_no_key_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with gateway(Keyword(), keys=[KEY]) as client:
        for path, _ in CHECKS.values():
            for name in ("text", "message", "body"):
                await client.post(path, json={name: "planted"}, headers=X_API_KEY)
        sent = {**AKISMET, "comment_content": "planted", "comment_author": "planted"}
        await client.post("/1.1/comment-check", data=sent)
        await client.post("/1.1/planted")
    ours = [record.getMessage() for record in caplog.records if "spamshield" in record.name]
    assert len(ours) == 14
    assert all("planted" not in line and KEY not in line for line in ours)


async def test_a_client_that_breaks_off_gets_nothing() -> None:
    messages = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    app = create_gateway(SpamShield(Keyword()))
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/predict",
        "query_string": b"",
        "headers": [(b"content-length", b"9")],
        "client": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)
    assert sent == []
    websocket = {**scope, "type": "websocket"}
    await app(websocket, receive, send)
    assert sent == [{"type": "websocket.close"}]
