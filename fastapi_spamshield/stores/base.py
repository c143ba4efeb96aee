"""What is remembered of a verdict until somebody corrects it, and who remembers it."""

from dataclasses import dataclass, field, replace
from typing import Protocol

from ..models import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a hosted service said of a submission.

    Attributes:
        service: Which one, the same after a restart; holds no key.
        name: As verdicts have it.
        score: Moved to the common scale, where 0.3 and up is suspicious and above 0.7 is spam.
        detection_id: The service's own.
        takes_feedback: Whether it wants to be told of mistakes.
        submission: What it was sent, where it has to be told that again.
        question: Under which key its answer is remembered.
        told: What it was told last: whether the submission is spam; `None`: nothing.
    """

    service: str
    name: str
    score: float
    detection_id: str | None = None
    takes_feedback: bool = False
    submission: Submission | None = field(default=None, repr=False)
    question: bytes = field(default=b"", repr=False)
    told: bool | None = None

    def informed(self, *, spam: bool | None) -> "Opinion":
        """The same after the service was told something else.

        Args:
            spam: What; `None`: that what it was told does not hold.
        """
        return replace(self, told=spam)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What has to be known of a verdict to learn of a correction: no more than that.

    Attributes:
        features: What the embedded engine read, see `Features`; `None`: there is no engine.
        opinions: Those of the services that answered.
    """

    features: bytes | None = field(default=None, repr=False)
    opinions: tuple[Opinion, ...] = ()


class Judgements(Protocol):
    """Remembers verdicts by their ids, for a while."""

    async def keep(self, verdict_id: str, judged: Judged) -> None:
        """Remember a verdict, or what has changed about it.

        Args:
            verdict_id: Its id.
            judged: What is to be known of it.
        """
        ...

    async def find(self, verdict_id: str) -> Judged | None:
        """A verdict that is remembered.

        Args:
            verdict_id: Its id.

        Returns:
            `None`: it never was, or it is too long ago.
        """
        ...
