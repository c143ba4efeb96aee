import pytest

from fastapi_spamshield.detectors.local.test_strings import (
    SPAM_TEST_STRING,
    SUSPICIOUS_TEST_STRING,
)
from tests.detectors.local.judging import judge


@pytest.mark.parametrize(
    ("string", "score", "detail"),
    [
        (SPAM_TEST_STRING, 1.0, "A test string that is always spam."),
        (SUSPICIOUS_TEST_STRING, 0.5, "A test string that is always suspicious."),
    ],
)
@pytest.mark.parametrize("before", ["", "Hello. ", "İİ", "x" * 30_000, "filler, " * 40_000])
def test_a_test_string_has_its_score_wherever_it_stands(
    string: str, score: float, detail: str, before: str
) -> None:
    text = f"{before}{string} and {'more ' * 5000}"
    detection = judge(text)
    [signal] = detection.signals
    assert (detection.score, detection.category) == (score, "test_string")
    assert (detection.reason, signal.name, signal.weight) == (detail, "test_string", 0.0)
    assert signal.span is not None
    assert text[slice(*signal.span)] == string


def test_spam_beats_suspicious() -> None:
    assert judge(SUSPICIOUS_TEST_STRING + SPAM_TEST_STRING).score == 1.0


def test_a_part_of_a_test_string_is_nothing() -> None:
    assert judge(f"Look at {SPAM_TEST_STRING[:-1]}, please").score < 0.7
    assert judge(f"Look at {SPAM_TEST_STRING.lower()}, please").score < 0.7
