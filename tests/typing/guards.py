"""`spam_guard` in a WebSocket endpoint; only type-checked."""

from typing import Annotated, assert_type

from fastapi import Depends, FastAPI, WebSocket

from fastapi_spamshield import GuardedMessage, SpamGuard, SpamVerdict, spam_guard

app = FastAPI()

gentle = spam_guard(
    threshold=0.9,
    review_threshold=0.5,
    strictness="low",
    on_spam="reject",
    strikes=3,
    max_length=500,
    flood=(5, 10.0),
    kind="chat",
    on_error="allow",
    shadow=False,
)


@app.websocket("/chat")
async def chat(websocket: WebSocket, guard: Annotated[SpamGuard, Depends(gentle)]) -> None:
    await websocket.accept()
    async for message in guard.iter_text(author="Ann"):
        assert_type(message, GuardedMessage)
        assert_type(guard.last, GuardedMessage | None)
        assert_type(message.text, str)
        assert_type(message.verdict, SpamVerdict)
        text, verdict = message
        assert_type(text, str)
        assert_type(verdict, SpamVerdict)


@app.websocket("/json")
async def chat_in_json(
    websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard())]
) -> None:
    await websocket.accept()
    assert_type(await guard.check("x", author="Ann", extra={"room": 7}), SpamVerdict)
    await guard.check("x", autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    guard.iter_text(autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    assert_type(guard.struck, int)
    assert_type(guard.closed, bool)


spam_guard(on_spam="silent")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_guard(flood=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_guard(strike=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
