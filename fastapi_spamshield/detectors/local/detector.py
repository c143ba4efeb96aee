"""`LocalDetector`: the embedded engine."""

from dataclasses import dataclass

from ...errors import ConfigurationError
from ...models import Detection, Signal, Submission
from .combination import find_combination
from .contact import find_contacts
from .curve import score_of
from .disguise import find_disguise, unmasked
from .finding import Finding
from .links import find_links, has_link
from .markup import find_markup
from .money import find_money
from .sampling import Sample, sample
from .sender import LIMIT, find_sender
from .shape import find_shape
from .test_strings import SPAM_TEST_STRING, SUSPICIOUS_TEST_STRING
from .wording import find_phrases, lowered

MIN_CHARACTERS = 1_000
MAX_SIGNALS = 50


@dataclass(frozen=True, kw_only=True)
class LocalDetector:
    """Judges by itself: no network, no account, no state.

    It adds up named signals, each with a weight and the characters it points to, and turns the sum
    into a score. Every submission is read in time linear in its length, and of a text longer than
    `max_characters` only the head, the middle and the tail are read, which a signal `sampled` says.

    Attributes:
        max_characters: How many characters of a text are read, at least 1,000.

    Raises:
        ConfigurationError: `max_characters` is too small.
    """

    max_characters: int = 20_000

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
        return self.judge(submission)

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
                return _test_string(score, label, start, start + len(string))
        read = sample(submission.text, self.max_characters)
        findings = sorted(_evidence(submission, read), key=lambda finding: -finding.weight)
        signals = [_signal(finding, read) for finding in findings[:MAX_SIGNALS]]
        if read.pieces:
            detail = f"{len(read.text)} of {len(submission.text)} characters were read."
            signals.append(Signal(name="sampled", weight=0.0, detail=detail))
        return Detection(
            score=score_of(sum(signal.weight for signal in signals)),
            category=findings[0].name if findings else None,
            reason=_reason(findings),
            signals=tuple(signals),
        )


def _evidence(submission: Submission, read: Sample) -> list[Finding]:
    text = read.text
    low = unmasked(lowered(text))
    phrases = find_phrases(low)
    if submission.subject:
        phrases += find_phrases(unmasked(lowered(submission.subject[:LIMIT])), "subject")
    contacts = find_contacts(low)
    money = find_money(low)
    return [
        *phrases,
        *contacts,
        *money,
        *find_links(low),
        *find_markup(low),
        *find_disguise(text),
        *find_shape(text, low),
        *find_sender(submission, low),
        *find_combination([*phrases, *money], reachable=bool(contacts) or has_link(low)),
    ]


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


def _reason(findings: list[Finding]) -> str | None:
    sentences = dict.fromkeys(finding.detail for finding in findings)
    return " ".join(list(sentences)[:3]) or None


def _test_string(score: float, label: str, start: int, end: int) -> Detection:
    signal = Signal(
        name="test_string",
        weight=0.0,
        detail=f"A test string that is always {label}.",
        span=(start, end),
    )
    return Detection(score=score, category="test_string", reason=signal.detail, signals=(signal,))
