"""Reading a request without knowing how its handler will read it.

Only for endpoints that take the request itself. Everything that the handler might find is looked
at: a body is JSON, a form and plain text at once, whatever its content type says.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.types import Message

from .decoding import decode, inflated, parse_json
from .places import Path, follow
from .text import read_upload

Fields = dict[str, list[str]]
"""Names with all of their values."""

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


class RawRequest(NamedTuple):
    """A request as several handlers could understand it.

    Attributes:
        readings: The body, understood in several ways.
        whole: All words of the body, in as few readings as cover them.
        query: The query parameters.
    """

    readings: list[Any]
    whole: list[Any]
    query: Mapping[str, list[str]]

    def find(self, path: Path) -> list[Any]:
        """What stands at a path, in every reading.

        Args:
            path: Names of keys.
        """
        return self._in_body(path) + list(follow(self.query, path))

    def find_or_all(self, path: Path) -> list[Any]:
        """What stands at a path; where the body has nothing there, the whole body too.

        Args:
            path: Names of keys.
        """
        found = self.find(path)
        if not self._in_body(path):
            found += self.whole
        return found or list(self.query.values())

    def everything(self) -> list[Any]:
        """All words of the body and of the query."""
        return self.whole + list(self.query.values())

    def _in_body(self, path: Path) -> list[Any]:
        return [value for reading in self.readings for value in follow(reading, path)]


async def read_raw(connection: HTTPConnection) -> RawRequest:
    """Read a request, and leave it readable.

    Args:
        connection: The request or the WebSocket; the latter has no body.

    Raises:
        RuntimeError: Something has consumed the body without keeping it.
    """
    query = _grouped(connection.query_params.multi_items())
    if not isinstance(connection, Request):
        return RawRequest([], [], query)
    try:
        content = await connection.body()
    except RuntimeError:
        if not _is_form(connection):
            raise
        # Starlette keeps a form that it has read.
        form = _grouped(await _texts(await connection.form()))
        return RawRequest([form], [form], query)
    readings: list[Any] = []
    whole: list[Any] = []
    for body in (content, inflated(content, connection.headers.get("content-encoding", ""))):
        if body:
            understood, words = await _understood(connection, body)
            readings += understood
            whole += words
    return RawRequest(readings, whole, query)


async def _understood(request: Request, content: bytes) -> tuple[list[Any], list[Any]]:
    kind = request.headers.get("content-type", "").lower()
    plain = decode(content, _charset(kind))
    form = _grouped(parse_qsl(plain, keep_blank_values=True))
    try:
        document = parse_json(content)
    except ValueError:
        if kind.startswith(_MULTIPART):
            parts = await _multipart(request, content)
            return [parts, form], [parts, plain]
        return [form], [form if _is_form(request) else plain]
    return [document, form], [document]


def _is_form(request: Request) -> bool:
    content_type = request.headers.get("content-type", "").lower()
    return content_type.startswith((_URLENCODED, _MULTIPART))


def _charset(content_type: str) -> str | None:
    return content_type.partition("charset=")[2].partition(";")[0].strip(" \"'") or None


async def _multipart(request: Request, content: bytes) -> Fields:
    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    # A request of its own: files that it opens are closed here, while the handler may open its own.
    try:
        async with Request(request.scope, receive).form() as form:
            return _grouped(await _texts(form))
    except (HTTPException, ValueError):  # the latter from the parser, below Starlette 1.0
        return {}  # the handler can't read it as a form either


async def _texts(form: FormData) -> list[tuple[str, str]]:
    return [
        (name, await read_upload(value) if isinstance(value, UploadFile) else value)
        for name, value in form.multi_items()
    ]


def _grouped(items: list[tuple[str, str]]) -> Fields:
    grouped: Fields = {}
    for name, value in items:
        grouped.setdefault(name, []).append(value)
    return grouped
