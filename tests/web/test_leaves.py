"""The texts in any value, and what is told of the rest."""

import dataclasses
import datetime as dt
import decimal
import enum
import types
from collections import deque
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from pydantic import AnyUrl, BaseModel, ConfigDict, RootModel, Secret, SecretBytes, SecretStr
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection

from fastapi_spamshield.web import leaves as module
from fastapi_spamshield.web.decoding import parse_json
from fastapi_spamshield.web.leaves import PARTS, SECRET, leaves
from fastapi_spamshield.web.unread import Unread


class Author(BaseModel):
    bio: str


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    bio: str


class Root(RootModel[list[Author]]):
    pass


class Point(NamedTuple):
    label: str
    x: int


@dataclasses.dataclass
class Plain:
    text: str


class Colour(enum.Enum):
    RED = "red"


class Form:
    def __init__(self, text: Any, more: Any = None) -> None:
        self._text = text
        self.more = more

    def shout(self) -> None: ...


class Slotted:
    __slots__ = ("__title", "never", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.__title = "title"


class Derived(Slotted):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.own = "own"


class Printed:
    def __str__(self) -> str:
        return "printed"


class Opaque:
    def __repr__(self) -> str:
        return "<Opaque>"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("x", ["x"]),
        (b"x", [b"x"]),
        (bytearray(b"x"), [b"x"]),
        (7, ["7"]),
        (1.5, ["1.5"]),
        (1j, ["1j"]),
        (decimal.Decimal("1.50"), ["1.50"]),
        (UUID(int=1), ["00000000-0000-0000-0000-000000000001"]),
        (dt.date(2024, 2, 29), ["2024-02-29"]),
        (AnyUrl("http://a.example/b"), ["http://a.example/b"]),
        (True, []),
        (None, []),
        (Colour.RED, ["red"]),
        (["a", ["b", {"c": "d"}]], ["a", "b", "c", "d"]),
        (parse_json(b'{"a": "b", "a": {"c": 1}}'), ["a", "b", "a", "c", "1"]),
        (FormData([("a", "b"), ("a", "c")]), ["a", "b", "a", "c"]),
        (types.MappingProxyType({"a": "b"}), ["a", "b"]),
        (deque(["a", "b"]), ["a", "b"]),
        (Author(bio="x"), ["x"]),
        (Open.model_validate({"bio": "x", "key": ["y"]}), ["x", "key", "y"]),
        (Root([Author(bio="x")]), ["x"]),
        (Plain("x"), ["x"]),
        (Point("x", 1), ["x", "1"]),
        (frozenset(["x"]), ["x"]),
        (Form("x", [Form("y")]), ["x", "y"]),
        (Form("x", Form("y", Author(bio="z"))), ["x", "y", "z"]),
        (Form(None), []),
        (Form("x", str), ["x"]),
        (Form("x", leaves), ["x"]),
        (Form("x", types), ["x"]),
        (Slotted("x"), ["title", "x"]),
        (Derived("x"), ["own", "title", "x"]),
        (types.SimpleNamespace(a="x", b=Plain("y")), ["x", "y"]),
        (Printed(), ["printed"]),
    ],
)
def test_leaves(value: Any, found: list[Any]) -> None:
    assert list(leaves([value, "end"])) == [*found, "end"]


class Session:
    """Stands for what an object keeps that is none of the sender's words."""

    __module__ = "database"

    def __init__(self) -> None:
        self.url = "password"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Opaque(), "Opaque"),
        (object(), "object"),
        (iter(["x"]), "list_iterator"),
        ((item for item in "x"), "generator"),
        (HTTPConnection({"type": "http", "secret": "x"}), "HTTPConnection"),
        (Form(Session()), "Session"),
        (Form(HTTPConnection({"type": "http", "secret": "x"})), "HTTPConnection"),
        (Form(leaves, str), "Form"),
        (leaves, "function"),
        (str, "type"),
    ],
)
def test_what_gives_nothing_to_read_says_so(value: Any, name: str) -> None:
    (unread,) = leaves([value])
    reason = f"An object of the class {name} can't be read as text."
    assert unread == Unread("bad_request", reason)


@pytest.mark.parametrize("secret", [SecretStr("x"), SecretBytes(b"x"), Secret[str]("x")])
def test_secrets_stay_secret(secret: Any) -> None:
    assert list(leaves([Form(secret), {"a": secret}])) == [SECRET, "a", SECRET]


def test_depth_is_no_hiding_place() -> None:
    deep: Any = "x"
    for _ in range(PARTS):
        deep = [deep]
    assert list(leaves([deep])) == ["x"]


@pytest.mark.parametrize(
    "many",
    [
        ["x"] * (PARTS + 1),
        dict.fromkeys(map(str, range(PARTS)), "x"),
        [[["x"] * 1000] * 1000] * 1000,
        frozenset(map(str, range(PARTS + 1))),
    ],
)
def test_of_too_many_parts_some_are_read_and_it_is_said(many: Any) -> None:
    read = list(leaves([many]))
    assert PARTS // 2 <= sum(isinstance(leaf, str) for leaf in read) <= PARTS
    assert {leaf.error for leaf in read if isinstance(leaf, Unread)} == {"payload_too_large"}


def test_just_as_many_are_read_whole() -> None:
    assert list(leaves([["x"] * PARTS])) == ["x"] * PARTS


def test_what_turns_in_a_circle_ends() -> None:
    circle: list[Any] = ["x"]
    circle.append(circle)
    *read, unread = leaves([circle])
    assert set(read) == {"x"}
    assert isinstance(unread, Unread)


def test_the_limit_is_for_a_hostile_megabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARTS", 3)
    assert list(leaves([["a", "b", "c"]])) == ["a", "b", "c"]
    assert list(leaves([["a", "b"], ["c", "d"]]))[:4] == ["a", "b", module.TOO_MANY, "c"]
