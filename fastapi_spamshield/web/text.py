"""The words in whatever an endpoint receives."""

import os
from typing import Any, NamedTuple

from starlette.datastructures import UploadFile

from .decoding import decode, decode_sample
from .leaves import SECRET, leaves
from .unread import Unread, unreadable

FILE_BYTES = 1_000_000
"""Of a longer uploaded file, half as much is read from its head, the rest from middle and tail."""

_CLOSED = unreadable("An uploaded file was closed before it could be read.")


class Sampled(NamedTuple):
    """How much of some files was read.

    Attributes:
        read: Bytes that were.
        sent: Bytes that there are.
    """

    read: int
    sent: int


class Words(NamedTuple):
    """The text in some values.

    Attributes:
        text: One piece a line; `None` if there is none at all.
        unread: What is missing in it.
        sampled: Set where files were too long to be read whole.
    """

    text: str | None
    unread: Unread | None = None
    sampled: Sampled | None = None


async def words_in(values: list[Any], *, each_once: bool = False) -> Words:
    """All text in some values.

    Args:
        values: Text, numbers, lists, models, uploaded files, `Unread`.
        each_once: Whether to leave out a piece that was there before.
    """
    pieces: list[str] = []
    unread: Unread | None = None
    sampled: Sampled | None = None
    for leaf in leaves(values):
        if isinstance(leaf, str):
            pieces.append(leaf)
        elif isinstance(leaf, Unread):
            unread = leaf if unread in (None, SECRET) else unread
        else:
            file = await _read_file(leaf) if isinstance(leaf, UploadFile) else _read_bytes(leaf)
            unread = unread or file.unread
            sampled = _sum(sampled, file.sampled)
            pieces += [] if file.text is None else [file.text]
    if pieces and unread is SECRET:
        unread = None  # One field among others, and hidden on purpose.
    if each_once:
        pieces = list(dict.fromkeys(pieces))
    return Words("\n".join(pieces) if pieces else None, unread, sampled)


def _sum(one: Sampled | None, other: Sampled | None) -> Sampled | None:
    if one and other:
        return Sampled(one.read + other.read, one.sent + other.sent)
    return one or other


async def _read_file(file: UploadFile) -> Words:
    if file.file.closed:
        return Words(None, _CLOSED)
    size = file.file.seek(0, os.SEEK_END) or file.file.tell()
    pieces: list[bytes] = []
    for start, length in _cuts(size):
        await file.seek(start)
        pieces.append(await file.read(length))
    await file.seek(0)
    return _of_pieces(pieces, size)


def _read_bytes(data: bytes) -> Words:
    pieces = [data[start : start + length] for start, length in _cuts(len(data))]
    return _of_pieces(pieces, len(data))


def _cuts(size: int) -> list[tuple[int, int]]:
    if size <= FILE_BYTES:
        return [(0, size)]
    quarter = FILE_BYTES // 4
    # At multiples of four, where characters of UTF-16 and UTF-32 begin.
    middle, tail = (size - quarter) // 8 * 4, (size - quarter) // 4 * 4
    return [(0, 2 * quarter), (middle, quarter), (tail, size - tail)]


def _of_pieces(pieces: list[bytes], size: int) -> Words:
    if len(pieces) == 1:
        return Words(decode(pieces[0]))
    return Words(decode_sample(pieces), sampled=Sampled(sum(map(len, pieces)), size))
