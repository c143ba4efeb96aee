"""`on_spam="silent"`: nothing in the answer tells spam from ham."""

from collections.abc import AsyncIterable, Callable
from typing import Any

import pytest
from fastapi import (
    Depends,
    FastAPI,
    Request,
    Response,
    WebSocket,
    WebSocketDisconnect,
)
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    StreamingResponse,
)
from fastapi.testclient import TestClient
from pydantic import (
    BaseModel,
)
from starlette.exceptions import HTTPException as StarletteHTTPException

from fastapi_spamshield import (
    ConfigurationError,
    SpamPolicy,
    SpamShield,
    spam_check,
)
from tests.support import SPAM, Drive, Keyword
from tests.web.silent import SILENT, CommentIn, Endpoint, Sent, answers


class Created(BaseModel):
    id: int | None = None
    text: str
    likes: int = 0


def app_with(shield: SpamShield, check: Any, **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(check)], **options)
    async def post(comment: CommentIn) -> Any: ...

    return app


async def test_it_looks_like_success(shield: SpamShield, drive: Drive, keyword: Keyword) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    handled: list[str] = []

    @app.post("/", status_code=201, dependencies=SILENT)
    async def post(comment: CommentIn) -> Created:
        handled.append(comment.text)
        return Created(id=1, text=comment.text)

    async with drive(app) as request:
        ham = await request("POST", "/", json={"text": "ham"})
        spam = await request("POST", "/", json={"text": SPAM})
    assert handled == ["ham"]
    assert (spam.status_code, spam.headers["content-type"]) == (
        201,
        ham.headers["content-type"],
    )
    assert spam.json() == {"id": None, "text": SPAM, "likes": 0}
    assert ham.json() == {"id": 1, "text": "ham", "likes": 0}


async def test_or_as_one_says(shield: SpamShield, drive: Drive) -> None:
    check = spam_check("text", on_spam="silent", silent_response={"id": 7})
    async with drive(app_with(shield, check)) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, answer.json()) == (200, {"id": 7})


async def test_without_a_response_model(shield: SpamShield, drive: Drive) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=SILENT)
    async def post(comment: CommentIn) -> None: ...

    @app.post(
        "/empty",
        status_code=204,
        dependencies=SILENT,
    )
    async def empty(comment: CommentIn) -> None: ...

    async with drive(app) as request:
        for path in ("/", "/empty"):
            ham = await request("POST", path, json={"text": "ham"})
            spam = await request("POST", path, json={"text": SPAM})
            assert (spam.status_code, spam.content) == (ham.status_code, ham.content)
            assert spam.headers == ham.headers


async def test_an_own_handler_of_errors_does_not_give_it_away(
    shield: SpamShield, drive: Drive
) -> None:
    def on_http(request: Request, error: StarletteHTTPException) -> JSONResponse:
        return JSONResponse({"oh": error.detail}, 400)

    app = app_with(shield, spam_check("text", on_spam="silent", silent_response="ok"))
    app.add_exception_handler(StarletteHTTPException, on_http)  # type: ignore[arg-type]
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, answer.json()) == (200, "ok")


class Problem(JSONResponse):
    media_type = "application/vnd.own+json"


async def test_a_json_class_of_ones_own_is_used(shield: SpamShield, drive: Drive) -> None:
    async def post(comment: CommentIn) -> Created:
        return Created(text=comment.text)

    ham, spam = await answers(post, shield, drive, response_class=Problem)
    assert ham.headers["content-type"] == spam.headers["content-type"] == Problem.media_type

    ham, spam = await answers(post, shield, drive, status_code=201, silent={"id": 7})
    assert (spam.status_code, spam.json()) == (ham.status_code, {"id": 7})

    async def returns_one(comment: CommentIn) -> JSONResponse:
        return JSONResponse({"ok": True})

    ham, spam = await answers(returns_one, shield, drive, silent={"ok": True})
    assert (ham.content, ham.headers) == (spam.content, spam.headers)


async def html(comment: CommentIn) -> Any:
    return "<p>Thanks"


async def elsewhere(comment: CommentIn) -> Any:
    return "/thanks"


async def own_html(comment: CommentIn) -> HTMLResponse:
    return HTMLResponse("<p>Thanks")


async def own_json(comment: CommentIn) -> JSONResponse:
    return JSONResponse({})


async def either(comment: CommentIn) -> RedirectResponse | dict[str, str]:
    return RedirectResponse("/thanks", 303)


async def streamed(comment: CommentIn) -> StreamingResponse:
    return StreamingResponse(iter(["Thanks"]))


async def dataclass_answer(comment: CommentIn) -> Sent:
    return Sent("", {})


@pytest.mark.parametrize(
    ("endpoint", "options", "made"),
    [
        (html, {"response_class": HTMLResponse}, lambda: HTMLResponse("<p>Thanks")),
        (
            elsewhere,
            {"response_class": RedirectResponse, "status_code": 303},
            lambda: RedirectResponse("/thanks", 303),
        ),
        (own_html, {}, lambda: HTMLResponse("<p>Thanks")),
        (either, {"response_model": None}, lambda: RedirectResponse("/thanks", 303)),
        (streamed, {}, lambda: StreamingResponse(iter(["Thanks"]))),
    ],
    ids=["html", "redirect", "own html", "own redirect", "stream"],
)
async def test_a_function_makes_what_is_no_json(
    endpoint: Endpoint,
    options: dict[str, Any],
    made: Callable[[], Response],
    shield: SpamShield,
    drive: Drive,
) -> None:
    ham, spam = await answers(endpoint, shield, drive, silent=made, **options)
    assert (spam.status_code, spam.content) == (ham.status_code, ham.content)
    assert spam.headers == ham.headers


@pytest.mark.parametrize(
    ("endpoint", "options", "silent", "message"),
    [
        (html, {"response_class": HTMLResponse}, None, "answers with HTMLResponse"),
        (html, {"response_class": HTMLResponse}, "Thanks", "answers with HTMLResponse"),
        (html, {"response_class": PlainTextResponse}, None, "answers with PlainTextResponse"),
        (html, {"status_code": 303}, None, r"answers with a redirect \(303\)"),
        (html, {"status_code": 307}, {"ok": True}, r"answers with a redirect \(307\)"),
        (own_html, {}, None, "returns a HTMLResponse of its own"),
        (own_html, {}, "Thanks", "returns a HTMLResponse of its own"),
        (own_json, {}, None, "returns a JSONResponse of its own"),
        (either, {"response_model": None}, None, "returns a RedirectResponse of its own"),
        (dataclass_answer, {}, None, "answers with <class '.*Sent'>"),
    ],
)
def test_what_cannot_be_made_up_is_told_at_the_start(
    endpoint: Endpoint, options: dict[str, Any], silent: Any, message: str, keyword: Keyword
) -> None:
    """Whether the check or the application says that it shall be silent."""
    for policy, on_spam in ((SpamPolicy(), "silent"), (SpamPolicy(on_spam="silent"), None)):
        shield = SpamShield(keyword, policy=policy)
        check: Any = spam_check("text", on_spam=on_spam, silent_response=silent)  # type: ignore[arg-type]
        app = FastAPI(lifespan=shield.lifespan)
        app.post("/", dependencies=[Depends(check)], **options)(endpoint)
        told = rf"POST / \({endpoint.__name__}\) {message}.*\n?.*silent_response=lambda: Redirect"
        with pytest.raises(ConfigurationError, match=told), TestClient(app):
            pass


def test_a_stream_of_json_cannot_be_made_up(shield: SpamShield) -> None:
    pytest.importorskip("fastapi.sse", reason="came with streams of JSON")
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=SILENT)
    async def post(comment: CommentIn) -> AsyncIterable[int]:
        yield 1

    with pytest.raises(ConfigurationError, match="answers with a stream"), TestClient(app):
        pass


@pytest.mark.parametrize(
    ("endpoint", "options"),
    [
        (html, {"status_code": 304, "response_model": None}),
        (dataclass_answer, {"response_model": None}),
        (html, {}),
    ],
)
def test_what_can_be_made_up_starts(
    endpoint: Endpoint, options: dict[str, Any], shield: SpamShield
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    app.post("/", dependencies=SILENT, **options)(endpoint)
    with TestClient(app):
        pass


def test_a_websocket_is_closed_as_ever(keyword: Keyword) -> None:
    shield = SpamShield(keyword, policy=SpamPolicy(on_spam="silent"))
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/", dependencies=[Depends(spam_check("text"))])
    async def chat(websocket: WebSocket, text: str) -> RedirectResponse:
        raise AssertionError

    with TestClient(app) as client, pytest.raises(WebSocketDisconnect) as closed:
        client.websocket_connect(f"/?text={SPAM}").__enter__()
    assert closed.value.code == 1008


async def test_a_route_that_came_later_says_it_at_the_request(
    shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    async with drive(app) as request:
        app.post("/", dependencies=SILENT, response_class=HTMLResponse)(html)
        with pytest.raises(ConfigurationError, match="answers with HTMLResponse"):
            await request("POST", "/", json={"text": SPAM})


async def test_a_function_that_makes_no_response(shield: SpamShield, drive: Drive) -> None:
    check = spam_check("text", on_spam="silent", silent_response=lambda: "thanks")
    async with drive(app_with(shield, check)) as request:
        with pytest.raises(ConfigurationError, match="returned a str; return a Response"):
            await request("POST", "/", json={"text": SPAM})


async def test_an_endpoint_that_is_an_object(shield: SpamShield, drive: Drive) -> None:
    class Page:
        def __call__(self, comment: CommentIn) -> dict[str, str]:
            return {}

    ham, spam = await answers(Page(), shield, drive)
    assert (ham.json(), spam.json()) == ({}, {})


def test_equal_functions_make_equal_checks() -> None:
    def thanks() -> Response:
        raise AssertionError

    one, other = (spam_check("text", on_spam="silent", silent_response=thanks) for _ in range(2))
    assert (one, hash(one)) == (other, hash(other))
    assert one != spam_check("text", on_spam="silent", silent_response=Response)
