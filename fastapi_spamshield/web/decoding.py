"""From bytes to text, the way a lenient reader at the other end could do it."""

import codecs
import json
import zlib
from typing import Any

_CHARSETS = ("utf", "ascii", "iso", "cp", "koi8", "mac", "gb", "big5", "euc", "shift", "hz")
"""How the names of usual encodings begin. Python knows others that take quadratic time."""

INFLATED_BYTES = 1_000_000
"""Of a compressed body, more is not read: a thousand times as much may be in it."""


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
    for name in (charset, json.detect_encoding(data), "utf-8"):
        reading = _read_as(data, name)
        if reading is not None and reading not in readings:
            readings.append(reading)
    return "\n".join(readings) or data.decode("latin-1")


def _read_as(data: bytes, name: str | None) -> str | None:
    try:
        codec = codecs.lookup(name or "").name
        return data.decode(codec) if codec.startswith(_CHARSETS) else None
    except (LookupError, ValueError):
        return None


def inflated(data: bytes, coding: str) -> bytes:
    """What a handler that undoes the compression of a body would find, up to `INFLATED_BYTES`.

    Args:
        data: A body.
        coding: Its `Content-Encoding`, which says gzip or deflate, or nothing is undone.

    Returns:
        Nothing where it can't be undone.
    """
    if not {"gzip", "x-gzip", "deflate"} & {name.strip() for name in coding.lower().split(",")}:
        return b""
    # zlib tells gzip and zlib apart by their headers; some clients send deflate without any.
    for window_bits in (zlib.MAX_WBITS + 32, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(window_bits).decompress(data, INFLATED_BYTES)
        except zlib.error:
            continue
    return b""


def parse_json(data: bytes) -> Any:
    """A JSON document in which a repeated name keeps all of its values, as a list.

    Which of them counts differs from parser to parser, so all of them are read.

    Args:
        data: UTF-8, UTF-16 or UTF-32.

    Raises:
        ValueError: It is not JSON, or nests deeper than can be read.
    """
    try:
        return json.loads(data, object_pairs_hook=_keep_all)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _keep_all(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    repeated: dict[str, list[Any]] = {}
    for name, value in pairs:
        if name in values:
            repeated.setdefault(name, [values[name]]).append(value)
        values[name] = value
    return {**values, **repeated}
