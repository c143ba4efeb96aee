"""A text as a person reads it: in lower case, without what is only there to mislead machines.

Judgements are made on this copy. The text itself stays as it is, and every character of the copy
knows which one of the original it stands for. What people write comes out as it went in, in every
language, but for capitals: letters are only exchanged in a word of two alphabets, and in a word of
nothing but look-alikes within a text of another alphabet.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .characters import (
    ACCENTED,
    ACCENTED_RANGES,
    ASCII,
    FLAG,
    FLAG_RANGES,
    FOREIGN,
    GAP_RANGES,
    HIDING,
    HIDING_RANGES,
    LATIN_RANGES,
    LETTERS,
    MARK,
    MARK_RANGES,
    SMALL_CAPITAL,
    SMALL_CAPITAL_RANGES,
    STRANGER,
    STRANGER_RANGES,
    SYMBOL,
    SYMBOL_RANGES,
    TAG,
    TAG_RANGES,
    TWIN_RANGES,
    Kinds,
    any_of,
    are,
    codes_of,
    kinds_of,
    meetings,
    outline_by,
    outline_of,
    words_with,
)
from .confusables import FLAG_LETTERS, LEET, SURE, SYMBOLS, TO_CYRILLIC, TO_LATIN

LETTER = f"[{LATIN_RANGES}{SMALL_CAPITAL_RANGES}{TWIN_RANGES}{STRANGER_RANGES}]"
_FOREIGN = re.compile(f"[{SMALL_CAPITAL_RANGES}{TWIN_RANGES}{STRANGER_RANGES}]")
_NEVER_WITH_LATIN = re.compile(f"[{SMALL_CAPITAL_RANGES}{STRANGER_RANGES}]")
_ACCENTED = re.compile(f"[{ACCENTED_RANGES}]")
_TWO_ACCENTED = re.compile(f"[{ACCENTED_RANGES}][a-z]?[{ACCENTED_RANGES}]")
# One alphabet within the other. A Latin abbreviation with a Cyrillic ending is ordinary Russian,
# and a Latin i between Cyrillic letters is what a keyboard without the Ukrainian one has to offer.
MIXED = re.compile(
    f"[{LATIN_RANGES}][{TWIN_RANGES}]+[{LATIN_RANGES}]"
    f"|[{TWIN_RANGES}](?![iI])[{LATIN_RANGES}][{TWIN_RANGES}]"
    f"|[{LATIN_RANGES}][{STRANGER_RANGES}]|[{STRANGER_RANGES}][{LATIN_RANGES}]"
)
"""A place in a word where alphabets alternate that never do."""

_SYMBOL = re.compile(f"[{SYMBOL_RANGES}]+")
_SURE = "".join(sorted(SURE))
_LOOK_ALIKE = re.compile(f"[{_SURE}](?<!{LETTER}.)[{_SURE}]{{2,60}}(?!{LETTER})")
SPELLED = re.compile(f"[{FLAG_RANGES}](?:[ \u200b-\u200d\u2060][{FLAG_RANGES}]){{2,60}}")
_MARKED = re.compile(f"({LETTER})([{MARK_RANGES}]+)")
LINES = "[\u0305\u0332-\u0338\u033f\u0488\u0489\u20d0-\u20f0]"
_ANY_LINE = re.compile(LINES)
_MOST_MARKS = 2
# It begins with one set of characters, which `re` looks for many times faster than for a choice.
_HIDDEN = re.compile(
    f"[{HIDING_RANGES}{TAG_RANGES}\U0001f3f4](?:"
    f"(?<={LETTER}[{HIDING_RANGES}])[{HIDING_RANGES}]*(?={LETTER})"
    "|(?<=[\u202d\u202e])"
    # The flags of England, Scotland and Wales are spelled in tags too.
    "|(?<=\U0001f3f4)[\U000e0061-\U000e007a]{4,6}\U000e007f"
    f"|(?<=[{TAG_RANGES}])[{TAG_RANGES}]*)"
)
_LEET = re.compile(
    r"[@013457$!](?<=[a-z].)[@013457$!]?(?=[a-z])(?<!@.)(?!(?<=@)[a-z0-9-]{1,63}\.[a-z])"
)
_LONGEST_WORD = 20
_LONG = re.compile(f"[a-z0-9]{{{_LONGEST_WORD + 1}}}")
_APART = re.compile(
    f"(?<![^\\W_]){LETTER}([{GAP_RANGES}]){LETTER}(?:\\1{LETTER}){{2,60}}(?![^\\W_])"
)
_SPREAD = b"a a a a"
"""The outline of the shortest word with gaps between its letters."""
_MAIN_SHARE = 0.6
_LOOK_ALIKES = 3
_ACCENTED_LEAST = 3
_ACCENTED_SHARE = 0.4
_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "áâàãäçéêèëíîìïñóôõòöúùûüýÿæœåøßªº",  # Western Europe, north and south
            "áäčďéěíĺľňóôöŕřšťúůýžđć",  # Czech, Slovak, South Slavic
            "ąćęłńóśźż",
            "áéíóöőúüű",
            "ăâîșțşţ",
            "çğıöşüâîû",
            "āčēģīķļņšūžōŗ",
            "ąčęėįšųūž",
            "äöõüšž",
            "ẹọṣàáèéìíòóùúńǹḿ",
        ),
    )
)
"""Of some languages, all letters with accents; Vietnamese has the range at the end of Latin."""


class Normalised(NamedTuple):
    """A text as a person reads it.

    Attributes:
        text: Its characters, in lower case.
        lowered: The original in lower case, every character in its place.
        outline: Of `lowered`.
        seen: The kinds that there are, of characters outside of ASCII: most questions are answered
            by these few.
        places: Of each of `text` the place in the original; `None` where all stand in their own.
    """

    text: str
    lowered: str
    outline: bytes
    seen: int
    places: NDArray[np.intp] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that some characters stand for.

        Args:
            start: The first of them in `text`.
            end: One past the last.
        """
        if self.places is None:
            return start, end
        return int(self.places[start]), int(self.places[end - 1]) + 1


def lowered(text: str) -> str:
    """A text in lower case, every character in its place.

    Args:
        text: Any text.
    """
    # The only letter whose lower case is two characters; all places after it would be off.
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i").lower()


def normalised(text: str) -> Normalised:
    """A text as a person reads it.

    Args:
        text: As it was sent.
    """
    low = lowered(text)
    if low.isascii():
        read = Normalised(low, low, outline_of(low), 0)
    else:
        kinds = kinds_of(low)
        read = _unmasked(Normalised(low, low, outline_by(kinds), any_of(kinds)), kinds)
    plain = _LEET.sub(_letter, read.text)
    if plain is not read.text:
        read = read._replace(text=plain)
    outline = read.outline if plain is low else outline_of(plain)
    if _SPREAD in outline:
        apart = _words_apart(plain, outline)
        read = _shortened(read, apart, lambda letters: letters.group()[::2], step=2)
    return read


def _words_apart(text: str, outline: bytes) -> Iterator[re.Match[str]]:
    """The words with gaps between their letters."""
    start = outline.find(_SPREAD)
    while start >= 0:
        word = _APART.match(text, start)
        if word:
            yield word
        start = outline.find(_SPREAD, word.end() if word else start + 1)


def _letter(match: re.Match[str]) -> str:
    """The letter that a sign within a word stands for; numbers of wallets and the like are none."""
    start, end = match.span()
    if _LONG.search(match.string, max(start - _LONGEST_WORD, 0), end + _LONGEST_WORD):
        return match.group()
    return match.group().translate(LEET)


def _plain_of(symbols: re.Match[str]) -> str:
    return symbols.group().translate(SYMBOLS)


def _unmasked(read: Normalised, kinds: Kinds) -> Normalised:
    seen = read.seen
    if seen & FLAG:
        read = read._replace(
            text=SPELLED.sub(lambda flags: flags.group().translate(FLAG_LETTERS), read.text)
        )
    if seen & SYMBOL:
        read = read._replace(text=_SYMBOL.sub(_plain_of, read.text))
    if seen & MARK:
        read = _shortened(read, _MARKED.finditer(read.text), _marked)
    if seen & (HIDING | TAG):
        read = _shortened(read, _HIDDEN.finditer(read.text), _flag)
    if seen & (FOREIGN | ACCENTED):
        low = read.text
        if low is not read.lowered:
            kinds = kinds_of(low)
        if seen & FOREIGN:
            low = _in_one_alphabet(low, kinds, seen)
        if seen & ACCENTED and _TWO_ACCENTED.search(low):
            low = _without_accents(low)
        read = read._replace(text=low)
    return read


def _shortened(
    read: Normalised,
    matches: Iterable[re.Match[str]],
    kept: Callable[[re.Match[str]], str],
    step: int = 1,
) -> Normalised:
    """A text with some places replaced by other characters, mostly fewer.

    Args:
        read: The text.
        matches: What is replaced.
        kept: What stays of a place.
        step: The distance in the text of the characters that stay.
    """
    pieces: list[str] = []
    places: list[NDArray[np.intp]] = []
    behind = 0
    for match in matches:
        start, end = match.span()
        letters = kept(match)
        pieces += read.text[behind:start], letters
        places += np.arange(behind, start), np.arange(start, start + step * len(letters), step)
        behind = end
    if not pieces:
        return read
    pieces.append(read.text[behind:])
    places.append(np.arange(behind, len(read.text)))
    joined = np.concatenate(places)
    if read.places is not None:
        joined = read.places[joined]
    return read._replace(text="".join(pieces), places=joined)


def _marked(match: re.Match[str]) -> str:
    """A letter with its accents; without them if no language has so many."""
    letter, marks = match.groups()
    if len(marks) > _MOST_MARKS or _ANY_LINE.search(marks):
        return str(letter)
    return unicodedata.normalize("NFC", match.group())


def _flag(match: re.Match[str]) -> str:
    hidden = match.group()
    return hidden if hidden.startswith("\U0001f3f4") else ""


def _in_one_alphabet(low: str, kinds: Kinds, seen: int) -> str:
    """A text with its words in one alphabet each, if any could be in two or look like another."""
    meeting = meetings(kinds)
    strange = bool(seen & (SMALL_CAPITAL | STRANGER))
    if not (meeting.any() or any_of(kinds) & SMALL_CAPITAL):
        mostly_latin = np.count_nonzero(codes_of(low) < ASCII) * 2 > len(low)
        if not ((mostly_latin or strange) and _LOOK_ALIKE.search(low)):
            return low
    foreign = are(kinds, FOREIGN)
    letters = np.count_nonzero(are(kinds, LETTERS))
    latin = letters - np.count_nonzero(foreign) >= _MAIN_SHARE * letters

    def plain(word: str) -> str:
        if MIXED.search(word):
            return _one_alphabet(word)
        strange = _NEVER_WITH_LATIN.search(word) is not None
        if (latin or strange) and len(word) >= _LOOK_ALIKES:
            foreign = [letter for letter in word if not letter.isascii()]
            return word.translate(TO_LATIN) if SURE.issuperset(foreign) else word
        return word

    touched = words_with(kinds, foreign if latin or strange else meeting)
    return _replaced(low, touched, plain)


def _one_alphabet(word: str) -> str:
    foreign = len(_FOREIGN.findall(word))
    if foreign * 2 > len(word) and not _NEVER_WITH_LATIN.search(word):
        return word.translate(TO_CYRILLIC)
    return word.translate(TO_LATIN)


def _without_accents(low: str) -> str:
    kinds = kinds_of(low)
    words = words_with(kinds, are(kinds, ACCENTED), least=_ACCENTED_LEAST)
    return _replaced(low, words, _without_its_accents)


def _without_its_accents(word: str) -> str:
    """A word, without its accents if no language has so many and such."""
    accented = set(_ACCENTED.findall(word))
    if (
        len(accented) < _ACCENTED_LEAST
        or len(accented) < _ACCENTED_SHARE * len(word)
        or max(accented) >= "\u1ea0"
        or any(alphabet.issuperset(accented) for alphabet in _ALPHABETS)
    ):
        return word
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in word)


def _replaced(text: str, words: Iterable[tuple[int, int]], other: Callable[[str], str]) -> str:
    """A text with some of its words replaced by others of the same length."""
    pieces: list[str] = []
    behind = 0
    for start, end in words:
        pieces += text[behind:start], other(text[start:end])
        behind = end
    return "".join([*pieces, text[behind:]])
