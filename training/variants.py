"""Changed copies of texts, so that the model learns what does not matter.

A link, an address or a telephone number is no proof, nor is a disguise, nor is length: in the
corpora they stand beside spam far more often than in life.
"""

import random
import re
from collections.abc import Iterator, Sequence

from .rows import Row

_HOSTS = (
    *("youtube.com/watch?v=", "youtu.be/", "github.com/", "en.wikipedia.org/wiki/", "imgur.com/"),
    *("flickr.com/photos/", "docs.google.com/document/d/", "stackoverflow.com/questions/"),
    *(
        "reddit.com/r/",
        "twitter.com/",
        "medium.com/@",
        "drive.google.com/file/d/",
        "amazon.com/dp/",
    ),
    *("gist.github.com/", "pastebin.com/", "bbc.co.uk/news/", "instagram.com/p/", "facebook.com/"),
    *("maps.google.com/?q=", "nytimes.com/"),
)
_ENDS = (
    "com",
    "net",
    "org",
    "io",
    "de",
    "co.uk",
    "ru",
    "info",
    "me",
    "dev",
    "fr",
    "es",
    "co",
    "app",
)
_MAILS = (
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "qq.com",
    "163.com",
    "mail.ru",
    "gmx.de",
    "wp.pl",
)
_SCHEMES = ("https://", "http://", "https://www.", "www.", "https://")
_CYRILLIC = str.maketrans("aeopcyxiAEOPCXTHKMB", "аеорсухіАЕОРСХТНКМВ")  # noqa: RUF001 - on purpose
_LEET = dict(zip("aeiostl", "@3105$7", strict=True))
_FANCY = ((0x1D400, 0x1D41A), (0x1D5D4, 0x1D5EE), (0x1D63C, 0x1D656))
_INVISIBLE = "\u200b\u200c\u2060\ufeff"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFG0123456789"
_WORDS = re.compile(r"\b[a-z]{4,9}\b")

DISGUISED = 0.3
"""The share of spam and of own texts that is also there in disguise; of other ham a sixth."""

PADDED = 0.15
"""The share of spam that is also there beside an ordinary sentence."""

LINKED = {"ham_reddit_goemotions": 0.25, "ham_tweets_davidson": 0.25, "sms_uci": 0.2,
          "youtube_uci": 0.5, "telegram_ru_monalenka": 0.25}  # fmt: skip


class Variants:
    """Makes changed copies of rows.

    Args:
        rows: Of whose ham it takes the words for hosts and names.
        seed: Of its choices.
    """

    def __init__(self, rows: Sequence[Row], seed: int) -> None:
        self.chance = random.Random(seed)
        self._sentences: dict[str, list[str]] = {}
        for row in rows:
            if not row.spam and 40 < len(row.text) < 240 and "://" not in row.text:
                self._sentences.setdefault(row.language, []).append(row.text)
        found = {word for row in rows if not row.spam for word in _WORDS.findall(row.text)}
        self._words: list[str] = sorted(found)

    def of(self, row: Row) -> Iterator[Row]:
        """The changed copies of a row, most often none.

        Args:
            row: Unchanged.
        """
        chance, text = self.chance, row.text
        if not row.spam and len(text) > 8:
            share = LINKED.get(row.source, 0.35 if row.own else 0.08)
            if "://" not in text and "www." not in text and chance.random() < share:
                yield row._replace(text=self._with(text, self._link()), variant="link")
            share = 0.12 if row.own or row.source in LINKED else 0.03
            if "@" not in text and chance.random() < share:
                yield row._replace(text=self._with(text, self._contact()), variant="contact")
        if chance.random() < (DISGUISED if row.own or row.spam else DISGUISED / 6):
            yield row._replace(text=self.disguised(text), variant="disguise")
        sentences = self._sentences.get(row.language)
        if row.spam and sentences and chance.random() < PADDED:
            extra = chance.choice(sentences)
            whole = f"{extra} {text}" if chance.random() < 0.3 else f"{text}\n{extra}"
            yield row._replace(text=whole, variant="padded")

    def _with(self, text: str, extra: str) -> str:
        """A text with something before, in or behind it."""
        chance = self.chance
        where = chance.random()
        if where < 0.4:
            return f"{text.rstrip()} {extra}"
        if where < 0.55:
            return f"{extra} {text}"
        if where < 0.75:
            return f"{text.rstrip()}\n\n{extra}"
        words = text.split(" ")
        place = chance.randint(0, len(words))
        return " ".join([*words[:place], extra, *words[place:]])

    def _link(self) -> str:
        chance, word = self.chance, self._word
        key = "".join(chance.choice(_LETTERS) for _ in range(chance.randint(4, 11)))
        scheme = chance.choice(_SCHEMES)
        if chance.random() < 0.45:
            return f"{scheme}{chance.choice(_HOSTS)}{chance.choice((key, word()))}"
        name = word() if chance.random() < 0.5 else f"{word()}{chance.choice(('', '-'))}{word()}"
        below = chance.choice(("", "", "blog.", "docs.", "shop.", "forum."))
        date = f"/{chance.randint(2006, 2025)}/{chance.randint(1, 12):02}/"
        path = chance.choice(
            ("", "/", f"/{word()}", f"{date}{word()}-{word()}", f"/{word()}.html", f"/{key}")
        )
        if chance.random() < 0.15:
            scheme = ""
        return f"{scheme}{below}{name}.{chance.choice(_ENDS)}{path}"

    def _contact(self) -> str:
        chance, word = self.chance, self._word
        if chance.random() < 0.65:
            between = chance.choice(("", ".", "_", str(chance.randint(1, 99))))
            host = chance.choice((*_MAILS, f"{word()}.com", f"{word()}.org"))
            return f"{word()}{between}{word()}@{host}"
        near, far = chance.randint(200, 999), chance.randint(1000, 9999)
        return chance.choice(
            (
                f"+{chance.randint(1, 99)} {chance.randint(10**8, 10**10)}",
                f"0{chance.randint(100, 999)}-{chance.randint(10**5, 10**7)}",
                f"({chance.randint(200, 999)}) {near}-{far}",
            )
        )

    def _word(self) -> str:
        return self.chance.choice(self._words)

    def disguised(self, text: str) -> str:
        """A text that was made hard to read for machines, in one of eight ways.

        Args:
            text: Any.
        """
        chance = self.chance
        way = chance.randrange(8)
        if way == 0:
            return "".join(c.translate(_CYRILLIC) if chance.random() < 0.5 else c for c in text)
        if way == 1:
            return "".join(
                f"{c}{chance.choice(_INVISIBLE)}" if c.isalpha() and chance.random() < 0.3 else c
                for c in text
            )
        if way == 2:
            return "".join(_LEET.get(c, c) if chance.random() < 0.4 else c for c in text)
        if way == 3:
            capital, small = chance.choice(_FANCY)
            return "".join(
                chr(capital + ord(c) - 65)
                if "A" <= c <= "Z"
                else chr(small + ord(c) - 97)
                if "a" <= c <= "z"
                else c
                for c in text
            )
        if way == 4:
            return re.sub("[A-Za-z]{5,}", self._spread, text)
        if way == 5:
            return "".join(c for c in text if c not in "aeiou" or chance.random() > 0.35)
        if way == 6:
            return "".join(c * 2 if c.isalpha() and chance.random() < 0.25 else c for c in text)
        return re.sub("[A-Za-z]{5,}", self._swapped, text)

    def _spread(self, word: re.Match[str]) -> str:
        if self.chance.random() > 0.25:
            return str(word.group())
        return str(self.chance.choice(" .-_*").join(word.group()))

    def _swapped(self, word: re.Match[str]) -> str:
        letters = str(word.group())
        if self.chance.random() > 0.4:
            return letters
        place = self.chance.randint(1, len(letters) - 3)
        return f"{letters[:place]}{letters[place + 1]}{letters[place]}{letters[place + 2 :]}"


def joined(rows: Sequence[Row], seed: int) -> Iterator[Row]:
    """Long ham: four to fourteen paragraphs of one source and language in a row, half of them.

    Args:
        rows: Unchanged, in their order.
        seed: Of the lengths.
    """
    chance = random.Random(seed)
    prose: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.source.startswith("ham_") and row.group.partition("_")[0] in _PROSE:
            prose.setdefault((row.source, row.language), []).append(row)
    for paragraphs in prose.values():
        first = 0
        while first < len(paragraphs):
            last = first + chance.randint(4, 14)
            if last <= len(paragraphs) and chance.random() < 0.5:
                text = "\n\n".join(row.text for row in paragraphs[first:last])
                yield paragraphs[first]._replace(text=text, variant="long")
            first = last


_PROSE = frozenset(("posts", "docs", "bitcoin", "opensource", "irc", "osm", "tldr", "free"))
