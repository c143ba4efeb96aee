"""The same route with each way to ask a hosted service.

python -m benchmarks.applications PORT WAY URL
"""

import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import requests
import uvicorn
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel

from benchmarks.service import Twenty
from fastapi_spamshield import RemoteDetector, SpamShield, SpamVerdict, spam_check

KEY = "key"
UNCHECKED = {"spam": None}
HEADERS = {"Authorization": f"Bearer {KEY}"}


class Comment(BaseModel):
    """What is posted."""

    text: str


def blocking(url: str) -> FastAPI:
    """As guides have it: a blocking call in an async route."""
    app = FastAPI()

    @app.post("/comments")
    async def post(comment: Comment) -> dict[str, Any]:
        try:
            response = requests.post(  # noqa: ASYNC210 - that is what is measured
                f"{url}/check", json={"text": comment.text}, headers=HEADERS, timeout=2.0
            )
        except requests.RequestException:
            return UNCHECKED
        return {"spam": response.json()["is_spam"]}

    return app


def client_per_request(url: str) -> FastAPI:
    """As guides have it, the async way: a client for each request."""
    app = FastAPI()

    @app.post("/comments")
    async def post(comment: Comment) -> dict[str, Any]:
        about = {"text": comment.text}
        try:
            async with httpx.AsyncClient(timeout=2.0) as client:
                response = await client.post(f"{url}/check", json=about, headers=HEADERS)
        except httpx.HTTPError:
            return UNCHECKED
        return {"spam": response.json()["is_spam"]}

    return app


def by_hand(url: str) -> FastAPI:
    """A dependency written with care, on one shared client."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[Mapping[str, Any]]:
        async with httpx.AsyncClient(timeout=2.0, base_url=url, headers=HEADERS) as client:
            yield {"client": client}

    app = FastAPI(lifespan=lifespan)

    async def is_spam(comment: Comment, request: Request) -> bool | None:
        try:
            response = await request.state.client.post("/check", json={"text": comment.text})
            response.raise_for_status()
            return bool(response.json()["is_spam"])
        except (httpx.HTTPError, ValueError, KeyError):
            return None

    @app.post("/comments")
    async def post(
        comment: Comment,  # noqa: ARG001 - as in the others
        spam: Annotated[bool | None, Depends(is_spam)],
    ) -> dict[str, Any]:
        return UNCHECKED if spam is None else {"spam": spam}

    return app


def with_spam_check(url: str, *, cache_size: int = 0) -> FastAPI:
    """This package, as it is by default, without its cache."""
    shield = SpamShield(RemoteDetector(Twenty(), api_key=KEY, base_url=url, cache_size=cache_size))
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/comments")
    async def post(
        comment: Comment,  # noqa: ARG001 - as in the others
        verdict: Annotated[SpamVerdict, Depends(spam_check(field="text"))],
    ) -> dict[str, Any]:
        return UNCHECKED if verdict.error else {"spam": verdict.is_spam}

    return app


def without_aiohttp(url: str) -> FastAPI:
    """The same where the extra is not installed."""
    sys.modules["httpx_aiohttp"] = None  # type: ignore[assignment]  # pyright: ignore[reportArgumentType]
    return with_spam_check(url)


def with_cache(url: str) -> FastAPI:
    """The same with its cache."""
    return with_spam_check(url, cache_size=1_024)


WAYS: dict[str, Callable[[str], FastAPI]] = {
    "requests": blocking,
    "client-per-request": client_per_request,
    "by-hand": by_hand,
    "spam_check": without_aiohttp,
    "spam_check-aiohttp": with_spam_check,
    "spam_check-cache": with_cache,
}

if __name__ == "__main__":
    _, port, way, address = sys.argv
    uvicorn.run(
        WAYS[way](address),
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        access_log=False,
        timeout_keep_alive=600,  # A way that blocks would lose its visitors meanwhile.
    )
