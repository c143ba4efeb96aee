"""The HTTP clients that a shield may run on."""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest

CLIENTS = ("httpx", "aiohttp", "httpx2")
"""An own client without and with the extra, and one that is given."""


@asynccontextmanager
async def client_of(kind: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Any]:
    """What to give to a shield as `client`, so that it runs on a client of this kind."""
    if kind == "httpx":
        monkeypatch.setitem(sys.modules, "httpx_aiohttp", None)
        yield None
    elif kind == "aiohttp":
        yield None
    else:
        async with httpx2.AsyncClient(limits=httpx2.Limits(max_connections=100)) as client:
            yield client


def mocked(handler: Any) -> httpx.AsyncClient:
    """A client that reaches nobody."""
    return httpx.AsyncClient(transport=httpx.MockTransport(handler))
