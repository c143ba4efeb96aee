"""Whatever a service does: an honest verdict, in time, and nothing left behind."""

import asyncio
import tracemalloc
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio

from fastapi_spamshield import RemoteDetector, SpamShieldSettings
from fastapi_spamshield.shield import Shield
from tests.clients import CLIENTS, client_of
from tests.faults import FAULTS, GOOD, SLOW, FaultServer, refusing_url
from tests.plain import Basic

DEADLINE = 0.5
BROKEN = {"reset-at-once", "reset-in-the-middle", "closed-at-once", "too-short"}
NO_HTTP = {"no-http", "header-flood"}
CODES = {
    **{fault: {"protocol"} for fault in FAULTS},
    **{fault: {"timeout"} for fault in SLOW},
    **{fault: {"connection"} for fault in BROKEN},
    **{fault: {"connection", "protocol"} for fault in NO_HTTP},
    "status-400": {"bad_request"},
    "status-401": {"auth"},
    "status-402": {"quota"},
    "status-404": {"bad_request"},
    "status-408": {"timeout"},
    "status-413": {"payload_too_large"},
    "status-429": {"rate_limited"},
    "status-429-3600": {"rate_limited"},
    "status-500": {"unavailable"},
    "status-503": {"unavailable"},
    "status-503-3600": {"unavailable"},
}


@pytest_asyncio.fixture(params=CLIENTS)
async def client(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Any]:
    async with client_of(request.param, monkeypatch) as made:
        yield made


def shield(client: Any, url: str, *, seconds: float = DEADLINE, **options: Any) -> Shield:
    detector = RemoteDetector(Basic(), api_key="key", base_url=url, **options)
    return Shield(detector, settings=SpamShieldSettings(timeout=seconds), client=client)


def others() -> set[asyncio.Task[Any]]:
    """Tasks that are not the server's."""
    return {
        task
        for task in asyncio.all_tasks()
        if getattr(task.get_coro(), "__qualname__", "") != "FaultServer.serve"
    }


@pytest.mark.parametrize("fault", CODES)
async def test_a_fault(fault: str, server: FaultServer, client: Any) -> None:
    before = others()
    started = asyncio.get_running_loop().time()
    seconds = DEADLINE if fault in SLOW else 30
    async with shield(client, server.at(fault), seconds=seconds) as running:
        verdict = await running.check("hello")
        assert server.paths[f"/{fault}/check"] >= 1
    assert asyncio.get_running_loop().time() - started < 20 * seconds
    assert (verdict.status, verdict.label, verdict.score) == ("degraded", "unknown", None)
    assert (verdict.action, verdict.detector) == ("review", "plain")
    assert verdict.error in CODES[fault]
    async with asyncio.timeout(10):
        while others() != before:  # noqa: ASYNC110 - what was cancelled takes a moment to end
            await asyncio.sleep(0.001)


async def test_nobody_listens(client: Any) -> None:
    async with shield(client, refusing_url(), seconds=30) as running:
        verdict = await running.check("hello")
    assert (verdict.status, verdict.error) == ("degraded", "connection")


@pytest.mark.parametrize("answer", ["ok", *GOOD])
async def test_an_answer(answer: str, server: FaultServer, client: Any) -> None:
    async with shield(client, server.at(answer), seconds=30, redirects=True) as running:
        verdict = await running.check("hello")
    assert (verdict.status, verdict.score) == ("checked", 0.9)


@pytest.mark.parametrize("bomb", ["gzip-bomb", "deflate-bomb", "endless"])
async def test_a_bomb_takes_no_memory(bomb: str, server: FaultServer, client: Any) -> None:
    async with shield(client, server.at(bomb), seconds=30, retries=0, cache_size=0) as running:
        await running.check("warm")
        tracemalloc.start()
        verdict = await running.check("hello")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert verdict.error == "protocol"
    assert most < 8_000_000


async def test_one_client_for_life(server: FaultServer, client: Any) -> None:
    async with shield(client, server.at("ok"), seconds=30) as running:
        for number in range(20):
            await running.check(f"one after another, {number}")
        assert server.connections == 1
        server.delay = 0.01
        texts = [f"at once, {number}" for number in range(40)]
        await asyncio.gather(*map(running.check, texts))
        await asyncio.gather(*map(running.check, [text + "!" for text in texts]))
        assert server.connections <= 41
    assert server.paths["/ok/check"] == 100


async def test_faults_among_answers_leave_no_connection(server: FaultServer, client: Any) -> None:
    async with shield(client, server.url + "/hang", breaker_failures=1_000, retries=0) as running:
        await asyncio.gather(*(running.check(f"text {number}") for number in range(30)))
        async with asyncio.timeout(10):
            await server.left()


async def test_a_caller_that_leaves_takes_its_connection_along(
    server: FaultServer, client: Any
) -> None:
    async with shield(client, server.at("hang"), seconds=30) as running:
        asking = asyncio.create_task(running.check("hello"))
        while not server.seen:  # noqa: ASYNC110 - a test can wait
            await asyncio.sleep(0.001)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(10):
            await server.left()
        [health] = running.health()
        assert (health.breaker, health.error) == ("closed", None)
