"""Messages to a WebSocket, and what is said to them."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI

Message = MutableMapping[str, Any]


async def talk(
    app: FastAPI, messages: list[Message], headers: dict[str, str] | None = None
) -> tuple[list[str], int | None]:
    """What the application says to some messages, after which the other side is gone."""
    incoming = iter(
        [{"type": "websocket.connect"}, *messages, {"type": "websocket.disconnect", "code": 1001}]
    )
    said: list[str] = []
    closed: list[int] = []

    async def receive() -> Message:
        await asyncio.sleep(0)
        return next(incoming)

    async def send(message: Message) -> None:
        if message["type"] == "websocket.send":
            said.append(message["text"])
        if message["type"] == "websocket.close":
            closed.append(message["code"])

    before = asyncio.all_tasks()
    await app(
        {
            "type": "websocket",
            "path": "/",
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
            "client": ("203.0.113.9", 4711),
            "state": {},
        },
        receive,
        send,
    )
    assert asyncio.all_tasks() == before, "no task is left behind"
    return said, closed[0] if closed else None


def texts(*sent: str) -> list[Message]:
    return [{"type": "websocket.receive", "text": text} for text in sent]
