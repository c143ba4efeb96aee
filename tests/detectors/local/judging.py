"""What the tests of the engine share: judge a text, and name what was seen where."""

from typing import Any

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.detectors.local.finding import Finding
from fastapi_spamshield.detectors.local.reading import reading_of
from fastapi_spamshield.models import Detection, Submission

DISGUISE = {"mixed_scripts", "invisible", "reversed", "fancy_letters"}
WORDING = "wording"
"""What the model adds to every text: the other signals have names of their own."""


def judge(text: str, **context: Any) -> Detection:
    return LocalDetector().judge(Submission(text=text, **context))


def names(text: str, **context: Any) -> set[str]:
    return {signal.name for signal in judge(text, **context).signals} - {WORDING}


def findings(text: str, subject: str = "") -> list[Finding]:
    """What is seen in a text by name, before the model says what it counts; strongest first."""
    return sorted(reading_of(text, subject).findings, key=lambda finding: -finding.weight)


def seen(text: str) -> list[tuple[str, float, str | None]]:
    """Name, strength and pointed-to characters of each of them."""
    return [
        (found.name, found.weight, text[found.start : found.end] if found.start >= 0 else None)
        for found in findings(text)
    ]
