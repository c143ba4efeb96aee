"""Words that were made unreadable for machines: all that unusual characters can prove.

A share of characters outside of ASCII says nothing: most people on earth write with them. What
counts is one word in two alphabets, letters that are no letters, and what is invisible inside of a
word.
"""

import re
from itertools import islice

from .finding import MOST, Finding, find_all, limited
from .normalisation import FOREIGN, LETTER, LINES, MIXED, SMALL_CAPITALS, SPELLED, UNUSUAL, WORD

_INVISIBLE = re.compile(f"(?<={LETTER})[\u200b-\u200f\u2060-\u2064\ufeff]+(?={LETTER})")
# Typesetters put soft hyphens between syllables; nobody has two around a single letter.
_SOFT_HYPHENS = re.compile(f"{LETTER}\u00ad{LETTER}\u00ad(?={LETTER})")
_OVERRIDE = re.compile("[\u202d\u202e]")
_FANCY_LETTER = "\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
_FANCY = re.compile(f"[{_FANCY_LETTER}]{{3,200}}|(?:[{_FANCY_LETTER}] ){{3,50}}")
_FANCY_DETAIL = "Symbols that look like letters."
_SMALL_CAPITALS = re.compile(f"[{SMALL_CAPITALS}][a-z{SMALL_CAPITALS}]{{2,60}}")
_CROSSED_OUT = re.compile(f"{LINES}(?<={LETTER}.){LETTER}{LINES}(?:{LETTER}{LINES}){{1,60}}")
# The flags of England, Scotland and Wales are spelled in tags too.
_TAGS = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f|(?P<hidden>[\U000e0020-\U000e007f]+)"
)

TOTAL = 3.0
MOST_WORDS = 5_000


def find_disguise(text: str, rare: str) -> list[Finding]:
    """The disguised words in a text.

    Args:
        text: As it was sent.
        rare: Each character outside of ASCII in it, once.
    """
    if not rare:
        return []
    found: list[Finding] = []
    if FOREIGN.search(rare) and MIXED.search(text):
        found += [
            Finding("mixed_scripts", 1.5, "One word in two alphabets.", *word.span())
            for word in islice(WORD.finditer(text), MOST_WORDS)
            if MIXED.search(word.group())
        ]
    if FOREIGN.search(rare):
        found += find_all(_SMALL_CAPITALS, text, "fancy_letters", 1.5, _FANCY_DETAIL)
    if UNUSUAL.search(rare):
        found += _hidden(text)
        for pattern in (_FANCY, SPELLED, _CROSSED_OUT):
            found += find_all(pattern, text, "fancy_letters", 1.5, _FANCY_DETAIL)
    return limited(found, TOTAL, 6)


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
