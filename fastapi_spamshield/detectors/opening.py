"""Detectors that have to be opened before they can be asked."""

import abc
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from ..errors import ConfigurationError
from ..models import Detection, Submission
from ..transport import Transport
from .base import Detector, Health, ReportsHealth


class Opens(abc.ABC):
    """A detector that is a description: hashable, equal to one that says the same, without state.

    What is needed to ask it lives in what `opened` gives, for as long as a shield is open.
    """

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """A short name for verdicts and metrics."""

    @abc.abstractmethod
    def opened(self, openings: "Openings") -> AbstractAsyncContextManager[Detector]:
        """Get ready to be asked.

        Args:
            openings: Opens the detectors that this one is made of, and has the shield's client.

        Returns:
            A context manager that gives the detector that answers.
        """

    async def detect(self, submission: Submission, /) -> Detection:  # noqa: ARG002 - asks nobody
        """Refuse: only what was opened can be asked.

        Args:
            submission: What somebody sent.

        Raises:
            ConfigurationError: Always.
        """
        raise _not_open(self)


class Openings:
    """The detectors that a shield has open: equal descriptions once, all on one client.

    Args:
        transport: Carries their calls; closed with them.
        egress: Whether anything may leave this machine.
    """

    def __init__(self, transport: Transport, *, egress: bool = True) -> None:
        self.transport = transport
        self.egress = egress
        self._stack = AsyncExitStack()
        self._running: dict[Opens, Detector] = {}
        self._others: dict[int, Detector] = {}  # By identity: it need not be hashable.

    def __iter__(self) -> Iterator[Detector]:
        """Those that answer, in the order in which they were opened.

        Those that are open now: more may be opened meanwhile, from another thread too.
        """
        return iter([*self._running.values(), *self._others.values()])

    async def open(self, detector: Detector) -> Detector:
        """Open a detector; one that is open already, or needs no opening, is left alone.

        Args:
            detector: Any.

        Returns:
            What to ask instead of it.

        Raises:
            ConfigurationError: It can't be opened.
        """
        if isinstance(detector, Opens):
            if detector not in self._running:
                running = await self._stack.enter_async_context(detector.opened(self))
                self._running[detector] = running
            return self._running[detector]
        if not self._has(detector):
            if isinstance(detector, AbstractAsyncContextManager):
                await self._stack.enter_async_context(detector)
            self._others[id(detector)] = detector
        return detector

    def ready(self, detector: Detector) -> Detector:
        """What to ask instead of a detector.

        Args:
            detector: Any.

        Raises:
            ConfigurationError: It would have to be opened first.
        """
        if self._has(detector):
            return detector
        if isinstance(detector, Opens):
            running = self._running.get(detector)
            if running is None:
                raise _not_open(detector)
            return running
        if isinstance(detector, AbstractAsyncContextManager):
            raise _not_open(detector)
        return detector

    def health(self) -> Iterator[Health]:
        """How each of them does, from what was seen of it: nobody is asked."""
        for detector in self:
            if isinstance(detector, ReportsHealth):
                yield detector.health()
            elif not isinstance(detector, Opens):
                yield Health(detector=detector.name)

    async def close(self) -> None:
        """Close all of them, the last one first, and the client."""
        self._running.clear()
        self._others.clear()
        try:
            await self._stack.aclose()
        finally:
            await self.transport.close()

    def _has(self, detector: Detector) -> bool:
        return id(detector) in self._others


def _not_open(detector: Detector) -> ConfigurationError:
    return ConfigurationError(
        f"The detector {detector.name!r} is not open. Write `async with shield:` around the "
        "checks, or `FastAPI(lifespan=shield.lifespan)` in an application."
    )
