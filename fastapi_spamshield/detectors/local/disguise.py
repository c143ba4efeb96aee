"""Words that were made unreadable for machines: all that unusual characters can prove.

A share of characters outside of ASCII says nothing: most people on earth write with them. What
counts is one word in two alphabets, letters that are no letters, and what is invisible inside of a
word.
"""

import re
import unicodedata

from .finding import Finding, find_all, limited

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_GREEK_CYRILLIC = "\u0370-\u03ff\u0400-\u052f"
_LETTER = f"[{_LATIN}{_GREEK_CYRILLIC}]"
_NEIGHBOURS = re.compile(f"[{_LATIN}][{_GREEK_CYRILLIC}]|[{_GREEK_CYRILLIC}][{_LATIN}]")
_WORD = re.compile(f"{_LETTER}+")
# One alphabet within the other. A Latin abbreviation with a Cyrillic ending is ordinary Russian,
# and a Latin i between Cyrillic letters is what a keyboard without the Ukrainian one has to offer.
_MIXED = re.compile(
    f"[{_LATIN}][{_GREEK_CYRILLIC}]+[{_LATIN}]|[{_GREEK_CYRILLIC}](?![iI])[{_LATIN}][{_GREEK_CYRILLIC}]"
)
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202d\u202e\u2060-\u2064\ufeff]")
_INVISIBLE = re.compile(f"(?<={_LETTER})[\u200b-\u200f\u2060-\u2064\ufeff]+(?={_LETTER})")
# Typesetters put soft hyphens between syllables; nobody has two around a single letter.
_SOFT_HYPHENS = re.compile(f"{_LETTER}\u00ad{_LETTER}\u00ad(?={_LETTER})")
_OVERRIDE = re.compile("[\u202d\u202e]")
_FANCY_LETTER = "\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189"
_FANCY = re.compile(f"[{_FANCY_LETTER}]{{3,200}}|(?:[{_FANCY_LETTER}] ){{3,50}}")
_ANY_FANCY = re.compile(f"[{_FANCY_LETTER}]")
# The flags of England, Scotland and Wales are spelled in tags too.
_TAGS = re.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f|(?P<hidden>[\U000e0020-\U000e007f]+)"
)

TOTAL = 3.0


def find_disguise(text: str) -> list[Finding]:
    """The disguised words in a text.

    Args:
        text: As it was sent.
    """
    if text.isascii():
        return []
    found: list[Finding] = []
    if _NEIGHBOURS.search(text):
        found += [
            Finding("mixed_scripts", 1.5, "One word in two alphabets.", *word.span())
            for word in _WORD.finditer(text)
            if _MIXED.search(word.group())
        ]
    if _HIDDEN.search(text):
        found += _hidden(text)
    if _ANY_FANCY.search(text):
        found += find_all(_FANCY, text, "fancy_letters", 1.5, "Symbols that look like letters.")
    found += [
        Finding("invisible", 1.5, "Invisible characters.", *match.span())
        for match in _TAGS.finditer(text)
        if match["hidden"]
    ]
    return limited(found, TOTAL, 6)


def _hidden(text: str) -> list[Finding]:
    found = [
        Finding("invisible", 1.5, "Invisible characters inside of a word.", *match.span())
        for pattern in (_INVISIBLE, _SOFT_HYPHENS)
        for match in pattern.finditer(text)
    ]
    found += find_all(_OVERRIDE, text, "reversed", 1.5, "A character that turns the text around.")
    return found


def _plain_letters() -> dict[int, str]:
    """Every symbol that stands for one letter or digit, and which."""
    plain: dict[int, str] = {}
    for first, last in ((0x24B6, 0x24E9), (0x1D400, 0x1D7FF), (0x1F130, 0x1F189)):
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code)).lower()
            if (
                not folded.isalnum()
            ):  # White letters on black have no base, but a name: "... LETTER A".
                folded = unicodedata.name(chr(code), "")[-1:].lower()
            if len(folded) == 1:
                plain[code] = folded
    return plain


_PLAIN = _plain_letters()
_CYRILLIC_TO_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u043a\u043c\u043d\u0442\u0432\u03bf\u03b1\u03bd",
    "aeopcyxikmhtboav",
)
_LATIN_TO_CYRILLIC = str.maketrans(
    "aeopcyxkmhtb", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u043c\u043d\u0442\u0432"
)


def unmasked(low: str) -> str:
    """A text with its disguised words as a person reads them, every character in its place.

    Args:
        low: The text in lower case.
    """
    if low.isascii():
        return low
    if _ANY_FANCY.search(low):
        low = low.translate(_PLAIN)
    if _NEIGHBOURS.search(low):
        low = _WORD.sub(_one_alphabet, low)
    return low


def _one_alphabet(word: re.Match[str]) -> str:
    letters = word.group()
    if not _MIXED.search(letters):
        return letters
    foreign = sum(letter >= "\u0370" for letter in letters)
    table = _LATIN_TO_CYRILLIC if foreign * 2 > len(letters) else _CYRILLIC_TO_LATIN
    return letters.translate(table)
