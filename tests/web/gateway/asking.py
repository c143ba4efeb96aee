"""What the gateway's tests share: a key, and a short way to ask."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from asgi_lifespan import LifespanManager

from fastapi_spamshield import SpamShield, Submission
from fastapi_spamshield.detectors.base import Detector
from fastapi_spamshield.web.gateway import create_gateway

KEY = "abc123def456"
BEARER = {"Authorization": f"Bearer {KEY}"}
X_API_KEY = {"X-API-Key": KEY}

Corrections = list[tuple[str | None, Submission, bool]]


@asynccontextmanager
async def gateway(
    detector: Detector, client: tuple[str, int] = ("127.0.0.1", 4711), **options: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of a gateway in this process."""
    async with (
        LifespanManager(create_gateway(SpamShield(detector), **options)) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app, client=client),
            base_url="http://gateway.test",
        ) as asking,
    ):
        yield asking
