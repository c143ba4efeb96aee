import asyncio

import pytest

from benchmarks.load import load, request
from benchmarks.server import NotStarted, serving


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            body = await reader.readexactly(4)
            status = b"403 Forbidden" if body == b"spam" else b"200 OK"
            assert b"POST /comments HTTP/1.1\r\n" in head
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
    except asyncio.IncompleteReadError:
        writer.close()


@pytest.mark.parametrize(("body", "status"), [(b"spam", 403), (b"eggs", 200)])
async def test_load(body: bytes, status: int) -> None:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await load(port, [request("/comments", body)] * 20, 3)
    assert found.statuses == [status] * 20
    assert 0 < found.percentile(0.5) <= found.percentile(0.99)
    assert found.rate > 0


def test_a_server_that_does_not_start_says_why() -> None:
    with pytest.raises(NotStarted, match="no_such_application"), serving("no_such_application:app"):
        pass
