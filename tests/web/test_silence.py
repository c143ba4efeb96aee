"""`on_spam="silent"`: nothing in the answer tells spam from ham."""

import enum
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import (
    Depends,
    FastAPI,
    Path,
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
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    computed_field,
    field_serializer,
)
from starlette.exceptions import HTTPException as StarletteHTTPException

from fastapi_spamshield import (
    ConfigurationError,
    SpamPolicy,
    SpamShield,
    spam_check,
)
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str


class Created(BaseModel):
    id: int | None = None
    text: str
    likes: int = 0


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    share: float
    at: datetime


class Thing(BaseModel):
    uid: UUID
    title: str
    colour: Colour
    kind: Literal["new", "old"]
    done: bool
    note: str | None
    inner: Inner
    day: date
    rest: dict[str, int]
    anything: Any
    tags: list[str] = Field(default_factory=lambda: ["a"])


def app_with(shield: SpamShield, check: Any, **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(check)], **options)
    async def post(comment: CommentIn) -> Any: ...

    return app


SILENT = [Depends(spam_check("text", on_spam="silent"))]


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


async def test_what_was_not_sent_is_of_its_type(shield: SpamShield, drive: Drive) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/thing", dependencies=SILENT, response_model=Thing)
    async def thing(comment: CommentIn) -> None: ...

    @app.post("/list", dependencies=SILENT, response_model=list[Thing])
    async def listed(comment: CommentIn) -> None: ...

    @app.post("/dict", dependencies=SILENT)
    async def free(comment: CommentIn) -> dict[str, int]:
        return {}

    async with drive(app) as request:
        answer = await request("POST", "/thing", json={"text": SPAM})
        made = Thing.model_validate(answer.json())
        assert (made.colour, made.kind, made.done) == (Colour.RED, "new", False)
        assert (made.note, made.tags, made.inner.share) == ("", ["a"], 0.0)
        assert (made.title, made.rest, made.anything) == ("", {}, None)
        assert (await request("POST", "/list", json={"text": SPAM})).json() == []
        assert (await request("POST", "/dict", json={"text": SPAM})).json() == {}


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


Endpoint = Callable[..., Any]


async def answers(
    endpoint: Endpoint, shield: SpamShield, drive: Drive, *, path: str = "/", **options: Any
) -> tuple[Any, Any]:
    """What somebody is answered who sends ham, and one who sends spam."""
    check = spam_check("text", on_spam="silent", silent_response=options.pop("silent", None))
    app = FastAPI(lifespan=shield.lifespan)
    app.post(path, dependencies=[Depends(check)], **options)(endpoint)
    async with drive(app) as request:
        sent = path.format(slug="a", id="b")
        return (
            await request("POST", sent, json={"text": "ham"}, follow_redirects=False),
            await request("POST", sent, json={"text": SPAM}, follow_redirects=False),
        )


class Article(BaseModel):
    text: str
    title: str = "x"
    identity: int


async def test_a_value_of_another_type_is_not_taken(shield: SpamShield, drive: Drive) -> None:
    async def post(
        slug: str, identity: Annotated[str, Path(alias="id")], comment: CommentIn
    ) -> Article:
        return Article(text=comment.text, identity=1)

    ham, spam = await answers(post, shield, drive, path="/{slug}/{id}")
    assert spam.status_code == ham.status_code == 200
    assert (spam.json()["text"], spam.json()["title"]) == (SPAM, "x")
    Article.model_validate(spam.json(), strict=True)


class Limited(BaseModel):
    text: Annotated[str, Field(max_length=2)]
    made: Annotated[str, Field(min_length=3)]


async def test_what_cannot_be_made_up_to_the_letter_is_no_error(
    shield: SpamShield, drive: Drive
) -> None:
    async def post(comment: CommentIn) -> Limited:
        return Limited(text=comment.text[:2], made="here")

    _, spam = await answers(post, shield, drive)
    assert (spam.status_code, spam.json()) == (200, {"text": "", "made": ""})


class Author(BaseModel):
    name: str


class Rich(BaseModel):
    id: int = Field(default=4, serialization_alias="_id")
    text: str = Field(alias="content")
    author: Author
    score: float = Field(default=0.5, exclude=True)
    note: str | None = None

    @computed_field
    def length(self) -> int:
        return len(self.text)

    @field_serializer("author")
    def name_of(self, author: Author) -> str:
        return f"by {author.name}"


async def test_it_is_written_as_the_model_is_written(shield: SpamShield, drive: Drive) -> None:
    async def post(comment: CommentIn) -> Rich:
        return Rich(content=comment.text, author=Author(name=""))

    ham, spam = await answers(post, shield, drive, response_model_exclude_none=True)
    assert ham.json() == {"_id": 4, "content": "ham", "author": "by ", "length": 3}
    assert spam.json() == {**ham.json(), "content": SPAM, "length": len(SPAM)}

    ham, spam = await answers(post, shield, drive, response_model_by_alias=False)
    assert list(spam.json()) == list(ham.json())
    assert spam.json()["id"] == 4

    ham, spam = await answers(post, shield, drive, response_model_include={"text"})
    assert (ham.json(), spam.json()) == ({"content": "ham"}, {"content": SPAM})

    ham, spam = await answers(post, shield, drive, response_model_exclude={"id", "author"})
    assert list(spam.json()) == list(ham.json()) == ["content", "note", "length"]

    ham, spam = await answers(post, shield, drive, response_model_exclude_defaults=True)
    assert list(spam.json()) == list(ham.json()) == ["content", "author", "length"]

    ham, spam = await answers(post, shield, drive, response_model_exclude_unset=True)
    assert list(spam.json()) == list(ham.json()) == ["content", "author", "length"]


async def test_what_json_cannot_hold_is_no_error(shield: SpamShield, drive: Drive) -> None:
    class Measured(BaseModel):
        text: str
        ratio: float = float("nan")

    async def post(comment: CommentIn) -> Measured:
        return Measured(text=comment.text, ratio=1)

    _, spam = await answers(post, shield, drive)
    assert spam.json() == {"text": SPAM, "ratio": None}


class Opaque:
    """No type that pydantic knows."""


class Linked(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    text: str
    link: AnyUrl
    mark: Opaque = Field(default=Opaque(), exclude=True)


async def test_what_is_of_no_known_type_is_null(shield: SpamShield, drive: Drive) -> None:
    async def post(comment: CommentIn, mark: str = "") -> Linked:
        return Linked(text=comment.text, link=AnyUrl("https://example.org"))

    _, spam = await answers(post, shield, drive)
    assert spam.json() == {"text": SPAM, "link": None}


class Tags(RootModel[list[str]]): ...


@dataclass
class Sent:
    text: str
    author: dict[str, str]


async def test_other_models(shield: SpamShield, drive: Drive) -> None:
    async def tags(comment: CommentIn) -> Tags:
        return Tags([])

    class Answer(BaseModel):
        text: str
        author: Author

    async def from_a_mapping(sent: dict[str, Any]) -> Answer:
        raise AssertionError

    class Told(BaseModel):
        name: str
        secret: str = "x"

    class Letter(BaseModel):
        text: str
        author: Told

    async def from_a_model(letter: Letter) -> Answer:
        raise AssertionError

    async def from_a_dataclass(sent: Sent) -> Annotated[Answer, "note"]:
        raise AssertionError

    ham, spam = await answers(tags, shield, drive)
    assert (ham.json(), spam.json()) == ([], [])

    app = FastAPI(lifespan=shield.lifespan)
    app.post("/dataclass", dependencies=SILENT)(from_a_dataclass)
    app.post("/mapping", dependencies=SILENT)(from_a_mapping)
    app.post("/model", dependencies=SILENT)(from_a_model)
    sent = {"text": SPAM, "author": {"name": "Eve"}}
    async with drive(app) as request:
        for path in ("/dataclass", "/mapping", "/model"):
            assert (await request("POST", path, json=sent)).json() == sent


class Failing(BaseModel):
    text: str

    @field_serializer("text")
    def write(self, text: str) -> str:
        if text == SPAM:
            raise LookupError(text)
        return text


async def test_code_that_fails_for_spam_alone_does_not_give_it_away(
    shield: SpamShield, drive: Drive, caplog: pytest.LogCaptureFixture
) -> None:
    async def post(comment: CommentIn) -> Failing:
        return Failing(text=comment.text)

    ham, spam = await answers(post, shield, drive)
    assert (ham.status_code, spam.status_code, spam.json()) == (200, 200, None)
    assert "no answer could be made up, write silent_response=" in caplog.text
    assert SPAM not in caplog.text


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
