"""A text without what should not be shown."""

from collections.abc import Iterable
from typing import Final

REMOVED: Final = "[REMOVED]"
"""What stands in its place, as RSFlowHub writes it."""


def sanitized(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with a mark in place of some of its parts; of parts that overlap, one mark.

    Args:
        text: Any.
        spans: Start and end of what is taken out, in any order.
    """
    kept: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            kept += text[at:start], REMOVED
        at = max(at, end)
    return "".join((*kept, text[at:]))
