"""`Cascade`: a second opinion where the first is unsure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from ..errors import ConfigurationError
from ..models import Detection, Submission
from .asking import Found, all_failed, ask_many, unmeasured, with_signals
from .base import Detector, Health
from .several import Several, require_parts


@dataclass
class _Counts:
    checks: int = 0
    saved: int = 0


@dataclass(frozen=True)
class Cascade(Several):
    """Asks a second detector only about what the first is unsure of.

    The second's answer stands, with the first's signals behind its own. Where the second fails the
    first's answer stands, and a signal `unmeasured` of weight 0 says so; where the first fails, the
    other way round.

    Attributes:
        first: The cheap one, usually `LocalDetector()`.
        second: The one whose calls are to be saved.
        between: Scores of the first, lowest and highest, within which the second is asked.

    Raises:
        ConfigurationError: `between` is no range within 0..1, or one of the two is no detector.
    """

    first: Detector
    second: Detector
    between: tuple[float, float] = field(default=(0.2, 0.8), kw_only=True)
    _counts: _Counts = field(default_factory=_Counts, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        require_parts("Cascade", self.parts)
        low, high = self.between
        if not 0 <= low <= high <= 1:
            raise ConfigurationError(f"between={self.between!r}: write (low, high) within 0..1")
        object.__setattr__(self, "between", (low, high))

    @property
    def parts(self) -> tuple[Detector, ...]:
        """The first and the second."""
        return self.first, self.second

    def over(self, parts: Sequence[Detector]) -> Self:
        """The same with other detectors; it begins to count anew.

        Args:
            parts: Two.
        """
        first, second = parts
        return replace(self, first=first, second=second)

    def health(self) -> Health:
        """How many checks there were, and how many did not need the second."""
        return Health(detector=self.name, checks=self._counts.checks, saved=self._counts.saved)

    async def detect_many(self, submissions: Sequence[Submission], /) -> list[Found]:
        """Measure each with one, or with both.

        Args:
            submissions: What somebody sent.
        """
        self._counts.checks += len(submissions)
        found = await ask_many(self.first, submissions, share=0.5)
        unsure = [number for number, one in enumerate(found) if not self._is_sure(one)]
        self._counts.saved += len(submissions) - len(unsure)
        if unsure:
            others = await ask_many(self.second, [submissions[number] for number in unsure])
            for number, other in zip(unsure, others, strict=True):
                found[number] = self._of_both(found[number], other)
        return found

    def _is_sure(self, one: Found) -> bool:
        low, high = self.between
        return isinstance(one, Detection) and not low <= one.score <= high

    def _of_both(self, one: Found, other: Found) -> Found:
        if isinstance(one, Detection):
            if isinstance(other, Detection):
                return with_signals(other, one.signals)
            return with_signals(one, [unmeasured(self.second, other)])
        if isinstance(other, Detection):
            return with_signals(other, [unmeasured(self.first, one)])
        return all_failed(self.name, self.parts, [one, other])
