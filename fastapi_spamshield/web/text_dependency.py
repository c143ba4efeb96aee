"""Dependencies that judge a part of the request: how they come to their `Submission`."""

import inspect
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection

from ..detectors.base import Detector
from ..form_tokens import FormTokenReading
from ..models import Submission
from ..shield import Shield
from .binding import Endpoint, endpoint_key, find_endpoint
from .dependency import Dependency, made_by, parameter
from .form import TokenRule, WithoutToken
from .intake import Intake, Plan
from .memory import Memory, memory_of
from .raw import read_raw
from .reading import CONSUMED, INVALID, NOTHING_SENT, TAKES_NO_TEXT, Reading


class Known(NamedTuple):
    """What an endpoint is to a dependency.

    Attributes:
        endpoint: `None` where it is not known.
        plan: Where in it is what the dependency looks for.
        others: The endpoint's other dependencies that can be called along.
        key: What it is remembered by; the entry goes when that does.
    """

    endpoint: Endpoint | None
    plan: Plan
    others: tuple[Any, ...]
    key: weakref.ref[Any] | None = None


@dataclass(frozen=True, kw_only=True)
class TextDependency(Dependency):
    """A dependency with an intake.

    Attributes:
        intake: Where the text and what belongs to it are.
        token: What is asked of the form's token; `None`: nothing.
    """

    intake: Intake
    token: TokenRule | None = None

    # By the identity of the route, which can't be hashed.
    _known: dict[int, Known] = field(
        default_factory=dict[int, Known], init=False, repr=False, compare=False
    )

    def parameters(self) -> list[inspect.Parameter]:
        """What FastAPI passes to the dependency, by keyword."""
        wanted = super().parameters()
        if self.intake.source:
            wanted.append(made_by(self.intake.source))
        if self.token and self.token.session:
            wanted.append(parameter("session", Any, self.token.session))
        return wanted

    def verify(self, endpoint: Endpoint) -> None:
        """See that the endpoint has what the intake looks for.

        Args:
            endpoint: An endpoint with this dependency.

        Raises:
            ConfigurationError: It has not.
        """
        super().verify(endpoint)
        self.intake.plan(endpoint)

    def endpoint(self, connection: HTTPConnection) -> Endpoint | None:
        """The endpoint that a request goes to.

        Args:
            connection: The request or the WebSocket.
        """
        return self.look_up(connection).endpoint

    async def read(
        self, connection: HTTPConnection, shield: Shield, made: Any = None, session: Any = None
    ) -> Reading:
        """Read what there is to judge. Requests are read once, however many ask.

        Not for two at a time: a body and an uploaded file have one position each.

        Args:
            connection: The request or the WebSocket.
            shield: The running shield.
            made: What the dependency that makes the text returned.
            session: What the form's token has to be bound to.

        Raises:
            ConfigurationError: The endpoint has no such field.
        """
        known = self.look_up(connection)
        endpoint, plan = known.endpoint, known.plan
        if not plan.has_text:
            return TAKES_NO_TEXT
        memory = memory_of(connection)
        if not memory.is_read:
            memory.values = [] if endpoint is None else await endpoint.read(connection)
            memory.is_read = True
        if memory.values is None:
            return INVALID
        if plan.unknown and memory.raw is None:
            try:
                memory.raw = await read_raw(connection)
            except RuntimeError:
                return CONSUMED
        found = await self.intake.read(
            connection,
            plan,
            memory.values,
            raw=memory.raw if plan.unknown else None,
            trusted_proxies=shield.settings.trusted_proxies,
            made=made,
        )
        submission = found.submission
        if submission is None:
            return NOTHING_SENT
        if self.token is not None:
            token = await self._claimed(found.token, self.token, memory, shield, session)
            submission = submission.model_copy(update=dict(token.context()))
        if found.unread is None:
            return Reading(submission, sampled=found.sampled)
        return Reading(submission, found.unread.reason, found.unread.error, found.sampled)

    async def _claimed(
        self, token: str | None, rule: TokenRule, memory: Memory, shield: Shield, session: Any
    ) -> FormTokenReading:
        read = shield.form_tokens.read(token, rule.purpose, session=session)
        if read.state != "valid" or read.id is None:
            return read
        if read.id not in memory.tokens:
            memory.tokens[read.id] = await shield.form_tokens.claim(read)
        return memory.tokens[read.id]

    async def release(self, connection: HTTPConnection, shield: Shield) -> None:
        """Let the form be sent once more, since the request is refused.

        Args:
            connection: The request or the WebSocket.
            shield: The running shield.
        """
        tokens = memory_of(connection).tokens
        while tokens:
            await shield.form_tokens.release(tokens.popitem()[1])

    def detector_for(self, submission: Submission) -> Detector | None:
        """Who judges: nobody has to where a token is required and missing.

        Args:
            submission: What was read.
        """
        state = submission.form_token
        if self.token is not None and self.token.required and state not in (None, "valid"):
            return WithoutToken(state)
        return self.detector

    def may_speak_for(self, other: Callable[..., Any]) -> bool:
        """Whether another dependency of the endpoint can be called along with this one.

        Args:
            other: The other one.
        """
        del other
        return False

    def look_up(self, connection: HTTPConnection) -> Known:
        """What is known of the endpoint that a request goes to.

        Args:
            connection: The request or the WebSocket.

        Raises:
            ConfigurationError: The endpoint has no such field.
        """
        key = endpoint_key(connection)
        known = self._known.get(id(key))
        if known is None:
            known = self._look_at(find_endpoint(connection))
            if key is not None:
                known = self._known[id(key)] = known._replace(key=self._forget(key))
        return known

    def _look_at(self, endpoint: Endpoint | None) -> Known:
        calls = endpoint.dependencies if endpoint else ()
        others = tuple(call for call in calls if self.may_speak_for(call))
        return Known(endpoint, self.intake.plan(endpoint), others)

    def _forget(self, key: Any) -> weakref.ref[Any]:
        all_known, identity = self._known, id(key)
        return weakref.ref(key, lambda _: all_known.pop(identity, None))
