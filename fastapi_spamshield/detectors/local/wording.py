"""Trigger phrases: which there are, and where they stand."""

import re

from .finding import Finding, limited
from .phrases import (
    STRONG,
    STRONG_PHRASES,
    UNSPACED_PHRASES,
    USUAL,
    USUAL_PHRASES,
    WEAK,
    WEAK_PHRASES,
)

TOTAL = 6.0
COUNT = 12

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("|".join(sorted(UNSPACED_PHRASES, key=len, reverse=True)))


def _by_first_word() -> dict[str, tuple[tuple[str, float], ...]]:
    grouped: dict[str, list[tuple[str, float]]] = {}
    for phrases, weight in (
        (STRONG_PHRASES, STRONG),
        (USUAL_PHRASES, USUAL),
        (WEAK_PHRASES, WEAK),
    ):
        for phrase in phrases:
            first = _WORD.search(phrase)
            assert first is not None
            grouped.setdefault(first.group(), []).append((phrase, weight))
    return {
        first: tuple(sorted(phrases, key=lambda phrase: -len(phrase[0])))
        for first, phrases in grouped.items()
    }


_PHRASES = _by_first_word()


def lowered(text: str) -> str:
    """A text in lower case, every character in its place.

    Args:
        text: Any text.
    """
    # The only letter whose lower case is two characters; all spans after it would be off.
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


def find_phrases(low: str, field: str = "text") -> list[Finding]:
    """The trigger phrases in a text, each once.

    Args:
        low: The text, `lowered`.
        field: Which part of the submission it is.
    """
    found: dict[str, Finding] = {}
    behind = 0
    for word in _WORD.finditer(low):
        start = word.start()
        if start < behind:
            continue
        for phrase, weight in _PHRASES.get(word.group(), ()):
            end = start + len(phrase)
            if low.startswith(phrase, start) and not low[end : end + 1].isalnum():
                found.setdefault(phrase, _finding(weight, start, end, field))
                behind = end
                break
    if not low.isascii():
        for match in _UNSPACED.finditer(low):
            found.setdefault(match.group(), _finding(STRONG, *match.span(), field))
    return limited(found.values(), TOTAL, COUNT)


def _finding(weight: float, start: int, end: int, field: str) -> Finding:
    return Finding("trigger_phrase", weight, "A phrase that is usual in spam.", start, end, field)
