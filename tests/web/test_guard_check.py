"""`guard.check`: messages of a format of one's own, and the last strike."""

import asyncio
import contextlib
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from fastapi.testclient import TestClient

from fastapi_spamshield import (
    Detection,
    SpamGuard,
    SpamShield,
    Submission,
    spam_guard,
)
from tests.support import SPAM, Keyword
from tests.web.talking import talk, texts


async def test_check_is_for_messages_of_ones_own_format(
    shield: SpamShield, keyword: Keyword
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=2))]
    ) -> None:
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                message = await websocket.receive_json()
                verdict = await guard.check(message["said"], author=message["by"], kind="joke")
                await websocket.send_json([verdict.label, guard.struck])

    with TestClient(app) as client, client.websocket_connect("/") as socket:
        socket.send_json({"said": SPAM, "by": "ann"})
        assert socket.receive_json() == ["spam", 1]
        socket.send_json({"said": SPAM, "by": "bob"})
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
    assert caught.value.code == 1008
    assert [(seen.author, seen.kind) for seen in keyword.seen] == [("ann", "joke"), ("bob", "joke")]


def json_chat(shield: SpamShield, ended: list[WebSocketDisconnect], **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(**options))]
    ) -> None:
        await websocket.accept()
        try:
            while True:
                verdict = await guard.check((await websocket.receive_json())["said"])
                await websocket.send_json(verdict.label)
        except WebSocketDisconnect as error:
            ended.append(error)
            assert guard.closed
        with pytest.raises(WebSocketDisconnect) as again:
            await guard.check("one more")
        ended.append(again.value)

    return app


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        ({"max_length": 4}, 1009, "The message is too long."),
        ({"flood": (1, 60)}, 1013, "Too many messages at a time."),
    ],
)
def test_check_has_the_limits_too(
    options: Any, code: int, reason: str, shield: SpamShield, keyword: Keyword
) -> None:
    ended: list[WebSocketDisconnect] = []
    with (
        TestClient(json_chat(shield, ended, **options)) as client,
        client.websocket_connect("/") as socket,
    ):
        socket.send_json({"said": "four"})
        assert socket.receive_json() == "ham"
        socket.send_json({"said": "fives"})
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
    assert [(error.code, error.reason) for error in (*ended, caught.value)] == [(code, reason)] * 3
    assert keyword.texts == ["four"], "what is over the limit costs nothing"


async def test_a_last_strike_within_the_loop_ends_the_loop(shield: SpamShield) -> None:
    """A handler that judges more than the message, such as a name in it."""
    app = FastAPI(lifespan=shield.lifespan)
    heard: list[str] = []

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=1))]
    ) -> None:
        await websocket.accept()
        async for message in guard.iter_text():
            heard.append(message.text)
            with contextlib.suppress(WebSocketDisconnect):
                await guard.check(SPAM)

    async with shield.lifespan(app):
        assert await talk(app, texts("hi", "again")) == ([], 1008)
    assert heard == ["hi"]


async def test_a_last_strike_on_a_connection_that_the_handler_closed(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    ended: list[bool] = []

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=1))]
    ) -> None:
        await websocket.accept()
        await websocket.close(4000)
        with pytest.raises(WebSocketDisconnect):
            await guard.check(SPAM)
        ended.append(guard.closed)

    async with shield.lifespan(app):
        assert await talk(app, []) == ([], 4000)
    assert ended == [True]


async def test_two_last_strikes_at_once_close_once() -> None:
    class Slow(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.sleep(0)
            return await super().detect(submission)

    slow = Slow()
    shield = SpamShield(slow)
    app = FastAPI(lifespan=shield.lifespan)
    outcomes: list[object] = []

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=1))]
    ) -> None:
        await websocket.accept()
        checks = (guard.check(SPAM), guard.check(SPAM), guard.check("too late"))
        outcomes.extend(await asyncio.gather(*checks, return_exceptions=True))
        with pytest.raises(WebSocketDisconnect):
            await guard.check("much too late")

    async with shield.lifespan(app):
        assert await talk(app, []) == ([], 1008)
    assert [type(outcome) for outcome in outcomes] == [WebSocketDisconnect] * 3
    assert slow.texts == [SPAM, SPAM, "too late"], "a closed connection costs nothing"
