"""HTTP load over connections that stay open, light enough not to be what is measured."""

import asyncio
import time
from typing import NamedTuple

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Load(NamedTuple):
    """What a number of requests took.

    Attributes:
        per_second: Requests that were answered in a second.
        p50: Median time of one, milliseconds.
        p99: 99th percentile, milliseconds.
        statuses: HTTP status to how many answers had it.
    """

    per_second: float
    p50: float
    p99: float
    statuses: dict[int, int]


def post(path: str, body: bytes) -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _exchange(pair: Pair, request: bytes) -> int:
    reader, writer = pair
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def load(
    port: int,
    request: bytes,
    *,
    connections: int,
    requests: int,
) -> Load:
    """Send requests over a number of connections, each of which waits for its answers.

    Args:
        port: Of a server on 127.0.0.1.
        request: As it goes over the wire.
        connections: How many there are at a time.
        requests: How many are sent in all.
    """
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]
    numbers = iter(range(requests))  # Shared: whoever is free takes the next.
    times: list[float] = []
    statuses: dict[int, int] = {}

    async def client(pair: Pair) -> None:
        for _ in numbers:
            start = time.perf_counter()
            status = await _exchange(pair, request)
            times.append(time.perf_counter() - start)
            statuses[status] = statuses.get(status, 0) + 1

    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for pair in pairs:
            group.create_task(client(pair))
    took = time.perf_counter() - start
    for _, writer in pairs:
        writer.close()
        await writer.wait_closed()
    times.sort()
    return Load(
        requests / took,
        times[len(times) // 2] * 1000,
        times[min(len(times) - 1, int(len(times) * 0.99))] * 1000,
        statuses,
    )
