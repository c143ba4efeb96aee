"""From a route to an endpoint, and what is done where a version of FastAPI does not tell."""

from types import SimpleNamespace
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Form, Request, UploadFile
from fastapi.dependencies import utils
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, Field

from fastapi_spamshield import ConfigurationError, SpamShield, SpamVerdict, spam_check
from fastapi_spamshield.web.binding import iter_endpoints
from tests.support import SPAM, Drive, Keyword


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
    from fastapi_spamshield.web.binding import body, endpoint, route

    theirs = {name: getattr(utils, name) for name in dir(utils)}
    for module in (body, endpoint, route):
        monkeypatch.setattr(module, "utils", SimpleNamespace(**{**theirs, **others}))
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
