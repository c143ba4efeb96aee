"""A service that fails: an ASGI application of which some answers go wrong, for tests and demos.

What no ASGI application can do needs a server on bare sockets: refuse a connection, reset it, send
bytes that are not HTTP, or send the head of an answer byte by byte.
"""

import asyncio
import random
import re
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from typing import NamedTuple, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ConfigurationError, DetectorError, ErrorCode, nearest

FAILURE = "fastapi_spamshield.failure"
"""In a scope: the `DetectorError` that the gateway answers in the vendor's style."""

Pick = Callable[[], "Fault | None"]
"""Called for each request: what is to go wrong with it."""

_WRITTEN = re.compile(r"(?P<name>[a-z_]+)(=(?P<value>[0-9.]+))?(:(?P<share>[0-9.]+))?")
_TICK = 0.05


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        name: One of `FAULTS`, or an `ErrorCode`, which the gateway answers as the vendor would:
            `rate_limited`, `quota`, `auth`, `unavailable`, ...
        value: Seconds of `slow_headers`, of `slow_body` for each byte, and of an error's
            `Retry-After`; megabytes of `gzip_bomb`; the number of `status`.
        share: Of the requests that it hits, 0..1.

    Raises:
        ConfigurationError: There is no such fault, or the share is no share.
    """

    name: str
    value: float | None = None
    share: float = 1.0

    def __post_init__(self) -> None:
        known = [*FAULTS, *get_args(ErrorCode)]
        if self.name not in known:
            close = nearest(self.name, known)
            hint = f" Did you mean {close!r}?" if close else ""
            raise ConfigurationError(f"There is no fault {self.name!r}.{hint} {', '.join(known)}")
        if not 0 <= self.share <= 1:
            raise ConfigurationError(f"{self.name}: the share {self.share} is not within 0 and 1.")

    @classmethod
    def parse(cls, written: str) -> "Fault":
        """A fault as a command line has it: `name`, `name:share`, `name=value:share`.

        Args:
            written: Such as `hang:0.1` or `rate_limited=30:0.2`.

        Raises:
            ConfigurationError: It is something else.
        """
        found = _WRITTEN.fullmatch(written)
        try:
            if found is None:
                raise ValueError  # noqa: TRY301 - a number may be none either
            value = None if found["value"] is None else float(found["value"])
            share = 1.0 if found["share"] is None else float(found["share"])
        except ValueError:
            raise ConfigurationError(
                f"{written!r} is no fault: write name, name:share or name=value:share, such as "
                "hang:0.1 or rate_limited=30:0.2"
            ) from None
        return cls(found["name"], value, share)


def by_share(faults: Iterable[Fault], *, seed: int | None = None) -> Pick:
    """Hit a share of the requests, at random.

    Args:
        faults: With their shares, which together are at most 1.
        seed: For the same choices again.

    Raises:
        ConfigurationError: The shares are more than 1.
    """
    faults = tuple(faults)
    shares = [fault.share for fault in faults]
    if sum(shares) > 1 + 1e-9:
        raise ConfigurationError(f"The shares of the faults are {sum(shares):g}, more than 1.")
    chance = random.Random(seed)  # noqa: S311 - no secret
    choices: Sequence[Fault | None] = (*faults, None)
    weights = (*shares, max(1 - sum(shares), 0.0))
    return lambda: chance.choices(choices, weights)[0]


def in_turn(faults: Iterable[Fault | None]) -> Pick:
    """Hit the requests one after another, and from the start again.

    Args:
        faults: One for each request; `None`: nothing goes wrong.
    """
    turns = cycle(faults)
    return lambda: next(turns)


class Faulty:
    """An application of which some answers go wrong.

    Args:
        app: The application, such as one made by `create_gateway`.
        pick: What goes wrong with which request: `by_share(...)` or `in_turn(...)`.
    """

    def __init__(self, app: ASGIApp, pick: Pick) -> None:
        self._app = app
        self._pick = pick

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or fail to."""
        fault = self._pick() if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.name in FAULTS:
            await FAULTS[fault.name](_Exchange(self._app, scope, receive, send, fault.value))
        else:
            failure = DetectorError(_code(fault.name), retry_after=fault.value)
            await self._app({**scope, FAILURE: failure}, receive, send)


def _code(name: str) -> ErrorCode:
    codes: Mapping[str, ErrorCode] = {code: code for code in get_args(ErrorCode)}
    return codes[name]


class _Exchange(NamedTuple):
    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    value: float | None

    def or_else(self, default: float) -> float:
        return default if self.value is None else self.value

    async def answer(self, send: Send) -> None:
        await self.app(self.scope, self.receive, send)

    async def say(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        lines = [(name.encode(), text.encode()) for name, text in headers.items()]
        if status != 204:  # noqa: PLR2004 - it has no body, and may not say so
            lines.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": lines})
        await self.send({"type": "http.response.body", "body": body})


_Do = Callable[[_Exchange], Awaitable[None]]


class _Broken(Exception):
    pass


async def _hang(exchange: _Exchange) -> None:
    while (await exchange.receive())["type"] != "http.disconnect":
        pass


async def _slow_headers(exchange: _Exchange) -> None:
    await asyncio.sleep(exchange.or_else(1.0))
    await exchange.answer(exchange.send)


async def _slow_body(exchange: _Exchange) -> None:
    async def slowly(message: Message) -> None:
        body: bytes = message.get("body", b"")
        for byte in body:
            await asyncio.sleep(exchange.or_else(_TICK))
            await exchange.send({**message, "body": bytes([byte]), "more_body": True})
        await exchange.send({**message, "body": b""} if body else message)

    await exchange.answer(slowly)


async def _cut(exchange: _Exchange) -> None:
    async def half(message: Message) -> None:
        body: bytes = message.get("body", b"")
        if not body:
            await exchange.send(message)
            return
        await exchange.send({**message, "body": body[: len(body) // 2], "more_body": True})
        raise _Broken

    # A server closes the connection of an application that returns before it has finished.
    with suppress(_Broken):
        await exchange.answer(half)


def _changed(change: Callable[[bytes], bytes], **headers: str) -> _Do:
    new = {name.replace("_", "-").encode(): text.encode() for name, text in headers.items()}

    async def fault(exchange: _Exchange) -> None:
        start: Message = {}

        async def changing(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body = change(message.get("body", b""))
            length = {b"content-length": str(len(body)).encode()}
            headers = {**dict(start["headers"]), **new, **length}
            await exchange.send({**start, "headers": list(headers.items())})
            await exchange.send({**message, "body": body})

        await exchange.answer(changing)

    return fault


def _truncated(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _nan(body: bytes) -> bytes:
    return re.sub(rb"(?<=:)-?[0-9][0-9.eE+-]*", b"NaN", body)


def _as_it_is(body: bytes) -> bytes:
    return body


def _says(status: int, headers: Mapping[str, str], body: bytes) -> _Do:
    async def fault(exchange: _Exchange) -> None:
        await exchange.say(status, headers, body)

    return fault


async def _status(exchange: _Exchange) -> None:
    await exchange.say(int(exchange.or_else(500)), {"content-type": "text/plain"}, b"")


async def _gzip_bomb(exchange: _Exchange) -> None:
    packing = zlib.compressobj(wbits=31)
    megabytes = int(exchange.or_else(100))
    body = b"".join(packing.compress(b" " * 1_000_000) for _ in range(megabytes))
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    await exchange.say(200, headers, body + packing.flush())


_PAGE = b"<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>"

FAULTS: Mapping[str, _Do] = {
    "hang": _hang,
    "slow_headers": _slow_headers,
    "slow_body": _slow_body,
    "status": _status,
    "truncated": _changed(_truncated),
    "cut": _cut,
    "html": _says(200, {"content-type": "text/html"}, _PAGE),
    "empty": _says(200, {"content-type": "application/json"}, b""),
    "no_content": _says(204, {}, b""),
    "redirect": _says(301, {"location": "https://localhost/"}, b""),
    "gzip_bomb": _gzip_bomb,
    "nan": _changed(_nan),
    "wrong_type": _changed(_as_it_is, content_type="application/octet-stream"),
}
"""What can go wrong, besides the errors that a vendor has words for."""
