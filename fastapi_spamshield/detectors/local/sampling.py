"""Reading a long text at its head, middle and tail."""

from typing import NamedTuple


class Piece(NamedTuple):
    """Some characters of the original.

    Attributes:
        at: Where they stand in the sample.
        start: Where they stand in the original.
    """

    at: int
    start: int


class Sample(NamedTuple):
    """What is read of a text.

    Attributes:
        text: The characters that are read.
        pieces: Where they come from; empty when it is the whole text.
    """

    text: str
    pieces: tuple[Piece, ...] = ()

    def original(self, position: int) -> int:
        """The place in the original of a place in the sample.

        Args:
            position: A position in `text`.
        """
        for piece in reversed(self.pieces):
            if position >= piece.at:
                return position - piece.at + piece.start
        return position


def sample(text: str, limit: int) -> Sample:
    """At most `limit` characters of a text: half of them its head, the rest middle and tail.

    Args:
        text: Any text.
        limit: Characters to read, at least 8.
    """
    if len(text) <= limit:
        return Sample(text)
    quarter = (limit - 2) // 4  # two line breaks keep the pieces apart
    head = limit - 2 - 2 * quarter
    middle = head + (len(text) - head - quarter - quarter) // 2
    tail = len(text) - quarter
    read = f"{text[:head]}\n{text[middle : middle + quarter]}\n{text[tail:]}"
    return Sample(read, (Piece(0, 0), Piece(head + 1, middle), Piece(head + quarter + 2, tail)))
