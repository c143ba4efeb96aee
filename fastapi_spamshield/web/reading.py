"""Dependencies that judge a part of the request: how they come to their `Submission`."""

import inspect
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection

from ..errors import ErrorCode
from ..models import Submission
from ..shield import Shield
from .binding import Endpoint, Values, endpoint_key, find_endpoint
from .dependency import Dependency, made_by
from .intake import Intake, Plan
from .raw import RawRequest, read_raw

_READ = "fastapi_spamshield.read"


class Reading(NamedTuple):
    """What there is to judge, or why there is nothing.

    Attributes:
        submission: What the sender wrote.
        reason: Without a submission: one sentence.
        error: Set where there may be something, but it can't be read.
    """

    submission: Submission | None
    reason: str | None = None
    error: ErrorCode | None = None


INVALID = Reading(None, "The request is not valid, and the framework refuses it.")
NOTHING_SENT = Reading(None, "The field was not sent.")
TAKES_NO_TEXT = Reading(None, "The endpoint takes no text.")
CONSUMED = Reading(
    None, "The request's body was read by something else, and not kept.", "bad_request"
)


@dataclass(slots=True)
class _Read:
    """What is known of one request, for all its checks."""

    values: list[Values] | None
    raw: RawRequest | None = None


class _Known(NamedTuple):
    key: Any
    endpoint: Endpoint | None
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class TextDependency(Dependency):
    """A dependency with an intake.

    Attributes:
        intake: Where the text and what belongs to it are.
    """

    intake: Intake

    # Keyed by identity, and each entry holds its key: an identity is never used twice.
    _known: dict[int, _Known] = field(
        default_factory=dict[int, _Known], init=False, repr=False, compare=False
    )

    def parameters(self) -> list[inspect.Parameter]:
        """What FastAPI passes to the dependency, by keyword."""
        source = self.intake.source
        return super().parameters() + ([made_by(source)] if source else [])

    def verify(self, endpoint: Endpoint) -> None:
        """See that the endpoint has what the intake looks for.

        Args:
            endpoint: An endpoint with this dependency.

        Raises:
            ConfigurationError: It has not.
        """
        super().verify(endpoint)
        self._remember(endpoint.key, endpoint)

    def endpoint(self, connection: HTTPConnection) -> Endpoint | None:
        """The endpoint that a request goes to.

        Args:
            connection: The request or the WebSocket.
        """
        return self._look_up(connection).endpoint

    async def read(self, connection: HTTPConnection, shield: Shield, made: Any = None) -> Reading:
        """Read what there is to judge. Requests are read once, however many ask.

        Not for two at a time: a body and an uploaded file have one position each.

        Args:
            connection: The request or the WebSocket.
            shield: The running shield.
            made: What the dependency that makes the text returned.

        Raises:
            ConfigurationError: The endpoint has no such field.
        """
        _, endpoint, plan = self._look_up(connection)
        if not plan.has_text:
            return TAKES_NO_TEXT
        read: _Read | None = connection.scope.get(_READ)
        if read is None:
            values = [] if endpoint is None else await endpoint.read(connection)
            read = connection.scope[_READ] = _Read(values)
        if read.values is None:
            return INVALID
        if plan.targets is None:
            try:
                read.raw = read.raw or await read_raw(connection)
            except RuntimeError:
                return CONSUMED
            find = self.intake.in_request(read.raw, by_name=plan.by_name)
        else:
            find = self.intake.in_values(plan.targets, read.values)
        trusted = shield.settings.trusted_proxies
        submission = await self.intake.submission(connection, find, trusted, made)
        return Reading(submission) if submission else NOTHING_SENT

    def _look_up(self, connection: HTTPConnection) -> _Known:
        key = endpoint_key(connection)
        known = self._known.get(id(key))
        return known or self._remember(key, find_endpoint(connection))

    def _remember(self, key: Any, endpoint: Endpoint | None) -> _Known:
        known = _Known(key, endpoint, self.intake.plan(endpoint))
        if key is not None:
            self._known[id(key)] = known
        return known


def read_values(connection: HTTPConnection) -> list[Values]:
    """What the endpoint would receive, after `TextDependency.read`.

    Args:
        connection: The request or the WebSocket.
    """
    read: _Read = connection.scope[_READ]
    return read.values or []
