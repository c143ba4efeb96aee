"""What belongs to a text, and what of it can't be read."""

from collections.abc import Iterable
from typing import Annotated, Any

import pytest
from fastapi import (
    Depends,
    FastAPI,
    Form,
)
from pydantic import (
    BaseModel,
    SecretStr,
)

from fastapi_spamshield import SpamShield, SpamVerdict, spam_check
from tests.support import SPAM, Drive, Keyword
from tests.web.judged import app_with, takes


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
