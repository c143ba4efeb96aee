"""`LocalDetector`: the embedded engine."""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...deadline import aside
from ...errors import ConfigurationError
from ...explanation import Part
from ...models import Detection, Pii, Signal, Submission
from ...pii import find_pii
from ..trace import trace
from .curve import score_of
from .disposable import DISPOSABLE_DOMAINS
from .evidence import weigh
from .features import features_of
from .finding import Finding
from .loading import load
from .model import Model, default_model
from .parts import parts_of
from .reading import Reading, reading_of
from .sampling import Sample, sample
from .sanitising import sanitized
from .sender import LIMIT, find_sender
from .test_strings import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from .toxicity import TOXIC, toxic_words, toxicity_of

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

    What it is asked for beside spam never moves the score: rude is not spam, and neither is a
    telephone number.

    Attributes:
        max_characters: How many characters of a text are read, at least 1,000.
        model: What the wording says; the one that is shipped unless you trained your own. The path
            of a file that `spamshield train` wrote will do; it is read once, here.
        detect_toxicity: Fill `toxicity`: insults, threats and hate, in English above all.
        detect_pii: Fill `pii`: personal data in all of the text, with its places.
        return_sanitized: Fill `sanitized_text`: the text with `[REMOVED]` for personal data and,
            if `detect_toxicity` is on and finds it toxic, for the words that make it so.
        disposable_domains: Domains, in lower case, whose e-mail addresses nobody keeps; those below
            them count too.

    Raises:
        ConfigurationError: `max_characters` is too small, or the file can't be used.
    """

    max_characters: int = 20_000
    model: Model | str | os.PathLike[str] = field(default_factory=default_model, repr=False)
    detect_toxicity: bool = False
    detect_pii: bool = False
    return_sanitized: bool = False
    disposable_domains: frozenset[str] = field(default=DISPOSABLE_DOMAINS, repr=False)
    _model: Model = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.max_characters < MIN_CHARACTERS:
            raise ConfigurationError(
                f"max_characters={self.max_characters}: write at least {MIN_CHARACTERS}"
            )
        model = self.model if isinstance(self.model, Model) else load(self.model)
        object.__setattr__(self, "_model", model)

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
        read = sample(submission.text, self.max_characters)
        reading = reading_of(read.text, (submission.subject or "")[:LIMIT])
        detection = _tested(submission.text) or self._judged(submission, read, reading)
        if not (self.detect_toxicity or self.detect_pii or self.return_sanitized):
            return detection
        return detection.model_copy(update=self._beside(submission.text, read, reading))

    def _judged(self, submission: Submission, read: Sample, reading: Reading) -> Detection:
        evidence = weigh(reading, self._model, trace())
        beside = find_sender(submission, reading.normal.text, self.disposable_domains)
        weight = evidence.weight + math.fsum([finding.weight for finding in beside])
        found = [*evidence.findings, *beside]
        if read.pieces:
            detail = f"{len(read.text)} of {len(submission.text)} characters were read."
            found.append(Finding("sampled", 0.0, detail))
        found.sort(key=lambda finding: -finding.weight)
        # Signals that are validated with the whole take half the time of those made one by one.
        return Detection.model_validate(
            {
                "score": score_of(weight),
                "category": _category(found),
                "reason": _reason(found),
                "signals": [_signal(finding, read) for finding in found],
            }
        )

    def _beside(self, text: str, read: Sample, reading: Reading) -> dict[str, Any]:
        """What it was asked for beside spam."""
        known: dict[str, Any] = {}
        personal = find_pii(text) if self.detect_pii or self.return_sanitized else ()
        spans = [(found.start, found.end) for found in personal]
        if self.detect_pii:
            known["pii"] = tuple(Pii(type=one.type, span=(one.start, one.end)) for one in personal)
        if self.detect_toxicity:
            known["toxicity"] = toxicity_of(reading)
            if known["toxicity"] > TOXIC:
                spans += [_original(span, read) for span in toxic_words(reading)]
        if self.return_sanitized:
            known["sanitized_text"] = sanitized(text, spans)
        return known

    def removable_parts(self, submission: Submission, signals: Sequence[Signal], /) -> list[Part]:
        """What of a submission could be left out: fields, links, what signals point to.

        Args:
            submission: What was judged.
            signals: What was seen in it, strongest first.
        """
        return parts_of(submission, signals, self.max_characters)


def _teaches_nothing() -> None:
    if (check := trace()) is not None:
        check.wanted = False


def _category(findings: list[Finding]) -> str | None:
    return findings[0].name if findings and findings[0].weight >= TELLING else None


def _reason(findings: list[Finding]) -> str | None:
    telling = [finding.detail for finding in findings if finding.weight >= TELLING]
    return " ".join(list(dict.fromkeys(telling))[:3]) or None


def _signal(finding: Finding, read: Sample) -> dict[str, Any]:
    """The fields of a signal."""
    span = None
    if finding.start >= 0:
        span = (finding.start, finding.end)
        if finding.field == "text":
            span = _original(span, read)
    return {
        "name": finding.name,
        "weight": finding.weight,
        "detail": finding.detail,
        "field": finding.field,
        "span": span,
    }


def _original(span: tuple[int, int], read: Sample) -> tuple[int, int]:
    if not read.pieces:
        return span
    return (read.original(span[0]), read.original(span[1] - 1) + 1)


def _tested(text: str) -> Detection | None:
    for string, score, label in (
        (SPAM_TEST_STRING, 1.0, "spam"),
        (SUSPICIOUS_TEST_STRING, 0.5, "suspicious"),
    ):
        start = text.find(string)
        if start >= 0:
            _teaches_nothing()
            return _test_string(score, label, start, start + len(string))
    return None


def _test_string(score: float, label: str, start: int, end: int) -> Detection:
    signal = Signal(
        name="test_string",
        weight=0.0,
        detail=f"A test string that is always {label}.",
        span=(start, end),
    )
    return Detection(score=score, category="test_string", reason=signal.detail, signals=(signal,))
