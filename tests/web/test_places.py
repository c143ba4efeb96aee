"""Paths through annotations and through values."""

import dataclasses
import enum
import types
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypeVar

import pytest
from pydantic import BaseModel, RootModel, computed_field
from starlette.datastructures import UploadFile
from typing_extensions import TypeAliasType  # In typing since Python 3.12.

from fastapi_spamshield.web.decoding import parse_json
from fastapi_spamshield.web.places import (
    follow,
    holds_file,
    holds_text,
    is_open,
    leads_somewhere,
    members,
)


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


class Name(str):
    __slots__ = ()


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
    ("annotation", "expected"),
    [
        (UploadFile, True),
        (UploadFile | None, True),
        (list[UploadFile], True),
        (Annotated[UploadFile | None, "a file"], True),
        (str, False),
        (list[str] | None, False),
        (Literal["file"], False),
        (Any, False),
    ],
)
def test_holds_file(annotation: Any, expected: bool) -> None:
    assert holds_file(annotation) is expected


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
        (deque([{"a": 1}]), "a", [1]),
        ({"a": ({"b": 1}, {"b": 2})}, "a.b", [1, 2]),
        (types.MappingProxyType({"a": 1}), "a", [1]),
        (types.MappingProxyType({"a": 1}), "b", []),
        ({"a": "text"}, "a.title", []),
        ({"a": 7}, "a.real", []),
        ({"a": b"text"}, "a.decode", []),
        ({"a": True}, "a.imag", []),
        ({"a": Name("text")}, "a.title", []),
        (Author(bio="x"), "model_dump", []),
        (parse_json(b'{"a": {"b": 1}, "a": [{"b": 2}, {"b": 3, "b": 4}]}'), "a.b", [1, 2, 3, 4]),
    ],
)
def test_follow(value: Any, path: str, found: list[Any]) -> None:
    assert follow(value, tuple(path.split("."))) == found


def test_an_iterator_on_the_way_is_told_apart_from_nothing() -> None:
    items = iter([{"a": 1}])
    assert follow({"items": items}, ("items", "a")) == [items]


def test_depth_is_no_hiding_place() -> None:
    deep: Any = {"a": "x"}
    for _ in range(100_000):
        deep = [deep]
    assert follow(deep, ("a",)) == ["x"]
