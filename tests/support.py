"""What many tests need: detectors that do as told, and two ways to drive an application."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import httpx
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from fastapi.testclient import TestClient

from fastapi_spamshield import Detection, DetectorError, Submission

SPAM = "SPAM"
MAYBE = "MAYBE"


@dataclass(eq=False)
class Keyword:
    """Spam is what holds the word SPAM; remembers what it was asked."""

    name: str = "keyword"
    seen: list[Submission] = field(default_factory=list[Submission])

    async def detect(self, submission: Submission) -> Detection:
        self.seen.append(submission)
        text = f"{submission.subject} {submission.text}"
        return Detection(score=0.99 if SPAM in text else 0.5 if MAYBE in text else 0.01)

    @property
    def texts(self) -> list[str]:
        return [submission.text for submission in self.seen]


@dataclass(eq=False)
class Broken:
    """Never answers."""

    name: str = "broken"

    async def detect(self, submission: Submission) -> Detection:
        raise DetectorError("unavailable", "down for maintenance")


class Client(Protocol):
    """What a test sends requests with."""

    async def __call__(self, method: str, url: str, **options: Any) -> httpx.Response: ...


Drive = Callable[[FastAPI], AbstractAsyncContextManager[Client]]


@asynccontextmanager
async def drive_with_httpx(app: FastAPI) -> AsyncGenerator[Client]:
    async with (
        LifespanManager(app) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app, client=("203.0.113.9", 4711)),
            base_url="http://test",
        ) as client,
    ):
        yield cast("Client", client.request)


@asynccontextmanager
async def drive_with_test_client(app: FastAPI) -> AsyncGenerator[Client]:
    async def request(method: str, url: str, **options: Any) -> Any:
        return await asyncio.to_thread(client.request, method, url, **options)

    with TestClient(app, client=("203.0.113.9", 4711)) as client:
        yield request


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now
