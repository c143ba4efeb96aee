"""Forms, files, queries and content types: a check judges what the handler gets."""

import json
from typing import Annotated

import pytest
from fastapi import (
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Path,
    Query,
    UploadFile,
)
from pydantic import (
    BaseModel,
)

from fastapi_spamshield import SpamShield, spam_check
from tests.support import SPAM, Drive, Keyword
from tests.web.judged import app_with, takes


class Article(BaseModel):
    title: str
    body: str


async def test_form_fields(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    async def handler(text: Annotated[str, Form(alias="content")], page: int = 1) -> str:
        return text

    async with drive(app_with(shield, handler, "text")) as request:
        spam = await request("POST", "/", data={"content": SPAM, "text": "hello"})
        ham = await request("POST", "/", data={"content": "ham", "text": SPAM})
    assert (spam.status_code, ham.json()) == (403, "ham")
    assert keyword.texts == [SPAM, "ham"]


async def test_a_form_model(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    async def handler(form: Annotated[Article, Form()]) -> str:
        return form.body

    async with drive(app_with(shield, handler, "body")) as request:
        assert (await request("POST", "/", data={"title": "t", "body": SPAM})).status_code == 403
        assert (await request("POST", "/", data={"title": "t", "body": "ham"})).json() == "ham"


@pytest.mark.parametrize("order", [("ham", SPAM), (SPAM, "ham")])
async def test_of_a_repeated_form_field_the_handlers_one_counts(
    order: tuple[str, str], shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def handler(text: Annotated[str, Form()]) -> str:
        return text

    async with drive(app_with(shield, handler, "text")) as request:
        answer = await request("POST", "/", data={"text": list(order)})
    assert keyword.texts == [order[-1]]
    assert answer.status_code == (403 if order[-1] == SPAM else 200)


async def test_multipart_with_files(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    async def handler(
        text: Annotated[str, Form()],
        photo: UploadFile,
        notes: Annotated[bytes, File()],
        more: list[UploadFile],
    ) -> list[str]:
        return [(await file.read()).decode() for file in (photo, *more)] + [notes.decode()]

    files = [
        ("photo", ("photo.txt", b"one")),
        ("notes", ("notes.txt", b"two")),
        ("more", ("a.txt", b"three")),
        ("more", ("b.txt", SPAM.encode())),
    ]
    async with drive(app_with(shield, handler, ("text", "photo", "notes"))) as request:
        answer = await request("POST", "/", data={"text": "ham"}, files=files)
        assert answer.json() == ["one", "three", SPAM, "two"]
        spam = [*files[1:], ("photo", ("photo.txt", SPAM.encode("utf-16")))]
        answer = await request("POST", "/", data={"text": "ham"}, files=spam)
        assert answer.status_code == 403
    assert keyword.texts == ["ham\none\ntwo", f"ham\n{SPAM}\ntwo"]


async def test_a_text_field_with_a_file_name_is_refused_by_fastapi(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def handler(text: Annotated[str, Form()]) -> str:
        return text

    async with drive(app_with(shield, handler, "text")) as request:
        answer = await request("POST", "/", files={"text": ("a.txt", SPAM.encode())})
    assert answer.status_code == 422
    assert keyword.texts == []


async def test_query_path_header_and_cookie_parameters(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async def handler(
        name: Annotated[str, Path()],
        q: str,
        nick: Annotated[str, Header(alias="x-nick")],
        colour: Annotated[str, Cookie()] = "none",
    ) -> str:
        return name

    for field, expected in [("name", "n"), ("q", "a"), ("nick", "x"), ("colour", "none")]:
        keyword.seen.clear()
        app = app_with(shield, handler, field, "/{name}")
        async with drive(app) as request:
            await request("POST", "/n", params={"q": "a"}, headers={"x-nick": "x"})
        assert keyword.texts == [expected], field


async def test_a_query_model(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    class Filters(BaseModel):
        tags: list[str] = []

    app = FastAPI(lifespan=shield.lifespan)

    @app.get("/", dependencies=[Depends(spam_check("tags"))])
    async def search(filters: Annotated[Filters, Query()]) -> None: ...

    async with drive(app) as request:
        assert (await request("GET", "/", params={"tags": ["a", SPAM]})).status_code == 403
    assert keyword.texts == [f"a\n{SPAM}"]


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/vnd.api+json"])
async def test_content_types_are_read_as_fastapi_reads_them(
    content_type: str | None, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Comment(BaseModel):
        text: str

    reached: list[str] = []

    async def handler(comment: Comment) -> None:
        reached.append(comment.text)

    headers = {"content-type": content_type} if content_type else {}
    body = json.dumps({"text": SPAM}).encode()
    async with drive(app_with(shield, handler, "text")) as request:
        answer = await request("POST", "/", content=body, headers=headers)
    assert not reached
    assert answer.status_code == (403 if keyword.texts else 422)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
async def test_other_encodings_of_json(
    encoding: str, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Comment(BaseModel):
        text: str

    reached: list[str] = []

    async def handler(comment: Comment) -> None:
        reached.append(comment.text)

    body = json.dumps({"text": SPAM}).encode(encoding)
    async with drive(app_with(shield, handler, "text")) as request:
        answer = await request(
            "POST", "/", content=body, headers={"content-type": "application/json"}
        )
    assert not reached
    assert answer.status_code == (403 if keyword.texts else 422)


async def test_half_a_surrogate_pair_does_not_stop_the_check(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    async with drive(app_with(shield, takes(dict[str, str]), "text")) as request:
        answer = await request(
            "POST",
            "/",
            content=b'{"text": "SPAM \\ud83d"}',
            headers={"content-type": "application/json"},
        )
    assert answer.status_code == 403
    assert keyword.texts == ["SPAM \N{REPLACEMENT CHARACTER}"]
