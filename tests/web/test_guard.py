"""The messages of a WebSocket, one by one, and how a connection ends."""

import asyncio
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
from tests.support import MAYBE, SPAM, Broken, Keyword
from tests.web.talking import Message, talk, texts


def app_with(shield: SpamShield, **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(**options))]
    ) -> None:
        await websocket.accept()
        async for message in guard.iter_text(author="ann"):
            await websocket.send_text(f"{message.verdict.label}: {message.text}")
        if not guard.closed:
            await websocket.close(1000, "bye")

    return app


async def test_every_message_gets_its_verdict(shield: SpamShield, keyword: Keyword) -> None:
    app = app_with(shield)
    async with shield.lifespan(app):
        said, closed = await talk(app, texts("hi", MAYBE, SPAM, "bye"), {"user-agent": "agent"})
    assert said == ["ham: hi", f"suspicious: {MAYBE}", f"spam: {SPAM}", "ham: bye"]
    assert closed == 1000
    first = keyword.seen[0]
    assert (first.ip, first.user_agent, first.kind) == ("203.0.113.9", "agent", "chat")
    assert first.author == "ann"


def test_over_a_test_client(shield: SpamShield) -> None:
    with (
        TestClient(app_with(shield, strikes=2)) as client,
        client.websocket_connect("/") as socket,
    ):
        for text in ("hi", SPAM):
            socket.send_text(text)
        assert socket.receive_text() == "ham: hi"
        assert socket.receive_text() == f"spam: {SPAM}"
        socket.send_text(SPAM)
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_text()
    assert (caught.value.code, caught.value.reason) == (1008, "Too many refused messages.")


@pytest.mark.parametrize(
    ("options", "messages", "said", "closed"),
    [
        pytest.param({}, texts(*[SPAM] * 9), [f"spam: {SPAM}"] * 9, 1000, id="survives"),
        pytest.param(
            {"on_spam": "reject"}, texts("a", SPAM, "b"), ["ham: a", "ham: b"], 1000, id="dropped"
        ),
        pytest.param(
            {"strikes": 2},
            texts(SPAM, "a", SPAM, "b"),
            [f"spam: {SPAM}", "ham: a"],
            1008,
            id="strikes",
        ),
        pytest.param({"strikes": 1, "on_spam": "reject"}, texts(SPAM, "a"), [], 1008, id="at once"),
        pytest.param(
            {"max_length": 3}, texts("abc", "abcd", "a"), ["ham: abc"], 1009, id="too long"
        ),
        pytest.param(
            {},
            [*texts("a"), {"type": "websocket.receive", "bytes": b"x"}, *texts("b")],
            ["ham: a"],
            1003,
            id="binary",
        ),
        pytest.param(
            {},
            [{"type": "websocket.receive", "text": None, "bytes": b"x"}],
            [],
            1003,
            id="binary too",
        ),
        pytest.param(
            {"flood": (2, 60)}, texts("a", "b", "c", "d"), ["ham: a", "ham: b"], 1013, id="too fast"
        ),
        pytest.param({"flood": (1, 1e-9)}, texts("a", "b"), ["ham: a", "ham: b"], 1000, id="slow"),
        pytest.param(
            {"shadow": True, "strikes": 1}, texts(SPAM), [f"spam: {SPAM}"], 1000, id="shadow"
        ),
        pytest.param({"threshold": 0.4}, texts(MAYBE), [f"spam: {MAYBE}"], 1000, id="threshold"),
        pytest.param(
            {"detector": Broken()}, texts("a"), ["unknown: a"], 1000, id="outage, for review"
        ),
        pytest.param(
            {"detector": Broken(), "on_error": "reject", "strikes": 1},
            texts("a", "b"),
            [],
            1000,
            id="outage, dropped, and no strike",
        ),
        pytest.param(
            {"bypass": lambda: True, "max_length": 3},
            texts("abcd"),
            [],
            1009,
            id="too long a trust",
        ),
        pytest.param(
            {"bypass": lambda: True}, texts(SPAM), [f"unknown: {SPAM}"], 1000, id="bypass"
        ),
    ],
)
async def test_as_set(
    options: Any,
    messages: list[Message],
    said: list[str],
    closed: int | None,
    shield: SpamShield,
) -> None:
    app = app_with(shield, **options)
    async with shield.lifespan(app):
        assert await talk(app, messages) == (said, closed)


async def test_a_sender_who_leaves_during_a_check_leaves_nothing_behind() -> None:
    class Slow(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.sleep(0.01)
            return await super().detect(submission)

    shield = SpamShield(Slow())
    app = FastAPI(lifespan=shield.lifespan)
    ended: list[str] = []

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard())]
    ) -> None:
        await websocket.accept()
        ended.extend([message.text async for message in guard.iter_text()])
        ended.append("left")

    async with shield.lifespan(app):
        await talk(app, texts("hi"))
    assert ended == ["hi", "left"]


async def test_a_cancelled_connection_stops_its_check(shield: SpamShield) -> None:
    checking = asyncio.Event()
    stopped: list[str] = []

    class Endless(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            checking.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.append(submission.text)
            raise AssertionError

    app = app_with(shield, detector=Endless())
    async with shield.lifespan(app):
        task = asyncio.create_task(talk(app, texts("hi")))
        await checking.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert stopped == ["hi"]


@pytest.mark.parametrize("on_spam", ["inject", "reject"])
async def test_the_last_strike_is_kept_for_the_application(
    on_spam: Any, shield: SpamShield
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    kept: list[Any] = []

    @app.websocket("/")
    async def chat(
        websocket: WebSocket,
        guard: Annotated[SpamGuard, Depends(spam_guard(strikes=1, on_spam=on_spam))],
    ) -> None:
        await websocket.accept()
        assert guard.last is None
        async for message in guard.iter_text():
            assert guard.last == message
        kept.append(guard.last)

    async with shield.lifespan(app):
        assert await talk(app, texts("hi", SPAM)) == ([], 1008)
    assert (kept[0].text, kept[0].verdict.label) == (SPAM, "spam")
    assert SPAM not in repr(kept[0])
    assert kept[0].verdict.id in repr(kept[0])


async def test_a_last_strike_of_a_sender_who_has_left(
    shield: SpamShield, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    app = FastAPI(lifespan=shield.lifespan)

    async def send(message: Message) -> None:
        raise OSError("gone")

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=1))]
    ) -> None:
        await websocket.accept()
        # As a server does once the other side is gone.
        monkeypatch.setattr(websocket, "_send", send)
        assert [message async for message in guard.iter_text()] == []
        ended.append(guard.closed)

    async with shield.lifespan(app):
        await talk(app, texts(SPAM))
    assert ended == [True]


async def test_messages_of_a_connection_that_was_not_accepted(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.websocket("/")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard())]
    ) -> None:
        async for _ in guard.iter_text():
            pass

    async with shield.lifespan(app):
        with pytest.raises(RuntimeError, match=r"Write `await websocket.accept\(\)` before"):
            await talk(app, texts("hi"))
