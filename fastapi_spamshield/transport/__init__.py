"""The way to a service and back: one client for all, nothing but HTTPS, a bounded answer.

Nothing outside of this package knows an HTTP library.
"""

import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from ..dialects.base import Answer, Call
from ..errors import ConfigurationError, DetectorError, ErrorCode

MAX_ANSWER_BYTES = 256 * 1024
"""An answer that is longer, before or after decompression, is none."""

MAX_REDIRECTS = 3
MAX_URLS = 100


class HttpResponse(Protocol):
    """What of an `httpx.Response` is used."""

    @property
    def status_code(self) -> int: ...  # noqa: D102
    @property
    def headers(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def is_stream_consumed(self) -> bool: ...  # noqa: D102
    async def aread(self) -> bytes: ...  # noqa: D102
    def aiter_raw(self) -> AsyncIterator[bytes]: ...  # noqa: D102
    async def aclose(self) -> None: ...  # noqa: D102


class HttpClient(Protocol):
    """What of an `httpx.AsyncClient` is used; `httpx2.AsyncClient` has the same shape."""

    def build_request(  # noqa: D102
        self, method: str, url: Any, *, content: bytes, headers: Any, timeout: float | None
    ) -> Any: ...

    async def send(  # noqa: D102
        self, request: Any, *, stream: bool, follow_redirects: bool
    ) -> HttpResponse: ...

    async def aclose(self) -> None: ...  # noqa: D102


MakeClient = Callable[[], HttpClient]
"""What makes a client for each event loop that a shield is opened in."""


class Transport:
    """Carries calls over one client.

    The client is made by `start` and closed by `close`; one that was given stays open.

    Args:
        client: To use instead of an own one, or what makes the own one.
        trust_env: Whether the own client asks the environment for proxies and certificates, as
            `HTTPS_PROXY` and `SSL_CERT_FILE`.
    """

    def __init__(
        self,
        client: HttpClient | MakeClient | None = None,
        *,
        trust_env: bool = False,
    ) -> None:
        self._make = client if callable(client) else None
        self._given = None if callable(client) else client
        self._made: HttpClient | None = None
        self._trust_env = trust_env
        self._urls: dict[str, Any] = {}

    def start(self) -> None:
        """Make the client, unless there is one: it takes a moment, so not in the first check."""
        if self.client is not None:
            return
        if self._make is not None:
            self._made = self._make()
        else:
            # Here, since whoever uses the embedded engine alone need not wait for its import.
            from .client import make_client  # noqa: PLC0415

            self._made = make_client(trust_env=self._trust_env)

    @property
    def client(self) -> HttpClient | None:
        """The client, the same from `start` to `close`."""
        return self._given or self._made

    async def close(self) -> None:
        """Close the client, if it is an own one."""
        made, self._made = self._made, None
        self._urls.clear()
        if made is not None:
            await made.aclose()

    async def send(self, base_url: str, call: Call, *, redirects: bool = False) -> Answer:
        """Send a call and read the answer to its end. It takes as long as it takes.

        Args:
            base_url: From `require_base_url`.
            call: What to send.
            redirects: Whether to follow 307 and 308, within the same host only.

        Raises:
            DetectorError: `connection`: no connection, or it broke; `protocol`: the answer is too
                long, wrongly compressed, or a redirection; `bad_request`: it can't be sent.
        """
        url = base_url + call.path
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._exchange(url, call)
            if not 300 <= answer.status < 400:  # noqa: PLR2004 - RFC 9110, 15.4
                return answer
            location = answer.headers.get("location")
            if location is None or not redirects or answer.status not in (307, 308):
                break
            target = urljoin(url, location)
            if urlsplit(target)[:2] != urlsplit(url)[:2]:
                break
            url = target
        raise DetectorError("protocol", "the service redirects")

    async def _exchange(self, url: str, call: Call) -> Answer:
        client = self.client
        if client is None:
            raise DetectorError("connection", "the transport is not started, or closed")
        try:
            # The deadline of the whole check bounds every phase; a timer for each would cost more.
            request = client.build_request(
                call.method,
                self._urls.get(url, url),
                content=call.body,
                headers={"accept-encoding": "identity", **call.headers},
                timeout=None,
            )
            if url not in self._urls and len(self._urls) < MAX_URLS:
                self._urls[url] = request.url  # Parsing it takes longer than all else about it.
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
            return Answer(response.status_code, body, _lowered(response.headers))
        except DetectorError:
            raise
        except Exception as error:  # noqa: BLE001 - each library has its own tree of errors
            code, kind = _code_of(error), type(error).__name__
        # Not in the handler: the library's error holds the request and so the key.
        raise DetectorError(code, kind)


def require_base_url(url: str) -> str:
    """A base URL without a slash at its end, if keys and texts may be sent there.

    Args:
        url: `https://...`, or `http://` and a loopback address.

    Raises:
        ConfigurationError: It is anything else; it is not quoted, as there may be a key in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError("base_url is not a URL") from None
    if not host or not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
        raise ConfigurationError("base_url is not a URL: write https://host/path")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError(
            "base_url: write only https://host/path, since the rest would end in the logs; a key "
            "belongs into api_key"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise ConfigurationError(
            "base_url: write https://; plain http:// is taken for loopback addresses only"
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _read(response: HttpResponse) -> bytes:
    if response.is_stream_consumed:  # A mock's answer was never on the wire.
        return await response.aread()
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise DetectorError("protocol", "the answer is too long")
        chunks.append(chunk)
    body = b"".join(chunks)
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    return body if encoding in ("identity", "") else _decompress(body, encoding)


def _decompress(body: bytes, encoding: str) -> bytes:
    # Asked for or not, some servers compress; no more is unpacked than an answer may have.
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise DetectorError("protocol", "the answer is compressed in an unknown way")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever it is
    try:
        plain = unpacking.decompress(body, MAX_ANSWER_BYTES + 1)
    except zlib.error:
        raise DetectorError("protocol", "the answer is wrongly compressed") from None
    if len(plain) > MAX_ANSWER_BYTES or not unpacking.eof:
        raise DetectorError("protocol", "the answer is too long, or cut off")
    return plain


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


_OURS = frozenset({"LocalProtocolError", "UnsupportedProtocol", "InvalidURL", "UnicodeEncodeError"})
_NETWORK = frozenset({"TransportError", "OSError", "ClientConnectionError", "ClientPayloadError"})


def _code_of(error: Exception) -> ErrorCode:
    # By name: httpx, httpx2 and others of their shape have equal names and no common base. A
    # library's own timeout is a broken connection, as the deadline is not its own.
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & _OURS:
        return "bad_request"
    return "connection" if names & _NETWORK else "protocol"
