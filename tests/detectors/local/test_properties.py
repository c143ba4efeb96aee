"""What holds for every text that there is."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.detectors.local.curve import score_of
from fastapi_spamshield.models import Detection, Submission

PIECES = st.sampled_from(
    [
        *(
            "Casino",
            "online casino",
            "buy now",
            "İ",
            "ß",
            "ſ",
            "ΑΣ",
            "加微信",
            "лон",
            "लोन",
            "\n",
            " ",
        ),
        *("https://a.example/", "www.b.io", "x@8.8.8.8", "bit.ly/a", "[url=", "<a href", "{a|b}"),
        *(
            "👉",
            "👩\u200d👧",
            "🏴\U000e0067",
            "𝐚𝐛𝐜",
            "a\u200bb",
            "кaз",
            "c\u00ada\u00ads",
            "\ud83d",
            "\x00",
        ),
        *(
            "$5,000 per week",
            "80% off",
            "whatsapp +44",
            "call 0800 123 456",
            "t&cs",
            "!!!",
            "a b c d e f",
        ),
        *("A" * 30, "z" * 12, "the same line\n" * 3, "a@b.example"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=20) | st.text("aA.@/:-[]{|}<$1 \n", max_size=20)).map(
    "".join
)
SUBMISSIONS = st.builds(
    Submission,
    text=TEXTS,
    author=st.none() | TEXTS,
    email=st.none() | TEXTS,
    subject=st.none() | TEXTS,
    honeypot=st.none() | TEXTS,
    elapsed=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)


def check(submission: Submission, detection: Detection) -> None:
    assert 0 <= detection.score <= 1
    weights = [signal.weight for signal in detection.signals]
    assert detection.score == pytest.approx(score_of(math.fsum(weights)))
    assert weights == sorted(weights, reverse=True)
    for signal in detection.signals:
        assert signal.weight >= 0 or signal.name == "wording"
        if signal.span:
            start, end = signal.span
            assert 0 <= start < end <= len(getattr(submission, signal.field))


@given(SUBMISSIONS)
def test_scores_signals_and_spans(submission: Submission) -> None:
    detector = LocalDetector()
    detection = detector.judge(submission)
    check(submission, detection)
    assert detector.judge(submission) == detection
    assert asyncio.run(detector.detect(submission)) == detection


@given(SUBMISSIONS, st.integers(1000, 1100))
def test_a_sampled_text(submission: Submission, limit: int) -> None:
    filler = "and then we went on, " * 40
    text = f"{submission.text}{filler}{submission.text}{filler}{submission.text}"
    long = submission.model_copy(update={"text": text})
    detection = LocalDetector(max_characters=limit).judge(long)
    check(long, detection)
    for signal in detection.signals:
        if signal.name == "trigger_phrase" and signal.field == "text" and signal.span:
            assert "\n" not in text[slice(*signal.span)]


@given(SUBMISSIONS, st.text(min_size=1).filter(lambda value: not value.isspace()))
def test_filling_the_trap_never_lowers_the_score(submission: Submission, value: str) -> None:
    detector = LocalDetector()
    empty = detector.judge(submission.model_copy(update={"honeypot": ""}))
    filled = detector.judge(submission.model_copy(update={"honeypot": value}))
    assert filled.score >= empty.score


@given(TEXTS, st.sampled_from(["online casino", "[url=x]", "\u202e"]))
def test_a_text_of_evidence_points_to_it(text: str, evidence: str) -> None:
    submission = Submission(text=f"{text}\n{evidence}\n")
    signals = LocalDetector().judge(submission).signals
    assert any(signal.span for signal in signals)
