"""How a text looks: shouting, heavy punctuation, repetition, next to nothing."""

import re
import string
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import numpy as np

from .characters import (
    POINTING,
    POINTING_RANGES,
    SMALL,
    are,
    codes_of,
    kinds_of,
)
from .finding import MOST, Finding, find_all, limited
from .normalisation import Normalised
from .pieces import Pieces

CAPITALS_LETTERS = 20
CAPITALS_SHARE = 0.7
SHORT = 6
RUN = 10
SPACED = 5
_SPACE = ord(" ")
REPEATED_WORDS = 5
REPEATED_SHARE = 0.6
REPEATED_LINES = 3
LINE_CHARACTERS = 8

_UPPER = string.ascii_uppercase.encode()
_LOWER = string.ascii_lowercase.encode()
_SHOUTS = b"!!"  # As an outline has them, of whatever kind.
# It begins with one set of characters, which `re` looks for many times faster than for a choice.
_MARKS = re.compile(
    r"[!?$\u20ac\u00a3]"
    r"(?:(?<=[!?])[!?]{2,}|(?<=\$)\$+|(?<=\u20ac)\u20ac+|(?<=\u00a3)\u00a3+)"
)
_RUN = re.compile(r"([^\s\-=_*#~.])\1{9,99}")
_SAME = b"\1" * (RUN - 1)
_SPACES = b"\1\0" * (SPACED - 2) + b"\1"
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){4,60}(?!\S)")
_POINTING = re.compile(f"[{POINTING_RANGES}]")

TOTAL = 1.5
POINTING_TOTAL = 1.6


def find_shape(text: str, normal: Normalised, pieces: Pieces) -> list[Finding]:
    """What the look of a text says.

    Args:
        text: As it was sent.
        normal: As a person reads it.
        pieces: Those of it in lower case.
    """
    low = normal.lowered
    return [
        *_capitals(text, low),
        *_punctuation(text, normal.outline),
        *_repetition(low, pieces),
        *(_pointing(text) if normal.seen & POINTING else ()),
        *_short(text),
    ]


def _capitals(text: str, low: str) -> list[Finding]:
    if len(text) < CAPITALS_LETTERS:
        return []
    upper, lower = _cases(text, low)
    if upper < CAPITALS_LETTERS or upper < CAPITALS_SHARE * (upper + lower):
        return []
    detail = f"{upper / (upper + lower):.0%} of {upper + lower} letters are capitals."
    return [Finding("all_caps", 1.0, detail)]


def _cases(text: str, low: str) -> tuple[int, int]:
    """How many letters are capitals, and how many are not, unless capitals are few."""
    if text.isascii():
        letters = text.encode()
        upper = len(letters) - len(letters.translate(None, _UPPER))
        few = upper < CAPITALS_LETTERS
        return upper, 0 if few else len(letters) - len(letters.translate(None, _LOWER))
    upper = int(np.count_nonzero(codes_of(text) != codes_of(low)))
    if upper < CAPITALS_LETTERS:
        return upper, 0
    # Of the most usual alphabets, which mostly are enough to see that capitals are few.
    lower = int(np.count_nonzero(are(kinds_of(text), SMALL)))
    if upper < CAPITALS_SHARE * (upper + lower):
        return upper, lower
    return upper, sum(map(str.islower, text))


def _punctuation(text: str, outline: bytes) -> list[Finding]:
    if _SHOUTS not in outline:
        return []
    found = find_all(_MARKS, text, "punctuation", 0.7, "A row of marks.")
    return limited(found, TOTAL, 4)


def _repetition(low: str, pieces: Pieces) -> list[Finding]:
    found: list[Finding] = []
    codes = codes_of(low)
    run = Finding("repeated_character", 0.5, "One character many times.")
    same = (codes[1:] == codes[:-1]).tobytes()
    found += [run.at(*span) for span in islice(_runs(low, same), MOST)]
    if pieces.number >= SPACED and _SPACES in (codes == _SPACE).tobytes():
        detail = "A word with gaps between its letters."
        found += find_all(_SPACED, low, "spaced_letters", 1.2, detail)
    if pieces.number >= 2 * REPEATED_WORDS:
        share = 1 - len(pieces.unique) / pieces.number
        if share > REPEATED_SHARE:
            detail = f"{share:.0%} of {pieces.number} words repeat others."
            found.append(Finding("repeated_words", 1.0, detail))
    found += _lines(low)
    return limited(found, TOTAL, 3)


def _runs(low: str, same: bytes) -> Iterator[tuple[int, int]]:
    """Where one character stands many times in a row, but for those that rules are drawn of.

    Args:
        low: The text in lower case.
        same: Of each of its characters whether the next one is the same.
    """
    start = same.find(_SAME)
    while start >= 0:
        run = _RUN.match(low, start)
        if run:
            yield run.span()
        start = same.find(_SAME, run.end() if run else start + len(_SAME))


def _lines(low: str) -> list[Finding]:
    if low.count("\n") < REPEATED_LINES - 1:
        return []
    lines = Counter(line.strip() for line in low.split("\n"))
    most = max((count for line, count in lines.items() if len(line) >= LINE_CHARACTERS), default=0)
    if most < REPEATED_LINES:
        return []
    return [Finding("repeated_lines", 1.0, f"One line {most} times.")]


def _pointing(text: str) -> list[Finding]:
    found: dict[str, Finding] = {}
    for match in _POINTING.finditer(text):
        detail = "A symbol that shouts for attention."
        found.setdefault(match.group(), Finding("bait_symbol", 0.8, detail, *match.span()))
    return limited([*found.values()], POINTING_TOTAL, 3)


def _short(text: str) -> list[Finding]:
    stripped = len(text.strip())
    if stripped >= SHORT:
        return []
    return [Finding("short", 0.3, f"{stripped} characters.")]
