import asyncio
import logging
import sys
import traceback
from typing import Any

import httpx
import pytest

from fastapi_spamshield import ConfigurationError, DetectorError, SpamShieldSettings
from fastapi_spamshield.dialects.base import Answer, Call
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.transport import Transport, require_base_url
from tests.clients import CLIENTS, client_of, mocked
from tests.faults import FAULTS, SLOW, FaultServer
from tests.support import Keyword

CALL = Call("/check", b"{}", {"x-api-key": "key"})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://api.example.test", "https://api.example.test"),
        ("https://api.example.test/v1/", "https://api.example.test/v1"),
        ("HTTPS://api.example.test:8443//", "HTTPS://api.example.test:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("http://localhost/", "http://localhost"),
    ],
)
def test_a_base_url(given: str, url: str) -> None:
    assert require_base_url(given) == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://api.example.test", "write https://"),
        ("http://localhost.example.test", "write https://"),
        ("http://127.0.0.1.example.test", "write https://"),
        ("http://10.0.0.1", "write https://"),
        ("http://0.0.0.0", "write https://"),
        ("ftp://127.0.0.1", "write https://"),
        ("file:///etc/passwd", "is not a URL"),
        ("api.example.test", "is not a URL"),
        ("", "is not a URL"),
        ("https://", "is not a URL"),
        ("https://[::1", "is not a URL"),
        ("https://host:port/", "is not a URL"),
        ("https://ho st/", "is not a URL"),
        ("https://host\\@other/", "is not a URL"),
        ("https://host/\r\nx: y", "is not a URL"),
        ("https://exämple.test", "is not a URL"),
        ("https://name:SECRET@host/", "belongs into api_key"),
        ("https://host/?key=SECRET", "belongs into api_key"),
        ("https://host/#SECRET", "belongs into api_key"),
    ],
)
def test_what_is_no_base_url(url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        require_base_url(url)
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


async def sent(server: FaultServer, fault: str, **options: Any) -> Answer:
    transport = Transport()
    transport.start()
    try:
        return await transport.send(server.at(fault), CALL, **options)
    finally:
        await transport.close()


async def test_an_answer_is_read_to_its_end(server: FaultServer) -> None:
    server.answers["/ok/check"] = [{"score": 0.5}]
    answer = await sent(server, "ok")
    assert answer.status == 200
    assert answer.body == b'{"score": 0.5}'
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("kind", CLIENTS)
async def test_what_is_said_besides(
    kind: str, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with client_of(kind, monkeypatch) as client:
        transport = Transport(client)
        transport.start()
        for _ in range(2):
            await transport.send(server.at("cookie"), CALL)
        await transport.close()
    for seen in server.seen:
        assert seen.headers["accept-encoding"] == "identity"
        assert seen.headers["x-api-key"] == "key"
    if kind != "httpx2":
        assert "fastapi-spamshield/" in server.seen[0].headers["user-agent"]
        assert "cookie" not in server.seen[1].headers


async def test_a_redirection_is_followed_within_the_host_only(server: FaultServer) -> None:
    assert (await sent(server, "moved", redirects=True)).status == 200
    assert server.seen[-1].method == "POST"
    assert server.seen[-1].headers["x-api-key"] == "key"
    for fault in ("redirect", "redirect-away", "redirect-nowhere", "redirect-round"):
        with pytest.raises(DetectorError, match="protocol: the service redirects"):
            await sent(server, fault, redirects=True)
    assert server.paths["/redirect-round/check"] == 4
    server.paths.clear()
    with pytest.raises(DetectorError, match="protocol: the service redirects"):
        await sent(server, "moved")
    assert server.paths["/ok/check"] == 0


async def test_a_given_client_that_follows_redirections_does_not(server: FaultServer) -> None:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        with pytest.raises(DetectorError, match="the service redirects"):
            await Transport(client).send(server.at("redirect"), CALL)


async def test_a_given_client_stays_open(server: FaultServer) -> None:
    client: Any
    async with httpx.AsyncClient() as client:
        async with Shield(Keyword(), client=client, settings=SpamShieldSettings()):
            pass
        transport = Transport(client)
        transport.start()
        await transport.close()
        assert not client.is_closed
        assert transport.client is client


async def test_a_client_that_a_function_makes_is_closed(server: FaultServer) -> None:
    made: list[httpx.AsyncClient] = []

    def make() -> httpx.AsyncClient:
        made.append(httpx.AsyncClient())
        return made[-1]

    transport = Transport(make)
    for number in range(2):
        transport.start()
        transport.start()
        assert (await transport.send(server.at("ok"), CALL)).status == 200
        assert transport.client is made[number]
        await transport.close()
        assert made[number].is_closed
    assert len(made) == 2


async def test_an_own_client_is_made_once_and_closed() -> None:
    transport = Transport()
    unmade: Any = transport.client
    assert unmade is None
    transport.start()
    client: Any = transport.client
    transport.start()
    assert id(transport.client) == id(client)
    await transport.close()
    await transport.close()
    assert client.is_closed
    with pytest.raises(DetectorError, match="connection: the transport is not started"):
        await transport.send("https://plain.test", CALL)


@pytest.mark.parametrize(
    ("installed", "trust_env", "used"),
    [
        (True, False, "AiohttpTransport"),
        (False, False, "Lanes"),
        (True, True, "AsyncHTTPTransport"),
    ],
)
async def test_the_extra_is_used_where_it_is(
    installed: bool, trust_env: bool, used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "httpx_aiohttp", None)
    transport = Transport(trust_env=trust_env)
    transport.start()
    client: Any = transport.client
    assert type(client._transport).__name__ == used
    assert client.trust_env is trust_env
    await transport.close()


async def test_proxies_of_the_environment_are_used_when_asked_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for trust_env in (False, True):
        transport = Transport(trust_env=trust_env)
        transport.start()
        client: Any = transport.client
        assert any(client._mounts.values()) is trust_env
        await transport.close()


async def test_a_mock_answers_too() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"a": 1})

    async with mocked(handler) as client:
        answer = await Transport(client).send("https://plain.test", CALL)
    assert answer.body == b'{"a":1}'


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError("x"), "connection"),
        (httpx.ReadTimeout("x"), "connection"),
        (httpx.RemoteProtocolError("x"), "connection"),
        (ConnectionResetError(), "connection"),
        (OSError(), "connection"),
        (httpx.LocalProtocolError("x"), "bad_request"),
        (httpx.UnsupportedProtocol("x"), "bad_request"),
        (httpx.DecodingError("x"), "protocol"),
        (RuntimeError("x"), "protocol"),
    ],
)
async def test_errors_of_the_library(error: Exception, code: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    async with mocked(handler) as client:
        with pytest.raises(DetectorError) as caught:
            await Transport(client).send("https://plain.test", CALL)
    assert caught.value.code == code
    assert caught.value.__context__ is None


def contexts(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("fault", ["ok", "status-401", "status-503", *FAULTS])
async def test_no_key_gets_anywhere_else(
    kind: str,
    fault: str,
    server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "sk_live_CANARY"
    call = CALL._replace(headers={"x-api-key": canary, "authorization": f"Bearer {canary}"})
    said = [repr(call)]
    async with client_of(kind, monkeypatch) as client:
        transport = Transport(client)
        transport.start()
        sending = asyncio.create_task(transport.send(server.at(fault), call))
        while not (server.seen or sending.done()):  # noqa: ASYNC110 - to connect takes any time
            await asyncio.sleep(0.005)
        try:
            async with asyncio.timeout(0.2 if fault in SLOW else 60):
                said.append(repr(await sending))
        except (DetectorError, TimeoutError) as error:
            said += [traceback.format_exc(), *map(repr, contexts(error)), *map(str, [error])]
            for one in contexts(error):
                said.append(repr(vars(one)))
                assert not hasattr(one, "request")
        finally:
            await transport.close()
    assert server.seen[0].headers["x-api-key"] == canary
    assert canary not in "\n".join(said)
    assert canary not in caplog.text
    assert not any(canary in repr(vars(record)) for record in caplog.records)
    assert kind == "aiohttp" or any(record.name.startswith("http") for record in caplog.records)
