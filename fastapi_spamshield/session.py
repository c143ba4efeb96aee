"""What a shield has open in one event loop."""

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
