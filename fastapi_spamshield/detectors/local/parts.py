"""What of a submission could be left out, to see what it does."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ...explanation import Part
from ...models import Signal, Submission
from .links import find_addresses, links_of
from .normalisation import normalised
from .sampling import Sample, sample

FIELDS: Final = ("honeypot", "form_token", "elapsed", "author", "email", "subject")
"""Fields that the engine looks at besides the text."""

MOST_OF_A_KIND: Final = 6
"""Links, and addresses, that are looked at one by one."""

_WHOLE = 2
"""A signal that points to more than this share of a text says nothing about a part of it."""

_Place = tuple[str, str, tuple[int, int]]


def parts_of(submission: Submission, signals: Iterable[Signal], limit: int) -> list[Part]:
    """Each field, each link and address of the text, and what the heaviest signals point to.

    Args:
        submission: What was judged.
        signals: What was seen in it, strongest first.
        limit: How many characters of a text are read.
    """
    fields = [
        Part(name=name, field=name)
        for name in FIELDS
        if getattr(submission, name) not in (None, "", "valid")
    ]
    read = sample(submission.text, limit)
    places = [*_links_and_addresses(read), *_pointed_to(submission, signals)]
    return [*fields, *_numbered(_apart(places))]


def _links_and_addresses(read: Sample) -> Iterator[_Place]:
    normal = normalised(read.text)
    links = [(link.start, link.end) for link in links_of(normal.text)]
    for name, spans in (("link", links), ("address", find_addresses(normal.text))):
        for span in spans[:MOST_OF_A_KIND]:
            start, end = normal.original(*span)
            yield name, "text", (read.original(start), read.original(end - 1) + 1)


def _pointed_to(submission: Submission, signals: Iterable[Signal]) -> Iterator[_Place]:
    for signal in signals:
        if signal.span is None or signal.field not in ("text", "subject") or signal.weight <= 0:
            continue
        whole = submission.text if signal.field == "text" else submission.subject or ""
        if (signal.span[1] - signal.span[0]) * _WHOLE <= len(whole):
            yield signal.name, signal.field, signal.span


def _apart(places: Sequence[_Place]) -> list[_Place]:
    """Those that say more than the ones before them."""
    kept: list[_Place] = []
    for name, field, (start, end) in places:
        if not any(
            field == other and first <= start and end <= last for _, other, (first, last) in kept
        ):
            kept.append((name, field, (start, end)))
    return kept


def _numbered(places: Sequence[_Place]) -> Iterator[Part]:
    counts = Counter(name for name, _, _ in places)
    numbers: Counter[str] = Counter()
    for name, field, span in places:
        numbers[name] += 1
        number = numbers[name] if counts[name] > 1 else None
        yield Part(name=name, number=number, field=field, span=span)
