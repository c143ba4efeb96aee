"""`LocalDetector`: the embedded engine."""

import math
from dataclasses import dataclass, field

from ...deadline import aside
from ...errors import ConfigurationError
from ...models import Detection, Signal, Submission
from ..trace import trace
from .curve import score_of
from .evidence import weigh
from .features import features_of
from .finding import Finding
from .model import Model, default_model
from .reading import reading_of
from .sampling import Sample, sample
from .sender import LIMIT, find_sender
from .test_strings import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING

MIN_CHARACTERS = 1_000
AT_ONCE = 4_000
"""Longer texts are judged in a thread, so that the event loop is never held for long."""

TELLING = 0.5
"""Evidence that weighs less is not worth a sentence."""


@dataclass(frozen=True, kw_only=True)
class LocalDetector:
    """Judges by itself: no network, no account, no state.

    It adds up signals, each with a weight and the characters it points to, and turns the sum into
    a score: what a trained model thinks of the wording, what the text shows by name, and what is
    known beside the text. Every submission is read in time linear in its length, and of a text
    longer than `max_characters` only the head, the middle and the tail are read, which a signal
    `sampled` says.

    Attributes:
        max_characters: How many characters of a text are read, at least 1,000.
        model: What the wording says; the one that is shipped unless you trained your own.

    Raises:
        ConfigurationError: `max_characters` is too small.
    """

    max_characters: int = 20_000
    model: Model = field(default_factory=default_model, repr=False)

    def __post_init__(self) -> None:
        if self.max_characters < MIN_CHARACTERS:
            raise ConfigurationError(
                f"max_characters={self.max_characters}: write at least {MIN_CHARACTERS}"
            )

    @property
    def name(self) -> str:
        """Always `local`."""
        return "local"

    async def detect(self, submission: Submission) -> Detection:
        """Judge a submission.

        Args:
            submission: What somebody sent.
        """
        if len(submission.text) > AT_ONCE:
            return await aside(self.judge, submission)
        return self.judge(submission)

    async def features(self, submission: Submission) -> bytes:
        """What can be learned from of a submission that somebody else has judged.

        Args:
            submission: What somebody sent.
        """
        if len(submission.text) > AT_ONCE:
            return await aside(self._features, submission)
        return self._features(submission)

    def _features(self, submission: Submission) -> bytes:
        return features_of(sample(submission.text, self.max_characters).text).packed()

    def judge(self, submission: Submission) -> Detection:
        """The same without a coroutine.

        Args:
            submission: What somebody sent.
        """
        for string, score, label in (
            (SPAM_TEST_STRING, 1.0, "spam"),
            (SUSPICIOUS_TEST_STRING, 0.5, "suspicious"),
        ):
            start = submission.text.find(string)
            if start >= 0:
                _teaches_nothing()
                return _test_string(score, label, start, start + len(string))
        read = sample(submission.text, self.max_characters)
        reading = reading_of(read.text, (submission.subject or "")[:LIMIT])
        evidence = weigh(reading, self.model, trace())
        beside = find_sender(submission, reading.normal.text)
        weight = evidence.weight + math.fsum(finding.weight for finding in beside)
        found = [*evidence.findings, *beside]
        if read.pieces:
            detail = f"{len(read.text)} of {len(submission.text)} characters were read."
            found.append(Finding("sampled", 0.0, detail))
        found.sort(key=lambda finding: -finding.weight)
        return Detection(
            score=score_of(weight),
            category=_category(found),
            reason=_reason(found),
            signals=tuple(_signal(finding, read) for finding in found),
        )


def _teaches_nothing() -> None:
    if (check := trace()) is not None:
        check.wanted = False


def _category(findings: list[Finding]) -> str | None:
    return findings[0].name if findings and findings[0].weight >= TELLING else None


def _reason(findings: list[Finding]) -> str | None:
    telling = [finding.detail for finding in findings if finding.weight >= TELLING]
    return " ".join(list(dict.fromkeys(telling))[:3]) or None


def _signal(finding: Finding, read: Sample) -> Signal:
    span = None
    if finding.start >= 0:
        span = (finding.start, finding.end)
        if finding.field == "text" and read.pieces:
            span = (read.original(finding.start), read.original(finding.end - 1) + 1)
    return Signal(
        name=finding.name,
        weight=finding.weight,
        detail=finding.detail,
        field=finding.field,
        span=span,
    )


def _test_string(score: float, label: str, start: int, end: int) -> Detection:
    signal = Signal(
        name="test_string",
        weight=0.0,
        detail=f"A test string that is always {label}.",
        span=(start, end),
    )
    return Detection(score=score, category="test_string", reason=signal.detail, signals=(signal,))
