"""What the tests of the engine share: judge a text, and name what was seen where."""

from typing import Any

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.models import Detection, Submission

DISGUISE = {"mixed_scripts", "invisible", "reversed", "fancy_letters"}


def judge(text: str, **context: Any) -> Detection:
    return LocalDetector().judge(Submission(text=text, **context))


def names(text: str, **context: Any) -> set[str]:
    return {signal.name for signal in judge(text, **context).signals}


def seen(text: str, **context: Any) -> list[tuple[str, float, str | None]]:
    """Name, weight and pointed-to characters of each signal, strongest first."""
    return [
        (signal.name, signal.weight, text[slice(*signal.span)] if signal.span else None)
        for signal in judge(text, **context).signals
    ]
