"""A field that an endpoint does not have is an error with the cure in it, never a silent pass."""

from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, Header, WebSocket, WebSocketDisconnect, params
from fastapi.testclient import TestClient
from pydantic import BaseModel

from fastapi_spamshield import (
    ConfigurationError,
    SpamPolicy,
    SpamShield,
    SpamVerdict,
    spam_check,
    spam_guard,
)
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str | None = None
    title: str = ""

    @property
    def summary(self) -> str:
        return f"{self.title}: {self.text}"


class Author(BaseModel):
    name: str
    title: str = "Dr"


async def comment_only(comment: CommentIn) -> None: ...


async def two_bodies(comment: CommentIn, author: Author) -> None: ...


async def page_only(page: int) -> None: ...


async def two_dicts(one: dict[str, Any], other: dict[str, Any]) -> None: ...


def clean_text(text: str) -> str:
    return text.strip()


async def made_text(text: Annotated[str, Depends(clean_text)]) -> None: ...


class Form:
    def __init__(self, text: str) -> None: ...


async def made_form(form: Annotated[Form, Depends()]) -> None: ...


def app_with(shield: SpamShield, handler: Any, field: Any, **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    app.post("/items", dependencies=[Depends(spam_check(field, **options))])(handler)
    return app


class Message(BaseModel):
    message: str
    name: str = ""


async def same_name_in_json(message: Message) -> None: ...


async def same_name_in_form(message: Annotated[Message, params.Form()]) -> None: ...


async def same_name_in_list(message: list[Message]) -> None: ...


async def same_name_below(within: Annotated[None, Depends(same_name_in_json)]) -> None: ...


SAME_NAME = r"field='message' in POST /items .* write 'message\.message' for the part alone"

SLIPS = [
    pytest.param(
        comment_only,
        "txt",
        r"field='txt': there is no such value in POST /items \(comment_only\)\. "
        r"Did you mean 'text'\? It has: 'comment', 'summary', 'text', 'title'\.",
        id="nearest",
    ),
    *(
        pytest.param(handler, "message", SAME_NAME, id=handler.__name__)
        for handler in (same_name_in_json, same_name_in_form, same_name_in_list, same_name_below)
    ),
    pytest.param(
        comment_only, "zzz", r"no such value in POST /items \(comment_only\)\. It has", id="far off"
    ),
    pytest.param(comment_only, "comment.txt", r"Did you mean 'text'\?", id="below a parameter"),
    pytest.param(comment_only, "comment.text.more", r"no such value", id="below a text"),
    pytest.param(
        two_bodies,
        "title",
        r"in several places of POST /items \(two_bodies\): write 'comment.title' or 'author.title'",
        id="ambiguous",
    ),
    pytest.param(two_dicts, "text", r"write 'one.text' or 'other.text'", id="ambiguous dicts"),
    pytest.param(page_only, "text", r"It has: 'page'\.", id="no body"),
    pytest.param(
        made_text, "text", r"made by the dependency clean_text; write field=clean_text", id="made"
    ),
    pytest.param(made_form, "form", r"write field=Form", id="made by a class"),
    pytest.param(made_form, "form.txt", r"write field=Form", id="no argument of the class"),
]


async def test_what_takes_no_text_may_stand_behind_a_check_of_the_router(
    shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("text"))])

    @app.delete("/items/{number}")
    async def delete(number: int) -> str:
        return f"{number} is gone"

    async with drive(app) as request:
        assert (await request("DELETE", "/items/3")).json() == "3 is gone"


def test_a_policy_that_does_not_go_with_the_application_s_names_the_endpoint() -> None:
    app = FastAPI(lifespan=SpamShield(policy=SpamPolicy(threshold=0.5)).lifespan)
    app.post("/items", dependencies=[Depends(spam_check("text", review_threshold=0.6))])(
        comment_only
    )
    message = (
        r"POST /items \(comment_only\), with the policy of the application: review_threshold=0\.6"
    )
    with pytest.raises(ConfigurationError, match=message), TestClient(app):
        pass


@pytest.mark.parametrize(("handler", "field", "message"), SLIPS)
def test_a_slip_is_found_at_start_up(
    handler: Any, field: str, message: str, shield: SpamShield
) -> None:
    with (
        pytest.raises(ConfigurationError, match=message),
        TestClient(app_with(shield, handler, field)),
    ):
        pass


@pytest.mark.parametrize(("handler", "field", "message"), SLIPS)
async def test_or_at_the_first_request(
    handler: Any, field: str, message: str, shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    async with drive(app) as request:
        app.post("/items", dependencies=[Depends(spam_check(field))])(handler)
        for _ in range(2):
            with pytest.raises(ConfigurationError, match=message):
                await request("POST", "/items", json={"text": SPAM}, params={"text": "", "page": 1})


def test_all_slips_are_told_at_once(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    app.post("/a", dependencies=[Depends(spam_check("txt"))])(comment_only)
    app.post("/b", dependencies=[Depends(spam_check("text", author="nam"))])(two_bodies)
    app.post("/c", dependencies=[Depends(spam_check("text"))])(comment_only)
    with pytest.raises(ConfigurationError) as caught, TestClient(app):
        pass
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert "POST /a" in lines[0]
    assert "author='nam'" in lines[1]
    assert "Did you mean 'name'?" in lines[1]


def test_a_verdict_without_depends_is_found(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(comment: CommentIn, verdict: SpamVerdict) -> None: ...

    with pytest.raises(ConfigurationError, match="without Depends"), TestClient(app):
        pass


def test_a_route_that_does_not_fit_the_application_policy(keyword: Keyword) -> None:
    shield = SpamShield(keyword, policy=SpamPolicy(threshold=0.5))
    app = app_with(shield, comment_only, "text", review_threshold=0.8)
    with (
        pytest.raises(ConfigurationError, match=r"review_threshold=0\.8 lies above"),
        TestClient(app),
    ):
        pass


def test_a_guard_is_for_websockets(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.get("/")
    async def get(guard: Annotated[Any, Depends(spam_guard())]) -> None: ...

    with pytest.raises(ConfigurationError, match="for HTTP write spam_check"), TestClient(app):
        pass


async def test_a_guard_is_for_websockets_at_the_first_request_too(
    shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    async with drive(app) as request:
        app.get("/", dependencies=[Depends(spam_guard())])(page_only)
        with pytest.raises(ConfigurationError, match="for HTTP write spam_check"):
            await request("GET", "/", params={"page": 1})


@pytest.mark.parametrize("handler", [same_name_in_json, same_name_in_form])
async def test_a_part_of_the_same_name_as_its_parameter(
    handler: Any, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    sent = {"message": "Hello", "name": "Ann"}
    how = {"json": sent} if handler is same_name_in_json else {"data": sent}
    async with drive(app_with(shield, handler, "message.message")) as request:
        assert (await request("POST", "/items", **how)).status_code == 200
    async with drive(app_with(shield, handler, "name")) as request:
        assert (await request("POST", "/items", **how)).status_code == 200
    assert keyword.texts == ["Hello", "Ann"]


async def test_an_optional_field_that_was_not_sent_is_skipped(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> SpamVerdict:
        return verdict

    async with drive(app) as request:
        for body in ({}, {"text": None}):
            verdict = SpamVerdict.model_validate((await request("POST", "/", json=body)).json())
            assert (verdict.status, verdict.score, verdict.action) == ("skipped", None, "allow")
            assert verdict.label == "unknown"
            assert verdict.reason == "The field was not sent."
    assert keyword.seen == []


async def test_a_property_of_a_model_is_a_field(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async with drive(app_with(shield, comment_only, "summary")) as request:
        await request("POST", "/items", json={"text": "x", "title": "t"})
    assert keyword.texts == ["t: x"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_what_takes_nothing_takes_no_text(
    method: str, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("text"))])

    @app.api_route("/logout", methods=[method])
    async def logout(x_token: Annotated[str, Header()] = "") -> str:
        return "bye"

    async with drive(app) as request:
        assert (await request(method, "/logout", params={"text": SPAM})).json() == "bye"
    assert keyword.seen == []


async def test_a_check_on_everything_skips_what_takes_no_text(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    seen: list[SpamVerdict] = []
    check = spam_check("text")

    async def note(verdict: Annotated[SpamVerdict, Depends(check)]) -> None:
        seen.append(verdict)

    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(check), Depends(note)])

    @app.get("/items/{number}")
    async def read(number: int, limit: int = 10) -> None: ...

    app.post("/items")(comment_only)
    async with drive(app) as request:
        assert (await request("GET", "/items/7")).status_code == 200
        assert (await request("POST", "/items", json={"text": SPAM})).status_code == 403
    assert [(verdict.status, verdict.reason) for verdict in seen] == [
        ("skipped", "The endpoint takes no text.")
    ]


def test_a_search_by_another_name_is_still_a_slip(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.get("/", dependencies=[Depends(spam_check("query"))])
    async def search(q: str | None = None, x_token: Annotated[str, Header()] = "") -> None: ...

    with pytest.raises(ConfigurationError, match="GET / \\(search\\)"), TestClient(app):
        pass


async def test_on_a_websocket_the_query_can_be_checked(
    shield: SpamShield, keyword: Keyword
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/ws", dependencies=[Depends(spam_check("name"))])
    async def chat(websocket: WebSocket, name: str) -> None:
        await websocket.accept()
        await websocket.send_text(f"hello {name}")
        await websocket.close()

    @app.websocket("/plain")
    async def plain(
        websocket: WebSocket, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> None:
        await websocket.accept()
        await websocket.send_text(verdict.status)
        await websocket.close()

    with TestClient(app) as client:
        with client.websocket_connect("/ws?name=Ann") as socket:
            assert socket.receive_text() == "hello Ann"
        with (
            pytest.raises(WebSocketDisconnect) as caught,
            client.websocket_connect(f"/ws?name={SPAM}"),
        ):
            pass
        assert caught.value.code == 1008
        assert caught.value.reason.startswith("This could not be accepted.")
        with client.websocket_connect("/plain") as socket:
            assert socket.receive_text() == "skipped"
