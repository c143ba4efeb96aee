"""`Fallback`: the next one where one could not measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ..errors import DetectorError
from ..models import Detection, Submission
from .asking import all_failed, ask, unmeasured, with_signals
from .base import Detector
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

    def over(self, parts: Sequence[Detector]) -> Self:
        """The same with other detectors.

        Args:
            parts: As many.
        """
        return type(self)(*parts)

    async def detect(self, submission: Submission) -> Detection:
        """Measure with the first that can.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: Nobody could; its code is that of the first.
        """
        errors: list[DetectorError] = []
        for index, detector in enumerate(self.detectors):
            later = self.detectors[index + 1 :]
            waiting = sum(QUICK if isinstance(one, LocalDetector) else 1.0 for one in later)
            found = await ask(detector, submission, share=1 / (1 + waiting))
            if isinstance(found, DetectorError):
                errors.append(found)
            else:
                failed = zip(self.detectors, errors, strict=False)
                return with_signals(found, [unmeasured(*each) for each in failed])
        raise all_failed(self.name, self.detectors, errors)
