"""Who is trusted is for the application's own authentication to say."""

from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, HTTPException, Request, Security, WebSocket
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer, SecurityScopes
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.middleware.sessions import SessionMiddleware

from fastapi_spamshield import SpamGuard, SpamShield, SpamVerdict, spam_check, spam_guard
from tests.support import SPAM, Drive, Keyword

oauth2 = OAuth2PasswordBearer("token", auto_error=False)
api_key = APIKeyHeader(name="x-key", auto_error=False)


class CommentIn(BaseModel):
    text: str


class Calls(list[str]):
    """Who was asked for."""


def app_with(shield: SpamShield, bypass: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check("text", bypass=bypass))],
    ) -> list[Any]:
        return [verdict.status, verdict.score, verdict.action, verdict.reason]

    return app


BYPASSED = ["bypassed", None, "allow", "The sender is trusted."]


async def test_oauth2(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    async def current_user(token: Annotated[str | None, Depends(oauth2)]) -> str | None:
        return "ann" if token == "right" else None

    async with drive(app_with(shield, current_user)) as request:
        sent = {"json": {"text": SPAM}}
        answer = await request("POST", "/", **sent, headers={"authorization": "Bearer right"})
        assert answer.json() == BYPASSED
        assert keyword.seen == []
        for headers in (
            {},
            {"authorization": "Bearer wrong"},
            {"authorization": "right"},
            {"x-user": "ann"},
            {"x-spamshield-bypass": "1"},
        ):
            answer = await request("POST", "/", **sent, headers=headers, params={"bypassed": "1"})
            assert answer.status_code == 403
    assert len(keyword.seen) == 5


async def test_an_api_key_and_a_plain_def(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    def is_partner(key: Annotated[str | None, Depends(api_key)]) -> bool:
        return key == "secret"

    async with drive(app_with(shield, is_partner)) as request:
        for key, status_code in (("secret", 200), ("guess", 403)):
            answer = await request("POST", "/", json={"text": SPAM}, headers={"x-key": key})
            assert answer.status_code == status_code


async def test_a_session(shield: SpamShield, drive: Drive) -> None:
    async def signed_in(request: Request) -> bool:
        return bool(request.session.get("user"))

    app = app_with(shield, signed_in)
    app.add_middleware(SessionMiddleware, secret_key="test")

    @app.post("/sign-in")
    async def sign_in(request: Request) -> None:
        request.session["user"] = "ann"

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).status_code == 403
        await request("POST", "/sign-in")
        assert (await request("POST", "/", json={"text": SPAM})).json() == BYPASSED


async def test_security_with_scopes(shield: SpamShield, drive: Drive) -> None:
    async def user(scopes: SecurityScopes) -> list[str]:
        return scopes.scopes

    async with drive(app_with(shield, Security(user, scopes=["moderate"]))) as request:
        assert (await request("POST", "/", json={"text": SPAM})).json() == BYPASSED
    async with drive(app_with(shield, Security(user))) as request:
        assert (await request("POST", "/", json={"text": SPAM})).status_code == 403


async def test_the_applications_dependency_runs_once(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    calls: list[str] = []

    async def user() -> str:
        calls.append("user")
        return "ann"

    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(user)])

    @app.post(
        "/",
        dependencies=[
            Depends(spam_check("text", bypass=user)),
            Depends(spam_check("text", bypass=user, threshold=0.9)),
        ],
    )
    async def post(comment: CommentIn, who: Annotated[str, Depends(user)]) -> str:
        return who

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).json() == "ann"
    assert calls == ["user"]
    assert keyword.seen == []


async def test_one_that_raises_bypasses_nothing(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def user() -> None:
        raise HTTPException(401, "Who are you?")

    async with drive(app_with(shield, user)) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Who are you?"})


async def test_a_check_with_a_bypass_does_not_speak_for_one_without(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def trusted() -> bool:
        return True

    async def stranger() -> bool:
        return False

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn,
        plain: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))],
        one: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject", bypass=trusted))],
        other: Annotated[
            SpamVerdict, Depends(spam_check("text", on_spam="inject", bypass=stranger))
        ],
    ) -> list[str]:
        return [plain.status, one.status, other.status]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert answer.json() == ["checked", "bypassed", "checked"]


async def test_an_invalid_request_of_a_trusted_sender(shield: SpamShield, drive: Drive) -> None:
    async with drive(app_with(shield, lambda: True)) as request:
        assert (await request("POST", "/", json={})).status_code == 422


def test_on_a_websocket(shield: SpamShield, keyword: Keyword) -> None:
    async def trusted(key: str = "") -> bool:
        return key == "secret"

    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(bypass=trusted))]
    ) -> None:
        await websocket.accept()
        async for message in guard.iter_text():
            await websocket.send_text(message.verdict.status)

    with TestClient(app) as client:
        for query, status in (("", "checked"), ("?key=secret", "bypassed")):
            with client.websocket_connect(f"/{query}") as socket:
                socket.send_text(SPAM)
                assert socket.receive_text() == status


@pytest.mark.parametrize("bypass", [3, "user", Depends()])
def test_what_is_no_dependency(bypass: Any) -> None:
    with pytest.raises(ValueError, match="write a dependency, such as bypass=get_current_user"):
        spam_check("text", bypass=bypass)
