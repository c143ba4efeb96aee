"""A server on a loopback address that answers well, or fails in whatever way it is asked to.

The first part of the path says how: `/hang/check`, `/status-503/check`. It is written on bare
sockets, since no web framework would send most of this.
"""

import asyncio
import gzip
import json
import socket
import struct
import zlib
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SPAM = b'{"score": 0.9}'
TICK = 0.02
"""Seconds between two bytes of what comes slowly."""


class Seen(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def about(self) -> Any:
        return json.loads(self.body)


@dataclass
class FaultServer:
    """What it was asked, and by how many connections."""

    url: str = ""
    connections: int = 0
    seen: list[Seen] = field(default_factory=list[Seen])
    paths: Counter[str] = field(default_factory=Counter[str])
    answers: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    """Path to what it says there, one after another, the last one for ever."""
    delay: float = 0.0
    remember: bool = True
    writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])

    async def left(self) -> None:
        """Wait until nobody is connected any more."""
        while self.writers:  # noqa: ASYNC110 - a test can wait
            await asyncio.sleep(TICK / 2)

    def at(self, fault: str) -> str:
        return f"{self.url}/{fault}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self.answer(await self.request(reader), reader, writer):
                    await writer.drain()
        finally:
            self.writers.discard(writer)
            writer.close()

    async def request(self, reader: asyncio.StreamReader) -> Seen:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        lines = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in lines}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        seen = Seen(method, path, headers, body)
        self.paths[path] += 1
        if self.remember:
            self.seen.append(seen)
        return seen

    async def answer(
        self, seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer, and say whether the connection stays open."""
        fault = seen.path.split("/")[1]
        if fault.startswith("status-"):
            _, status, *wait = fault.split("-")
            extra = {"retry-after": wait[0]} if wait else {}
            writer.write(response(SPAM, status=int(status), **extra))
            return True
        if fault in FAULTS:
            await FAULTS[fault](reader, writer)
            return False
        if fault in KEPT:
            writer.write(KEPT[fault])
            return True
        if self.delay:
            await asyncio.sleep(self.delay)
        scripted = self.answers.get(seen.path)
        if scripted is None:
            writer.write(OK)
            return True
        said = scripted.pop(0) if len(scripted) > 1 else scripted[0]
        if isinstance(said, int):
            writer.write(response(SPAM, status=said))
        elif isinstance(said, bytes):
            writer.write(response(said, content_type="text/plain"))
        else:
            writer.write(response(json.dumps(said).encode()))
        return True


def response(body: bytes, *, status: int = 200, **headers: str) -> bytes:
    lines = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


OK = response(SPAM)


def bomb(wbits: int) -> bytes:
    """A hundred megabytes of one letter, packed without ever having them in memory."""
    packing = zlib.compressobj(wbits=wbits)
    return b"".join(packing.compress(b"a" * 1_000_000) for _ in range(100)) + packing.flush()


Fault = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def says(data: bytes) -> Fault:
    async def fault(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return fault


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


def slowly(quick: bytes, slow: bytes) -> Fault:
    async def fault(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(quick)
        for byte in slow:
            await writer.drain()
            await asyncio.sleep(TICK)
            writer.write(bytes([byte]))

    return fault


def reset_after(data: bytes) -> Fault:
    async def fault(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(TICK)
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return fault


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    for _ in range(1_000):
        writer.write(b" " * 65_536)
        await writer.drain()


FAULTS: dict[str, Fault] = {
    "hang": hang,
    "slow-headers": slowly(b"", OK * 100),
    "slow-body": slowly(response(SPAM + b" " * 1_000)[:-1_000], b" " * 1_000),
    "truncated-json": says(response(SPAM[:-4])),
    "html": says(response(b"<html><p>Welcome to the hotel", content_type="text/html")),
    "gzip-bomb": says(response(bomb(31), content_encoding="gzip")),
    "deflate-bomb": says(response(bomb(15), content_encoding="deflate")),
    "gzip-cut": says(response(gzip.compress(SPAM)[:-9], content_encoding="gzip")),
    "gzip-lie": says(response(SPAM, content_encoding="gzip")),
    "brotli": says(response(SPAM, content_encoding="br")),
    "nan": says(response(b'{"score": NaN}')),
    "infinity": says(response(b'{"score": Infinity}')),
    "above-one": says(response(b'{"score": 97}')),
    "no-score": says(response(b"{}")),
    "null": says(response(b"null")),
    "list": says(response(b"[]")),
    "deep": says(response(b"[" * 100_000)),
    "wrong-type": says(response(b"score=0.0", content_type="application/octet-stream")),
    "not-utf8": says(response(b'{"score": 0.9, "reason": "\xff\xfe"}')),
    "reset-at-once": reset_after(b""),
    "reset-in-the-middle": reset_after(OK[: -len(SPAM) + 3]),
    "closed-at-once": says(b""),
    "too-short": says(OK[:-3]),
    "redirect": says(response(b"", status=302, location="/ok/check")),
    "redirect-away": says(response(b"", status=307, location="https://elsewhere.test/check")),
    "redirect-nowhere": says(response(b"", status=307)),
    "no-content": says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "empty": says(response(b"")),
    "endless": endless,
    "no-http": says(b"220 mail.test ESMTP\r\n\r\n"),
    "header-flood": says(b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 300_000 + b"\r\n\r\n"),
}
"""Each of them, and nothing but a fault."""

SLOW = {"hang", "slow-headers", "slow-body"}
"""Those of them that end with the patience of whoever asks."""

GOOD: dict[str, bytes] = {
    "gzip": response(gzip.compress(SPAM), content_encoding="gzip"),
    "deflate": response(zlib.compress(SPAM), content_encoding="deflate"),
    "identity": response(SPAM, content_encoding="identity"),
    "cookie": response(SPAM, set_cookie="session=1; Path=/"),
    "moved": response(b"", status=308, location="/ok/check"),
}
"""Unusual, and yet an answer."""

ROUND = {"redirect-round": response(b"", status=307, location="/redirect-round/check")}
KEPT = GOOD | ROUND
"""After these the connection stays open."""


@asynccontextmanager
async def fault_server() -> AsyncGenerator[FaultServer]:
    """Run one on a free port."""
    server = FaultServer()
    running = await asyncio.start_server(server.serve, "127.0.0.1", 0, backlog=512)
    server.url = f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        running.close()
        for writer in server.writers:
            writer.transport.abort()
        await server.left()


def refusing_url() -> str:
    """An address on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"
