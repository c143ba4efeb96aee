# ruff: noqa: RUF001 - Characters that look like others are what this file is about.
"""Characters that look like Latin letters, and symbols that stand for letters and digits.

After Unicode Technical Standard 39 ("Unicode Security Mechanisms"), restricted to what is mistaken
for a letter of the Latin alphabet, small or capital.
"""

import unicodedata
from typing import Final

_CYRILLIC = (
    "\u0430\u0432\u0435\u0437\u0438\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0447\u044c\u0455\u0456\u0458\u0501\u051b\u051d\u0451\u0457\u0454\u043f\u0475\u04cf\u04bb",
    "abe3ukmhopctyx4bsijdqweienvlh",
)
_GREEK = ("αβγεηικμνορτυχωϲ", "abyenikuvoptuxwc")
_ARMENIAN = ("օոսհցզքյղռաւտլժեր", "onuhgqpjnnwusldtn")
_CHEROKEE = ("ᎠᎡᎢᎥᎦᎩᎪᎫᎬᎳᎷᎻᏀᏃᏎᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏭᏳᏴᎽᏂᏌᎤᎣᎱᎾᏁ", "drtisyajewmhgz4brwsvslcpkwgbyhuooron")
_SMALL_CAPITALS = ("ᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢʏʙɢʜɪʟɴʀꜱ", "acdejkmoptuvwzybghilnrs")


def _pairs(*alphabets: tuple[str, str]) -> dict[int, str]:
    return {
        ord(variant): plain
        for alphabet in alphabets
        for look_alike, plain in zip(*alphabet, strict=True)
        for variant in (look_alike, look_alike.lower())
    }


TO_LATIN: Final = _pairs(_CYRILLIC, _GREEK, _ARMENIAN, _CHEROKEE, _SMALL_CAPITALS)
"""Small letters of other alphabets, and the Latin letter that each is mistaken for."""

SURE: Final = frozenset("асеорхуіјѕԁһԛԝαορυνհօոսցզ") | frozenset(
    map(chr, _pairs(_CHEROKEE, _SMALL_CAPITALS))
)
"""Those of them that nobody tells apart."""

TO_CYRILLIC: Final = dict(zip(map(ord, "aeopcyxkmhtb"), "аеорсухкмнтв", strict=True))
"""Latin letters, and the Cyrillic letter that each is mistaken for."""

LEET: Final = str.maketrans("@013457$!", "aoieastsi")
"""Signs and digits that stand for letters inside of words."""

_SYMBOL_RANGES = (
    (0x2070, 0x209C),  # raised and lowered
    (0x2100, 0x214F),  # letter-like
    (0x2460, 0x24FF),  # circled, in brackets
    (0xFF10, 0xFF5A),  # as wide as Chinese characters
    (0x1D400, 0x1D7FF),  # mathematical
    (0x1F110, 0x1F189),  # in brackets, squared, circled; white on black
)


def _plain(symbol: str) -> str | None:
    """The one letter or digit that a symbol stands for."""
    folded = unicodedata.normalize("NFKC", symbol).lower()
    folded = folded.removeprefix("(").removesuffix(")")
    if len(folded) == 1 and folded.isalnum():
        return folded
    # White letters on black have no base, but a name.
    name, _, letter = unicodedata.name(symbol, "").rpartition(" ")
    return letter.lower() if name.endswith("LETTER") and len(letter) == 1 else None


SYMBOLS: Final[dict[int, str]] = {
    code: plain
    for first, last in _SYMBOL_RANGES
    for code in range(first, last + 1)
    for plain in [_plain(chr(code))]
    if plain
}
"""Symbols that stand for one letter or digit, and which."""

FLAG_LETTERS: Final[dict[int, str]] = {0x1F1E6 + number: chr(97 + number) for number in range(26)}
"""Halves of flags, and the letter that each stands for."""
