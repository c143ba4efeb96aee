"""What was sent, and could not be read."""

from dataclasses import dataclass

from ..errors import ErrorCode


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands among the values of a request for what is missing there.

    Attributes:
        error: Why it could not be read.
        reason: One sentence, which does not quote the request.
    """

    error: ErrorCode
    reason: str


def too_large(reason: str) -> Unread:
    """More was sent than is read.

    Args:
        reason: One sentence.
    """
    return Unread("payload_too_large", reason)


def unreadable(reason: str) -> Unread:
    """Nothing could be made of it.

    Args:
        reason: One sentence.
    """
    return Unread("bad_request", reason)
