"""A shield that threads use: opened in the background, asked from any of them, closed."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from ..background import Background
from ..detectors.base import Detector
from ..detectors.local import LocalDetector
from ..errors import ConfigurationError
from ..policy import SpamPolicy
from ..settings import SpamShieldSettings
from ..shield import Shield
from ..transport import MakeClient
from ..used_tokens import UsedTokens

T = TypeVar("T")

GRACE = 1.0
"""Seconds after the deadline of a check for the loop to say so; then its caller waits no longer."""


class Running:
    """What a `SyncSpamShield` is before it judges anything; see there for the arguments."""

    def __init__(
        self,
        detector: Detector | None = None,
        *,
        policy: SpamPolicy | None = None,
        settings: SpamShieldSettings | None = None,
        client: MakeClient | None = None,
        used_tokens: UsedTokens | None = None,
    ) -> None:
        if client is not None and not callable(client):
            raise ConfigurationError(
                "SyncSpamShield has an event loop of its own in each process. Write what makes a "
                "client there, such as client=lambda: httpx.AsyncClient(...)"
            )
        self._shield = Shield(
            detector, policy=policy, settings=settings, client=client, used_tokens=used_tokens
        )
        self._background = Background(self._shield.twin)
        # It must not wait: garbage is collected anywhere, within a lock that a detector needs too.
        weakref.finalize(self, self._background.stop).atexit = False

    @property
    def settings(self) -> SpamShieldSettings:
        """The settings."""
        return self._shield.settings

    @property
    def detector(self) -> Detector:
        """Who judges."""
        return self._shield.detector

    @property
    def policy(self) -> SpamPolicy:
        """When a submission is spam."""
        return self._shield.policy

    def __enter__(self) -> Self:
        self._background.enter()
        if not self._never_waits(None):
            try:
                self._background.open()
            except BaseException:
                self._background.leave()
                raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._background.leave()

    def close(self) -> None:
        """Finish the checks that run, those for later within `drain_timeout`, and end the loop.

        Raises:
            Exception: What a detector raised when it was closed.
        """
        self._background.close()

    def _never_waits(self, detector: Detector | None) -> bool:
        # Not what inherits from it, which may wait. Measured with a text of 130 characters: 32 µs
        # against 85 µs through the loop, and against 530 µs when eight threads ask.
        # Where a file has to be read first, somebody waits.
        return (
            type(detector or self.detector) is LocalDetector and self.settings.learning_path is None
        )

    def _require_usable(self) -> None:
        self._background.require_open()
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        raise ConfigurationError(
            "SyncSpamShield was called where an event loop is running, which would stand still "
            "meanwhile. Write `await shield.check(...)` with a `SpamShield`."
        )

    def _ask(
        self,
        work: Callable[[Shield], Awaitable[T]],
        detector: Detector | None,
        *,
        rounds: int = 1,
    ) -> T:
        seconds = self.settings.timeout * rounds + GRACE
        return self._background.ask(work, detector, seconds=seconds)
