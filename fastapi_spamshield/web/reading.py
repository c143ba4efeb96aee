"""What there is to judge in a request, or why there is nothing."""

from typing import NamedTuple

from ..errors import ErrorCode
from ..models import Signal, SpamVerdict, Submission
from ..policy import SpamPolicy
from .text import Sampled


class Reading(NamedTuple):
    """What there is to judge, or why there is nothing.

    Attributes:
        submission: What the sender wrote, as far as it could be read.
        reason: One sentence, where there is nothing to judge, or not all of it.
        error: Set where there is something, or may be, that can't be read.
        sampled: Set where files were too long to be read whole.
    """

    submission: Submission | None
    reason: str | None = None
    error: ErrorCode | None = None
    sampled: Sampled | None = None

    @property
    def is_judged(self) -> bool:
        """Whether a detector can say anything about it."""
        given = self.submission
        return given is not None and (self.error is None or bool(given.text or given.honeypot))

    def settle(self, verdict: SpamVerdict, policy: SpamPolicy) -> SpamVerdict:
        """What a verdict is worth, of something that was not read to its end.

        Args:
            verdict: On what could be read.
            policy: What it was judged by.

        Returns:
            Spam is spam wherever it stands. Otherwise nobody knows, and the verdict says so.
        """
        if self.error and not verdict.is_spam:
            return policy.without_score(
                "degraded",
                error=self.error,
                reason=self.reason,
                **verdict.model_dump(include={"id", "detector", "latency_ms"}),
            )
        if self.sampled:
            return verdict.model_copy(
                update={"signals": (*verdict.signals, _sampled(self.sampled))}
            )
        return verdict


def _sampled(sampled: Sampled) -> Signal:
    return Signal(
        name="sampled",
        weight=0.0,
        detail=f"The text is {sampled.read} of the {sampled.sent} bytes that were sent.",
        source="shield",
    )


INVALID = Reading(None, "The request is not valid, and the framework refuses it.")
NOTHING_SENT = Reading(None, "The field was not sent.")
TAKES_NO_TEXT = Reading(None, "The endpoint takes no text.")
CONSUMED = Reading(
    Submission(text=""),
    "The request's body was read by something else, and not kept.",
    "bad_request",
)
