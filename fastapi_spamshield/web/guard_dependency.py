"""`spam_guard`: a dependency that gives each WebSocket a guard of its own."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from ..detectors.base import Detector
from ..errors import ConfigurationError
from ..policy import OnError, Strictness, readable
from ..shield import Shield
from .binding import Endpoint
from .dependency import (
    Bypass,
    Dependency,
    factory,
    parse_bypass,
    parse_detector,
    parse_options,
)
from .guard import Flood, GuardRules, SpamGuard


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


@factory("spam_guard()")
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
        strikes: Spam messages after which the connection is closed with 1008; default never. One
            that could not be measured is no strike, whatever `on_error` says.
        max_length: Characters that a message may have; a longer one closes it with 1009.
        flood: `(messages, seconds)`: one more than so many closes it with 1013.
        kind: What is written there.
        bypass: A dependency; where it returns something truthy, nothing is judged. The limits hold
            for everybody.
        on_error: What a message gets that could not be measured; `"reject"` drops it.
        shadow: Decide nothing, only record.
        detector: Instead of the shield's.

    Returns:
        A frozen, hashable value for `Depends`.

    Raises:
        ConfigurationError: A value is out of range, or of the wrong kind.
        UnknownOption: A keyword does not exist.
    """
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
