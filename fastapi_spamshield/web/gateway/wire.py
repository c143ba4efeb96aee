"""ASGI: a request's body under a byte limit, and an answer."""

from starlette.types import Receive, Scope, Send

from ...dialects.base import Answer, Call
from ...errors import DetectorError


class ClientGone(Exception):
    """Whoever asked does not wait for an answer any more."""


def call_of(scope: Scope, path: str, request_id: str) -> Call:
    """A request without its body.

    Args:
        scope: Of the request.
        path: As the vendor has it, below its host.
        request_id: The server's own; one that a client sends is dropped.
    """
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    headers["x-request-id"] = request_id
    query = scope["query_string"].decode("latin-1")
    return Call(f"{path}?{query}" if query else path, b"", headers, scope["method"])


def host_of(scope: Scope) -> str:
    """Where a request comes from; empty where the server does not say, as on a Unix socket.

    Args:
        scope: Of the request.
    """
    return (scope.get("client") or ("",))[0]


async def body_of(call: Call, receive: Receive, limit: int) -> bytes:
    """The body of a request, of which never more than the limit is held.

    Args:
        call: Its head.
        receive: Where it comes from.
        limit: Bytes.

    Raises:
        DetectorError: `payload_too_large`: it is longer, or says that it will be.
        ClientGone: It broke off.
    """
    announced = call.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise DetectorError("payload_too_large")
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > limit:
            raise DetectorError("payload_too_large")
        more = message.get("more_body", False)
    return bytes(body)


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer.

    Args:
        answer: To a request.
        send: Where it goes to.
    """
    headers = {
        **answer.headers,
        "content-length": str(len(answer.body)),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    lines = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})
    await send({"type": "http.response.body", "body": answer.body})
