"""How a text looks: shouting, heavy punctuation, repetition, next to nothing."""

import re

from .finding import Finding, limited

CAPITALS_LETTERS = 20
CAPITALS_SHARE = 0.7
SHORT = 6
REPEATED_WORDS = 5

_MARKS = re.compile(r"[!?]{3,}|[$\u20ac\u00a3]{2,}")
_RUN = re.compile(r"(\S)\1{9,}")
_LETTER_RUN = re.compile(r"[^\W\d_]+")
_MONEY = re.compile(r"[$\u20ac\u00a3]\s?\d[\d,.]{2,12}")


def find_shape(text: str, low: str) -> list[Finding]:
    """What the look of a text says.

    Args:
        text: As it was sent.
        low: In lower case.
    """
    return [
        *_capitals(text, low),
        *_punctuation(text),
        *_repetition(low),
        *_money(low),
        *_short(text),
    ]


def _capitals(text: str, low: str) -> list[Finding]:
    if text == low:
        return []
    upper = sum(map(str.isupper, text))
    if upper < CAPITALS_LETTERS:
        return []
    lower = sum(map(str.islower, text))
    share = upper / (upper + lower)
    if share < CAPITALS_SHARE:
        return []
    detail = f"{share:.0%} of {upper + lower} letters are capitals."
    return [Finding("all_caps", 1.0, detail)]


def _punctuation(text: str) -> list[Finding]:
    found = [
        Finding("punctuation", 0.7, "A row of marks.", *match.span())
        for match in _MARKS.finditer(text)
    ]
    return limited(found, 1.6, 4)


def _repetition(low: str) -> list[Finding]:
    found = [
        Finding("repeated_character", 0.5, "One character many times.", *match.span())
        for match in _RUN.finditer(low)
    ]
    words = low.split()
    if len(words) >= 2 * REPEATED_WORDS:
        share = 1 - len(set(words)) / len(words)
        if share > 0.6:
            detail = f"{share:.0%} of {len(words)} words repeat others."
            found.append(Finding("repeated_words", 1.0, detail))
    return limited(found, 1.5, 3)


def _money(low: str) -> list[Finding]:
    found = [
        Finding("money", 0.6, "An amount of money.", *match.span())
        for match in _MONEY.finditer(low)
    ]
    return limited(found, 1.2, 3)


def _short(text: str) -> list[Finding]:
    stripped = len(text.strip())
    if stripped >= SHORT:
        return []
    return [Finding("short", 0.3, f"{stripped} characters.")]
