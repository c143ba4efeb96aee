"""A guard of one WebSocket: it judges the messages, and closes the connection."""

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Literal, NamedTuple, Unpack

from pydantic import BaseModel, Field
from starlette.status import (
    WS_1003_UNSUPPORTED_DATA,
    WS_1008_POLICY_VIOLATION,
    WS_1009_MESSAGE_TOO_BIG,
    WS_1013_TRY_AGAIN_LATER,
)
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from ..detectors.base import Detector
from ..models import Context, SpamVerdict
from ..policy import SpamPolicy
from ..shield import Shield
from .address import client_address

Flood = tuple[Annotated[int, Field(ge=1)], Annotated[float, Field(gt=0, allow_inf_nan=False)]]
"""So many messages in so many seconds."""


class GuardedMessage(NamedTuple):
    """A message and what the guard thinks of it. Its `repr` shows no text."""

    text: str
    verdict: SpamVerdict

    def __repr__(self) -> str:
        return f"GuardedMessage(characters={len(self.text)}, verdict={self.verdict!r})"


class _Ending(NamedTuple):
    """How a guard closes a connection."""

    code: int
    reason: str


_BINARY = _Ending(WS_1003_UNSUPPORTED_DATA, "Only text is understood.")
_STRUCK_OUT = _Ending(WS_1008_POLICY_VIOLATION, "Too many refused messages.")
_TOO_LONG = _Ending(WS_1009_MESSAGE_TOO_BIG, "The message is too long.")
_TOO_FAST = _Ending(WS_1013_TRY_AGAIN_LATER, "Too many messages at a time.")


class GuardRules(BaseModel, frozen=True):
    """What a connection may do."""

    on_spam: Literal["inject", "reject"] = Field(
        description="`inject` hands out spam with its verdict, `reject` drops it."
    )
    strikes: int | None = Field(
        ge=1, description="Spam messages after which the connection is closed; `None`: never."
    )
    max_length: int = Field(ge=1, description="Characters that one message may have.")
    flood: Flood | None = Field(
        description="Messages in seconds that are too many; `None`: no limit."
    )
    kind: str = Field(description="What is written there.")


class SpamGuard:
    """Watches one WebSocket. `spam_guard` makes it; it is not shared between connections.

    Attributes:
        struck: How many spam messages there were so far. One that could not be measured is no
            strike, and neither is any in shadow mode.
        last: The message that was judged last, with its verdict; `None` before the first. After the
            last strike it is the only way to that message, since nothing can be answered any more.
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
        self.last: GuardedMessage | None = None
        self._ending: _Ending | None = None
        self._websocket = websocket
        self._shield = shield
        self._rules = rules
        self._policy = policy
        self._detector = detector
        self._trusted = trusted
        self._ip = client_address(websocket, shield.settings.trusted_proxies)
        self._recent: deque[float] = deque(maxlen=rules.flood[0] if rules.flood else 0)

    @property
    def closed(self) -> bool:
        """Whether the guard has closed the connection."""
        return self._ending is not None

    async def check(self, text: str, **context: Unpack[Context]) -> SpamVerdict:
        """Judge one message of a format of one's own, such as the text in a JSON object.

        Each call counts as a message, and `max_length` and `flood` hold as in `iter_text`.

        Args:
            text: What was written, wherever in the message it stood.
            context: Fields of `Submission`, such as `author=`.

        Raises:
            WebSocketDisconnect: The guard has closed the connection: 1008 at the last strike, 1009
                for a text that is too long, 1013 for too many at a time. It is as if the sender had
                left, and nothing can be sent any more; the last strike is in `last`.
            ConfigurationError: A field of `context` does not exist, or has the wrong type.
        """
        admitted = self._ending or await self._admit(text, context)
        if isinstance(admitted, _Ending):
            raise WebSocketDisconnect(admitted.code, admitted.reason)
        return admitted.verdict

    async def iter_text(self, **context: Unpack[Context]) -> AsyncIterator[GuardedMessage]:
        """The messages of an accepted connection, each with its verdict, until it ends.

        It ends when the sender leaves, and when the guard closes it: 1003 for a binary message,
        1008 after the strikes, 1009 for one that is too long, 1013 for too many at a time. The last
        strike is not handed out, since whoever answered it would write to a closed connection: it
        is in `last` when the loop has ended.

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
                await self._close(_BINARY)
                return
            admitted = self._ending or await self._admit(text, context)
            if isinstance(admitted, _Ending):
                return
            if not self._is_dropped(admitted.verdict):
                yield admitted

    def _is_dropped(self, verdict: SpamVerdict) -> bool:
        return verdict.action == "reject" and (
            self._rules.on_spam == "reject" or not verdict.is_spam
        )

    async def _admit(self, text: str, context: Context) -> GuardedMessage | _Ending:
        if len(text) > self._rules.max_length:
            return await self._close(_TOO_LONG)
        if self._is_too_fast():
            return await self._close(_TOO_FAST)
        verdict = await self._judge(text, context)
        self.last = message = GuardedMessage(text, verdict)
        if verdict.is_spam and verdict.action == "reject":
            self.struck += 1
            if self._rules.strikes is not None and self.struck >= self._rules.strikes:
                return await self._close(_STRUCK_OUT)
        return self._ending or message  # Another message may have ended it meanwhile.

    async def _judge(self, text: str, context: Context) -> SpamVerdict:
        if self._trusted:
            return self._policy.without_score("bypassed", reason="The sender is trusted.")
        known: Context = {
            "ip": self._ip,
            "user_agent": self._websocket.headers.get("user-agent"),
            "kind": self._rules.kind,
        }
        known.update(context)
        return await self._shield.check(text, policy=self._policy, detector=self._detector, **known)

    def _is_too_fast(self) -> bool:
        if self._rules.flood is None:
            return False
        messages, seconds = self._rules.flood
        now = time.monotonic()
        too_fast = len(self._recent) == messages and now - self._recent[0] < seconds
        self._recent.append(now)
        return too_fast

    async def _close(self, ending: _Ending) -> _Ending:
        self._ending = ending
        # The handler may have closed the connection meanwhile, and the sender may have left.
        if self._websocket.application_state is not WebSocketState.DISCONNECTED:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(ending.code, ending.reason)
        return ending
