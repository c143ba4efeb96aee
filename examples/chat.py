"""A chat in which spam is not passed on, and three times spam ends the connection.

Run it from the folder above, then join from two terminals:

    uvicorn examples.chat:app --reload
    python -m websockets "ws://127.0.0.1:8000/chat?name=ada"
"""

from contextlib import suppress
from typing import Annotated

from fastapi import Depends, FastAPI, Query, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from fastapi_spamshield import SpamGuard, SpamShield, spam_guard

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)

# One process knows only its own guests; several need a channel between them, such as Redis.
guests: set[WebSocket] = set()

Name = Annotated[str, Query(min_length=1, max_length=40)]
Guard = Annotated[SpamGuard, Depends(spam_guard(strikes=3, flood=(10, 5), max_length=1_000))]


async def tell_everyone(line: str) -> None:
    for guest in list(guests):
        if guest.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect):  # Just left; its own `chat` cleans up.
                await guest.send_text(line)


@app.websocket("/chat")
async def chat(websocket: WebSocket, name: Name, guard: Guard) -> None:
    await websocket.accept()
    guests.add(websocket)
    try:
        await tell_everyone(f"* {name} is here.")
        async for message in guard.iter_text(author=name):
            match message.verdict.action:
                case "allow":
                    await tell_everyone(f"{name}: {message.text}")
                case "review":
                    await websocket.send_text("* Not sent: a moderator looks at it first.")
                case "reject":
                    await websocket.send_text("* Not sent: this could not be accepted.")
    finally:
        guests.discard(websocket)
        await tell_everyone(f"* {name} has left.")
