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


def too_large(what: str) -> Unread:
    """More was sent than is read.

    Args:
        what: What was too long, as the beginning of a sentence.
    """
    return Unread("payload_too_large", f"{what} than is read.")


def unreadable(what: str) -> Unread:
    """Nothing could be made of it.

    Args:
        what: The whole sentence.
    """
    return Unread("bad_request", what)
