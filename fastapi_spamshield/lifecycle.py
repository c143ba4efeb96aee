"""What a shield has open, for as long as somebody is in it."""

from types import TracebackType
from typing import Self

from .checking import Checks
from .detectors.base import Detector, Health
from .detectors.usage import usage_of
from .dialects.base import Usage
from .learning import Learning
from .session import Session, Sessions
from .settings import SpamShieldSettings
from .transport import HttpClient, MakeClient


class Lifecycle:
    """The part of a shield that is opened and closed: it knows no policy.

    Args:
        detector: Is open from the first that enters to the last that leaves.
        settings: Of the shield.
        client: Carries the requests to hosted services, or makes what does; `None`: an own one.
    """

    def __init__(
        self,
        detector: Detector,
        settings: SpamShieldSettings,
        client: HttpClient | MakeClient | None,
    ) -> None:
        self.settings: SpamShieldSettings = settings
        self.detector: Detector = detector
        self._client = client
        self._learn_with(Learning(settings))

    def _learn_with(self, learning: Learning) -> None:
        self._learning = learning
        self._checks = Checks(self.settings.timeout, learning)
        self._sessions = Sessions(lambda: Session(self.settings, self._client, learning))

    def _session(self) -> Session:
        return self._sessions.current()

    def _asked(self, detector: Detector | None) -> Detector:
        asked = self._session().openings.ready(detector or self.detector)
        self._learning.require_open()
        return asked

    async def __aenter__(self) -> Self:
        await self._sessions.enter(self.detector)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._sessions.leave()

    async def open(self, detector: Detector) -> None:
        """Open a further detector until the shield closes; one that needs no opening is left alone.

        Args:
            detector: The detector of a single check.

        Raises:
            ConfigurationError: It can't be opened.
        """
        await self._session().openings.open(detector)

    def health(self) -> tuple[Health, ...]:
        """How each open detector does, from what was seen of it: nobody is asked."""
        return tuple(one for session in self._sessions for one in session.openings.health())

    async def usage(self) -> dict[str, Usage]:
        """How much of its quota each open service has used, where it or a budget tells.

        A service that does not say just then is left out. Of several of one name the second is
        `name (2)`, in the order in which they were opened, as in `health`; to tell two accounts
        of a vendor apart, give their dialects names, as with `SiftFy(name="siftfy-shop")`.
        """
        return await usage_of(self._session().openings, self.settings.timeout)
