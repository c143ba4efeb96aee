"""Paths through annotations and through values."""

import dataclasses
import enum
import gzip
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, RootModel, computed_field
from starlette.datastructures import UploadFile
from starlette.requests import HTTPConnection
from typing_extensions import TypeAliasType  # In typing since Python 3.12.

from fastapi_spamshield.web.decoding import INFLATED_BYTES, decode, inflated, parse_json
from fastapi_spamshield.web.places import (
    follow,
    holds_text,
    is_open,
    leads_somewhere,
    leaves,
    members,
)
from fastapi_spamshield.web.raw import read_raw


class Author(BaseModel):
    bio: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shout(self) -> str:
        return self.bio.upper()

    @property
    def _hidden(self) -> str:
        return ""


class Root(RootModel[list[Author]]):
    pass


class Point(NamedTuple):
    label: str
    x: int


@dataclasses.dataclass
class Plain:
    text: str

    @property
    def loud(self) -> str:
        return self.text.upper()


class Attributes:
    text: str

    def __init__(self) -> None:
        self.text = "x"


class Bare:
    def __init__(self) -> None:
        self.text = "x"


class Names(dict[str, str]):
    title: str


class Colour(enum.Enum):
    RED = "red"


T = TypeVar("T")
Bound = TypeVar("Bound", bound=Author)
Alias = NewType("Alias", Author)
Renamed = TypeAliasType("Renamed", Author)


MEMBERS: list[tuple[Any, set[str] | None]] = [
    (Author, {"bio", "shout"}),
    (Author | None, {"bio", "shout"}),
    (Author | Plain, {"bio", "shout", "text", "loud"}),
    (Annotated[Author, "note"], {"bio", "shout"}),
    (list[Author], {"bio", "shout"}),
    (Sequence[Author], {"bio", "shout"}),
    (tuple[Author, ...], {"bio", "shout"}),
    (Root, {"bio", "shout"}),
    (Bound, {"bio", "shout"}),
    (Alias, {"bio", "shout"}),
    (Renamed, {"bio", "shout"}),
    (Plain, {"text", "loud"}),
    (Point, {"label", "x"}),
    (Attributes, {"text"}),
    (Names, {"title"}),
    (str, set()),
    (int | None, set()),
    (Colour, set()),
    (UploadFile, set()),
    (Literal["a"], set()),
    (list[str], set()),
    (T, None),
    (Any, None),
    (object, None),
    (dict, None),
    (dict[str, str], None),
    (Mapping[str, Author], None),
    (list, None),
    (list[Any], None),
    (Author | dict[str, str], None),
]


@pytest.mark.parametrize(("annotation", "names"), MEMBERS, ids=repr)
def test_members(annotation: Any, names: set[str] | None) -> None:
    below = members(annotation)
    assert (None if below is None else below.keys()) == names
    assert is_open(annotation) is (names is None)
    assert leads_somewhere(annotation, ())
    assert leads_somewhere(annotation, ("nowhere",)) is (names is None)


def test_leads_somewhere() -> None:
    class Comment(BaseModel):
        author: Author
        more: dict[str, Any]

    assert leads_somewhere(Comment, ("author", "bio"))
    assert not leads_somewhere(Comment, ("author", "bio", "more"))
    assert not leads_somewhere(Comment, ("author", "age"))
    assert leads_somewhere(Comment, ("more", "any", "thing"))


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, True),
        (bytes, True),
        (str | None, True),
        (list[str], True),
        (Annotated[str, "note"], True),
        (Author, True),
        (dict[str, int], True),
        (Any, True),
        (UploadFile, True),
        (int, False),
        (float | None, False),
        (list[int], False),
        (Annotated[int, "note"], False),
        (Literal["newest", "oldest"], False),
        (Literal["newest"] | None, False),
        (Colour, False),
        (bool, False),
    ],
    ids=repr,
)
def test_holds_text(annotation: Any, expected: bool) -> None:
    assert holds_text(annotation) is expected


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "a.b", [1]),
        ({"a": [{"b": 1}, {"c": 2}, {"b": 3}]}, "a.b", [1, 3]),
        ({"a": None}, "a", [None]),
        ({"a": None}, "a.b", []),
        ([{"a": 1}, [{"a": 2}]], "a", [1, 2]),
        (Author(bio="x"), "bio", ["x"]),
        (Author(bio="x"), "shout", ["X"]),
        (Author(bio="x"), "age", []),
        (Root([Author(bio="x"), Author(bio="y")]), "bio", ["x", "y"]),
        (Plain("x"), "loud", ["X"]),
        (Point("x", 1), "label", ["x"]),
        (Bare(), "text", ["x"]),
        (iter([{"a": 1}]), "a", [1]),
        ("text", "upper.more", []),
    ],
)
def test_follow(value: Any, path: str, found: list[Any]) -> None:
    assert list(follow(value, tuple(path.split(".")))) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("x", ["x"]),
        (b"x", ["x"]),
        (bytearray(b"x"), ["x"]),
        (7, ["7"]),
        (1.5, ["1.5"]),
        (True, []),
        (None, []),
        (Colour.RED, ["red"]),
        (["a", ["b", {"c": "d"}]], ["a", "b", "c", "d"]),
        (Author(bio="x"), ["x"]),
        (Plain("x"), ["x"]),
        (Point("x", 1), ["x", "1"]),
        (frozenset(["x"]), ["x"]),
    ],
)
def test_leaves(value: Any, found: list[str]) -> None:
    assert list(leaves(value)) == found


def test_leaves_of_what_is_too_deep_or_turns_in_a_circle() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    assert list(leaves(deep)) == []
    circle: list[Any] = ["x"]
    circle.append(circle)
    assert set(leaves(circle)) == {"x"}


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


def test_of_a_compressed_body_so_much_is_read_and_no_more() -> None:
    bomb = gzip.compress(b"a" * (10 * INFLATED_BYTES))
    assert inflated(bomb, "gzip") == b"a" * INFLATED_BYTES
    assert inflated(bomb[:-9], "gzip") == b"a" * INFLATED_BYTES
    assert inflated(bomb, "") == b""
    assert inflated(b"\xff\xff", "gzip") == b""


def test_a_name_that_is_repeated_keeps_all_its_values() -> None:
    assert parse_json(b'{"a": 1, "b": 2, "a": 3, "a": [4]}') == {"a": [1, 3, [4]], "b": 2}
    with pytest.raises(ValueError, match="too deep"):
        parse_json(b"[" * 100_000)
    with pytest.raises(ValueError, match="Expecting"):
        parse_json(b"")


async def test_a_websocket_has_a_query_and_no_body() -> None:
    scope: dict[str, Any] = {
        "type": "websocket",
        "headers": [],
        "query_string": b"text=a&text=b&other=c",
    }
    raw = await read_raw(HTTPConnection(scope))
    assert list(leaves(raw.find_or_all(("text",)))) == ["a", "b"]
    assert list(leaves(raw.find_or_all(("nick",)))) == ["a", "b", "c"]
