"""Trigger phrases: which there are, and where they stand."""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from .finding import MOST, Finding, limited
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
from .pieces import Pieces

TOTAL = 4.8
"""A moderator or a victim may quote many phrases: they say no more than a few."""
COUNT = 12
WEAK_TOTAL = 1.2
"""Words that everybody uses: many of them in a long text say no more than two."""

WORD = re.compile(r"[^\W_]+")
"""A word: what phrases are made of."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\W]")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(256))
_UNSPACED = re.compile("|".join(sorted(UNSPACED_PHRASES, key=len, reverse=True)))


class _Phrase(NamedTuple):
    text: str
    weight: float
    name: str
    words: frozenset[str]


def _by_longest_word() -> dict[str, tuple[_Phrase, ...]]:
    grouped: dict[str, list[_Phrase]] = {}
    for phrases, weight, name in (
        (INVITING_PHRASES, INVITING, "trigger_phrase"),
        (STRONG_PHRASES, STRONG, "trigger_phrase"),
        (USUAL_PHRASES, USUAL, "trigger_phrase"),
        (WEAK_PHRASES, WEAK, "trigger_phrase"),
        (PRAISE_PHRASES, PRAISE, "praise"),
    ):
        for phrase in phrases:
            words = WORD.findall(phrase)
            entry = _Phrase(phrase, weight, name, frozenset(words))
            grouped.setdefault(max(words, key=len), []).append(entry)
    return {word: tuple(phrases) for word, phrases in grouped.items()}


_PHRASES = _by_longest_word()
_LONGEST_WORDS = frozenset(_PHRASES)
_DETAILS = {
    "trigger_phrase": "A phrase that is usual in spam.",
    "praise": "Praise that fits any page.",
}


def vocabulary_of(pieces: Pieces) -> frozenset[str]:
    """The words of a text, each once.

    Args:
        pieces: Those of the text in lower case.
    """
    joined = " ".join(pieces.unique)
    if not joined.isascii() and _BEYOND_ASCII.search(joined):
        return frozenset(WORD.findall(joined))
    # The same, but several times faster where every letter is known.
    return frozenset(joined.encode("ascii", "replace").translate(_ASCII_WORDS).decode().split())


def find_phrases(
    low: str, vocabulary: AbstractSet[str], field: str = "text", *, unspaced: bool = True
) -> list[Finding]:
    """The trigger phrases in a text, each once.

    Args:
        low: The text in lower case.
        vocabulary: Its words.
        field: Which part of the submission it is.
        unspaced: Whether it could hold words without spaces between them.
    """
    # In characters of one byte a phrase is found several times faster than in wider ones.
    narrow = low.encode("ascii", "replace").decode()
    places = [
        (start, -len(phrase.text), phrase)
        # Most texts hold no phrase, thus not the longest word of one.
        for word in _LONGEST_WORDS & vocabulary
        for phrase in _PHRASES[word]
        if phrase.words <= vocabulary
        for start in _places(phrase.text, low, narrow if phrase.text.isascii() else low)
    ]
    found: dict[str, Finding] = {}
    behind = 0
    for start, _, phrase in sorted(places):
        if start < behind:
            continue
        behind = start + len(phrase.text)
        if phrase.text not in found:
            found[phrase.text] = _finding(phrase, start, field)
    if unspaced:
        for match in _UNSPACED.finditer(low):
            if match.group() not in found:
                phrase = _Phrase(match.group(), STRONG, "trigger_phrase", frozenset())
                found[phrase.text] = _finding(phrase, match.start(), field)
    if not found:
        return []
    heavy = [finding for finding in found.values() if finding.weight > WEAK]
    light = limited([f for f in found.values() if f.weight <= WEAK], WEAK_TOTAL, COUNT)
    return limited([*heavy, *light], TOTAL, COUNT)


def _places(phrase: str, low: str, same: str) -> Iterator[int]:
    """Where a phrase stands as whole words, at the first places.

    Args:
        phrase: Any.
        low: The text in lower case.
        same: The text, or a copy that may differ in what no phrase like this one holds.
    """
    start = same.find(phrase)
    looked = 0
    while start >= 0 and looked < MOST:
        end = start + len(phrase)
        if not _inside(low, start, end):
            yield start
        looked += 1
        start = same.find(phrase, end)


def _inside(low: str, start: int, end: int) -> bool:
    """Whether the word goes on."""
    return _goes_on(low[start - 1 : start]) or _goes_on(low[end : end + 1])


def _goes_on(side: str) -> bool:
    """Whether a character is of a word; to `isalnum` the vowel signs of India are no letters."""
    if side.isascii():
        return side.isalnum()
    return side.isalnum() or unicodedata.category(side).startswith("M")


def _finding(phrase: _Phrase, start: int, field: str) -> Finding:
    end = start + len(phrase.text)
    return Finding(phrase.name, phrase.weight, _DETAILS[phrase.name], start, end, field)
