"""The beginning of a body, for whoever does not want to read it whole."""

from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message


async def read_head(request: Request, limit: int) -> tuple[bytes, bool]:
    """The beginning of a body, which stays there for the handler to read, whole, as it comes.

    Args:
        request: Nobody need have read it.
        limit: So many bytes are returned at most; little more is received.

    Returns:
        The bytes, and whether they are all.

    Raises:
        ClientDisconnect: The sender went away.
        RuntimeError: Something has consumed the body without keeping it.
    """
    if _is_kept(request):
        content = await request.body()
        return content[:limit], len(content) <= limit
    chunks: list[bytes] = []
    length, more = 0, True
    receive = request.receive
    while more and length <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        length += len(chunks[-1])
        more = message.get("more_body", False)
    content = b"".join(chunks)
    again: list[Message] = [{"type": "http.request", "body": content, "more_body": more}]

    async def replay() -> Message:
        return again.pop() if again else await receive()

    inside: Any = request
    inside._receive = replay  # noqa: SLF001 - Starlette has no other way to put something back
    return content[:limit], not more and length <= limit


def _is_kept(request: Request) -> bool:
    kind = type(request)
    return (
        hasattr(request, "_body")
        # It has been consumed, and says so.
        or getattr(request, "_stream_consumed", True)
        # Another Starlette, or a request of the user's own: it knows what its body is.
        or not hasattr(request, "_receive")
        or kind.body is not Request.body
        or kind.stream is not Request.stream
    )
