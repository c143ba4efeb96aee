"""A chat in which spam is not passed on, and three times spam ends the connection.

The name is judged before anybody hears it: with a spam name nobody gets in.

Run it from the folder above, then join from two terminals:

    uvicorn examples.chat:app --reload
    python -m websockets "ws://127.0.0.1:8000/chat?name=ada"
"""

from contextlib import suppress
from typing import Annotated

from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from fastapi_spamshield import SpamGuard, SpamShield, SpamVerdict, spam_check, spam_guard

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)

# One process knows only its own guests; several need a channel between them, such as Redis.
guests: set[WebSocket] = set()

Name = Annotated[str, Query(min_length=1, max_length=40)]
NameVerdict = Annotated[SpamVerdict, Depends(spam_check("name", author="name", kind="name"))]
Guard = Annotated[SpamGuard, Depends(spam_guard(strikes=3, flood=(10, 5), max_length=1_000))]


async def tell_everyone(line: str) -> None:
    for guest in list(guests):
        if guest.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):  # Just left; its own `chat` cleans up.
                await guest.send_text(line)


@app.websocket("/chat")
async def chat(websocket: WebSocket, name: Name, name_verdict: NameVerdict, guard: Guard) -> None:
    # No moderator looks at names: a doubtful one is not told.
    called = name if name_verdict.action == "allow" else "somebody"
    await websocket.accept()
    guests.add(websocket)
    try:
        await tell_everyone(f"* {called} is here.")
        async for message in guard.iter_text(author=name):
            match message.verdict.action:
                case "allow":
                    await tell_everyone(f"{called}: {message.text}")
                case "review":
                    await websocket.send_text("* Not sent: a moderator looks at it first.")
                case "reject":
                    await websocket.send_text("* Not sent: this could not be accepted.")
    finally:
        guests.discard(websocket)
        await tell_everyone(f"* {called} has left.")
