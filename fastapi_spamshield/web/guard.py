"""`spam_guard`: judge the messages of a WebSocket, one by one."""

import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Unpack

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import HTTPConnection
from starlette.status import (
    WS_1003_UNSUPPORTED_DATA,
    WS_1008_POLICY_VIOLATION,
    WS_1009_MESSAGE_TOO_BIG,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from ..detectors.base import Detector
from ..errors import ConfigurationError
from ..models import Context, SpamVerdict
from ..policy import OnError, SpamPolicy, Strictness, readable
from ..shield import Shield
from .address import client_address
from .binding import Endpoint
from .dependency import (
    Bypass,
    Dependency,
    NoMoreOptions,
    parse_bypass,
    parse_detector,
    parse_options,
    refuse_unknown,
)

Flood = tuple[Annotated[int, Field(ge=1)], Annotated[float, Field(gt=0, allow_inf_nan=False)]]
"""So many messages in so many seconds."""


TOO_MANY_STRIKES = "Too many refused messages."


class GuardedMessage(NamedTuple):
    """A message and what the guard thinks of it."""

    text: str
    verdict: SpamVerdict


class GuardRules(BaseModel, frozen=True):
    """What a connection may do."""

    on_spam: Literal["inject", "reject"] = Field(
        description="`inject` hands out spam with its verdict, `reject` drops it."
    )
    strikes: int | None = Field(
        ge=1, description="Refused messages after which the connection is closed; `None`: never."
    )
    max_length: int = Field(ge=1, description="Characters that one message may have.")
    flood: Flood | None = Field(
        description="Messages in seconds that are too many; `None`: no limit."
    )
    kind: str = Field(description="What is written there.")


class SpamGuard:
    """Watches one WebSocket. `spam_guard` makes it; it is not shared between connections.

    Attributes:
        struck: How many messages were refused so far.
        closed: Whether the guard has closed the connection.
    """

    def __init__(
        self,
        websocket: WebSocket,
        shield: Shield,
        rules: GuardRules,
        *,
        policy: SpamPolicy,
        detector: Detector | None,
        trusted: bool,
    ) -> None:
        self.struck: int = 0
        self.closed: bool = False
        self._websocket = websocket
        self._shield = shield
        self._rules = rules
        self._policy = policy
        self._detector = detector
        self._trusted = trusted
        self._ip = client_address(websocket, shield.settings.trusted_proxies)
        self._recent: deque[float] = deque(maxlen=rules.flood[0] if rules.flood else 0)

    async def check(self, text: str, **context: Unpack[Context]) -> SpamVerdict:
        """Judge one message.

        Args:
            text: What was written, wherever in the message it stood.
            context: Fields of `Submission`, such as `author=`.

        Raises:
            WebSocketDisconnect: That was the last strike, and the connection is closed (1008): as
                if the sender had left.
            ConfigurationError: A field of `context` does not exist, or has the wrong type.
        """
        verdict = await self._check(text, context)
        if self.closed:
            raise WebSocketDisconnect(WS_1008_POLICY_VIOLATION, TOO_MANY_STRIKES)
        return verdict

    async def iter_text(self, **context: Unpack[Context]) -> AsyncIterator[GuardedMessage]:
        """The messages of an accepted connection, each with its verdict, until it ends.

        It ends when the sender leaves, and when the guard closes it: 1003 for a binary message,
        1008 after the strikes, 1009 for one that is too long, 1013 for too many at a time.

        Args:
            context: Fields of `Submission` that hold for all messages.

        Raises:
            RuntimeError: The connection was not accepted.
        """
        if self._websocket.application_state is WebSocketState.CONNECTING:
            raise RuntimeError("Write `await websocket.accept()` before `guard.iter_text()`.")
        while not self.closed:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._close(WS_1003_UNSUPPORTED_DATA, "Only text is understood.")
            elif len(text) > self._rules.max_length:
                await self._close(WS_1009_MESSAGE_TOO_BIG, "The message is too long.")
            elif self._is_too_fast():
                await self._close(WS_1013_TRY_AGAIN_LATER, "Too many messages at a time.")
            else:
                verdict = await self._check(text, context)
                dropped = verdict.action == "reject" and (
                    self._rules.on_spam == "reject" or not verdict.is_spam
                )
                if not dropped and not self.closed:
                    yield GuardedMessage(text, verdict)

    async def _check(self, text: str, context: Context) -> SpamVerdict:
        if self._trusted:
            return self._policy.without_score("bypassed", reason="The sender is trusted.")
        known: Context = {
            "ip": self._ip,
            "user_agent": self._websocket.headers.get("user-agent"),
            "kind": self._rules.kind,
        }
        known.update(context)
        verdict = await self._shield.check(
            text, policy=self._policy, detector=self._detector, **known
        )
        if verdict.action == "reject":
            self.struck += 1
            if self._rules.strikes is not None and self.struck >= self._rules.strikes:
                await self._close(WS_1008_POLICY_VIOLATION, TOO_MANY_STRIKES)
        return verdict

    def _is_too_fast(self) -> bool:
        if self._rules.flood is None:
            return False
        messages, seconds = self._rules.flood
        now = time.monotonic()
        too_fast = len(self._recent) == messages and now - self._recent[0] < seconds
        self._recent.append(now)
        return too_fast

    async def _close(self, code: int, reason: str) -> None:
        if not self.closed:
            self.closed = True
            await self._websocket.close(code, reason)


@dataclass(frozen=True, kw_only=True)
class SpamGuardMaker(Dependency):
    """What `spam_guard` returns. Two with equal options are equal.

    Attributes:
        rules: What a connection may do.
    """

    rules: GuardRules

    def __hash__(self) -> int:
        return self._hash

    async def __call__(
        self, *, connection: HTTPConnection, shield: Shield, bypassed: Any = None
    ) -> SpamGuard:
        """Called by FastAPI.

        Raises:
            ConfigurationError: It is not a WebSocket.
        """
        if not isinstance(connection, WebSocket):
            raise ConfigurationError(_ONLY_WEBSOCKETS)
        return SpamGuard(
            connection,
            shield,
            self.rules,
            policy=self.policy(shield),
            detector=self.detector,
            trusted=bool(bypassed),
        )

    def verify(self, endpoint: Endpoint) -> None:
        """See that the endpoint is a WebSocket.

        Args:
            endpoint: An endpoint with this dependency.

        Raises:
            ConfigurationError: It is not.
        """
        if endpoint.methods:
            raise ConfigurationError(f"{endpoint.name}: {_ONLY_WEBSOCKETS}")


_ONLY_WEBSOCKETS = "spam_guard is for WebSocket endpoints; for HTTP write spam_check(field=...)"


def spam_guard(
    *,
    threshold: float | None = None,
    review_threshold: float | None = None,
    strictness: Strictness | None = None,
    on_spam: Literal["inject", "reject"] = "inject",
    strikes: int | None = None,
    max_length: int = 10_000,
    flood: Flood | None = None,
    kind: str = "chat",
    bypass: Bypass | None = None,
    on_error: OnError | None = None,
    shadow: bool | None = None,
    detector: Detector | None = None,
    **unknown: Unpack[NoMoreOptions],
) -> SpamGuardMaker:
    """A dependency that injects a `SpamGuard` into a WebSocket endpoint.

    ```python
    @app.websocket("/chat")
    async def chat(
        websocket: WebSocket, guard: Annotated[SpamGuard, Depends(spam_guard(strikes=3))]
    ) -> None:
        await websocket.accept()
        async for message in guard.iter_text():
            if message.verdict.action == "allow":
                await websocket.send_text(message.text)
    ```

    Args:
        threshold: A score above it is spam, 0..1.
        review_threshold: A score from here up is suspicious, 0..1.
        strictness: Both thresholds at once.
        on_spam: `"inject"` hands out spam with its verdict, `"reject"` drops it.
        strikes: Refused messages after which the connection is closed with 1008; default never.
        max_length: Characters that a message may have; a longer one closes it with 1009.
        flood: `(messages, seconds)`: one more than so many closes it with 1013.
        kind: What is written there.
        bypass: A dependency; where it returns something truthy, nothing is checked.
        on_error: What a message gets that could not be measured; `"reject"` drops it.
        shadow: Decide nothing, only record.
        detector: Instead of the shield's.

    Returns:
        A frozen, hashable value for `Depends`.

    Raises:
        ConfigurationError: A value is out of range, or of the wrong kind.
        UnknownOption: A keyword does not exist.
    """
    refuse_unknown("spam_guard", spam_guard, unknown)
    try:
        rules = GuardRules(
            on_spam=on_spam, strikes=strikes, max_length=max_length, flood=flood, kind=kind
        )
    except ValidationError as error:
        raise ConfigurationError(f"spam_guard: {readable(error)}") from None
    return SpamGuardMaker(
        rules=rules,
        options=parse_options(
            threshold=threshold,
            review_threshold=review_threshold,
            strictness=strictness,
            on_error=on_error,
            shadow=shadow,
        ),
        bypass=parse_bypass(bypass),
        detector=parse_detector(detector),
    )
