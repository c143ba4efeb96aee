"""What is worked out once of a text: its normal form, its words, its links, and what they show."""

from typing import NamedTuple

from .characters import UNSPACED
from .combination import find_combination
from .contact import find_contacts
from .disguise import find_disguise
from .finding import Finding
from .links import Link, find_links, links_of
from .markup import find_markup
from .money import find_money
from .normalisation import Normalised, normalised
from .pieces import pieces_of
from .shape import find_shape
from .wording import find_phrases, vocabulary_of


class Reading(NamedTuple):
    """A text that was read.

    Attributes:
        normal: As a person reads it.
        links: Those in it; places count in `normal.text`.
        findings: What was seen; places count in the text itself.
    """

    normal: Normalised
    links: list[Link]
    findings: list[Finding]


def reading_of(text: str, subject: str = "") -> Reading:
    """Read a text.

    Args:
        text: As it was sent.
        subject: Its subject or title.
    """
    normal = normalised(text)
    low = normal.text
    pieces = pieces_of(low)
    vocabulary = vocabulary_of(pieces)
    links = links_of(low)
    unspaced = bool(normal.seen & UNSPACED)
    phrases = find_phrases(low, vocabulary, unspaced=unspaced)
    contacts = find_contacts(low, vocabulary, unspaced=unspaced)
    money = find_money(low, vocabulary, unspaced=unspaced)
    in_subject = _phrases_of_subject(subject) if subject else []
    found = [
        *phrases,
        *contacts,
        *money,
        *find_links(low, links),
        *find_markup(low),
        *find_combination([*phrases, *in_subject, *money], reachable=bool(contacts or links)),
    ]
    if normal.places is not None:
        found = [_moved(finding, normal) for finding in found]
    if low is not normal.lowered:
        pieces = pieces_of(normal.lowered)
    found += [*in_subject, *find_disguise(text, normal.seen), *find_shape(text, normal, pieces)]
    return Reading(normal, links, found)


def _phrases_of_subject(subject: str) -> list[Finding]:
    normal = normalised(subject)
    found = find_phrases(normal.text, vocabulary_of(pieces_of(normal.text)), "subject")
    return [_moved(finding, normal, "subject") for finding in found]


def _moved(finding: Finding, normal: Normalised, field: str = "text") -> Finding:
    if finding.start < 0 or finding.field != field:
        return finding
    return finding.at(*normal.original(finding.start, finding.end))
