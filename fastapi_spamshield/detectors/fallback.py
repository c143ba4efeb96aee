"""`Fallback`: the next one where one could not measure."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from ..errors import DetectorError
from ..models import Detection, Submission
from .asking import all_failed, ask, ask_many, unmeasured, with_signals
from .base import Detector, DetectsMany
from .local import LocalDetector
from .several import Several, require_parts

QUICK = 0.1
"""The share of the embedded engine in the time that is left, where everybody else has 1."""


@dataclass(frozen=True, init=False)
class Fallback(Several):
    """Asks one after another until one could measure.

    Who could not is told by a signal `unmeasured` of weight 0. The time that is left is shared
    among those who have not been asked yet, so that one that hangs leaves time for the next; the
    embedded engine, which never waits, is given little.

    Args:
        detectors: At least two, the preferred one first.

    Raises:
        ConfigurationError: They are fewer, or no detectors.
    """

    detectors: tuple[Detector, ...]

    def __init__(self, *detectors: Detector) -> None:
        require_parts("Fallback", detectors)
        object.__setattr__(self, "detectors", detectors)

    @property
    def parts(self) -> tuple[Detector, ...]:
        """The detectors, in their order."""
        return self.detectors

    def over(self, parts: Sequence[Detector]) -> Detector:
        """The same with other detectors.

        Args:
            parts: As many.
        """
        if isinstance(parts[0], DetectsMany):
            return BatchFallback(parts[0], *parts[1:])
        return Fallback(*parts)

    async def detect(self, submission: Submission) -> Detection:
        """Measure with the first that can.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: Nobody could; its code is that of the first.
        """
        return await self._detect(submission, [])

    async def _detect(self, submission: Submission, errors: list[DetectorError]) -> Detection:
        for index, detector in enumerate(self.detectors[len(errors) :], len(errors)):
            found = await ask(detector, submission, share=self._share(index))
            if isinstance(found, DetectorError):
                errors.append(found)
            else:
                failed = zip(self.detectors, errors, strict=False)
                return with_signals(found, [unmeasured(*each) for each in failed])
        raise all_failed(self.name, self.detectors, errors)

    def _share(self, index: int) -> float:
        later = self.detectors[index + 1 :]
        return 1 / (1 + sum(QUICK if isinstance(one, LocalDetector) else 1.0 for one in later))


@dataclass(frozen=True, init=False)
class BatchFallback(Fallback):
    """A `Fallback` whose first detector takes several submissions in one request.

    Args:
        first: The preferred one.
        later: Those after it, asked for each submission that the first could not measure.
    """

    def __init__(self, first: DetectsMany, *later: Detector) -> None:
        super().__init__(first, *later)

    @property
    def name(self) -> str:
        """As that of any other."""
        return f"fallback({', '.join(part.name for part in self.parts)})"

    @property
    def batch_size(self) -> int:
        """How many the first one takes at once."""
        return self._many.batch_size

    @property
    def _many(self) -> DetectsMany:
        return cast("DetectsMany", self.detectors[0])

    async def detect_many(
        self, submissions: Sequence[Submission]
    ) -> list[Detection | DetectorError]:
        """Measure several submissions.

        Args:
            submissions: At most `batch_size`.
        """
        found = await ask_many(self._many, submissions, share=self._share(0))
        return await asyncio.gather(*map(self._otherwise, submissions, found))

    async def _otherwise(
        self, submission: Submission, found: Detection | DetectorError
    ) -> Detection | DetectorError:
        if isinstance(found, Detection):
            return (
                found if found.detector else found.model_copy(update={"detector": self._many.name})
            )
        try:
            return await self._detect(submission, [found])
        except DetectorError as error:
            return error
