"""Requests to a server on loopback, as fast as it answers, over a fixed number of connections."""

import asyncio
import itertools
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

START_SECONDS = 60.0


class Load(NamedTuple):
    """What came of it.

    Attributes:
        latencies: Seconds of each request, sorted.
        seconds: From the first request to the last answer.
        statuses: HTTP status of each.
        bodies: What was answered.
    """

    latencies: list[float]
    seconds: float
    statuses: list[int]
    bodies: list[bytes]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        """Milliseconds within which a part of the requests was answered."""
        return self.latencies[min(int(len(self.latencies) * part), len(self.latencies) - 1)] * 1_000


def request(path: str, body: bytes) -> bytes:
    """An HTTP request with a JSON body."""
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def load(port: int, requests: Sequence[bytes], connections: int) -> Load:
    """Send requests, each connection its next one as soon as its last is answered."""
    waiting = iter(requests)
    latencies: list[float] = []
    statuses: list[int] = []
    bodies: list[bytes] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for data in waiting:
            started = time.perf_counter()
            writer.write(data)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            bodies.append(await reader.readexactly(length))
            latencies.append(time.perf_counter() - started)
            statuses.append(int(head.split(b" ", 2)[1]))
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(sorted(latencies), time.perf_counter() - started, statuses, bodies)


class Running(NamedTuple):
    """A process that listens."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that it has used (Linux only): what others do counts little."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def process(module: str, *arguments: str) -> Generator[Running]:
    """Run a module with a free port as its first argument, until it listens and to the end."""
    port = free_port()
    running = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments])
    try:
        give_up = time.monotonic() + START_SECONDS
        for _ in itertools.count():
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                if running.poll() is not None or time.monotonic() > give_up:
                    raise
                time.sleep(0.05)
            else:
                break
        yield Running(port, running.pid)
    finally:
        running.terminate()
        running.wait()
