"""No request takes long to read: the work grows as the request does, counted, not timed."""

import asyncio
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request

from fastapi_spamshield.web.places import follow
from fastapi_spamshield.web.raw import read_raw
from fastapi_spamshield.web.text import words_in

LENGTH = 40_000
GROWTH = 2.3
"""Twice the request is twice the work, and a little that comes once a request."""

EFFORT = 6
"""Calls for each byte of a body, at most, of Python's functions and of C's."""

EFFORT_FOR_SCALARS = 3
"""The same where there are many values and nothing is in them."""

SCALARS = {"numbers", "texts", "nothing", "plain", "lines", "escapes", "pluses", "two bytes"}

HOSTILE = {
    "numbers": ("[", "1,", "1]"),
    "texts": ("[", '"a",', '"a"]'),
    "empty lists": ("[", "[],", "[]]"),
    "empty objects": ("[", "{},", "{}]"),
    "objects": ("[", '{"":1},', "{}]"),
    "one object": ("{", '"a":1,', '"b":1}'),
    "nested lists": ("[", "[[[[1]]]],", "1]"),
    "nothing": ("[", "null,", "null]"),
    "fields": ("", "a&", ""),
    "values": ("", "a=%41&", ""),
    "escapes": ("a=", "%41", ""),
    "pluses": ("a=", "+", ""),
    "semicolons": ("", "a=b;", ""),
    "plain": ("", "a ", ""),
    "lines": ("", "\n", ""),
    "two bytes": ("", "\u00e9", ""),
}
TYPES = ("application/json", "application/x-www-form-urlencoded", "text/plain; charset=utf-16")
FORMS = {
    "parts": '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n',
    "files": '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n',
    "empty parts": '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n',
}


def calls(work: Callable[[], Any]) -> int:
    """How many functions, of Python and of C, some work calls."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def read(content: bytes, content_type: str) -> None:
    async def receive() -> Any:
        return {"type": "http.request", "body": content, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    request = Request({"type": "http", "headers": headers, "query_string": b""}, receive)

    async def go() -> None:
        raw = await read_raw(request)
        await words_in([*raw.find(("a", "b")), *raw.everything(with_query=True)], each_once=True)

    asyncio.run(go())


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("kind", HOSTILE)
def test_to_read_a_body_is_linear(kind: str, content_type: str) -> None:
    start, middle, end = HOSTILE[kind]

    def work(length: int) -> int:
        content = (start + middle * (length // len(middle)) + end).encode()
        return calls(lambda: read(content, content_type))

    short, long = work(LENGTH), work(2 * LENGTH)
    assert long < GROWTH * short
    assert long < (EFFORT_FOR_SCALARS if kind in SCALARS else EFFORT) * 2 * LENGTH


@pytest.mark.parametrize("kind", FORMS)
def test_to_take_a_form_apart_is_linear(kind: str) -> None:
    def work(count: int) -> int:
        content = f"{FORMS[kind] * count}--x--\r\n".encode()
        return calls(lambda: read(content, "multipart/form-data; boundary=x"))

    assert work(400) < GROWTH * work(200)


class Tagged(BaseModel):
    tags: list[str]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([1] * LENGTH, "text"),
        ([[1]] * LENGTH, "text"),
        ([{"a": 1}] * LENGTH, "text"),
        (Tagged(tags=["a"] * LENGTH), "tags"),
        (TypeAdapter(list[Tagged]).validate_python([{"tags": []}] * LENGTH), "tags"),
    ],
    ids=["numbers", "lists", "dicts", "texts", "models"],
)
def test_to_find_words_among_the_values_is_cheap(value: Any, path: str) -> None:
    def work() -> None:
        asyncio.run(words_in([*follow(value, (path,)), value]))

    assert calls(work) < 60 * LENGTH


def test_what_has_no_end_ends() -> None:
    circle: list[Any] = []
    circle += [circle, "a"]
    assert calls(lambda: asyncio.run(words_in([circle]))) < 1_000_000
