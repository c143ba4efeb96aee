"""Answers that are made up of a response model and of what was sent."""

import enum
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import (
    FastAPI,
    Path,
)
from pydantic import (
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    computed_field,
    field_serializer,
)

from fastapi_spamshield import (
    SpamShield,
)
from tests.support import SPAM, Drive
from tests.web.silent import SILENT, CommentIn, Sent, answers


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    share: float
    at: datetime


class Thing(BaseModel):
    uid: UUID
    title: str
    colour: Colour
    kind: Literal["new", "old"]
    done: bool
    note: str | None
    inner: Inner
    day: date
    rest: dict[str, int]
    anything: Any
    tags: list[str] = Field(default_factory=lambda: ["a"])


async def test_what_was_not_sent_is_of_its_type(shield: SpamShield, drive: Drive) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/thing", dependencies=SILENT, response_model=Thing)
    async def thing(comment: CommentIn) -> None: ...

    @app.post("/list", dependencies=SILENT, response_model=list[Thing])
    async def listed(comment: CommentIn) -> None: ...

    @app.post("/dict", dependencies=SILENT)
    async def free(comment: CommentIn) -> dict[str, int]:
        return {}

    async with drive(app) as request:
        answer = await request("POST", "/thing", json={"text": SPAM})
        made = Thing.model_validate(answer.json())
        assert (made.colour, made.kind, made.done) == (Colour.RED, "new", False)
        assert (made.note, made.tags, made.inner.share) == ("", ["a"], 0.0)
        assert (made.title, made.rest, made.anything) == ("", {}, None)
        assert (await request("POST", "/list", json={"text": SPAM})).json() == []
        assert (await request("POST", "/dict", json={"text": SPAM})).json() == {}


class Article(BaseModel):
    text: str
    title: str = "x"
    identity: int


async def test_a_value_of_another_type_is_not_taken(shield: SpamShield, drive: Drive) -> None:
    async def post(
        slug: str, identity: Annotated[str, Path(alias="id")], comment: CommentIn
    ) -> Article:
        return Article(text=comment.text, identity=1)

    ham, spam = await answers(post, shield, drive, path="/{slug}/{id}")
    assert spam.status_code == ham.status_code == 200
    assert (spam.json()["text"], spam.json()["title"]) == (SPAM, "x")
    Article.model_validate(spam.json(), strict=True)


class Limited(BaseModel):
    text: Annotated[str, Field(max_length=2)]
    made: Annotated[str, Field(min_length=3)]


async def test_what_cannot_be_made_up_to_the_letter_is_no_error(
    shield: SpamShield, drive: Drive
) -> None:
    async def post(comment: CommentIn) -> Limited:
        return Limited(text=comment.text[:2], made="here")

    _, spam = await answers(post, shield, drive)
    assert (spam.status_code, spam.json()) == (200, {"text": "", "made": ""})


class Author(BaseModel):
    name: str


class Rich(BaseModel):
    id: int = Field(default=4, serialization_alias="_id")
    text: str = Field(alias="content")
    author: Author
    score: float = Field(default=0.5, exclude=True)
    note: str | None = None

    @computed_field
    def length(self) -> int:
        return len(self.text)

    @field_serializer("author")
    def name_of(self, author: Author) -> str:
        return f"by {author.name}"


async def test_it_is_written_as_the_model_is_written(shield: SpamShield, drive: Drive) -> None:
    async def post(comment: CommentIn) -> Rich:
        return Rich(content=comment.text, author=Author(name=""))

    ham, spam = await answers(post, shield, drive, response_model_exclude_none=True)
    assert ham.json() == {"_id": 4, "content": "ham", "author": "by ", "length": 3}
    assert spam.json() == {**ham.json(), "content": SPAM, "length": len(SPAM)}

    ham, spam = await answers(post, shield, drive, response_model_by_alias=False)
    assert list(spam.json()) == list(ham.json())
    assert spam.json()["id"] == 4

    ham, spam = await answers(post, shield, drive, response_model_include={"text"})
    assert (ham.json(), spam.json()) == ({"content": "ham"}, {"content": SPAM})

    ham, spam = await answers(post, shield, drive, response_model_exclude={"id", "author"})
    assert list(spam.json()) == list(ham.json()) == ["content", "note", "length"]

    ham, spam = await answers(post, shield, drive, response_model_exclude_defaults=True)
    assert list(spam.json()) == list(ham.json()) == ["content", "author", "length"]

    ham, spam = await answers(post, shield, drive, response_model_exclude_unset=True)
    assert list(spam.json()) == list(ham.json()) == ["content", "author", "length"]


async def test_what_json_cannot_hold_is_no_error(shield: SpamShield, drive: Drive) -> None:
    class Measured(BaseModel):
        text: str
        ratio: float = float("nan")

    async def post(comment: CommentIn) -> Measured:
        return Measured(text=comment.text, ratio=1)

    _, spam = await answers(post, shield, drive)
    assert spam.json() == {"text": SPAM, "ratio": None}


class Opaque:
    """No type that pydantic knows."""


class Linked(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    text: str
    link: AnyUrl
    mark: Opaque = Field(default=Opaque(), exclude=True)


async def test_what_is_of_no_known_type_is_null(shield: SpamShield, drive: Drive) -> None:
    async def post(comment: CommentIn, mark: str = "") -> Linked:
        return Linked(text=comment.text, link=AnyUrl("https://example.org"))

    _, spam = await answers(post, shield, drive)
    assert spam.json() == {"text": SPAM, "link": None}


class Tags(RootModel[list[str]]): ...


async def test_other_models(shield: SpamShield, drive: Drive) -> None:
    async def tags(comment: CommentIn) -> Tags:
        return Tags([])

    class Answer(BaseModel):
        text: str
        author: Author

    async def from_a_mapping(sent: dict[str, Any]) -> Answer:
        raise AssertionError

    class Told(BaseModel):
        name: str
        secret: str = "x"

    class Letter(BaseModel):
        text: str
        author: Told

    async def from_a_model(letter: Letter) -> Answer:
        raise AssertionError

    async def from_a_dataclass(sent: Sent) -> Annotated[Answer, "note"]:
        raise AssertionError

    ham, spam = await answers(tags, shield, drive)
    assert (ham.json(), spam.json()) == ([], [])

    app = FastAPI(lifespan=shield.lifespan)
    app.post("/dataclass", dependencies=SILENT)(from_a_dataclass)
    app.post("/mapping", dependencies=SILENT)(from_a_mapping)
    app.post("/model", dependencies=SILENT)(from_a_model)
    sent = {"text": SPAM, "author": {"name": "Eve"}}
    async with drive(app) as request:
        for path in ("/dataclass", "/mapping", "/model"):
            assert (await request("POST", path, json=sent)).json() == sent


class Failing(BaseModel):
    text: str

    @field_serializer("text")
    def write(self, text: str) -> str:
        if text == SPAM:
            raise LookupError(text)
        return text


async def test_code_that_fails_for_spam_alone_does_not_give_it_away(
    shield: SpamShield, drive: Drive, caplog: pytest.LogCaptureFixture
) -> None:
    async def post(comment: CommentIn) -> Failing:
        return Failing(text=comment.text)

    ham, spam = await answers(post, shield, drive)
    assert (ham.status_code, spam.status_code, spam.json()) == (200, 200, None)
    assert "no answer could be made up, write silent_response=" in caplog.text
    assert SPAM not in caplog.text
