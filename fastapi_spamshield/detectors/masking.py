"""Personal data replaced by placeholders before a text leaves, and put back afterwards."""

import re
from typing import NamedTuple

from ..pii import find_pii


class Piece(NamedTuple):
    """A placeholder and what it stands for.

    Attributes:
        at: Where it stands in the masked text.
        placeholder: Such as `[EMAIL_1]`.
        start: Where the original stands in the original text.
        original: What it stands for.
    """

    at: int
    placeholder: str
    start: int
    original: str

    def __repr__(self) -> str:
        return f"Piece({self.placeholder})"


class Masked(NamedTuple):
    """A text that may leave.

    Attributes:
        text: With placeholders.
        pieces: What they stand for, in order.
    """

    text: str
    pieces: tuple[Piece, ...] = ()

    def __repr__(self) -> str:
        return f"Masked({len(self.text)} characters, {len(self.pieces)} pieces)"

    @property
    def length(self) -> int:
        """How many characters the original has."""
        return len(self.text) + sum(
            len(piece.original) - len(piece.placeholder) for piece in self.pieces
        )

    def original(self, span: tuple[int, int]) -> tuple[int, int]:
        """The characters of the original that some of the masked text stand for.

        Args:
            span: Start and end in `text`; a part of a placeholder stands for all of it.
        """
        start, end = span
        return self._place(start, within=0), self._place(end, within=1)

    def _place(self, position: int, *, within: int) -> int:
        moved = 0
        for piece in self.pieces:
            if position <= piece.at:
                break
            behind = piece.at + len(piece.placeholder)
            end = piece.start + len(piece.original)
            if position < behind:
                return (piece.start, end)[within]
            moved = end - behind
        return position + moved

    def restored(self, text: str) -> str:
        """Another text with its placeholders replaced by what they stand for.

        Args:
            text: Something that a service made of `text`.
        """
        if not self.pieces:
            return text
        known = {piece.placeholder: piece.original for piece in self.pieces}
        pattern = "|".join(map(re.escape, known))
        return re.sub(pattern, lambda match: known[match[0]], text)


def mask(text: str) -> Masked:
    """A text without its e-mail addresses, phone, card and other numbers.

    The same value gets the same placeholder, so that repetition is still seen.

    Args:
        text: Any text.
    """
    pieces: list[Piece] = []
    placeholders: dict[str, str] = {}
    parts: list[str] = []
    at = read = 0
    for kind, start, end in find_pii(text):
        original = text[start:end]
        placeholder = placeholders.get(original)
        if placeholder is None:
            number = len(placeholders) + 1
            placeholder = f"[{kind.upper()}_{number}]"
            if placeholder in text:  # Somebody wrote it, and must not get another's data for it.
                placeholder = f"[{kind.upper()}_{number}_{_unused(text)}]"
            placeholders[original] = placeholder
        parts += text[read:start], placeholder
        at += start - read
        pieces.append(Piece(at, placeholder, start, original))
        at += len(placeholder)
        read = end
    return Masked("".join((*parts, text[read:])), tuple(pieces))


def _unused(text: str) -> int:
    # No number above the longest run of digits can be in it.
    digits: list[str] = re.findall(r"\d+", text)
    return int("1" + "0" * max(map(len, digits)))
