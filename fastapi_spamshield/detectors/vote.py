"""`Vote`: several detectors side by side."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ..errors import ConfigurationError, DetectorError
from ..models import Detection, Submission
from .asking import Found, all_failed, ask_many, unmeasured
from .base import Detector
from .scale import common_score
from .several import Several, require_parts


@dataclass(frozen=True, init=False)
class Vote(Several):
    """Asks all at the same time; the score is the weighted mean of those that could measure.

    Scores of services with bands of their own are moved to the common scale first, where 0.3 and
    up is suspicious and above 0.7 is spam. Who could not measure is told by a signal `unmeasured`
    of weight 0.

    Args:
        detectors: At least two.
        weights: How much each counts, in their order. Default: all the same.
        veto: A single score from here up decides alone, and is the score of the whole; a detector
            of weight 0 can still veto.
        quorum: How many have to answer. Default: more than half.

    Raises:
        ConfigurationError: A value is out of range, or there are too few detectors.
    """

    detectors: tuple[Detector, ...]
    weights: tuple[float, ...]
    veto: float | None
    quorum: int

    def __init__(
        self,
        *detectors: Detector,
        weights: Sequence[float] | None = None,
        veto: float | None = None,
        quorum: int | None = None,
    ) -> None:
        require_parts("Vote", detectors)
        given = tuple(weights or [1.0] * len(detectors))
        if len(given) != len(detectors) or not all(weight >= 0 for weight in given):
            raise ConfigurationError("Vote: write one weight for each detector, at least 0")
        if sum(given) <= 0:
            raise ConfigurationError("Vote: one of the weights has to be above 0")
        if veto is not None and not 0 < veto <= 1:
            raise ConfigurationError(f"Vote: veto={veto!r}: write a score above 0, at most 1")
        needed = len(detectors) // 2 + 1 if quorum is None else quorum
        if not 1 <= needed <= len(detectors):
            raise ConfigurationError(f"Vote: quorum={quorum!r}: write 1 to {len(detectors)}")
        for name, value in (
            ("detectors", detectors),
            ("weights", given),
            ("veto", veto),
            ("quorum", needed),
        ):
            object.__setattr__(self, name, value)

    @property
    def parts(self) -> tuple[Detector, ...]:
        """The detectors, in their order."""
        return self.detectors

    def over(self, parts: Sequence[Detector]) -> Self:
        """The same with other detectors.

        Args:
            parts: As many.
        """
        return type(self)(*parts, weights=self.weights, veto=self.veto, quorum=self.quorum)

    async def detect_many(self, submissions: Sequence[Submission], /) -> list[Found]:
        """Measure each with all of them; it needs `quorum` answers, of which one has some weight.

        Args:
            submissions: What somebody sent.
        """
        asking = (ask_many(detector, submissions) for detector in self.detectors)
        return list(map(self._together, zip(*await asyncio.gather(*asking), strict=True)))

    def _together(self, votes: Sequence[Found]) -> Found:
        measured: list[tuple[float, float, Detection]] = []
        silent: list[Detector] = []
        errors: list[DetectorError] = []
        for detector, weight, found in zip(self.detectors, self.weights, votes, strict=True):
            if isinstance(found, Detection):
                measured.append((common_score(found), weight, found))
            else:
                silent.append(detector)
                errors.append(found)
        highest, _, strongest = max(measured, default=_NOTHING, key=lambda one: one[0])
        total = sum(weight for _, weight, _ in measured)
        if self.veto is not None and highest >= self.veto:
            score = highest
        elif errors and (len(measured) < self.quorum or total == 0):
            return all_failed(self.name, silent, errors)
        else:
            score = sum(score * weight for score, weight, _ in measured) / total
        found_by_all = [found for _, _, found in measured]
        toxicities = [found.toxicity for found in found_by_all if found.toxicity is not None]
        told = [unmeasured(*each) for each in zip(silent, errors, strict=True)]
        return Detection(
            score=min(score, 1.0),  # The sum of floats can be a little more.
            category=strongest.category,
            reason=strongest.reason,
            signals=(*(signal for found in found_by_all for signal in found.signals), *told),
            toxicity=max(toxicities, default=None),
            pii=tuple(dict.fromkeys(pii for found in found_by_all for pii in found.pii)),
            detector=self.name,
        )


_NOTHING = (0.0, 0.0, Detection(score=0.0))
