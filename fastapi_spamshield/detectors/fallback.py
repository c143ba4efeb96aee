"""`Fallback`: the next one where one could not measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ..errors import DetectorError
from ..models import Detection, Submission
from .asking import Found, all_failed, ask_many, unmeasured, with_signals
from .base import Detector
from .local import LocalDetector
from .several import Several, batch_size_of, require_parts

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

    @property
    def batch_size(self) -> int:
        """How many at once: as many as the preferred one takes, which answers most of them."""
        return batch_size_of(self.detectors[0])

    def over(self, parts: Sequence[Detector]) -> Self:
        """The same with other detectors.

        Args:
            parts: As many.
        """
        return type(self)(*parts)

    async def detect_many(self, submissions: Sequence[Submission], /) -> list[Found]:
        """Measure each with the first that can.

        Args:
            submissions: What somebody sent.
        """
        measured: dict[int, Detection] = {}
        errors: list[list[DetectorError]] = [[] for _ in submissions]
        for index, detector in enumerate(self.detectors):
            left = [number for number in range(len(submissions)) if number not in measured]
            if not left:
                break
            asking = [submissions[number] for number in left]
            found = await ask_many(detector, asking, share=self._share(index))
            for number, one in zip(left, found, strict=True):
                if isinstance(one, DetectorError):
                    errors[number].append(one)
                else:
                    failed = zip(self.detectors, errors[number], strict=False)
                    measured[number] = with_signals(one, [unmeasured(*each) for each in failed])
        return [
            measured.get(number) or all_failed(self.name, self.detectors, failed)
            for number, failed in enumerate(errors)
        ]

    def _share(self, index: int) -> float:
        later = self.detectors[index + 1 :]
        return 1 / (1 + sum(QUICK if isinstance(one, LocalDetector) else 1.0 for one in later))
