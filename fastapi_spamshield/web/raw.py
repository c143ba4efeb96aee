"""Reading a request without knowing how its handler will read it.

Only for endpoints that take the request itself. Everything that the handler might find is looked
at: a body is JSON, a form and plain text at once, whatever its content type says.
"""

import asyncio
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import HTTPConnection, Request
from starlette.types import Message

from ..deadline import aside
from .binding import read_head
from .content_type import ContentType, parse_content_type
from .decoding import Pairs, decode, inflate, knows, parse_json
from .leaves import PARTS, TOO_MANY
from .places import Path, follow
from .unread import too_large, unreadable

BODY_BYTES = 2_000_000
"""Of a body, and of what a compressed one holds, no more is read."""

FIELDS = 10_000
"""A form with more fields is not taken apart: that would take long."""

AT_ONCE = 50_000
"""A longer body is understood in a thread, or everybody else would wait for it."""

_FILES = 1_000
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_MORE = too_large("The body is longer than what is read of it.")
_MORE_FIELDS = too_large("The form has more fields than are read.")
_NO_FORM = unreadable("The form can't be taken apart.")
_CHARSET = unreadable("The body is in an encoding that is not known.")


class RawRequest(NamedTuple):
    """A request as several handlers could understand it.

    Attributes:
        readings: The body, understood in several ways.
        whole: All words of the body, in as few readings as cover them, and what is missing.
        query: The query parameters.
        path: The parameters of the path.
        long: Whether there is so much of it that only a thread should walk through it.
    """

    readings: list[Any]
    whole: list[Any]
    query: Pairs
    path: dict[str, Any]
    long: bool = False

    def find(self, path: Path) -> list[Any]:
        """What stands at a path, in every reading.

        Args:
            path: Names of keys.
        """
        return [
            value
            for reading in (*self.readings, self.query, self.path)
            for value in follow(reading, path)
        ]

    def everything(self, *, with_query: bool) -> list[Any]:
        """All words of the body.

        Args:
            with_query: And the values of the query.
        """
        return [*self.whole, *(value for _, value in self.query if with_query)]


async def read_raw(connection: HTTPConnection) -> RawRequest:
    """Read a request, and leave it readable.

    Args:
        connection: The request or the WebSocket; the latter has no body.

    Raises:
        RuntimeError: Something has consumed the body without keeping it.
    """
    query, path = Pairs(connection.query_params.multi_items()), connection.path_params
    if not isinstance(connection, Request):
        return RawRequest([], [], query, path)
    content_type = parse_content_type(connection.headers.get("content-type", ""))
    try:
        content, complete = await read_head(connection, BODY_BYTES)
    except RuntimeError:
        if content_type.kind not in (_URLENCODED, _MULTIPART):
            raise
        # Starlette keeps a form that it has read.
        form = Pairs((await connection.form()).multi_items())
        return RawRequest([form], [form], query, path)
    readings: list[Any] = []
    whole: list[Any] = []
    inflated, unread = inflate(content, connection.headers.get("content-encoding", ""), BODY_BYTES)
    for body in (inflated, content):
        if body:
            reading = _understood(body, content_type, connection.headers)
            understood, words = await (
                aside(asyncio.run, reading) if len(body) > AT_ONCE else reading
            )
            readings += understood
            whole += words
    if content:
        whole += [] if unread is None else [unread]
        whole += [] if complete else [_MORE]
    return RawRequest(readings, whole, query, path, max(len(inflated), len(content)) > AT_ONCE)


async def _understood(
    content: bytes, content_type: ContentType, headers: Headers
) -> tuple[list[Any], list[Any]]:
    """The readings of a body, and what covers all of its words."""
    known = content_type.charset is None or knows(content_type.charset)
    missing = [] if known else [_CHARSET]
    covering: list[Any] = []
    try:
        covering.append(_json(content))
    except ValueError:
        if content_type.kind == _MULTIPART:
            covering += await _multipart(content, headers) if known else []
            missing += [] if covering else [_NO_FORM]
        elif _is_crowded(content):
            missing.append(TOO_MANY)
    plain = decode(content, content_type.charset)
    form = _urlencoded(plain)
    if not form.complete:
        missing.append(_MORE_FIELDS)
    elif content_type.kind == _URLENCODED:
        covering.append(form.fields)
    if not covering:
        covering.append(plain)
    return [covering[0], form.fields], [*covering, *form.hidden, *missing]


def _json(content: bytes) -> Any:
    if _is_crowded(content):
        raise ValueError
    return parse_json(content)


def _is_crowded(content: bytes) -> bool:
    # All lists and objects are made before the first is looked at, and that takes long.
    return content.count(b"[") + content.count(b"{") > PARTS


class _Form(NamedTuple):
    """A text as a form, whether it is one or not.

    Attributes:
        fields: All fields, unless there are too many.
        hidden: The values that look otherwise in the text, for example `%53PAM`.
        complete: Whether the text was read to its end.
    """

    fields: Pairs
    hidden: list[str]
    complete: bool


def _urlencoded(text: str) -> _Form:
    # As `urllib.parse.parse_qsl` does it, which would not say what it has changed.
    fields = text.split("&", FIELDS) if "=" in text else [text]
    form = _Form(Pairs(), [], len(fields) <= FIELDS)
    for field in fields[:FIELDS]:
        name, _, value = field.partition("=")
        read = unquote_plus(value)
        form.fields.append((unquote_plus(name), read))
        if read != value:
            form.hidden.append(read)
    return form


async def _multipart(content: bytes, headers: Headers) -> list[Any]:
    """The fields and the rest of the words; nothing where it can't be taken apart."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    # A request of its own: files that it opens are closed here, while the handler may open its own.
    request = Request({"type": "http", "headers": headers.raw}, receive)
    limits = {"max_files": _FILES, "max_fields": FIELDS, "max_part_size": BODY_BYTES}
    try:
        async with request.form(**limits) as form:
            parts = [await _part(name, value) for name, value in form.multi_items()]
    except (MultiPartException, ValueError):  # the latter from the parser, below Starlette 1.0
        return []
    names = [part.filename for part in parts if part.filename]
    return [Pairs((part.name, part.text) for part in parts), *names, *_around(content, parts)]


class _Part(NamedTuple):
    name: str
    text: str
    data: bytes
    filename: str | None = None


async def _part(name: str, value: str | UploadFile) -> _Part:
    if isinstance(value, str):
        return _Part(name, value, value.encode())
    data = await value.read()
    return _Part(name, decode(data), data, value.filename)


def _around(content: bytes, parts: list[_Part]) -> list[str]:
    """The lines between the parts, which a handler sees that takes the body for plain text."""
    gaps: list[bytes] = []
    usual: set[str] = set()
    end = 0
    for part in parts:
        start = content.find(b"\r\n\r\n" + part.data + b"\r\n", end)
        if start < 0:  # in another encoding
            break
        gaps.append(content[end:start])
        end = start + len(b"\r\n\r\n" + part.data)
        header = f'Content-Disposition: form-data; name="{part.name}"'
        usual |= {header, f'{header}; filename="{part.filename}"'}
    lines = decode(b"\n".join([*gaps, content[end:]])).splitlines()
    return [line for line in lines if line and line not in usual]
