"""From a request to a `Submission`: which of the endpoint's values are the text, the author, ..."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import params
from starlette.requests import HTTPConnection

from ..errors import ConfigurationError
from ..models import Submission
from .address import Network, client_address
from .binding import Endpoint, Values
from .dependency import parse_dependency
from .places import Path, parse_paths
from .raw import RawRequest
from .targets import Target, has_text, locate
from .text import text_of

Places = str | tuple[str, ...] | list[str]
"""One path into what the endpoint receives, or several."""

TextSource = Places | Callable[..., Any] | params.Depends
"""Where the text is: paths, or a dependency that returns it."""

Find = Callable[[str], list[Any]]
"""Option to the values at its places."""

Targets = Mapping[str, list[Target]]

_OPTIONS = ("author", "email", "subject", "url", "honeypot", "elapsed")


class Plan(NamedTuple):
    """Where an endpoint has what an intake looks for.

    Attributes:
        targets: Option to values; `None`: the request must be read without help.
        has_text: Whether the sender can write anything there.
        by_name: Whether the handler itself reads the request, by the names that were given.
    """

    targets: Targets | None
    has_text: bool = True
    by_name: bool = True


@dataclass(frozen=True, kw_only=True)
class Intake:
    """The places of a submission's parts. Equal intakes read the same.

    Attributes:
        field: Paths to the text; empty where `source` makes it.
        source: A dependency that returns the text.
        kind: What sort of text it is.
    """

    field: tuple[Path, ...]
    source: params.Depends | None = None
    author: tuple[Path, ...] = ()
    email: tuple[Path, ...] = ()
    subject: tuple[Path, ...] = ()
    url: tuple[Path, ...] = ()
    honeypot: tuple[Path, ...] = ()
    elapsed: tuple[Path, ...] = ()
    kind: str = "comment"

    @classmethod
    def parse(cls, field: TextSource, kind: str, **places: Places | None) -> "Intake":
        """An intake from the options as a developer writes them.

        Args:
            field: Where the text is.
            kind: What sort of text it is.
            places: Option to path or paths.

        Raises:
            ConfigurationError: Something is not a path.
        """
        parsed: dict[str, Any] = {
            option: parse_paths(option, place)
            for option, place in places.items()
            if place is not None
        }
        if isinstance(field, params.Depends) or callable(field):
            source = parse_dependency("field", field, "get_text")
            return cls(field=(), source=source, kind=kind, **parsed)
        return cls(field=parse_paths("field", field), kind=kind, **parsed)

    def plan(self, endpoint: Endpoint | None) -> Plan:
        """Find the places in an endpoint.

        Args:
            endpoint: `None` where it is not known.

        Raises:
            ConfigurationError: A place is not there; the message has the nearest one.
        """
        if endpoint is None:
            # What the handler gets may go by another name on the wire.
            return Plan(None, by_name=False)
        if self._must_read_raw(endpoint):
            return Plan(None)
        try:
            targets = {
                option: [
                    target
                    for path in getattr(self, option)
                    for target in locate(endpoint, option, path)
                ]
                for option in ("field", *_OPTIONS)
            }
        except ConfigurationError:
            if has_text(endpoint):
                raise
            return Plan({}, has_text=False)
        return Plan(targets)

    def _must_read_raw(self, endpoint: Endpoint) -> bool:
        names = {parameter.name for parameter in endpoint.parameters}
        return (
            endpoint.reads_request
            and not any(parameter.kind == "body" for parameter in endpoint.parameters)
            and any(path[0] not in names for path in self.field)
        )

    def in_values(self, targets: Targets, values: list[Values]) -> Find:
        """How to find things in what the endpoint receives.

        Args:
            targets: From the plan.
            values: What `Endpoint.read` returned.
        """
        return lambda option: [value for target in targets[option] for value in target.find(values)]

    def in_request(self, raw: RawRequest, *, by_name: bool) -> Find:
        """How to find things in a request that nobody has read yet.

        Args:
            raw: The request.
            by_name: Whether a text that stands under its name is all of it.
        """

        def find(option: str) -> list[Any]:
            if option == "field" and not by_name:
                return raw.everything()
            look = raw.find_or_all if option == "field" else raw.find
            return [value for path in getattr(self, option) for value in look(path)]

        return find

    async def submission(
        self,
        connection: HTTPConnection,
        find: Find,
        trusted_proxies: Iterable[Network],
        made: Any = None,
    ) -> Submission | None:
        """What the sender wrote, or `None` if it is nothing.

        Args:
            connection: The request or the WebSocket.
            find: Tells what stands at the places of an option.
            trusted_proxies: Whose forwarding headers are believed.
            made: What the dependency `source` returned.
        """
        text = await text_of([made] if self.source else find("field"))
        context = {
            option: await text_of(find(option)) for option in _OPTIONS if getattr(self, option)
        }
        if text is None and not context.get("honeypot"):
            return None
        seconds = _seconds(context.pop("elapsed", None))
        headers: dict[bytes, bytes] = dict(connection.scope["headers"])
        return Submission(
            text=text or "",
            **context,  # type: ignore[arg-type]  # their values are texts, as these fields want
            elapsed=seconds,
            ip=client_address(connection, trusted_proxies),
            user_agent=_text(headers.get(b"user-agent")),
            referrer=_text(headers.get(b"referer")),
            kind=self.kind,
        )


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None
