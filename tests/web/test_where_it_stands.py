"""A check works wherever FastAPI takes a dependency."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str


def in_the_signature(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/comments")
    async def post_comment(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check(field="text", threshold=0.8))],
    ) -> dict[str, Any]:
        assert verdict.threshold == 0.8
        return {"text": comment.text, "label": verdict.label}

    return app


def in_a_def(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/comments")
    def post_comment(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> dict[str, Any]:
        return {"text": comment.text, "label": verdict.label}

    return app


def add_route(router: APIRouter | FastAPI, **options: Any) -> None:
    @router.post("/comments", **options)
    async def post_comment(comment: CommentIn) -> dict[str, Any]:
        return {"text": comment.text, "label": "ham"}


def on_the_route(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    add_route(app, dependencies=[Depends(spam_check("text"))])
    return app


def on_the_router(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    router = APIRouter(dependencies=[Depends(spam_check("text"))])
    add_route(router)
    app.include_router(router)
    return app


def on_the_include(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    router = APIRouter()
    add_route(router)
    app.include_router(router, dependencies=[Depends(spam_check("text"))])
    return app


def on_the_app(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("text"))])
    add_route(app)
    return app


def on_a_nested_router(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    outer = APIRouter(dependencies=[Depends(spam_check("text"))])
    inner = APIRouter()
    add_route(inner)
    outer.include_router(inner)
    app.include_router(outer)
    return app


def in_a_mounted_app(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    below = FastAPI()
    add_route(below, dependencies=[Depends(spam_check("text"))])
    app.mount("", below)
    return app


def below_a_class(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    class Moderation:
        def __init__(
            self, verdict: Annotated[SpamVerdict, Depends(spam_check("comment.text"))]
        ) -> None:
            self.label = verdict.label

    @app.post("/comments")
    async def post_comment(
        comment: CommentIn, moderation: Annotated[Moderation, Depends()]
    ) -> dict[str, Any]:
        return {"text": comment.text, "label": moderation.label}

    return app


@pytest.mark.parametrize(
    "make",
    [
        in_the_signature,
        in_a_def,
        on_the_route,
        on_the_router,
        on_the_include,
        on_the_app,
        on_a_nested_router,
        in_a_mounted_app,
        below_a_class,
    ],
)
async def test_ham_passes_and_spam_does_not(
    make: Any, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async with drive(make(shield)) as request:
        ham = await request("POST", "/comments", json={"text": "a kind word"})
        spam = await request("POST", "/comments", json={"text": SPAM})
    assert (ham.status_code, ham.json()) == (200, {"text": "a kind word", "label": "ham"})
    assert spam.status_code == 403
    assert keyword.texts == ["a kind word", SPAM]


async def test_a_text_made_by_a_class_is_found(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Form:
        def __init__(self, text: str, page: int = 1) -> None:
            self.text = text

    app = FastAPI(lifespan=shield.lifespan)

    @app.get("/search", dependencies=[Depends(spam_check("form.text"))])
    async def search(form: Annotated[Form, Depends()]) -> str:
        return form.text

    async with drive(app) as request:
        assert (await request("GET", "/search", params={"text": SPAM})).status_code == 403
        assert (await request("GET", "/search", params={"text": "ham"})).json() == "ham"


async def test_what_a_dependency_returns_is_named_by_the_dependency(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def whole_text(title: str, body: str) -> str:
        return f"{title.upper()}|{body}"

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/posts", dependencies=[Depends(spam_check(whole_text))])
    async def post(text: Annotated[str, Depends(whole_text)]) -> str:
        return text

    async with drive(app) as request:
        answer = await request("POST", "/posts", params={"title": "spam", "body": "b"})
        assert answer.status_code == 403
        answer = await request("POST", "/posts", params={"title": "ham", "body": "b"})
    assert answer.json() == "HAM|b"
    assert keyword.texts == ["SPAM|b", "HAM|b"]
