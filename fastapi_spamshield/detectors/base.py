"""What a detector is."""

from typing import Protocol, runtime_checkable

from ..models import Detection, Submission


@runtime_checkable
class Detector(Protocol):
    """Anything with a `name` and a `detect`.

    A detector that holds resources may also be an async context manager: the shield enters it when
    the application starts and leaves it when the application stops.
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
