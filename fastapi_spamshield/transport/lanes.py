"""Connections of which a request finds a free one at once, however many there are."""

import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, cast

import httpx

Origin = tuple[str, str, int | None]


class _Free(NamedTuple):
    lane: httpx.AsyncBaseTransport
    since: float


class Lanes(httpx.AsyncBaseTransport):
    """Any number of lanes, each a transport with a single connection.

    httpcore's pool looks at all of its connections, and asks the system about each idle one,
    whenever a request begins and ends; what that costs grows with the square of the connections.
    Here the lane is taken that became free last, so that no more are open than are needed, and with
    each request the one that has been free for longest is closed when its time is over.

    How many requests there are at a time is for others to limit.

    Args:
        make: Makes one lane.
        keepalive: Seconds that a free lane is kept.
        clock: Seconds that never jump.
    """

    def __init__(
        self,
        make: Callable[[], httpx.AsyncBaseTransport],
        *,
        keepalive: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._keepalive = keepalive
        self._clock = clock
        self._free: defaultdict[Origin, deque[_Free]] = defaultdict(deque)
        self._all: set[httpx.AsyncBaseTransport] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a free lane, or over a new one.

        Args:
            request: What to send.
        """
        url = request.url
        free = self._free[url.scheme, url.host, url.port]
        if free:
            lane = free.pop().lane
        else:
            lane = self._make()
            self._all.add(lane)

        def leave() -> None:
            free.append(_Free(lane, self._clock()))

        try:
            if free and free[0].since < self._clock() - self._keepalive:
                await self._close(free.popleft().lane)
            response = await lane.handle_async_request(request)
        except BaseException:
            leave()
            raise
        stream = cast("httpx.AsyncByteStream", response.stream)
        response.stream = _Stream(stream, leave)
        return response

    async def aclose(self) -> None:
        """Close all lanes."""
        self._free.clear()
        for lane in list(self._all):
            await self._close(lane)

    async def _close(self, lane: httpx.AsyncBaseTransport) -> None:
        self._all.discard(lane)
        await lane.aclose()


class _Stream(httpx.AsyncByteStream):
    """The body of an answer, whose lane is free when it is closed."""

    def __init__(self, stream: httpx.AsyncByteStream, leave: Callable[[], None]) -> None:
        self._stream = stream
        self._leave: Callable[[], None] | None = leave

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        leave, self._leave = self._leave, None
        try:
            await self._stream.aclose()
        finally:
            if leave is not None:
                leave()
