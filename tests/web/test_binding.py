"""What is done where a version of FastAPI does not tell what it would take."""

import gc
import weakref
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, File, Form, Request, UploadFile
from fastapi.dependencies import utils
from fastapi.routing import APIRoute
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field, model_validator

from fastapi_spamshield import ConfigurationError, SpamShield, SpamVerdict, spam_check
from fastapi_spamshield.web.binding import iter_applications, iter_endpoints
from tests.support import SPAM, Drive, Keyword, drive_with_httpx


class CommentIn(BaseModel):
    text: str


async def post(
    comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
) -> list[Any]:
    return [comment.text, verdict.status]


class Aliased(BaseModel):
    text: str = Field(validation_alias="content")


async def post_aliased(
    comment: Aliased, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
) -> str:
    return comment.text


async def post_silent(
    comment: CommentIn,
    verdict: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="silent"))],
) -> None: ...


async def post_form(
    text: Annotated[str, Form()],
    file: UploadFile,
    verdict: Annotated[SpamVerdict, Depends(spam_check("text"))],
) -> str:
    return (await file.read()).decode()


@pytest.fixture
def app(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    app.post("/json")(post)
    app.post("/aliased")(post_aliased)
    app.post("/silent")(post_silent)
    app.post("/form")(post_form)
    return app


async def of_another_shape(*, request: Any, dependant: Any) -> Any:
    raise AssertionError


@pytest.mark.parametrize(
    "others",
    [
        {"request_body_to_args": of_another_shape},
        {"request_params_to_args": None},
        {"solve_dependencies": of_another_shape},
    ],
)
async def test_functions_of_another_shape_are_not_called(
    others: dict[str, Any],
    app: FastAPI,
    keyword: Keyword,
    drive: Drive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fastapi_spamshield.web import binding

    theirs = {name: getattr(utils, name) for name in dir(utils)}
    monkeypatch.setattr(binding, "utils", SimpleNamespace(**{**theirs, **others}))
    async with drive(app) as request:
        assert (await request("POST", "/json", json={"text": "ham"})).json() == ["ham", "checked"]
        assert (await request("POST", "/json", json={"text": SPAM})).status_code == 403
        answer = await request("POST", "/silent", json={"text": SPAM})
        assert (answer.status_code, answer.json()) == (200, None)
        files = {"file": ("a.txt", b"content")}
        answer = await request("POST", "/form", data={"text": "ham"}, files=files)
        assert answer.json() == "content"
        answer = await request("POST", "/form", data={"text": SPAM}, files=files)
        assert answer.status_code == 403


async def test_without_a_route_the_raw_request_is_read(
    app: FastAPI, keyword: Keyword, drive: Drive
) -> None:
    class Hide:
        """Takes the route out of the scope, as a server of another kind could."""

        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app(Without(scope), receive, send)

    class Without(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            return default if key in ("route", "fastapi") else super().get(key, default)

    app.add_middleware(Hide)
    async with drive(app) as request:
        assert (await request("POST", "/json", json={"text": SPAM})).status_code == 403
        assert (await request("POST", "/json", json={"text": "ham"})).json() == ["ham", "checked"]
        # By which name the handler gets it is not known.
        decoy = {"content": SPAM, "text": "ham"}
        assert (await request("POST", "/aliased", json=decoy)).status_code == 403
    assert keyword.texts == [f"{SPAM}\ntext", "ham\ntext", f"ham\ncontent\n{SPAM}\ntext"]


def test_security_of_fastapi_does_not_make_an_endpoint_a_raw_one(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text"))])
    async def post(
        page: int, token: Annotated[str, Depends(OAuth2PasswordBearer("token"))]
    ) -> None: ...

    (endpoint,) = iter_endpoints(app.routes)
    assert not endpoint.takes_request
    assert not endpoint.reads_body
    with pytest.raises(ConfigurationError, match="there is no such value"):
        spam_check("text").verify(endpoint)


def test_endpoints_tell_what_they_are(app: FastAPI) -> None:
    @app.websocket("/ws/{room}")
    async def chat(room: str, request: Request = None) -> None: ...  # type: ignore[assignment]

    names = [endpoint.name for endpoint in iter_endpoints(app.routes)]
    assert names == [
        "POST /json (post)",
        "POST /aliased (post_aliased)",
        "POST /silent (post_silent)",
        "POST /form (post_form)",
        "WebSocket /ws/{room} (chat)",
    ]


def test_applications_are_found_through_mounts() -> None:
    app, below, deeper = FastAPI(), FastAPI(), FastAPI()
    below.mount("/deeper", deeper)
    app.mount("/below", below)
    app.mount("/other", lambda scope, receive, send: None)  # type: ignore[arg-type, return-value]
    assert list(iter_applications(app)) == [app, below, deeper]


class Legacy(BaseModel):
    """Changes what it is given, as validators for old clients do."""

    text: str = ""

    @model_validator(mode="before")
    @classmethod
    def rename(cls, data: dict[str, Any]) -> dict[str, Any]:
        data["text"] = data.pop("content")
        return data


async def test_a_validator_that_changes_its_input_changes_nothing_for_the_endpoint(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/one", dependencies=[Depends(spam_check("text")), Depends(spam_check("comment"))])
    async def one(comment: Legacy) -> str:
        return comment.text

    @app.post("/two", dependencies=[Depends(spam_check("comment.text"))])
    async def two(comment: Legacy, page: Annotated[int, Body()]) -> str:
        return comment.text

    async with drive(app) as request:
        assert (await request("POST", "/one", json={"content": "ham"})).json() == "ham"
        two_parts = {"comment": {"content": "ham"}, "page": 1}
        assert (await request("POST", "/two", json=two_parts)).json() == "ham"
        assert (await request("POST", "/one", json={"content": SPAM})).status_code == 403
    assert keyword.texts[:3] == ["ham", "ham", "ham"]


async def test_a_dependency_s_validator_comes_before_the_endpoint_s(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Censored(BaseModel):
        text: str

        @model_validator(mode="before")
        @classmethod
        def censor(cls, data: dict[str, Any]) -> dict[str, Any]:
            data["text"] = data["text"].replace("#", "")
            return data

    async def censored(comment: Censored) -> None: ...

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(censored)])
    async def post(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))],
    ) -> list[Any]:
        return [comment.text, verdict.is_spam]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": "S#P#A#M"})
    assert answer.json() == [SPAM, True]


async def test_a_request_that_parses_json_in_its_own_way(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Own(Request):
        async def json(self) -> Any:
            if not hasattr(self, "_own"):
                self._own = {"content": (await self.body()).decode()[1:]}
            return self._own

    class Route(APIRoute):
        def get_route_handler(self) -> Any:
            handler = super().get_route_handler()

            async def own(request: Request) -> Any:
                return await handler(Own(request.scope, request.receive))

            return own

    app = FastAPI(lifespan=shield.lifespan)
    app.router.route_class = Route

    @app.post("/", dependencies=[Depends(spam_check("text"))])
    async def post(comment: Legacy) -> str:
        return comment.text

    headers = {"content-type": "application/json"}
    async with drive(app) as request:
        assert (await request("POST", "/", content="!ham", headers=headers)).json() == "ham"
        spam = await request("POST", "/", content=f"!{SPAM}", headers=headers)
        assert spam.status_code == 403
    assert keyword.texts == ["ham", SPAM]


async def test_an_upload_is_at_its_beginning_for_the_check_and_for_the_endpoint(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def read_to_the_end(notes: UploadFile) -> None:
        await notes.read()

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("notes", on_spam="inject")

    @app.post("/", dependencies=[Depends(read_to_the_end), Depends(check)])
    async def post(notes: Annotated[bytes, File()]) -> bytes:
        return notes

    async with drive(app) as request:
        answer = await request("POST", "/", files={"notes": ("a.txt", SPAM.encode())})
    assert [answer.json()] == keyword.texts == [SPAM]


async def test_an_upload_that_somebody_has_read_from_the_form(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def read_to_the_end(request: Request) -> None:
        notes = (await request.form())["notes"]
        assert not isinstance(notes, str)
        await notes.read()

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("notes", on_spam="inject")

    @app.post("/", dependencies=[Depends(read_to_the_end), Depends(check)])
    async def post(notes: Annotated[bytes, File()]) -> bytes:
        return notes

    async with drive(app) as request:
        answer = await request("POST", "/", files={"notes": ("a.txt", SPAM.encode())})
    assert [answer.json()] == keyword.texts == [SPAM]


async def test_an_endpoint_is_looked_at_once(
    app: FastAPI, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi_spamshield.web import binding, reading

    looked_at: list[Any] = []

    def find_endpoint(connection: Any) -> Any:
        looked_at.append(connection.url.path)
        return original(connection)

    original = binding.find_endpoint
    monkeypatch.setattr(reading, "find_endpoint", find_endpoint)
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


def test_each_dependency_is_met_once() -> None:
    async def page(number: int) -> int:
        return number

    async def other(number: Annotated[int, Depends(page)]) -> int:
        return number

    app = FastAPI()

    @app.get("/", dependencies=[Depends(page)])
    async def get(
        one: Annotated[int, Depends(other)], two: Annotated[int, Depends(page)]
    ) -> None: ...

    (endpoint,) = iter_endpoints(app.routes[-1:])
    assert endpoint.dependencies == (page, other)
    assert [parameter.name for parameter in endpoint.parameters] == ["number"]
