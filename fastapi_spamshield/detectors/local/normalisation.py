"""A text as a person reads it: in lower case, without what is only there to mislead machines.

Judgements are made on this copy. The text itself stays as it is, and every character of the copy
knows which one of the original it stands for. What people write comes out as it went in, in every
language, but for capitals: letters are only exchanged in a word of two alphabets, and in a word of
nothing but look-alikes within a text of another alphabet.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from .confusables import FLAG_LETTERS, LEET, SURE, SYMBOLS, TO_CYRILLIC, TO_LATIN

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
SMALL_CAPITALS = "\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\u1d00-\u1d22\ua731"
_TWINS = "\u0370-\u03ff\u0400-\u052f"  # Greek and Cyrillic
_STRANGERS = "\u0531-\u0587\u13a0-\u13fd\uab70-\uabbf"  # Armenian and Cherokee
LETTER = f"[{_LATIN}{SMALL_CAPITALS}{_TWINS}{_STRANGERS}]"
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_HIDING = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_SYMBOL = (
    "\u2070-\u209c\u2100-\u214f\u2460-\u24ff\uff10-\uff5a\U0001d400-\U0001d7ff\U0001f110-\U0001f189"
)
_FLAG = "\U0001f1e6-\U0001f1ff"
_TAG = "\U000e0000-\U000e007f\U000e0100-\U000e01ef"

# Most texts hold nothing unusual, which one search tells before anything is looked at closely.
UNUSUAL = re.compile(f"[{_MARK}{_HIDING}{_SYMBOL}{_FLAG}{_TAG}]")
_ASCII = frozenset(map(chr, range(128)))
FOREIGN = re.compile(f"[{SMALL_CAPITALS}{_TWINS}{_STRANGERS}]")
_NEVER_WITH_LATIN = re.compile(f"[{SMALL_CAPITALS}{_STRANGERS}]")
_ACCENT = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_ACCENTED = re.compile(f"[{_ACCENT}]")
_TWO_ACCENTED = re.compile(f"[{_ACCENT}][a-z]?[{_ACCENT}]")
_APART_AT_ALL = re.compile("[ ._*\u00b7-][^\\W\\d_][ ._*\u00b7-][^\\W\\d_][ ._*\u00b7-]")

WORD = re.compile(f"{LETTER}+")
# One alphabet within the other. A Latin abbreviation with a Cyrillic ending is ordinary Russian,
# and a Latin i between Cyrillic letters is what a keyboard without the Ukrainian one has to offer.
MIXED = re.compile(
    f"[{_LATIN}][{_TWINS}]+[{_LATIN}]|[{_TWINS}](?![iI])[{_LATIN}][{_TWINS}]"
    f"|[{_LATIN}][{_STRANGERS}]|[{_STRANGERS}][{_LATIN}]"
)
"""A place in a word where alphabets alternate that never do."""

_MEETING = re.compile(
    f"[{_LATIN}](?:(?=[{_TWINS}{_STRANGERS}])|(?<=[{_TWINS}{_STRANGERS}].))|[{SMALL_CAPITALS}]"
)
_SURE = "".join(sorted(SURE))
_LOOK_ALIKE = re.compile(f"[{_SURE}](?<!{LETTER}.)[{_SURE}]{{2,60}}(?!{LETTER})")
SPELLED = re.compile(f"[{_FLAG}](?:[ \u200b-\u200d\u2060][{_FLAG}]){{2,60}}")
_MARKED = re.compile(f"({LETTER})([{_MARK}]+)")
LINES = "[\u0305\u0332-\u0338\u033f\u0488\u0489\u20d0-\u20f0]"
_ANY_LINE = re.compile(LINES)
_MOST_MARKS = 2
_HIDDEN = re.compile(
    f"(?<={LETTER})[{_HIDING}]+(?={LETTER})"
    "|[\u202d\u202e]"
    # The flags of England, Scotland and Wales are spelled in tags too.
    "|\U0001f3f4[\U000e0061-\U000e007a]{4,6}\U000e007f"
    f"|[{_TAG}]+"
)
_LEET = re.compile(
    r"[@013457$!](?<=[a-z].)[@013457$!]?(?=[a-z])(?<!@.)(?!(?<=@)[a-z0-9-]{1,63}\.[a-z])"
)
_KINDS = str.maketrans(
    {
        chr(code): "a" if chr(code).isalpha() else " " if chr(code) in " ._*-" else "0"
        for code in range(128)
    }
)
_FOUR_APART = "a a a a"
_LONGEST_WORD = 20
_LONG = re.compile(f"[a-z0-9]{{{_LONGEST_WORD + 1}}}")
_APART = re.compile(
    f"(?<![^\\W_]){LETTER}([ ._*\u00b7-]){LETTER}(?:\\1{LETTER}){{2,60}}(?![^\\W_])"
)
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
        rare: Each character of it outside of ASCII, once: most questions are answered by these few.
        places: Of each of `text` the place in the original; `None` where all stand in their own.
    """

    text: str
    lowered: str
    rare: str = ""
    places: list[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that some characters stand for.

        Args:
            start: The first of them in `text`.
            end: One past the last.
        """
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


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
    rare = "" if low.isascii() else "".join(frozenset(low).difference(_ASCII))
    read = Normalised(low, low, rare)
    if rare:
        read = _unmasked(read)
    low = read.text
    if _LEET.search(low):
        low = _LEET.sub(_letter, low)
        read = read._replace(text=low)
    if may_be_apart(low):
        read = _shortened(read, _APART, lambda letters: letters.group()[::2], step=2)
    return read


def may_be_apart(low: str) -> bool:
    """Whether there could be a word with gaps between its letters; cheap, for most texts no.

    Args:
        low: A text in lower case.
    """
    if low.isascii():
        return _FOUR_APART in low.translate(_KINDS)
    return _APART_AT_ALL.search(low) is not None


def _letter(match: re.Match[str]) -> str:
    """The letter that a sign within a word stands for; numbers of wallets and the like are none."""
    start, end = match.span()
    if _LONG.search(match.string, max(start - _LONGEST_WORD, 0), end + _LONGEST_WORD):
        return match.group()
    return match.group().translate(LEET)


def _unmasked(read: Normalised) -> Normalised:
    low, _, rare, _ = read
    if UNUSUAL.search(rare):
        low = SPELLED.sub(lambda flags: flags.group().translate(FLAG_LETTERS), low)
        read = read._replace(text=low.translate(SYMBOLS))
        read = _shortened(read, _MARKED, _marked)
        read = _shortened(read, _HIDDEN, _flag)
        low = read.text
    if FOREIGN.search(rare) and _may_be_exchanged(low, rare):
        low = _in_one_alphabet(low)
    if _ACCENTED.search(rare) and _TWO_ACCENTED.search(low):
        low = WORD.sub(_without_accents, low)
    return read._replace(text=low)


def _may_be_exchanged(low: str, rare: str) -> bool:
    """Whether letters of two alphabets stand side by side, or words look like those of another."""
    if _MEETING.search(low):
        return True
    mostly_latin = len(low.encode("ascii", "ignore")) * 2 > len(low)
    strange = _NEVER_WITH_LATIN.search(rare) is not None
    return (mostly_latin or strange) and _LOOK_ALIKE.search(low) is not None


def _shortened(
    read: Normalised,
    pattern: re.Pattern[str],
    kept: Callable[[re.Match[str]], str],
    step: int = 1,
) -> Normalised:
    """A text with some places replaced by as many characters or fewer.

    Args:
        read: The text.
        pattern: What is replaced.
        kept: What stays of a place.
        step: The distance in the text of the characters that stay.
    """
    text, before = read.text, read.places
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for match in pattern.finditer(text):
        stays = kept(match)
        pieces += text[end : match.start()], stays
        places += range(end, match.start())
        places += range(match.start(), match.start() + step * len(stays), step)
        end = match.end()
    if not pieces:
        return read
    pieces.append(text[end:])
    places += range(end, len(text))
    if before is not None:
        places = [before[place] for place in places]
    return read._replace(text="".join(pieces), places=places)


def _marked(match: re.Match[str]) -> str:
    """A letter with its accents; without them if no language has so many."""
    letter, marks = match.groups()
    if len(marks) > _MOST_MARKS or _ANY_LINE.search(marks):
        return str(letter)
    return unicodedata.normalize("NFC", match.group())


def _flag(match: re.Match[str]) -> str:
    hidden = match.group()
    return hidden if hidden.startswith("\U0001f3f4") else ""


def _in_one_alphabet(low: str) -> str:
    letters = sum(map(len, WORD.findall(low)))
    latin = letters - len(FOREIGN.findall(low)) >= _MAIN_SHARE * letters

    def plain(match: re.Match[str]) -> str:
        word = match.group()
        if MIXED.search(word):
            return _one_alphabet(word)
        strange = _NEVER_WITH_LATIN.search(word) is not None
        if (latin or strange) and len(word) >= _LOOK_ALIKES:
            foreign = [letter for letter in word if not letter.isascii()]
            return word.translate(TO_LATIN) if SURE.issuperset(foreign) else word
        return word

    return WORD.sub(plain, low)


def _one_alphabet(word: str) -> str:
    foreign = len(FOREIGN.findall(word))
    if foreign * 2 > len(word) and not _NEVER_WITH_LATIN.search(word):
        return word.translate(TO_CYRILLIC)
    return word.translate(TO_LATIN)


def _without_accents(match: re.Match[str]) -> str:
    """A word, without its accents if no language has so many and such."""
    word = match.group()
    accented = set(_ACCENTED.findall(word))
    if (
        len(accented) < _ACCENTED_LEAST
        or len(accented) < _ACCENTED_SHARE * len(word)
        or max(accented) >= "\u1ea0"
        or any(alphabet.issuperset(accented) for alphabet in _ALPHABETS)
    ):
        return word
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in word)
