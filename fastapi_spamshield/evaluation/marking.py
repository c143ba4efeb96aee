"""A text cut into pieces, and what signals say of each."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from ..models import Signal
from .formats import words

SHOWN: Final = 1_500
"""Characters of a text that are shown."""

LEAST: Final = 0.05
"""What weighs less would be shown as nothing."""

MOST_REASONS: Final = 8

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Piece(NamedTuple):
    """Some characters of a text, and the names of the signals that point to them."""

    text: str
    signals: str


class Reason(NamedTuple):
    """One kind of evidence, with the weight of all its signals."""

    name: str
    detail: str
    weight: float
    times: int


def pieces(text: str, signals: Sequence[Signal]) -> list[Piece]:
    """The beginning of a text, cut wherever a signal begins or ends.

    Args:
        text: Of a submission.
        signals: From the verdict.
    """
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text[:SHOWN])
    spans = [
        (signal.name, *signal.span) for signal in signals if signal.field == "text" and signal.span
    ]
    edges = {min(edge, len(shown)) for _, *span in spans for edge in span} | {0, len(shown)}
    return [
        Piece(
            shown[start:end],
            ", ".join(
                dict.fromkeys(
                    words(name) for name, first, last in spans if first <= start and end <= last
                )
            ),
        )
        for start, end in pairwise(sorted(edges))
    ]


def reasons(signals: Sequence[Signal]) -> list[Reason]:
    """Signals of one kind as one line, the heaviest first.

    Args:
        signals: From the verdict.
    """

    def kind(signal: Signal) -> tuple[str, str]:
        return signal.name, signal.detail or ""

    found: list[Reason] = []
    for (name, detail), group in groupby(sorted(signals, key=kind), key=kind):
        weights = [signal.weight for signal in group]
        found.append(Reason(words(name), detail, sum(weights), len(weights)))
    telling = [reason for reason in found if abs(reason.weight) >= LEAST]
    return sorted(telling, key=lambda reason: -abs(reason.weight))[:MOST_REASONS]
