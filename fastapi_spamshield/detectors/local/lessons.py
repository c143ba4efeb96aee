"""What somebody taught the engine, and how much of it counts."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

from .features import Features

MINIMUM: Final = 5
"""So many lessons of each label have to count before they say anything of other texts."""

ALWAYS: Final = 3
"""So many lessons of each label count of every reporter."""

SHARE: Final = Fraction(1, 4)
"""More count only up to this share of all that count of the label."""


class Lesson(NamedTuple):
    """One correction.

    Attributes:
        id: Of the feedback.
        verdict_id: Of the verdict that was corrected.
        spam: What it should have been.
        reporter: A digest of who says so; `None`: the application itself.
        features: Of the text; `None`: the engine does not learn of this one.
        told: The services that were told, by name.
    """

    id: str
    verdict_id: str
    spam: bool
    reporter: bytes | None
    features: Features | None
    told: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Lesson({self.id!r}, spam={self.spam})"


class Learnt(NamedTuple):
    """A lesson that counts.

    Attributes:
        id: Of the feedback.
        spam: What the text is.
        trusted: Whether the application itself says so.
        features: Of the text.
    """

    id: str
    spam: bool
    trusted: bool
    features: Features


def counting(lessons: Iterable[Lesson]) -> list[Learnt]:
    """The lessons that count: nothing but these decides what the engine adds.

    The same text counts once for each reporter and label. The newest lessons of a named reporter
    count, `ALWAYS` of each label, or as many more as are no more than `SHARE` of all that count of
    the label. What the application itself says is not limited.

    Args:
        lessons: All of them, the oldest first.
    """
    found: dict[tuple[bool, bytes | None, bytes], Learnt] = {}
    for one in lessons:
        if one.features is not None:
            key = (one.spam, one.reporter, one.features.digest)
            trusted = one.reporter is None
            found.setdefault(key, Learnt(one.id, one.spam, trusted, one.features))
    most = {
        spam: _most(Counter(who for label, who, _ in found if label == spam))
        for spam in (False, True)
    }
    taken: Counter[tuple[bool, bytes | None]] = Counter()
    kept: list[Learnt] = []
    for (spam, who, _), learnt in reversed(found.items()):
        taken[spam, who] += 1
        if who is None or taken[spam, who] <= most[spam]:
            kept.append(learnt)
    return kept[::-1]


def _most(by_reporter: Counter[bytes | None]) -> int:
    """How many lessons of one named reporter count: the most that are within the share."""
    own = by_reporter.pop(None, 0)
    counts = list(by_reporter.values())
    low, high = ALWAYS, max(counts, default=0)
    while low < high:  # Whatever is within the share, fewer are as well.
        middle = (low + high + 1) // 2
        if middle <= SHARE * (own + sum(min(count, middle) for count in counts)):
            low = middle
        else:
            high = middle - 1
    return low
