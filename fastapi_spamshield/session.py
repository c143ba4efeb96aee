"""What a shield has open in one event loop, and in all of them."""

import asyncio
from collections.abc import Callable, Iterator

from .backlog import Backlog
from .detectors.base import Detector
from .detectors.opening import Openings
from .learning import Learning
from .settings import SpamShieldSettings
from .transport import HttpClient, MakeClient, Transport


class Session:
    """Connections and waiting checks: both belong to the event loop in which they were made.

    Args:
        settings: The shield's.
        client: The shield's, or what makes it; `None`: an own one.
        learning: What the shield has learned, which outlives the session.

    Attributes:
        users: How many have entered the shield in this event loop.
        backlog: Checks for later.
        openings: Detectors that are open.
    """

    def __init__(
        self,
        settings: SpamShieldSettings,
        client: HttpClient | MakeClient | None,
        learning: Learning,
    ) -> None:
        self._learning = learning
        self._learns = False
        self.users: int = 0
        self.backlog: Backlog = Backlog(
            size=settings.backlog,
            workers=settings.concurrency,
            drain_timeout=settings.drain_timeout,
        )
        self.openings: Openings = Openings(
            Transport(client, trust_env=settings.trust_env), egress=settings.egress != "none"
        )

    async def open(self, detector: Detector) -> None:
        """Begin.

        Args:
            detector: The shield's own.

        Raises:
            ConfigurationError: It can't be opened, or the file of lessons can't be used.
        """
        await self._learning.open()
        self._learns = True
        await self.backlog.start()
        await self.openings.open(detector)

    async def close(self) -> None:
        """Finish what waits, then close what is open: the one needs the other."""
        try:
            await self.backlog.drain()
        finally:
            try:
                await self.openings.close()
            finally:
                if self._learns:
                    self._learns = False
                    self._learning.close()


class Sessions:
    """The sessions of a shield, one for each event loop that it is open in.

    Args:
        make: Makes one.
    """

    def __init__(self, make: Callable[[], Session]) -> None:
        self._make = make
        self._open: dict[asyncio.AbstractEventLoop, Session] = {}
        self._closed = make()

    def __iter__(self) -> Iterator[Session]:
        """Those that are open."""
        return iter(list(self._open.values()))  # Perhaps asked from another thread.

    def current(self) -> Session:
        """That of this event loop; a closed one where there is none."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # A check that never waits can be driven without one.
            return self._closed
        return self._open.get(loop, self._closed)

    async def enter(self, detector: Detector) -> None:
        """Open that of this event loop, unless somebody has.

        Args:
            detector: The shield's own.

        Raises:
            ConfigurationError: As for `Session.open`.
        """
        session = self._open.setdefault(asyncio.get_running_loop(), self._make())
        session.users += 1
        if session.users == 1:
            try:
                await session.open(detector)
            except BaseException:
                await self.leave()
                raise

    async def leave(self) -> None:
        """Close it, unless somebody else uses it still."""
        loop = asyncio.get_running_loop()
        session = self._open[loop]
        session.users -= 1
        if session.users == 0:
            try:
                await session.close()
            finally:
                del self._open[loop]
