"""What kind each character of a text is, of all of them at once.

Most texts hold nothing unusual. One look into a table tells so for every character, many times
faster than a search for each thing that there could be.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8] | NDArray[np.uint32]
Kinds = NDArray[np.uint16]
"""Of each character the sum of all kinds that it is of."""

Marks = NDArray[np.bool_]

# Ranges as they stand in a set of a regular expression.
LATIN_RANGES: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
SMALL_CAPITAL_RANGES: Final = "\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\u1d00-\u1d22\ua731"
TWIN_RANGES: Final = "\u0370-\u03ff\u0400-\u052f"  # Greek and Cyrillic
STRANGER_RANGES: Final = "\u0531-\u0587\u13a0-\u13fd\uab70-\uabbf"  # Armenian and Cherokee
MARK_RANGES: Final = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
)
HIDING_RANGES: Final = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
SYMBOL_RANGES: Final = (
    "\u2070-\u209c\u2100-\u214f\u2460-\u24ff\uff10-\uff5a\U0001d400-\U0001d7ff\U0001f110-\U0001f189"
)
FLAG_RANGES: Final = "\U0001f1e6-\U0001f1ff"
TAG_RANGES: Final = "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
ACCENTED_RANGES: Final = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
POINTING_RANGES: Final = (
    "\U0001f446\U0001f447\U0001f449\u27a1\U0001f51e\U0001f4b0\U0001f4b8\U0001f911\U0001f3b0\U0001f48b"
    "\u2705\U0001f4b5\U0001f680\U0001f4e9\U0001f4f2\U0001f381"
)
UNSPACED_RANGES: Final = (
    "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # Thai, Japanese, Chinese
)
GAP_RANGES: Final = " ._*\u00b7-"
SHOUT_RANGES: Final = "!?$\u20ac\u00a3"

LATIN: Final = 1
SMALL_CAPITAL: Final = 1 << 1
TWIN: Final = 1 << 2
STRANGER: Final = 1 << 3
MARK: Final = 1 << 4
HIDING: Final = 1 << 5
SYMBOL: Final = 1 << 6
FLAG: Final = 1 << 7
TAG: Final = 1 << 8
ACCENTED: Final = 1 << 9
POINTING: Final = 1 << 10
GAP: Final = 1 << 11
SHOUT: Final = 1 << 12
SMALL: Final = 1 << 13
"""A letter of those above in lower case; of other alphabets nothing is known."""
UNSPACED: Final = 1 << 14
"""Of a script that puts no spaces between words."""

ASCII: Final = 128
"""How many code points ASCII has."""

FOREIGN: Final = SMALL_CAPITAL | TWIN | STRANGER
LETTERS: Final = LATIN | FOREIGN
_RANGES: Final = {
    LATIN: LATIN_RANGES,
    SMALL_CAPITAL: SMALL_CAPITAL_RANGES,
    TWIN: TWIN_RANGES,
    STRANGER: STRANGER_RANGES,
    MARK: MARK_RANGES,
    HIDING: HIDING_RANGES,
    SYMBOL: SYMBOL_RANGES,
    FLAG: FLAG_RANGES,
    TAG: TAG_RANGES,
    ACCENTED: ACCENTED_RANGES,
    POINTING: POINTING_RANGES,
    GAP: GAP_RANGES,
    SHOUT: SHOUT_RANGES,
    UNSPACED: UNSPACED_RANGES,
}
_RANGE: Final = re.compile("(.)(?:-(.))?")


def _table() -> Kinds:
    table = np.zeros(0x110000, np.uint16)
    for kind, ranges in _RANGES.items():
        for first, last in _RANGE.findall(ranges):
            table[ord(first) : ord(last or first) + 1] |= kind
    for code in np.flatnonzero(table & LETTERS).tolist():
        if chr(code).islower():
            table[code] |= SMALL
    table.flags.writeable = False
    return table


_TABLE: Final = _table()


def _outlines() -> NDArray[np.uint8]:
    sums = np.arange(2 * UNSPACED, dtype=np.uint16)
    outlines = np.full(len(sums), ord("?"), np.uint8)
    for kind, sign in ((LETTERS, "a"), (GAP, " "), (SHOUT, "!")):
        outlines[are(sums, kind)] = ord(sign)
    return outlines


def codes_of(text: str) -> Codes:
    """The code point of each character.

    Args:
        text: Any text.
    """
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def kinds_of(text: str) -> Kinds:
    """The kinds of each character.

    Args:
        text: Any text.
    """
    return _TABLE[codes_of(text)]


def outline_of(text: str) -> bytes:
    """What a text looks like from afar: a byte for each character.

    A letter is `a`, a gap a space, a mark that shouts `!`, anything else `?`. So a row of such
    characters is found like a word, which takes next to no time.

    Args:
        text: Any text.
    """
    if text.isascii():
        return text.encode().translate(_ASCII_OUTLINES)
    return outline_by(kinds_of(text))


def outline_by(kinds: Kinds) -> bytes:
    """The same of a text whose kinds are known.

    Args:
        kinds: Of its characters.
    """
    return _OUTLINES[kinds].tobytes()


def any_of(kinds: Kinds) -> int:
    """The kinds that there are.

    Args:
        kinds: Of some characters.
    """
    return int(np.bitwise_or.reduce(kinds)) if len(kinds) else 0


def are(kinds: Kinds, kind: int) -> Marks:
    """Which characters are of a kind.

    Args:
        kinds: Of some characters.
        kind: One, or the sum of several.
    """
    marks: Marks = (kinds & kind) != 0
    return marks


def meetings(kinds: Kinds) -> Marks:
    """Where a Latin letter stands beside one of another alphabet: before which of the two.

    Args:
        kinds: Of the characters of a text.
    """
    both = kinds[:-1] | kinds[1:]
    return are(both, LATIN) & are(both, TWIN | STRANGER)


def words_with(
    kinds: Kinds, marks: Marks, *, least: int = 1, most: int | None = None
) -> Iterator[tuple[int, int]]:
    """Start and end of the words that hold some characters.

    Args:
        kinds: Of the characters of a text.
        marks: Which of its characters a word must hold.
        least: How many of them.
        most: How many words are looked at, from the first.
    """
    changes = np.diff(are(kinds, LETTERS).astype(np.int8), prepend=0, append=0)
    edges = np.flatnonzero(changes)
    starts, ends = edges[::2][:most], edges[1::2][:most]
    counts = np.zeros(len(kinds) + 1, np.intp)
    np.cumsum(marks, out=counts[1 : len(marks) + 1])
    counts[len(marks) + 1 :] = counts[len(marks)]
    some = counts[ends] - counts[starts] >= least
    return zip(starts[some].tolist(), ends[some].tolist(), strict=True)


_OUTLINES: Final = _outlines()
_ASCII_OUTLINES: Final = _OUTLINES[_TABLE[:256]].tobytes()
