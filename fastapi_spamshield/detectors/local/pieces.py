"""What stands between the spaces of a text: words with the marks around them."""

from typing import NamedTuple


class Pieces(NamedTuple):
    """The pieces of a text.

    Attributes:
        number: How many there are.
        unique: Each of them once.
    """

    number: int
    unique: frozenset[str]


def pieces_of(low: str) -> Pieces:
    """The pieces of a text.

    Args:
        low: The text in lower case.
    """
    pieces = low.split()
    return Pieces(len(pieces), frozenset(pieces))
