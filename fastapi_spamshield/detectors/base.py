"""What a detector is, and what some of them can besides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from pydantic import BaseModel, Field

from ..errors import ConfigurationError, DetectorError, ErrorCode
from ..explanation import Part
from ..models import Detection, Signal, Submission


@runtime_checkable
class Detector(Protocol):
    """Anything with a `name` and a `detect`.

    A detector that holds resources may also be an async context manager: the shield enters it when
    the application starts and leaves it when the application stops. One that has state and yet
    shall be hashable and equal to another of the same configuration is an `opening.Opens`.
    """

    @property
    def name(self) -> str:
        """A short name for verdicts and metrics, such as `local`."""
        ...

    async def detect(self, submission: Submission, /) -> Detection:
        """Measure one submission.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: It could not be measured.
        """
        ...


class Health(BaseModel, frozen=True):
    """How a detector does: what a readiness endpoint can return."""

    detector: str = Field(description="Its name.")
    breaker: Literal["closed", "open", "half_open"] = Field(
        default="closed",
        description="`open`: it was down and is left alone; `half_open`: the next check probes it.",
    )
    error: ErrorCode | None = Field(
        default=None, description="How the last check failed; `None`: it did not."
    )
    since: datetime | None = Field(
        default=None, description="Since when checks fail, or do not fail; `None`: none was made."
    )
    checks: int = Field(default=0, description="How many it was asked for.")
    saved: int = Field(
        default=0, description="How many of them needed no call: remembered, or asked just then."
    )


@runtime_checkable
class ReportsHealth(Protocol):
    """A detector that knows how it does."""

    def health(self) -> Health:
        """How it does."""
        ...


@runtime_checkable
class NamesParts(Detector, Protocol):
    """A detector that costs nothing to ask again, and knows what it looks at."""

    def removable_parts(self, submission: Submission, signals: Sequence[Signal], /) -> list[Part]:
        """What of a submission could be left out, the most interesting first.

        Args:
            submission: What was judged.
            signals: What was seen in it.
        """
        ...


@runtime_checkable
class DetectsMany(Detector, Protocol):
    """A detector that is cheaper to ask for many submissions at once."""

    @property
    def batch_size(self) -> int:
        """How many at once."""
        ...

    async def detect_many(
        self, submissions: Sequence[Submission], /
    ) -> list[Detection | DetectorError]:
        """Measure several submissions.

        Args:
            submissions: At most `batch_size`.

        Returns:
            What was found in each, or why it could not be measured, in their order.
        """
        ...


def require_detector(detector: Detector) -> Detector:
    """The detector itself, if it is one.

    Args:
        detector: What was given for one.

    Raises:
        ConfigurationError: It has no `name` or no `detect`.
    """
    given: object = detector  # Whoever uses no type checker may have given anything.
    if isinstance(given, type) or not isinstance(given, Detector):
        raise ConfigurationError(
            "A detector is an object with a `name` and `async def detect(self, submission)`; this "
            f"is {detector!r}"
        )
    return detector


def require_detection(answer: object) -> Detection:
    """What a detector answered, if it is what a detector answers.

    Args:
        answer: Whatever it was.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(answer, Detection):
        raise TypeError(f"a detector answers with a Detection, not with {type(answer).__name__}")
    return answer
