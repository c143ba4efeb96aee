"""From bytes to text, to JSON, and out of compression."""

import encodings
import json
import zlib
from gzip import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.web.decoding import (
    Pairs,
    decode,
    decode_sample,
    inflate,
    knows,
    parse_json,
)

LIMIT = 1_000


@given(st.text(max_size=50))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode())[: len(text)] == text or "\x00" in text or text.startswith("\ufeff")


@given(st.binary(max_size=50), st.none() | st.text(max_size=10))
def test_any_bytes_can_be_read(data: bytes, charset: str | None) -> None:
    assert isinstance(decode(data, charset), str)


@pytest.mark.parametrize(
    ("data", "charset", "expected"),
    [
        (b"caf\xe9", "latin-1", "caf\xe9"),
        (b"caf\xe9", None, "caf\xe9"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("Привіт".encode("koi8-u"), "KOI8_U", "Привіт"),
        (b"abc", "rot13", "abc"),
        (b"abc", "punycode", "abc"),
        (b"abc", "nonsense", "abc"),
        (b"abc", "a\x00b", "abc"),
        ("ab".encode("utf-16"), "utf-8", "ab"),
        ("ab".encode("utf-16-le"), None, "ab\na\x00b\x00"),
        (b"", None, ""),
    ],
)
def test_decode(data: bytes, charset: str | None, expected: str) -> None:
    assert decode(data, charset) == expected


@pytest.mark.parametrize(
    ("charset", "known"),
    [("utf-8", True), ("UTF8", True), ("Latin-1", True), ("cp1252", True), ("GB18030", True)]
    + [(name, False) for name in ("rot13", "zip", "punycode", "idna", "utf-9", "", "utf-8x1")],
)
def test_which_encodings_are_known(charset: str, known: bool) -> None:
    assert knows(charset) is known


def test_python_does_not_have_to_remember_what_senders_make_up() -> None:
    remembered = len(vars(encodings)["_cache"])
    for number in range(50):
        assert decode(b"abc", f"utf-{number}-{'x' * 1000}") == "abc"
    assert len(vars(encodings)["_cache"]) == remembered


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-le", "latin-1"])
def test_pieces_that_are_cut_within_a_character(encoding: str) -> None:
    text = "é" * 110 + "SPAM" + "é" * 100
    data = text.encode(encoding)
    pieces = [data[:97], data[100:900]]
    assert "éSPAMé" in decode_sample(pieces)


def inflated(data: bytes, coding: str) -> tuple[bytes, str | None]:
    found, unread = inflate(data, coding, LIMIT)
    return found, unread.error if unread else None


DEFLATED = zlib.compress(b"text", wbits=-zlib.MAX_WBITS)
ONE, OTHER = compress(b"one ", mtime=0), compress(b"other", mtime=0)


@pytest.mark.parametrize(
    ("data", "coding", "expected"),
    [
        (b"text", "", (b"", None)),
        (b"text", "identity", (b"", None)),
        (b"text", "identity, Identity", (b"", None)),
        (compress(b"text", mtime=0), "gzip", (b"text", None)),
        (compress(b"text", mtime=0), " X-GZIP ,identity", (b"text", None)),
        (compress(b"text", mtime=0), "deflate", (b"text", None)),
        (zlib.compress(b"text"), "deflate", (b"text", None)),
        (DEFLATED, "deflate", (b"text", None)),
        (compress(DEFLATED, mtime=0), "deflate, gzip", (b"text", None)),
        (ONE + OTHER, "gzip", (b"one other", None)),
        (ONE + b"\0" * 7, "gzip", (b"one ", None)),
        (ONE + b"more", "gzip", (b"one ", "bad_request")),
        (ONE + OTHER[:-9], "gzip", (b"one other", "bad_request")),
        (ONE + OTHER[:10], "gzip", (b"one ", "bad_request")),
        (ONE * 101, "gzip", (b"one " * 100, "bad_request")),
        (ONE[:-8] + b"12345678", "gzip", (b"", "bad_request")),
        (b"text", "gzip", (b"", None)),
        (compress(b"text", mtime=0), "gzip, gzip", (b"text", None)),
        (compress(b"text", mtime=0), "br", (b"", "bad_request")),
        (compress(b"text", mtime=0), "gzip, zstd", (b"", "bad_request")),
        (compress(b"text", mtime=0), "gzip, gzip, gzip, gzip", (b"", "bad_request")),
        (b"\xff\xff", "gzip", (b"", None)),
        (compress(b"a" * LIMIT, mtime=0), "gzip", (b"a" * LIMIT, None)),
        (compress(b"a" * (LIMIT + 1), mtime=0), "gzip", (b"a" * LIMIT, "payload_too_large")),
        (compress(b"a" * LIMIT, mtime=0) + ONE, "gzip", (b"a" * LIMIT, "payload_too_large")),
    ],
)
def test_inflate(data: bytes, coding: str, expected: tuple[bytes, str | None]) -> None:
    assert inflated(data, coding) == expected


def test_of_a_bomb_no_more_is_made_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Watched:
        def __init__(self, window_bits: int) -> None:
            self._stream = zlib.decompressobj(window_bits)

        def decompress(self, data: bytes, most: int = 0) -> bytes:
            piece = self._stream.decompress(data, most)
            made.append(len(piece))
            return piece

        def __getattr__(self, name: str) -> object:
            return getattr(self._stream, name)

    from fastapi_spamshield.web import decoding

    class Zlib:
        decompressobj = Watched
        MAX_WBITS, error = zlib.MAX_WBITS, zlib.error

    monkeypatch.setattr(decoding, "zlib", Zlib)
    bomb = compress(b"a" * (1000 * LIMIT), mtime=0)
    assert inflated(bomb, "gzip") == (b"a" * LIMIT, "payload_too_large")
    assert inflated(compress(bomb), "gzip, gzip")[1] == "payload_too_large"
    assert max(made) == LIMIT + 1


def test_a_name_that_is_repeated_keeps_all_its_values() -> None:
    found = parse_json(b'{"a": 1, "b": 2, "a": 3, "a": [{"c": 4}]}')
    assert isinstance(found, Pairs)
    assert found == [("a", 1), ("b", 2), ("a", 3), ("a", [[("c", 4)]])]


@pytest.mark.parametrize("document", ["[1, null]", '"x"', "7", '{"a": {}}'])
def test_other_json_is_as_usual(document: str) -> None:
    plain = json.loads(document)
    assert parse_json(document.encode("utf-16")) == ([("a", [])] if plain == {"a": {}} else plain)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"[" * 100_000, "too deep"),
        (b"\xff\xfe\xfd", "decode"),
    ],
)
def test_what_is_not_json(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_json(data)
