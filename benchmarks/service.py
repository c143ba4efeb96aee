"""A hosted service that takes 20 ms, and a dialect for it.

python -m benchmarks.service PORT
"""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import uvloop

from fastapi_spamshield.dialects.base import Answer, Call, Facts
from fastapi_spamshield.models import Detection, Submission

SECONDS = 0.02
ANSWER = b'{"is_spam": false, "score": 0.04}'
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"


@dataclass(frozen=True)
class Twenty:
    """Its dialect."""

    name: str = "twenty"
    facts: Facts = field(default=Facts(base_url="https://twenty.test"), hash=False)

    def check(self, submission: Submission, key: str | None) -> Call:
        headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
        return Call("/check", json.dumps({"text": submission.text}).encode(), headers)

    def detection(self, answer: Answer) -> Detection:
        return Detection(score=json.loads(answer.body)["score"])


class Service(asyncio.Protocol):
    """One connection to it; `GET /count` says how many there were, and how many requests."""

    counts: Counter[str]

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's only has its shape.
        self.fresh = True

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, end, rest = self.data.partition(b"\r\n\r\n")
        if not end:
            return
        if head.startswith(b"GET /count"):
            self.transport.write(said(json.dumps(self.counts).encode()))
            self.counts.clear()
            self.data = b""
            return
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if len(rest) < length:
            return
        self.data = b""
        self.counts["requests"] += 1
        if self.fresh:
            self.counts["connections"] += 1
            self.fresh = False
        asyncio.get_running_loop().call_later(SECONDS, self.answer)

    def answer(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(said(ANSWER))


def said(body: bytes) -> bytes:
    return HEAD % len(body) + body


async def counted(port: int) -> Counter[str]:
    """What a running service counted since it was asked last."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /count HTTP/1.1\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(head.split(b"content-length: ")[1]))
    writer.close()
    return Counter(json.loads(body))


async def serve(port: int) -> None:
    counts: Counter[str] = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Service(counts), "127.0.0.1", port, backlog=1_024)
    with suppress(asyncio.CancelledError):
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
