import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from fastapi_spamshield.transport.lanes import Lanes
from tests.support import Clock


class Lane(httpx.AsyncBaseTransport):
    """Answers when it may."""

    def __init__(self, lanes: list["Lane"], error: Exception | None) -> None:
        self.number = len(lanes)
        self.closed = False
        self.error = error
        lanes.append(self)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return httpx.Response(200, headers={"lane": str(self.number)}, stream=Body())

    async def aclose(self) -> None:
        self.closed = True


class Body(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"hello"


@pytest.fixture
def made() -> list[Lane]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client(made: list[Lane], clock: Clock, error: Exception | None = None) -> httpx.AsyncClient:
    lanes = Lanes(lambda: Lane(made, error), keepalive=60, clock=clock)
    return httpx.AsyncClient(transport=lanes)


async def lane_of(client: httpx.AsyncClient, url: str = "https://a.test/") -> str:
    response = await client.get(url)
    assert response.text == "hello"
    return response.headers["lane"]


async def test_one_after_another_takes_one_lane(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock) as over:
        assert [await lane_of(over) for _ in range(5)] == ["0"] * 5
        assert not made[0].closed
    assert made[0].closed


async def test_as_many_as_there_are_at_once(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock) as over:
        assert len(set(await asyncio.gather(*(lane_of(over) for _ in range(5))))) == 5
        last = await lane_of(over)
        assert await lane_of(over) == last
        assert len(made) == 5
    assert all(lane.closed for lane in made)


async def test_a_lane_is_busy_until_its_answer_is_closed(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock) as over:
        response = await over.send(over.build_request("GET", "https://a.test/"), stream=True)
        assert await lane_of(over) == "1"
        await response.aclose()
        stream: Any = response.stream
        await stream.aclose()
        assert await lane_of(over) == "0"
        assert len(made) == 2


async def test_each_host_has_its_own(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock) as over:
        urls = ("https://a.test/", "https://b.test/", "https://a.test:444/", "http://a.test/")
        assert [await lane_of(over, url) for url in (*urls, *urls)] == list("01230123")


async def test_a_failure_frees_the_lane(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock, httpx.ConnectError("x")) as over:
        for _ in range(3):
            with pytest.raises(httpx.ConnectError):
                await over.get("https://a.test/")
    assert len(made) == 1


async def test_lanes_that_nobody_needs_are_closed(made: list[Lane], clock: Clock) -> None:
    async with client(made, clock) as over:
        await asyncio.gather(*(lane_of(over) for _ in range(4)))
        clock.now += 59
        await lane_of(over)
        assert not any(lane.closed for lane in made)
        clock.now += 2
        for _ in range(6):
            await lane_of(over)
        assert sum(lane.closed for lane in made) == 3
        assert len(made) == 4
