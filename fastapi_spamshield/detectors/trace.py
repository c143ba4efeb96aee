"""What happens during one check, told to the shield that makes it by whoever takes part.

A detector's answer holds no more than a verdict may show. What a correction needs later, and what
the application has been taught before, goes past the detectors that only pass an answer on.
"""

from contextvars import ContextVar, Token
from typing import Any, Protocol

from ..stores.base import Opinion


class Corrects(Protocol):
    """What an application was taught."""

    def shift(self, digest: bytes, grams: Any) -> float:
        """What it adds to the log-odds of a text.

        Args:
            digest: Of the text, as `Features` has it.
            grams: All n-grams of the text that are learned from.
        """
        ...


class Trace:
    """One check under way.

    Args:
        corrections: What the embedded engine adds, if there is anything.
        wanted: Whether anybody wants to know what it read, to be taught of it later.

    Attributes:
        features: What the embedded engine read, if it was asked.
        opinions: What the services said that were asked.
    """

    __slots__ = ("corrections", "features", "opinions", "wanted")
    opinions: list[Opinion]

    def __init__(self, corrections: Corrects | None, *, wanted: bool) -> None:
        self.corrections: Corrects | None = corrections
        self.wanted: bool = wanted
        self.features: bytes | None = None
        self.opinions = []


_TRACE: ContextVar[Trace | None] = ContextVar("fastapi_spamshield_trace", default=None)


def trace() -> Trace | None:
    """That of the check that is going on, if a shield makes it."""
    return _TRACE.get()


def begin(new: Trace) -> Token[Trace | None]:
    """Make a trace the one of everything that is done from now on.

    Args:
        new: Whose check begins.

    Returns:
        What `end` wants.
    """
    return _TRACE.set(new)


def end(token: Token[Trace | None]) -> None:
    """Go back to what was before.

    Args:
        token: What `begin` returned.
    """
    _TRACE.reset(token)
