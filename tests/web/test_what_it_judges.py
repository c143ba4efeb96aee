"""A check judges what the handler gets, whatever the sender writes on the envelope."""

import dataclasses
import enum
import gzip
import json
import zlib
from collections.abc import Iterable
from typing import Annotated, Any

import pytest
from fastapi import (
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    Path,
    Query,
    Request,
    UploadFile,
)
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    SecretStr,
    StringConstraints,
)
from typing_extensions import TypedDict  # Pydantic wants this one below Python 3.12.

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from tests.support import SPAM, Drive, Keyword

Answer = tuple[int, list[str]]


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


def app_with(shield: SpamShield, handler: Any, field: Any, path: str = "/") -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)
    app.post(path, dependencies=[Depends(spam_check(field))])(handler)
    return app


def takes(annotation: Any) -> Any:
    async def handler(comment: Any) -> str:
        return "done"

    handler.__annotations__["comment"] = annotation
    return handler


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


async def test_what_belongs_to_the_text(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check(
        "text",
        author="name",
        email="email",
        subject="subject",
        url="site",
        honeypot="website",
        elapsed="took",
        kind="contact",
    )

    @app.post("/", dependencies=[Depends(check)])
    async def contact(  # noqa: PLR0917
        name: Annotated[str, Form()],
        email: Annotated[str, Form()],
        subject: Annotated[str, Form()],
        text: Annotated[str, Form()],
        site: Annotated[str, Form()] = "",
        website: Annotated[str, Form()] = "",
        took: Annotated[float | None, Form()] = None,
    ) -> None: ...

    form = {"name": "Ann", "email": "a@example.org", "subject": "Hi", "text": "x", "took": "2.5"}
    headers = {"user-agent": "agent", "referer": "https://example.org/contact"}
    async with drive(app) as request:
        assert (await request("POST", "/", data=form, headers=headers)).status_code == 200
        del form["took"]
        assert (await request("POST", "/", data=form | {"took": "inf"})).status_code == 200
    first, second = keyword.seen
    assert first.model_dump(exclude_defaults=True) == {
        "text": "x",
        "author": "Ann",
        "email": "a@example.org",
        "subject": "Hi",
        "url": "",
        "honeypot": "",
        "elapsed": 2.5,
        "ip": "203.0.113.9",
        "user_agent": "agent",
        "referrer": "https://example.org/contact",
        "kind": "contact",
    }
    assert second.elapsed is None


async def test_a_time_that_is_no_number_is_unknown(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text", elapsed="took"))])
    async def contact(text: Annotated[str, Form()], took: Annotated[str, Form()]) -> None: ...

    async with drive(app) as request:
        for took in ("soon", "2.5"):
            await request("POST", "/", data={"text": "x", "took": took})
    assert [seen.elapsed for seen in keyword.seen] == [None, 2.5]


async def test_a_filled_honeypot_is_judged_without_a_text(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Comment(BaseModel):
        text: str | None = None
        website: str = ""

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text", honeypot="website"))])
    async def post(comment: Comment) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", json={"website": "http://spam.example"})
        await request("POST", "/", json={"website": ""})
    assert [submission.honeypot for submission in keyword.seen] == ["http://spam.example"]


class Letter:
    def __init__(
        self, text: Annotated[str, Form()], title: Annotated[str, Form()] = "", key: str = ""
    ) -> None:
        self.text = text
        self.key = SecretStr(key)


async def test_an_object_that_a_class_makes(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check(Letter))])
    async def post(letter: Annotated[Letter, Depends()]) -> str:
        return letter.text

    async with drive(app) as request:
        assert (await request("POST", "/", data={"text": SPAM})).status_code == 403
        assert (await request("POST", "/?key=k", data={"text": "ham"})).json() == "ham"
    assert keyword.texts == [SPAM, "ham"]


class Pin(BaseModel):
    text: SecretStr


class Lazy(BaseModel):
    items: Iterable[str]


@pytest.mark.parametrize(
    ("annotation", "field", "sent", "reason"),
    [
        (Pin, "text", {"text": SPAM}, "A secret is not read."),
        (
            Lazy,
            "items",
            {"items": [SPAM]},
            "An object of the class ValidatorIterator can't be read as text.",
        ),
        (
            dict[str, Any],
            "comment",
            {"a": [1] * 100_001},
            "It has more parts than are looked at.",
        ),
    ],
)
async def test_what_cannot_be_read_is_not_ham(  # noqa: PLR0917
    annotation: Any,
    field: str,
    sent: Any,
    reason: str,
    shield: SpamShield,
    keyword: Keyword,
    drive: Drive,
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    async def post(
        comment: Any, verdict: Annotated[SpamVerdict, Depends(spam_check(field))]
    ) -> list[Any]:
        return [verdict.status, verdict.label, verdict.action, verdict.score, verdict.reason]

    post.__annotations__["comment"] = annotation
    app.post("/")(post)

    async with drive(app) as request:
        answer = await request("POST", "/", json=sent)
    assert answer.json() == ["degraded", "unknown", "review", None, reason]


async def test_a_secret_among_other_fields_is_left_out(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class SignUp(BaseModel):
        name: str
        password: SecretStr

    async with drive(app_with(shield, takes(SignUp), "comment")) as request:
        answer = await request("POST", "/", json={"name": "Ann", "password": "hunter2"})
    assert answer.status_code == 200
    assert keyword.texts == ["Ann"]


async def test_a_trap_is_judged_where_the_text_cannot_be_read(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    class Trapped(Pin):
        website: str = ""

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text", honeypot="website"))])
    async def post(comment: Trapped) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", json={"text": "x", "website": "http://spam.example"})
        await request("POST", "/", json={"text": "x"})
    assert [submission.honeypot for submission in keyword.seen] == ["http://spam.example"]


class TestAnEndpointThatReadsTheRequestItself:
    @pytest.fixture
    def app(self, shield: SpamShield) -> FastAPI:
        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(spam_check("text"))])
        async def post(request: Request) -> dict[str, Any]:
            if request.headers.get("content-type", "").startswith("multipart/"):
                async with request.form() as form:
                    return {
                        name: value if isinstance(value, str) else (await value.read()).decode()
                        for name, value in form.multi_items()
                    }
            return {"body": (await request.body()).decode("latin-1")}

        return app

    @pytest.mark.parametrize(
        ("options", "judged"),
        [
            pytest.param({"json": {"text": SPAM}}, f"{SPAM}\ntext", id="JSON"),
            pytest.param(
                {"content": json.dumps({"text": SPAM}), "headers": {"content-type": "text/plain"}},
                f"{SPAM}\ntext",
                id="JSON as text",
            ),
            pytest.param(
                {"content": json.dumps({"text": SPAM}).encode("utf-16")},
                f"{SPAM}\ntext",
                id="UTF-16 JSON",
            ),
            pytest.param({"content": SPAM.encode("utf-16")}, None, id="UTF-16 text"),
            pytest.param(
                {"content": b'{"text": "SPAM", "text": "ham"}'},
                f"{SPAM}\nham\ntext",
                id="twice in JSON",
            ),
            pytest.param(
                {"data": {"text": ["ham", SPAM]}}, f"ham\n{SPAM}\ntext", id="twice in a form"
            ),
            pytest.param(
                {"files": {"text": ("a.txt", SPAM.encode())}}, None, id="a file for a text"
            ),
            pytest.param(
                {"files": {"other": ("a.txt", SPAM.encode())}}, None, id="a file by another name"
            ),
            pytest.param({"json": {"txt": [SPAM]}}, f"txt\n{SPAM}", id="another name"),
            pytest.param({"data": {"txt": SPAM}}, f"txt\n{SPAM}", id="another name in a form"),
            pytest.param({"json": SPAM}, SPAM, id="only a text"),
            pytest.param({"content": f"text {SPAM}"}, f"text {SPAM}", id="plain text"),
            pytest.param({"params": {"text": SPAM}}, SPAM, id="query"),
            pytest.param({"params": {"q": SPAM}}, SPAM, id="query by another name"),
            pytest.param(
                {"params": {"text": "ham"}, "content": SPAM}, f"ham\n{SPAM}", id="a decoy"
            ),
            pytest.param({"content": b"[" * 100_000 + SPAM.encode()}, None, id="deep JSON"),
            pytest.param(
                {
                    "content": SPAM.encode(),
                    "headers": {"content-type": "multipart/form-data; boundary=x"},
                },
                SPAM,
                id="broken multipart",
            ),
            pytest.param(
                {
                    "content": SPAM.encode("utf-16-be"),
                    "headers": {"content-type": 'text/plain; charset="utf-16-be"'},
                },
                None,
                id="charset",
            ),
            pytest.param(
                {"content": SPAM, "headers": {"content-type": "text/plain; charset=punycode"}},
                SPAM,
                id="a charset that is none",
            ),
            *[
                pytest.param(
                    {"content": packed, "headers": {"content-encoding": coding}},
                    None,
                    id=f"{coding}, {number}",
                )
                for number, (coding, packed) in enumerate(
                    [
                        ("gzip", gzip.compress(b'{"text": "SPAM"}')),
                        ("GZIP, identity", gzip.compress(SPAM.encode())),
                        ("deflate", zlib.compress(SPAM.encode())),
                        ("deflate", zlib.compress(SPAM.encode(), wbits=-zlib.MAX_WBITS)),
                        ("gzip", SPAM.encode()),
                        ("br", SPAM.encode()),
                    ]
                )
            ],
        ],
    )
    async def test_it_sees_what_the_handler_could_see(
        self, options: Any, judged: str | None, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        async with drive(app) as request:
            answer = await request("POST", "/", **options)
        assert answer.status_code == 403
        if judged is not None:
            assert keyword.texts == [judged]
        else:
            assert SPAM in keyword.texts[0]

    async def test_ham_reaches_the_handler_whole(self, app: FastAPI, drive: Drive) -> None:
        async with drive(app) as request:
            answer = await request("POST", "/", json={"text": "ham"})
            assert json.loads(answer.json()["body"]) == {"text": "ham"}
            answer = await request(
                "POST", "/", data={"text": "ham"}, files={"file": ("a.txt", b"content")}
            )
            assert answer.json() == {"text": "ham", "file": "content"}

    async def test_nothing_sent_is_skipped(
        self, app: FastAPI, keyword: Keyword, drive: Drive
    ) -> None:
        async with drive(app) as request:
            assert (await request("POST", "/")).status_code == 200
        assert keyword.seen == []

    async def test_a_form_that_another_dependency_has_read(
        self, shield: SpamShield, keyword: Keyword, drive: Drive
    ) -> None:
        async def read_form(request: Request) -> None:
            await request.form()

        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(read_form), Depends(spam_check("text"))])
        async def post(request: Request) -> None: ...

        async with drive(app) as request:
            assert (await request("POST", "/", data={"text": SPAM})).status_code == 403
        assert keyword.texts == [f"{SPAM}\ntext"]

    async def test_a_body_that_is_gone_is_not_ham(
        self, shield: SpamShield, keyword: Keyword, drive: Drive
    ) -> None:
        async def consume(request: Request) -> None:
            async for _ in request.stream():
                pass

        app = FastAPI(lifespan=shield.lifespan)

        @app.post("/", dependencies=[Depends(consume)])
        async def post(
            request: Request, verdict: Annotated[Any, Depends(spam_check("text"))]
        ) -> list[Any]:
            return [verdict.status, verdict.action, verdict.score, verdict.error]

        async with drive(app) as request:
            answer = await request("POST", "/", json={"text": SPAM})
        assert answer.json() == ["degraded", "review", None, "bad_request"]
        assert keyword.seen == []
