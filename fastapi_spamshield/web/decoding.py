"""From bytes to text, the way a lenient reader at the other end could do it."""

import codecs
import json
import zlib
from collections.abc import Iterator, Sequence
from encodings import aliases, normalize_encoding
from typing import Any

from .unread import Unread, too_large, unreadable

_CHARSETS = (
    *("utf", "ascii", "latin", "iso", "cp", "koi8", "mac"),
    *("gb", "big5", "euc", "shift", "hz", "johab", "tis"),
)
"""How the names of usual encodings begin. Python knows others that take quadratic time."""

# Python remembers every name that it is asked for, so it is asked for these alone.
_ENCODINGS = {
    name: encoding
    for alias, encoding in aliases.aliases.items()
    if encoding.startswith(_CHARSETS)
    for name in (alias, encoding)
} | {name: name for name in ("koi8_u", "cp874", "utf_8_sig")}  # have no other names

_CODINGS = {"gzip", "x-gzip", "deflate"}
_MOST_CODINGS = 3
_MOST_MEMBERS = 100
_MAGIC = b"\x1f\x8b"

_CODED = unreadable("The body is compressed in a way that is not undone here.")
_BROKEN = unreadable("The compression of the body could not be undone to its end.")
_BOMB = too_large("The compressed body holds more than is read.")


class Pairs(list[tuple[str, Any]]):
    """A JSON object that keeps all values of a repeated name.

    Which of them counts differs from parser to parser, so all of them are read.
    """


def decode(data: bytes, charset: str | None = None) -> str:
    """Bytes as text; never fails.

    Args:
        data: What was sent.
        charset: The encoding that the sender claims, if any.

    Returns:
        The text by the claimed encoding and, where another one reads differently without an error,
        that text too: the claim is the sender's, and a handler need not believe it.
    """
    readings: list[str] = []
    for name in (_encoding(charset), json.detect_encoding(data), "utf-8"):
        reading = _read_as(data, name)
        if reading is not None and reading not in readings:
            readings.append(reading)
    return "\n".join(readings) or data.decode("latin-1")


def knows(charset: str) -> bool:
    """Whether `decode` reads an encoding.

    Args:
        charset: Its name, as the sender writes it.
    """
    return _encoding(charset) is not None


def decode_sample(pieces: Sequence[bytes]) -> str:
    """The text in pieces of one file, a line each.

    Args:
        pieces: The first of them is the file's head. They may be cut within a character, and stand
            in the file at multiples of four, or UTF-16 and UTF-32 could not be read.
    """
    encoding: str = json.detect_encoding(pieces[0])
    try:
        codecs.getincrementaldecoder(encoding)().decode(pieces[0])
    except ValueError:
        encoding = "latin-1"
    return "\n".join(piece.decode(encoding, "replace") for piece in pieces)


def _encoding(charset: str | None) -> str | None:
    return _ENCODINGS.get(normalize_encoding(charset).lower()) if charset else None


def _read_as(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except ValueError:
        return None


def inflate(data: bytes, coding: str, limit: int) -> tuple[bytes, Unread | None]:
    """What a handler that undoes the compression of a body would find.

    Args:
        data: A body.
        coding: Its `Content-Encoding`.
        limit: So many bytes are made of it and no more: a thousand times as much may be in it.

    Returns:
        What it is, nothing where it is not compressed, and what of it could not be read.
    """
    names = [name for part in coding.lower().split(",") if (name := part.strip())]
    codings = [name for name in names if name != "identity"]
    if len(codings) > _MOST_CODINGS or not _CODINGS.issuperset(codings):
        return b"", _CODED
    missing: Unread | None = None
    for number in range(len(codings)):
        undone, unread = _undone(data, limit)
        missing = missing or unread
        if not undone:
            return data if number else b"", missing
        data = undone
    return data if codings else b"", missing


def _undone(data: bytes, limit: int) -> tuple[bytes, Unread | None]:
    # zlib tells gzip and zlib apart by their headers; some clients send deflate without any.
    for window_bits in (zlib.MAX_WBITS + 32, -zlib.MAX_WBITS):
        found = bytearray()
        try:
            for piece in _members(data, window_bits, limit):
                found += piece
        except (zlib.error, EOFError):
            if found:
                return bytes(found), _BROKEN
            continue
        return bytes(found[:limit]), _BOMB if len(found) > limit else None
    # Without the mark of gzip it is probably what something in front has undone already.
    return b"", _BROKEN if data.startswith(_MAGIC) else None


def _members(data: bytes, window_bits: int, limit: int) -> Iterator[bytes]:
    # Several compressed streams one after another are one, to gzip.
    length = 0
    for _ in range(_MOST_MEMBERS):
        stream = zlib.decompressobj(window_bits)
        piece = stream.decompress(data, limit + 1 - length)
        length += len(piece)
        yield piece
        if length > limit:
            return
        if not stream.eof:
            raise EOFError
        data = stream.unused_data.lstrip(b"\0")  # gzip takes these for padding
        if not data:
            return
    raise EOFError


def parse_json(data: bytes) -> Any:
    """A JSON document with `Pairs` for its objects.

    Args:
        data: UTF-8, UTF-16 or UTF-32.

    Raises:
        ValueError: It is not JSON, or nests deeper than can be read.
    """
    try:
        return json.loads(data, object_pairs_hook=Pairs)
    except RecursionError:
        raise ValueError("nested too deeply") from None
