"""What happens during one check, told to the shield that makes it by whoever takes part.

A detector's answer holds no more than a verdict may show. What a correction needs later, and what
the application has been taught before, goes past the detectors that only pass an answer on.
"""

from collections.abc import Iterable
from contextvars import ContextVar, Token
from typing import Any, Protocol

from ..models import Submission
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
    """One check under way, or one of several submissions at once.

    Args:
        corrections: What the embedded engine adds, if there is anything.
        wanted: Whether anybody wants to know what it read, to be taught of it later.

    Attributes:
        features: What the embedded engine read, if it was asked.
    """

    __slots__ = ("_said", "corrections", "features", "wanted")

    def __init__(self, corrections: Corrects | None, *, wanted: bool) -> None:
        self.corrections: Corrects | None = corrections
        self.wanted: bool = wanted
        self.features: bytes | None = None
        self._said: list[tuple[Submission, Opinion]] = []

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """What the services said that were asked."""
        return tuple(opinion for _, opinion in self._said)

    def note(self, submission: Submission, opinion: Opinion) -> None:
        """Keep what a service said.

        Args:
            submission: What of.
            opinion: What it said.
        """
        self._said.append((submission, opinion))

    def opinions_of(self, submission: Submission) -> Iterable[Opinion]:
        """What the services said of one of several submissions, each of them once.

        Args:
            submission: The very one that is judged, not one like it.
        """
        return {one.service: one for of, one in self._said if of is submission}.values()


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
