import json
from typing import Any

import pytest

from fastapi_spamshield.dialects.base import Answer, Call
from fastapi_spamshield.dialects.reading import (
    DEPTH,
    SIGNALS,
    Wire,
    amount,
    entry,
    failure,
    json_object,
    kept,
    parsed,
    shaped,
    signal,
    signals,
)
from fastapi_spamshield.errors import DetectorError


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"<html>",
        b'{"score": NaN}',
        b'{"score": -Infinity}',
        b'{"score": 1e999}',
        b'{"score": 0.1, "score": 0.9}',
        b'{"inside": {"allow": 1, "allow": 0}}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1),
        b"[" * 100_000,
        b"9" * 5_000,
    ],
    ids=range(13),
)
def test_what_cannot_be_trusted_is_no_json(body: bytes) -> None:
    assert parsed(body) is None
    with pytest.raises(DetectorError, match=r"^protocol: the answer is no JSON object$") as caught:
        json_object(Answer(200, body), "x")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": "\xc3\xa9"}', {"a": "é"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\N{GRINNING FACE}"}),
        (b"[" * DEPTH + b"]" * DEPTH, json.loads("[" * DEPTH + "]" * DEPTH)),
    ],
)
def test_what_can_is(body: bytes, value: object) -> None:
    assert parsed(body) == value


class Inner(Wire):
    words: list[str]


class Outer(Wire):
    inner: Inner
    flag: bool | None = None


def test_a_wrong_shape_names_the_place_and_quotes_nothing() -> None:
    assert shaped(Outer, {"inner": {"words": ["a"]}, "flag": None, "new": 1}, "x").flag is None
    with pytest.raises(DetectorError) as caught:
        shaped(Outer, {"inner": {"words": ["a", {"secret": 1}]}}, "x")
    assert str(caught.value) == "protocol: not as documented: inner.words.1: string_type"
    assert caught.value.__context__ is None
    with pytest.raises(DetectorError, match="flag: bool_type"):
        shaped(Outer, {"inner": {"words": []}, "flag": "false"}, "x")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (204, "protocol"),
        (301, "protocol"),
        (400, "bad_request"),
        (401, "auth"),
        (402, "quota"),
        (403, "auth"),
        (404, "bad_request"),
        (408, "timeout"),
        (413, "payload_too_large"),
        (422, "bad_request"),
        (429, "rate_limited"),
        (500, "unavailable"),
        (503, "unavailable"),
        (504, "timeout"),
    ],
)
def test_a_status_has_a_code(status: int, code: str) -> None:
    error = failure(Answer(status, b"secret"), "x")
    assert (error.code, error.detector, str(error)) == (code, "x", f"{code}: HTTP {status}")


DATE = {"date": "Wed, 25 Nov 2026 02:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 02:01:30 GMT"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 02:01:30 GMT", **DATE}, 90),
        ({"retry-after": "Wed, 25 Nov 2026 01:00:00 GMT", **DATE}, 0),
        ({"retry-after": "Wed, 31 Feb 2026 01:00:00 GMT", **DATE}, None),
    ],
)
def test_when_to_come_back_is_read_by_the_vendors_own_clock(
    headers: dict[str, str], wait: float | None
) -> None:
    assert failure(Answer(429, headers=headers), "x").retry_after == wait


@pytest.mark.parametrize("value", [None, "", "x", -1, float("inf"), 10**400, {}])
def test_what_is_no_amount(value: object) -> None:
    assert amount(value) is None


def test_what_is_kept_of_an_answer() -> None:
    headers = {"x-ratelimit-remaining": "3", "set-cookie": "secret", "x-akismet-guid": "g"}
    assert kept(Answer(200, headers=headers), {"a": 1}, synthetic=True) == {
        "body": {"a": 1},
        "headers": {"x-ratelimit-remaining": "3", "x-akismet-guid": "g"},
        "synthetic": True,
    }


def test_a_vendors_words_make_a_signal() -> None:
    found = signal("Suspicious URL!", "x", detail="y" * 600)
    assert (found.name, found.weight, found.source) == ("suspicious_url", 0.0, "x")
    assert found.detail == "y" * 500
    assert signal("!!!", "x").name == "unnamed"
    assert signal("x" * 600, "x").name == "x" * 64
    assert len(signals(["a"] * 1_000, "x")) == SIGNALS
    assert signals(None, "x") == ()


@pytest.mark.parametrize(
    ("value", "found"),
    [({"a": {"b": 1}}, 1), ({"a": 1}, None), ([], None), (None, None), ({"a": None}, None)],
)
def test_an_entry_is_there_or_not(value: Any, found: object) -> None:
    assert entry(value, "a", "b") == found


def test_no_repr_shows_a_key_or_a_text() -> None:
    call = Call("/check", b"secret", {"X-API-Key": "secret"})
    assert repr(call) == "Call(POST /check, 6 bytes)"
    assert repr(Answer(200, b"secret", {"x": "secret"})) == "Answer(200, 6 bytes)"
