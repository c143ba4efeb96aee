"""What a check knows of an endpoint: looked at once, and let go with its application."""

import gc
import weakref
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from tests.support import Drive, Keyword, drive_with_httpx


class CommentIn(BaseModel):
    text: str


async def post(
    comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
) -> list[Any]:
    return [comment.text, verdict.status]


@pytest.fixture
def app(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    app.post("/json")(post)
    return app


async def test_an_endpoint_is_looked_at_once(
    app: FastAPI, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi_spamshield.web import binding, text_dependency

    looked_at: list[Any] = []

    def find_endpoint(connection: Any) -> Any:
        looked_at.append(connection.url.path)
        return original(connection)

    original = binding.find_endpoint
    monkeypatch.setattr(text_dependency, "find_endpoint", find_endpoint)
    router = APIRouter()
    router.post("/json")(post)
    app.include_router(router, prefix="/below")
    async with drive(app) as request:
        for path in ("/json", "/below/json") * 3:
            assert (await request("POST", path, json={"text": "ham"})).status_code == 200
        assert looked_at == ["/json", "/below/json"]
        app.dependency_overrides[post] = post
        for _ in range(2):
            await request("POST", "/json", json={"text": "ham"})
        assert len(looked_at) > 3


async def test_a_check_keeps_no_application_alive(keyword: Keyword) -> None:
    check = spam_check("text")

    async def create_and_drop() -> Any:
        app = FastAPI(lifespan=SpamShield(keyword).lifespan)

        @app.post("/", dependencies=[Depends(check)])
        async def comment(comment: CommentIn) -> None: ...

        async with drive_with_httpx(app) as request:
            await request("POST", "/", json={"text": "ham"})
            assert len(check._known) == 1
        return weakref.ref(app), weakref.ref(app.routes[-1])

    for _ in range(3):
        app, route = await create_and_drop()
        gc.collect()
        assert (app(), route(), check._known) == (None, None, {})
