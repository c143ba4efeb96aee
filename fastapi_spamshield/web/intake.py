"""From a request to a `Submission`: which of the endpoint's values are the text, the author, ..."""

import asyncio
import functools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi import params
from starlette.requests import HTTPConnection

from ..deadline import aside
from ..models import Submission
from .address import Network, client_address
from .binding import Endpoint, Values
from .dependency import parse_dependency
from .places import Path, parse_paths
from .raw import RawRequest
from .targets import Target, has_text, locate, no_such_place
from .text import Sampled, words_in
from .unread import Unread

Places = str | tuple[str, ...] | list[str]
"""One path into what the endpoint receives, or several."""

TextSource = Places | Callable[..., Any] | params.Depends
"""Where the text is: paths, or a dependency that returns it."""

_OPTIONS = ("field", "author", "email", "subject", "url", "honeypot", "elapsed", "form_token")


_HEADERS = {b"user-agent": "user_agent", b"referer": "referrer"}


class Plan(NamedTuple):
    """Where an endpoint has what an intake looks for.

    Attributes:
        targets: Option to what is known of it: values that the endpoint gets.
        unknown: Option to the paths that only who reads the request itself can follow.
        has_text: Whether the sender can write anything there.
        with_query: Whether what reads the request may find its text in the query too.
    """

    targets: Mapping[str, list[Target]]
    unknown: Mapping[str, list[Path]]
    has_text: bool = True
    with_query: bool = True


class Found(NamedTuple):
    """A submission, and what is to be said of how it was read.

    Attributes:
        submission: What the sender wrote; `None` if it is nothing.
        unread: What is missing in it.
        sampled: Set where files were too long to be read whole.
        token: What the form sent as its token.
    """

    submission: Submission | None
    unread: Unread | None = None
    sampled: Sampled | None = None
    token: str | None = None


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
    form_token: tuple[Path, ...] = ()
    kind: str = "comment"

    @classmethod
    def parse(
        cls,
        field: TextSource,
        kind: str,
        *,
        form_token: tuple[Path, ...] = (),
        **places: Places | None,
    ) -> "Intake":
        """An intake from the options as a developer writes them.

        Args:
            field: Where the text is.
            kind: What sort of text it is.
            form_token: Where the form's token is.
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
            return cls(field=(), source=source, kind=kind, form_token=form_token, **parsed)
        paths = parse_paths("field", field)
        return cls(field=paths, kind=kind, form_token=form_token, **parsed)

    def plan(self, endpoint: Endpoint | None) -> Plan:
        """Find the places in an endpoint.

        Args:
            endpoint: `None` where it is not known.

        Raises:
            ConfigurationError: A place is not there; the message has the nearest one.
        """
        if endpoint is None:
            # What the handler gets may go by another name on the wire.
            return Plan({}, {option: list(getattr(self, option)) for option in self._options})
        may_read = endpoint.reads_body and not any(
            parameter.kind == "body" for parameter in endpoint.parameters
        )
        targets: dict[str, list[Target]] = {}
        unknown: dict[str, list[Path]] = {}
        for option, path in self._places():
            if found := locate(endpoint, option, path):
                targets.setdefault(option, []).extend(found)
            elif may_read:
                unknown.setdefault(option, []).append(path)
            elif has_text(endpoint):
                raise no_such_place(endpoint, option, path)
            else:
                return Plan({}, {}, has_text=False)
        return Plan(targets, unknown, with_query=endpoint.takes_request)

    @functools.cached_property
    def _options(self) -> tuple[str, ...]:
        return ("field", *(option for option in _OPTIONS[1:] if getattr(self, option)))

    def _places(self) -> Iterator[tuple[str, Path]]:
        for option in self._options:
            for path in getattr(self, option):
                yield option, path

    async def read(
        self,
        connection: HTTPConnection,
        plan: Plan,
        values: list[Values],
        *,
        raw: RawRequest | None,
        trusted_proxies: Iterable[Network],
        made: Any = None,
    ) -> Found:
        """What the sender wrote.

        Args:
            connection: The request or the WebSocket.
            plan: From `plan`, for its endpoint.
            values: What the endpoint gets.
            raw: The request itself, where the plan has unknown places.
            trusted_proxies: Whose forwarding headers are believed.
            made: What the dependency `source` returned.
        """
        reading = self._read(plan, values, raw, made)
        long = raw is not None and raw.long
        texts, unread, sampled = await (aside(asyncio.run, reading) if long else reading)
        if texts["field"] is None and not texts.get("honeypot") and unread is None:
            return Found(None)
        token = texts.pop("form_token", None)
        submission = self._submission(connection, texts, sampled, trusted_proxies)
        return Found(submission, unread, sampled, token)

    async def _read(
        self, plan: Plan, values: Sequence[Values], raw: RawRequest | None, made: object
    ) -> tuple[dict[str, Any], Unread | None, Sampled | None]:
        unread: Unread | None = None
        sampled: Sampled | None = None
        texts: dict[str, Any] = {}
        for option in self._options:
            found = [made] if option == "field" and self.source else []
            for target in plan.targets.get(option, ()):
                found += target.find(values)
            if raw is not None and option in plan.unknown:
                for path in plan.unknown[option]:
                    found += raw.find(path)
                if option == "field":
                    found += raw.everything(with_query=plan.with_query)
            if len(found) == 1 and type(found[0]) is str:  # nearly always
                texts[option] = found[0]
                continue
            # In a raw request the same words may be in several readings.
            words = await words_in(found, each_once=raw is not None)
            texts[option] = words.text
            unread = unread or words.unread
            sampled = sampled or words.sampled
        return texts, unread, sampled

    def _submission(
        self,
        connection: HTTPConnection,
        texts: dict[str, Any],
        sampled: Sampled | None,
        trusted_proxies: Iterable[Network],
    ) -> Submission:
        # What is not known is left out: every value costs its validation.
        about: dict[str, Any] = {**texts, "text": texts["field"] or ""}
        del about["field"]
        if "elapsed" in about:
            about["elapsed"] = _seconds(about["elapsed"])
        for name, value in connection.scope["headers"]:
            if name in _HEADERS:
                about[_HEADERS[name]] = value.decode("latin-1")
        if self.kind != "comment":
            about["kind"] = self.kind
        if sampled is not None:
            about["extra"] = {"sampled": sampled._asdict()}
        return Submission(ip=client_address(connection, trusted_proxies), **about)


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) else None
