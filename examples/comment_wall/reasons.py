"""What the moderator's view shows of a verdict: marked words, and reasons with their weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from fastapi_spamshield import Signal

from .wall import Entry

TELLING = 0.05
"""What weighs less would be shown as nothing."""


class Piece(NamedTuple):
    """Some characters of a text, and the signals that point to them."""

    text: str
    signals: str


class Reason(NamedTuple):
    """One kind of evidence, with the weight of all its signals."""

    name: str
    detail: str
    weight: float
    times: int


@dataclass(frozen=True)
class Judged:
    """An entry, ready for the template."""

    entry: Entry
    name: list[Piece]
    email: list[Piece]
    text: list[Piece]
    homepage: list[Piece]
    reasons: list[Reason]


def judged(entry: Entry) -> Judged:
    signals = entry.verdict.signals
    # What the check of a comment calls the text begins with a line for the name.
    whole = entry.kind == "comment"
    return Judged(
        entry,
        name=pieces(entry.name, signals, "author", *(["text"] if whole else [])),
        email=pieces(entry.email, signals, "email"),
        text=pieces(entry.text, signals, "text", begin=len(entry.name) + 1 if whole else 0),
        homepage=pieces(entry.homepage, signals, "honeypot"),
        reasons=reasons(signals),
    )


def pieces(text: str, signals: Sequence[Signal], *fields: str, begin: int = 0) -> list[Piece]:
    """The text, cut wherever a signal begins or ends, so that overlapping signals can be shown.

    Args:
        text: A whole field of the submission, or a part of it.
        signals: From the verdict.
        fields: Only what points into these.
        begin: Where the text begins in its field.
    """
    spans = [
        (signal.name, signal.span[0] - begin, signal.span[1] - begin)
        for signal in signals
        if signal.field in fields and signal.span
    ]
    edges = {min(max(edge, 0), len(text)) for _, *span in spans for edge in span}
    return [
        Piece(
            text[start:end],
            ", ".join(
                dict.fromkeys(
                    words(name) for name, first, last in spans if first <= start and end <= last
                )
            ),
        )
        for start, end in pairwise(sorted(edges | {0, len(text)}))
    ]


def reasons(signals: Sequence[Signal]) -> list[Reason]:
    """Signals of one kind as one line, the heaviest first."""
    ordered = sorted(signals, key=_kind)
    found: list[Reason] = []
    for (name, detail), group in groupby(ordered, key=_kind):
        weights = [signal.weight for signal in group]
        found.append(Reason(words(name), detail, sum(weights), len(weights)))
    telling = [reason for reason in found if abs(reason.weight) >= TELLING]
    return sorted(telling, key=lambda reason: -reason.weight)


def words(name: str) -> str:
    """`trigger_phrase` as people write it."""
    return name.replace("_", " ")


def _kind(signal: Signal) -> tuple[str, str]:
    return signal.name, signal.detail or ""
