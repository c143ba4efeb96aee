"""What detectors have in common that are made of detectors. They are detectors, so they nest."""

import abc
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Self

from ..errors import ConfigurationError, DetectorError
from ..models import Detection, Submission
from .asking import Found
from .base import Detector, DetectsMany
from .opening import Openings, Opens


class Several(Opens):
    """A detector made of others: the same class before and after those were opened."""

    @property
    @abc.abstractmethod
    def parts(self) -> tuple[Detector, ...]:
        """What it is made of."""

    @abc.abstractmethod
    def over(self, parts: Sequence[Detector]) -> Self:
        """The same made of others.

        Args:
            parts: As many as it has.
        """

    @property
    def name(self) -> str:
        """What it is, and of whom: `fallback(akismet, local)`."""
        names = ", ".join(part.name for part in self.parts)
        return f"{type(self).__name__.lower()}({names})"

    @property
    def batch_size(self) -> int:
        """How many at once: as many as the one of its parts that takes most."""
        return max(map(batch_size_of, self.parts))

    @abc.abstractmethod
    async def detect_many(self, submissions: Sequence[Submission], /) -> list[Found]:
        """Measure several submissions, in batches where its parts take them.

        Args:
            submissions: What somebody sent, each by itself.

        Returns:
            What was found in each, or why nobody could measure it, in their order.
        """

    async def detect(self, submission: Submission, /) -> Detection:
        """Measure one submission.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: Too few of its parts could; its code is that of the first that failed.
        """
        [found] = await self.detect_many([submission])
        if isinstance(found, DetectorError):
            raise found
        return found

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


def batch_size_of(detector: Detector) -> int:
    """How many submissions a detector takes at once, 1 if it is asked for each.

    Args:
        detector: Any.
    """
    return detector.batch_size if isinstance(detector, DetectsMany) else 1


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
