"""Trigger phrases: which there are, and where they stand."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from .finding import Finding, limited
from .phrases import (
    INVITING,
    INVITING_PHRASES,
    PRAISE,
    PRAISE_PHRASES,
    STRONG,
    STRONG_PHRASES,
    UNSPACED_PHRASES,
    USUAL,
    USUAL_PHRASES,
    WEAK,
    WEAK_PHRASES,
)

TOTAL = 4.8
"""Just below spam: words alone, which a moderator or a victim may quote, only ask for a review."""
COUNT = 12
WEAK_TOTAL = 1.2
"""Words that everybody uses: many of them in a long text say no more than two."""

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("|".join(sorted(UNSPACED_PHRASES, key=len, reverse=True)))


class _Phrase(NamedTuple):
    text: str
    weight: float
    name: str


def _by_first_word() -> dict[str, tuple[_Phrase, ...]]:
    grouped: dict[str, list[_Phrase]] = {}
    for phrases, weight, name in (
        (INVITING_PHRASES, INVITING, "trigger_phrase"),
        (STRONG_PHRASES, STRONG, "trigger_phrase"),
        (USUAL_PHRASES, USUAL, "trigger_phrase"),
        (WEAK_PHRASES, WEAK, "trigger_phrase"),
        (PRAISE_PHRASES, PRAISE, "praise"),
    ):
        for phrase in phrases:
            first = _WORD.findall(phrase)[0]
            grouped.setdefault(first, []).append(_Phrase(phrase, weight, name))
    return {
        first: tuple(sorted(phrases, key=lambda phrase: -len(phrase.text)))
        for first, phrases in grouped.items()
    }


_PHRASES = _by_first_word()
_LONGEST = frozenset(
    max(reversed(_WORD.findall(phrase.text)), key=len)
    for phrases in _PHRASES.values()
    for phrase in phrases
)
_DETAILS = {
    "trigger_phrase": "A phrase that is usual in spam.",
    "praise": "Praise that fits any page.",
}


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
    # Most texts hold no phrase, thus not the longest word of one: that takes a single look-up of
    # all words, several times faster than one by one.
    if not _LONGEST.isdisjoint(_WORD.findall(low)):
        for phrase, start in _spaced(low):
            if phrase.text not in found:
                found[phrase.text] = _finding(phrase, start, field)
    if not low.isascii():
        for match in _UNSPACED.finditer(low):
            if match.group() not in found:
                phrase = _Phrase(match.group(), STRONG, "trigger_phrase")
                found[phrase.text] = _finding(phrase, match.start(), field)
    heavy = [finding for finding in found.values() if finding.weight > WEAK]
    light = limited((f for f in found.values() if f.weight <= WEAK), WEAK_TOTAL, COUNT)
    return limited([*heavy, *light], TOTAL, COUNT)


def _spaced(low: str) -> Iterator[tuple[_Phrase, int]]:
    behind = 0
    for word in _WORD.finditer(low):
        start = word.start()
        if start < behind:
            continue
        for phrase in _PHRASES.get(word.group(), ()):
            end = start + len(phrase.text)
            if low.startswith(phrase.text, start) and not _inside(low, start, end):
                yield phrase, start
                behind = end
                break


def _inside(low: str, start: int, end: int) -> bool:
    """Whether the word goes on; vowel signs of Indic scripts are no letters to `isalnum`."""
    return (
        low[end : end + 1].isalnum()
        or unicodedata.category(low[start - 1 : start] or " ").startswith("M")
        or unicodedata.category(low[end : end + 1] or " ").startswith("M")
    )


def _finding(phrase: _Phrase, start: int, field: str) -> Finding:
    end = start + len(phrase.text)
    return Finding(phrase.name, phrase.weight, _DETAILS[phrase.name], start, end, field)
