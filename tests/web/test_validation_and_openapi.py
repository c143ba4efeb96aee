"""What a check leaves as it was: refused requests, and the application's OpenAPI."""

import json
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Form, Header, Request, UploadFile
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

from fastapi_spamshield import SPAM_RESPONSES, SpamPolicy, SpamShield, SpamVerdict, spam_check
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str = Field(min_length=3)
    rating: int = 0


class Author(BaseModel):
    name: str


def add_routes(app: FastAPI, dependencies: Callable[[str], list[Any]]) -> None:
    @app.post("/json", dependencies=dependencies("text"))
    async def json_body(comment: CommentIn, page: int = 1) -> None: ...

    @app.post("/two", dependencies=dependencies("comment.text"))
    async def two_bodies(
        comment: CommentIn, author: Author, note: Annotated[str, Body()] = ""
    ) -> None: ...

    @app.post("/form", dependencies=dependencies("text"))
    async def form(text: Annotated[str, Form(min_length=3)], file: UploadFile) -> None: ...

    @app.post("/model", dependencies=dependencies("text"))
    async def form_model(comment: Annotated[CommentIn, Form()]) -> None: ...

    @app.post("/raw", dependencies=dependencies("text"))
    async def raw(request: Request) -> None: ...

    @app.post("/header", dependencies=dependencies("text"))
    async def header(text: str, x_token: Annotated[int, Header()]) -> None: ...


def checked(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    add_routes(app, lambda field: [Depends(spam_check(field))])
    return app


def unchecked() -> FastAPI:
    app = FastAPI()
    add_routes(app, lambda field: [])
    return app


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("/json", {"json": {"text": "x"}}),
        ("/json", {"json": {"text": SPAM, "rating": "many"}}),
        ("/json", {"json": {"text": SPAM}, "params": {"page": "first"}}),
        ("/json", {"json": {}}),
        ("/json", {"json": [SPAM]}),
        ("/json", {}),
        ("/json", {"content": b"{", "headers": {"content-type": "application/json"}}),
        ("/json", {"content": json.dumps({"text": SPAM}), "headers": {"content-type": "a/b"}}),
        ("/two", {"json": {"comment": {"text": SPAM}}}),
        ("/form", {"data": {"text": SPAM}}),
        ("/form", {"files": {"text": ("a", SPAM.encode()), "file": ("b", b"")}}),
        ("/model", {"data": {"text": SPAM, "rating": "many"}}),
        ("/header", {"params": {"text": SPAM}}),
        ("/header", {"params": {"text": SPAM}, "headers": {"x-token": "secret"}}),
    ],
)
async def test_an_invalid_request_costs_nothing(
    url: str, options: Any, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async with drive(unchecked()) as request:
        expected = await request("POST", url, **options)
    async with drive(checked(shield)) as request:
        answer = await request("POST", url, **options)
    assert answer.status_code == expected.status_code == 422
    assert answer.json() == expected.json()
    assert keyword.seen == []


async def test_what_another_dependency_finds_invalid_costs_nothing(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def token(x_token: Annotated[int, Header()]) -> int:
        return x_token

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text"))])
    async def post(comment: CommentIn, number: Annotated[int, Depends(token)]) -> None: ...

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert answer.status_code == 422
    assert [error["loc"] for error in answer.json()["detail"]] == [["header", "x-token"]]
    assert keyword.seen == []


def request_parts(schema: dict[str, Any]) -> str:
    for path in schema["paths"].values():
        for operation in path.values():
            del operation["responses"]
    return json.dumps(schema)


def test_openapi_requests_stay_as_they_were(shield: SpamShield) -> None:
    without = unchecked().openapi()
    app = checked(shield)
    with TestClient(app):
        schema = app.openapi()
        assert schema["paths"]["/json"]["post"]["responses"].keys() == {"200", "403", "422"}
    assert request_parts(schema) == request_parts(without)


def test_a_check_in_the_signature_leaves_openapi_alone_too(shield: SpamShield) -> None:
    def make(annotation: Any) -> FastAPI:
        app = FastAPI(lifespan=shield.lifespan)

        async def post(comment: CommentIn, verdict: Any = None) -> None: ...

        post.__annotations__["verdict"] = annotation
        app.post("/")(post)
        return app

    one = make(Annotated[SpamVerdict, Depends(spam_check("text"))])
    other = make(Annotated[None, Depends(lambda: None)])
    with TestClient(one):
        assert request_parts(one.openapi()) == request_parts(other.openapi())


def test_refusals_document_themselves(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    router = APIRouter(prefix="/v1")
    below = FastAPI()

    @router.post(
        "/items/{item_id:int}", dependencies=[Depends(spam_check("text", status_code=422))]
    )
    async def post(item_id: int, comment: CommentIn) -> None: ...

    @below.post("/", dependencies=[Depends(spam_check("text", on_error="reject"))])
    async def post_below(comment: CommentIn) -> None: ...

    @app.post("/inject", dependencies=[Depends(spam_check("text", on_spam="inject"))])
    async def inject(comment: CommentIn) -> None: ...

    @app.post("/shadow", dependencies=[Depends(spam_check("text", shadow=True))])
    async def shadow(comment: CommentIn) -> None: ...

    @app.post("/hidden", include_in_schema=False, dependencies=[Depends(spam_check("text"))])
    async def hidden(comment: CommentIn) -> None: ...

    @app.post("/own", responses={403: {"description": "No."}})
    async def own(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> None: ...

    app.include_router(router)
    app.mount("/below", below)
    before = json.dumps(below.openapi()["paths"])
    with TestClient(app) as client:
        paths = client.get("/openapi.json").json()["paths"]
        # Of two answers with one status the route's own is listed.
        responses = paths["/v1/items/{item_id}"]["post"]["responses"]
        assert responses["422"]["description"] == "Validation Error"
        assert responses["422"]["content"].keys() == {
            "application/json",
            "application/problem+json",
        }
        assert paths["/inject"]["post"]["responses"].keys() == {"200", "422"}
        assert paths["/shadow"]["post"]["responses"].keys() == {"200", "422"}
        assert "/hidden" not in paths
        assert paths["/own"]["post"]["responses"]["403"]["description"] == "No."
        responses = client.get("/below/openapi.json").json()["paths"]["/"]["post"]["responses"]
        assert responses.keys() == {"200", "403", "422", "503"}
        assert "application/problem+json" in responses["403"]["content"]
    below.openapi_schema = None
    assert json.dumps(below.openapi()["paths"]) == before, "after the shutdown it is as it was"


def test_the_application_policy_says_what_is_documented(keyword: Keyword) -> None:
    shield = SpamShield(keyword, policy=SpamPolicy(status_code=400, on_error="reject"))
    app = checked(shield)
    with TestClient(app) as client:
        paths = client.get("/openapi.json").json()["paths"]
        assert paths["/json"]["post"]["responses"].keys() == {"200", "400", "422", "503"}


def test_responses_can_be_written_by_hand() -> None:
    app = FastAPI()

    @app.post("/", responses=SPAM_RESPONSES)
    async def post(comment: CommentIn) -> None: ...

    responses = app.openapi()["paths"]["/"]["post"]["responses"]
    assert responses.keys() == {"200", "403", "422", "503"}
    assert "application/problem+json" in responses["403"]["content"]


def test_whoever_edits_the_document_edits_that_alone(shield: SpamShield) -> None:
    before = json.dumps([SPAM_RESPONSES[status] for status in (403, 503)])
    app = checked(shield)
    with TestClient(app):
        paths = app.openapi()["paths"]
        paths["/json"]["post"]["responses"]["403"]["description"] = "mine"
        schema = paths["/json"]["post"]["responses"]["403"]["content"]["application/problem+json"]
        schema["schema"]["title"] = "Mine"
        assert paths["/two"]["post"]["responses"]["403"]["description"] != "mine"
        assert app.openapi()["paths"]["/json"]["post"]["responses"]["403"]["description"] == "mine"
    assert json.dumps([SPAM_RESPONSES[status] for status in (403, 503)]) == before


def test_an_openapi_of_ones_own_is_kept(shield: SpamShield) -> None:
    app = checked(shield)

    def openapi() -> dict[str, Any]:
        return {"openapi": "3.1.0", "info": {"title": "mine", "version": "1"}}

    app.openapi = openapi  # type: ignore[method-assign]
    with TestClient(app) as client:
        assert client.get("/openapi.json").json()["info"]["title"] == "mine"
    assert app.openapi is openapi
