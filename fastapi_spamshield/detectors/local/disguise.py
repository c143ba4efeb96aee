"""Words that were made unreadable for machines: the only thing that unusual characters prove.

A share of characters outside of ASCII says nothing: most people on earth write with them. What counts
is one word in two alphabets, letters that are no letters, and what is invisible inside of a word.
"""

import re

from .finding import Finding, limited

_LATIN = "A-Za-z\u00c0-\u024f"
_GREEK_CYRILLIC = "\u0370-\u03ff\u0400-\u052f"
_MIXED = re.compile(
    f"[{_LATIN}]{{1,40}}[{_GREEK_CYRILLIC}][{_LATIN}]|[{_GREEK_CYRILLIC}]{{1,40}}[{_LATIN}][{_GREEK_CYRILLIC}]"
)
_INVISIBLE = re.compile(
    f"(?<=[{_LATIN}{_GREEK_CYRILLIC}])[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+(?=[{_LATIN}{_GREEK_CYRILLIC}])"
)
_OVERRIDE = re.compile("[\u202d\u202e]")
_FANCY = re.compile(
    "[\U0001d400-\U0001d7ff]{3,200}|[\u24b6-\u24e9]{3,200}|[\U0001f130-\U0001f189]{3,200}"
    "|(?:[\U0001d400-\U0001d7ff\u24b6-\u24e9] ){3,50}"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_ENGLAND = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f")

TOTAL = 3.0


def find_disguise(text: str) -> list[Finding]:
    """The disguised words in a text.

    Args:
        text: As it was sent.
    """
    if text.isascii():
        return []
    found = [
        Finding("mixed_scripts", 1.5, "One word in two alphabets.", *match.span())
        for match in _MIXED.finditer(text)
    ]
    found += [
        Finding("invisible", 1.5, "Invisible characters inside of a word.", *match.span())
        for match in _INVISIBLE.finditer(text)
    ]
    found += [
        Finding("reversed", 1.5, "A character that turns the text around.", *match.span())
        for match in _OVERRIDE.finditer(text)
    ]
    found += [
        Finding("fancy_letters", 1.2, "Symbols that look like letters.", *match.span())
        for match in _FANCY.finditer(text)
    ]
    flags = [match.span() for match in _ENGLAND.finditer(text)]
    found += [
        Finding("invisible", 1.5, "Invisible characters.", *match.span())
        for match in _TAGS.finditer(text)
        if not any(start <= match.start() < end for start, end in flags)
    ]
    return limited(found, TOTAL, 6)
