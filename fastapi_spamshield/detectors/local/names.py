"""Names of people: whether one holds a link, and whether an address gives another one."""

import re
import unicodedata

from .links import Link, links_of

# Endings of domains that are names of people too, or parts of them: "U Win" is a common name in
# Burma, Ly and Su are in Vietnam and China, Co in the Philippines, Link in Germany.
_NAMES_TOO = frozenset(("win", "su", "ly", "co", "link", "me", "bet", "top", "live", "ru"))

MOST = 8
"""Parts of a name that are looked at."""

SHORTEST = 3
"""Letters of a part of a name that tells anything."""

_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_PARTS = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]+")

# Given names that are usual and that are hardly anything else: no words, no names of families or
# places. In many languages, as they are written in addresses.
_GIVEN_NAMES = """
aaron abdullah adam adriana agnieszka ahmed aisha alberto alejandro aleksandr alessandro alexander
alexandra ali alice alicia amanda ana anastasia andre andrea andreas andrei andrew andrzej angela
anita anna anne antonio arjun ashley ayse barbara beatriz benjamin bjorn brandon brenda brian
bruno camila carla carlos carmen carolina caroline catherine cecilia charles charlotte chiara
christian christina christopher claudia cristina cynthia daniel daniela david deborah deepak denis
diana diego dimitri dmitry dominik donald dorota eduardo edward ekaterina elena elizabeth emily
emma enrique eric ethan eva fatima felipe fernando florian francesca francesco francisco gabriela
george giovanni giulia gloria gregory guillermo hannah hans hassan heather helen helena henrik
hiroshi ibrahim igor ingrid irina isabel isabella ivan jacqueline jakub james javier jeffrey
jennifer jessica joanna joao johannes john jonathan jorge jose joseph joshua juan julia karen
katarzyna katherine kathleen kenji kenneth kevin khalid krzysztof larissa lars laura lauren linda
lisa lorenzo lucas lucia luisa maciej magdalena manuel marcin marco margaret maria mariana marie
marta martina matteo matthew mehmet melissa michael michelle miguel mikhail mohammad mohammed
monika mustafa nancy natalia nicholas nicole nikolai olga oliver olivia omar pablo pamela patricia
paulo pawel pedro peter petra philip philippe piotr priya rachel rafael rahul rajesh raymond
rebecca ricardo richard robert roberto ronald roxana samantha samuel sandra sanjay sarah sebastian
sergei sergio sharon sophia sophie stefan stephanie stephen steven sunita susan svetlana takashi
tatiana teresa thomas timothy valentina vanessa veronica victoria viktor vincent vladimir william
wojciech xavier yolanda yuki yusuf zeynep
"""
_GIVEN = frozenset(_GIVEN_NAMES.split())


def link_in_name(name: str) -> Link | None:
    """The first link in a name, if it is one for sure.

    Args:
        name: A name in lower case.
    """
    for link in links_of(name):
        is_written_out = link.body > link.start or link.path < link.end
        labels = link.host.split(".")
        if is_written_out or labels[-1] not in _NAMES_TOO or not all(map(str.isalpha, labels)):
            return link
    return None


def is_another_name(name: str, address: str) -> bool:
    """Whether an address is that of a person of another name.

    Only where it is plain: `maria garcia` at `john.smith@...`. Both have two parts or more, each
    has a usual given name, and nothing of the one is in the other, neither a nickname's beginning
    nor an initial. Whatever is not written in Latin letters is left alone.

    Args:
        name: A name in lower case.
        address: An e-mail address in lower case.
    """
    given = _LETTERS.findall(name)[:MOST]
    local = re.split(r"[._+-]", address.partition("@")[0])
    if len(given) < 2 or len(local) < 2 or not all(map(_PARTS.fullmatch, local)):  # noqa: PLR2004 - first name, last name
        return False
    spellings = [_plain(part) for part in given] + [
        _plain(part.translate(_UMLAUTS)) for part in given
    ]
    if not all(map(_PARTS.fullmatch, spellings)):
        return False
    if _GIVEN.isdisjoint(spellings) or _GIVEN.isdisjoint(local):
        return False
    return not any(_alike(one, other) for one in spellings for other in local)


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST:
        return one[0] == other[0]
    return one[:SHORTEST] == other[:SHORTEST] or one in other or other in one


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.translate(_SPECIAL))
    return "".join(char for char in decomposed if not unicodedata.combining(char))
