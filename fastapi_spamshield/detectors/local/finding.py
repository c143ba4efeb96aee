"""A piece of evidence while it is being weighed, and limits on how much of one kind counts."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

MOST = 12
"""How many places of one kind are looked at: more of the same would add nothing."""


MOST_PLACES = 40
"""Around how many places of one word it is looked at."""


class Finding(NamedTuple):
    """What a part of the engine saw.

    Attributes:
        name: The signal's name.
        weight: What it adds to the evidence, in logit units.
        detail: One sentence that quotes nothing.
        start: First character it points to, or -1.
        end: One past the last.
        field: The part of the submission that these count in.
    """

    name: str
    weight: float
    detail: str
    start: int = -1
    end: int = -1
    field: str = "text"

    def at(self, start: int, end: int) -> "Finding":
        """The same, seen elsewhere.

        Args:
            start: First character it points to.
            end: One past the last.
        """
        return Finding(self.name, self.weight, self.detail, start, end, self.field)

    def weighing(self, weight: float) -> "Finding":
        """The same of another weight.

        Args:
            weight: What it adds to the evidence, in logit units.
        """
        return Finding(self.name, weight, self.detail, self.start, self.end, self.field)


def find_all(
    pattern: re.Pattern[str], text: str, name: str, weight: float, detail: str
) -> list[Finding]:
    """A finding for each of the first places that a pattern matches.

    Args:
        pattern: What to look for.
        text: Where.
        name: Of the findings.
        weight: Of each.
        detail: One sentence that quotes nothing.
    """
    return [
        Finding(name, weight, detail, *match.span())
        for match in islice(pattern.finditer(text), MOST)
    ]


def find_after(
    words: Collection[str], pattern: re.Pattern[str], text: str, finding: Finding
) -> list[Finding]:
    """A finding for each place where a pattern matches from one of some words on.

    Many times faster than to search for the pattern, where the words are known.

    Args:
        words: What matches begin with.
        pattern: What to look for.
        text: Where.
        finding: What is found, wherever it is.
    """
    if not words:
        return []
    spans = {
        match.span()
        for word in words
        for start in places_of(word, text)
        if (match := pattern.match(text, start))
    }
    return [finding.at(start, end) for start, end in sorted(spans)[:MOST]]


def find_around(
    words: Collection[str],
    pattern: re.Pattern[str],
    text: str,
    finding: Finding,
    *,
    with_a: re.Pattern[str],
    before: int,
    behind: int,
) -> list[Finding]:
    """A finding for each place where a pattern matches near one of some words.

    Args:
        words: What every match holds.
        pattern: What to look for.
        text: Where.
        finding: What is found, wherever it is.
        with_a: What every match holds too, and is quick to look for.
        before: How many characters before the word are looked at.
        behind: How many from its end on.
    """
    if not words:
        return []
    near = (
        (max(start - before, 0), start + len(word) + behind)
        for word in words
        for start in islice(places_of(word, text), MOST_PLACES)
    )
    spans = {
        match.span()
        for place in near
        if with_a.search(text, *place)
        for match in pattern.finditer(text, *place)
    }
    return [finding.at(start, end) for start, end in sorted(spans)[:MOST]]


def places_of(word: str, text: str) -> Iterator[int]:
    """Where a word begins that is no part of a longer one before it.

    Args:
        word: Any.
        text: Where.
    """
    start = text.find(word)
    while start >= 0:
        before = text[start - 1 : start]
        if not before.isalnum() and before != "_":
            yield start
        start = text.find(word, start + len(word))


def limited(findings: Collection[Finding], total: float, count: int) -> list[Finding]:
    """The heaviest findings, as many and as heavy together as allowed.

    The one that goes over `total` counts for what is left, so that weights always add up.

    Args:
        findings: Of one kind.
        total: Their greatest joint weight.
        count: How many are kept.
    """
    kept: list[Finding] = []
    if not findings:
        return kept
    left = total
    for finding in sorted(findings, key=lambda finding: -finding.weight)[:count]:
        if left <= 0:
            break
        kept.append(finding if finding.weight <= left else finding.weighing(left))
        left = round(left - kept[-1].weight, 6)
    return kept
