"""Words that were made unreadable for machines: all that unusual characters can prove.

A share of characters outside of ASCII says nothing: most people on earth write with them. What
counts is one word in two alphabets, letters that are no letters, and what is invisible inside of a
word.
"""

import re
from itertools import islice

from .characters import (
    FLAG,
    FOREIGN,
    HIDING,
    MARK,
    SMALL_CAPITAL,
    SMALL_CAPITAL_RANGES,
    SYMBOL,
    TAG,
    kinds_of,
    meetings,
    words_with,
)
from .finding import MOST, Finding, find_all, limited
from .normalisation import LETTER, LINES, MIXED, SPELLED

_UNUSUAL = FOREIGN | HIDING | TAG | SYMBOL | FLAG | MARK
_ZERO_WIDTH = "\u200b-\u200f\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}](?<={LETTER}.)[{_ZERO_WIDTH}]*(?={LETTER})")
# Typesetters put soft hyphens between syllables; nobody has two around a single letter.
_SOFT_HYPHENS = re.compile(f"{LETTER}\u00ad{LETTER}\u00ad(?={LETTER})")
_OVERRIDE = re.compile("[\u202d\u202e]")
_FANCY_LETTER = "\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
_FANCY = re.compile(
    f"[{_FANCY_LETTER}](?:[{_FANCY_LETTER}]{{2,199}}| (?:[{_FANCY_LETTER}] ){{2,49}})"
)
_FANCY_DETAIL = "Symbols that look like letters."
_SMALL_CAPITALS = re.compile(f"[{SMALL_CAPITAL_RANGES}][a-z{SMALL_CAPITAL_RANGES}]{{2,60}}")
_CROSSED_OUT = re.compile(f"{LINES}(?<={LETTER}.){LETTER}{LINES}(?:{LETTER}{LINES}){{1,60}}")
# The flags of England, Scotland and Wales are spelled in tags too.
_TAGS = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f|(?P<hidden>[\U000e0020-\U000e007f]+)"
)

TOTAL = 3.0
MOST_WORDS = 5_000


def find_disguise(text: str, seen: int) -> list[Finding]:
    """The disguised words in a text.

    Args:
        text: As it was sent.
        seen: The kinds of its characters, in lower case.
    """
    found: list[Finding] = []
    if not seen & _UNUSUAL:
        return found
    if seen & FOREIGN:
        found += _mixed(text)
    if seen & SMALL_CAPITAL:
        found += find_all(_SMALL_CAPITALS, text, "fancy_letters", 1.5, _FANCY_DETAIL)
    if seen & (HIDING | TAG):
        found += _hidden(text)
    for kind, pattern in ((SYMBOL, _FANCY), (FLAG, SPELLED), (MARK, _CROSSED_OUT)):
        if seen & kind:
            found += find_all(pattern, text, "fancy_letters", 1.5, _FANCY_DETAIL)
    return limited(found, TOTAL, 6)


def _mixed(text: str) -> list[Finding]:
    kinds = kinds_of(text)
    meeting = meetings(kinds)
    if not meeting.any():
        return []
    return [
        Finding("mixed_scripts", 1.5, "One word in two alphabets.", start, end)
        for start, end in words_with(kinds, meeting, most=MOST_WORDS)
        if MIXED.search(text, start, end)
    ]


def _hidden(text: str) -> list[Finding]:
    found = [
        Finding("invisible", 1.5, "Invisible characters inside of a word.", *match.span())
        for pattern in (_INVISIBLE, _SOFT_HYPHENS)
        for match in islice(pattern.finditer(text), MOST)
    ]
    found += find_all(_OVERRIDE, text, "reversed", 1.5, "A character that turns the text around.")
    found += [
        Finding("invisible", 1.5, "Invisible characters.", *match.span())
        for match in _TAGS.finditer(text)
        if match["hidden"]
    ]
    return found
