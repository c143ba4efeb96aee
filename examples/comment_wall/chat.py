"""The chat box: a room in which everyone hears what the guard lets through."""

from collections import deque
from contextlib import suppress
from itertools import count
from typing import Literal, TypedDict

from fastapi import WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState


class Line(TypedDict):
    """What a browser is sent: a `message` of somebody's, or a `notice` to one guest alone."""

    kind: Literal["message", "notice"]
    name: str
    text: str


class Room:
    """Who is in the chat. It lives in one process; several would share a Redis channel."""

    def __init__(self, remembered: int = 20) -> None:
        self._guests: dict[WebSocket, str] = {}
        self._numbers = count(1)
        self._said: deque[Line] = deque(maxlen=remembered)

    async def enter(self, websocket: WebSocket) -> str:
        """Accept a connection, tell it what was said, and give it a name."""
        await websocket.accept()
        name = f"Guest {next(self._numbers)}"
        for line in self._said:
            await websocket.send_json(line)
        self._guests[websocket] = name
        return name

    def leave(self, websocket: WebSocket) -> None:
        del self._guests[websocket]

    async def say(self, name: str, text: str) -> None:
        """Send a message to everyone."""
        line: Line = {"kind": "message", "name": name, "text": text}
        self._said.append(line)
        for guest in list(self._guests):
            await _send(guest, line)

    async def whisper(self, websocket: WebSocket, text: str) -> None:
        """Send a notice to one guest."""
        await _send(websocket, {"kind": "notice", "name": "", "text": text})


async def _send(websocket: WebSocket, line: Line) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect):  # Left a moment ago; that guest's own route cleans up.
            await websocket.send_json(line)
