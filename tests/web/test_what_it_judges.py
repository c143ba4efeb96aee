"""A check judges what the handler gets, whatever the sender writes on the envelope."""

import dataclasses
import enum
from typing import Annotated, Any

import pytest
from fastapi import (
    Body,
)
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
)
from typing_extensions import TypedDict  # Pydantic wants this one below Python 3.12.

from fastapi_spamshield import SpamShield
from tests.support import SPAM, Drive, Keyword
from tests.web.judged import app_with, takes


class Aliased(BaseModel):
    text: str = Field(validation_alias="content")


class AliasedByChoice(BaseModel):
    text: str = Field(validation_alias=AliasChoices("content", "body"))


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.title(), populate_by_name=True)
    text: str


class Defaulted(BaseModel):
    text: str = SPAM


class Stripped(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True)]


class Coerced(BaseModel):
    text: Annotated[str, BeforeValidator("".join)]


class Author(BaseModel):
    name: str
    bio: str | None = None


class Nested(BaseModel):
    author: Author
    text: str = ""


class Listed(BaseModel):
    items: list[Author] = []
    tags: list[str] = []


class Article(BaseModel):
    title: str
    body: str


class Everything(BaseModel):
    text: dict[str, list[Any]]


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")
    n: int = 1


class Choice(enum.Enum):
    SPAM = SPAM
    HAM = "ham"


class Chosen(BaseModel):
    text: Choice


@dataclasses.dataclass
class Plain:
    text: str


class Typed(TypedDict):
    text: str


class Roots(RootModel[list[Author]]):
    pass


@pytest.mark.parametrize(
    ("annotation", "field", "sent", "judged"),
    [
        pytest.param(Aliased, "text", {"content": SPAM, "text": "hello"}, SPAM, id="alias"),
        pytest.param(AliasedByChoice, "text", {"body": SPAM, "text": "hello"}, SPAM, id="choices"),
        pytest.param(Camel, "text", {"Text": SPAM}, SPAM, id="generated alias"),
        pytest.param(Defaulted, "text", {}, SPAM, id="default"),
        pytest.param(Stripped, "text", {"text": "  spam "}, SPAM, id="changed by validation"),
        pytest.param(Coerced, "text", {"text": list(SPAM)}, SPAM, id="coerced"),
        pytest.param(
            Nested, "comment.author.bio", {"author": {"name": "a", "bio": SPAM}}, SPAM, id="nested"
        ),
        pytest.param(
            Nested, "author.bio", {"author": {"name": "a", "bio": SPAM}}, SPAM, id="nested, short"
        ),
        pytest.param(
            Nested, "author", {"author": {"name": "a", "bio": SPAM}}, f"a\n{SPAM}", id="a model"
        ),
        pytest.param(
            Listed,
            "items.bio",
            {"items": [{"name": "a", "bio": "ok"}, {"name": "b", "bio": SPAM}]},
            f"ok\n{SPAM}",
            id="in a list",
        ),
        pytest.param(Listed, "tags", {"tags": ["a", SPAM]}, f"a\n{SPAM}", id="a list"),
        pytest.param(
            Article,
            ("title", "body"),
            {"title": "t", "body": SPAM},
            f"t\n{SPAM}",
            id="several fields",
        ),
        pytest.param(
            Article, "comment", {"title": "t", "body": SPAM}, f"t\n{SPAM}", id="the whole body"
        ),
        pytest.param(
            Everything,
            "text",
            {"text": {"a": [1, {"b": SPAM}]}},
            f"a\n1\nb\n{SPAM}",
            id="any depth",
        ),
        pytest.param(dict[str, Any], "text", {"text": SPAM}, SPAM, id="dict"),
        pytest.param(dict[str, Any], "text", {"txt": SPAM}, f"txt\n{SPAM}", id="dict, other key"),
        pytest.param(list[Author], "bio", [{"name": "a", "bio": SPAM}], SPAM, id="list of models"),
        pytest.param(Roots, "bio", [{"name": "a", "bio": SPAM}], SPAM, id="root model"),
        pytest.param(Plain, "text", {"text": SPAM}, SPAM, id="dataclass"),
        pytest.param(Typed, "text", {"text": SPAM}, SPAM, id="TypedDict"),
        pytest.param(Chosen, "text", {"text": SPAM}, SPAM, id="enum"),
        pytest.param(Nested | Aliased, "text", {"content": SPAM}, SPAM, id="union"),
        pytest.param(
            Nested | None, "text", {"author": {"name": "a"}, "text": SPAM}, SPAM, id="None"
        ),
        pytest.param(
            Anything, "comment", {"a": 7, SPAM: ["b"]}, f"1\na\n7\n{SPAM}\nb", id="further fields"
        ),
        pytest.param(
            dict[str, Any], "comment.title", {"comment": SPAM}, f"comment\n{SPAM}", id="no method"
        ),
        pytest.param(Annotated[str, Body()], "comment", SPAM, SPAM, id="a text"),
        pytest.param(
            Annotated[str, Body(embed=True)], "comment", {"comment": SPAM}, SPAM, id="embed"
        ),
        pytest.param(Annotated[bytes, Body()], "comment", SPAM, SPAM, id="bytes"),
    ],
)
async def test_json_bodies(  # noqa: PLR0917
    annotation: Any,
    field: Any,
    sent: Any,
    judged: str,
    shield: SpamShield,
    keyword: Keyword,
    drive: Drive,
) -> None:
    async with drive(app_with(shield, takes(annotation), field)) as request:
        answer = await request("POST", "/", json=sent)
    assert keyword.texts == [judged]
    assert answer.status_code == 403


async def test_several_body_parameters(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    async def handler(article: Article, author: Author, note: Annotated[str, Body()]) -> None: ...

    field = ("article.body", "author.bio", "note")
    sent = {
        "article": {"title": "t", "body": "b"},
        "author": {"name": "n", "bio": SPAM},
        "note": "x",
    }
    async with drive(app_with(shield, handler, field)) as request:
        assert (await request("POST", "/", json=sent)).status_code == 403
    assert keyword.texts == [f"b\n{SPAM}\nx"]
