"""What detectors have in common that are made of detectors. They are detectors, so they nest."""

import abc
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from ..errors import ConfigurationError
from .base import Detector
from .opening import Openings, Opens


class Several(Opens):
    """A detector made of others: the same class before and after those were opened."""

    @property
    @abc.abstractmethod
    def parts(self) -> tuple[Detector, ...]:
        """What it is made of."""

    @abc.abstractmethod
    def over(self, parts: Sequence[Detector]) -> Detector:
        """The same made of others.

        Args:
            parts: As many as it has.
        """

    @property
    def name(self) -> str:
        """What it is, and of whom: `fallback(akismet, local)`."""
        names = ", ".join(part.name for part in self.parts)
        return f"{type(self).__name__.lower()}({names})"

    def opened(self, openings: Openings) -> AbstractAsyncContextManager[Detector]:
        """Open all of them.

        Args:
            openings: The shield's.

        Raises:
            ConfigurationError: One of them can't be opened.
        """
        return self._opened(openings)

    @asynccontextmanager
    async def _opened(self, openings: Openings) -> AsyncGenerator[Detector]:
        yield self.over([await openings.open(part) for part in self.parts])


def require_parts(what: str, parts: Sequence[Detector], least: int = 2) -> None:
    """See that a detector can be made of some others.

    Args:
        what: Its class.
        parts: The others.
        least: How many there have to be.

    Raises:
        ConfigurationError: It can't.
    """
    if len(parts) < least:
        raise ConfigurationError(f"{what}: name at least {least} detectors, such as {what}(a, b)")
    for part in parts:
        given: object = part  # Whoever uses no type checker may have given anything.
        if isinstance(given, type) or not isinstance(given, Detector):
            raise ConfigurationError(f"{what}: {given!r} is not a detector")
        try:
            hash(part)
        except TypeError:
            raise ConfigurationError(
                f"{what}: {type(part).__name__} is not hashable. Make it a frozen dataclass, or "
                "remove its __eq__"
            ) from None
