"""Equal checks run once, different ones side by side; overrides replace them."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Security, UploadFile
from fastapi.security import SecurityScopes
from pydantic import BaseModel

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    SpamShield,
    SpamVerdict,
    Submission,
    get_shield,
    spam_check,
)
from tests.support import SPAM, Drive, Keyword


class Article(BaseModel):
    title: str
    body: str


async def test_equal_checks_on_app_router_and_route_run_once(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    def check() -> Any:
        return Depends(spam_check(field="body", threshold=0.8))

    app = FastAPI(lifespan=shield.lifespan, dependencies=[check()])
    router = APIRouter(dependencies=[check()])

    @router.post("/", dependencies=[check()])
    async def post(article: Article, verdict: Annotated[SpamVerdict, check()]) -> str:
        return verdict.id

    app.include_router(router, dependencies=[check()])
    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": "b"})
    assert answer.status_code == 200
    assert keyword.texts == ["b"]


async def test_checks_are_values() -> None:
    assert spam_check("text") == spam_check(("text",)) == spam_check(field=["text"])
    assert hash(spam_check("text", threshold=0.5)) == hash(spam_check("text", threshold=0.5))
    assert spam_check("text") != spam_check("text", threshold=0.5)
    assert spam_check("text") != spam_check("title")


@dataclass(eq=False)
class Meeting:
    """Answers when so many are waiting, and never before."""

    party: int
    name: str = "meeting"
    waiting: int = 0
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    async def detect(self, submission: Submission) -> Detection:
        self.waiting += 1
        if self.waiting == self.party:
            self.complete.set()
        await self.complete.wait()
        return Detection(score=0.99 if SPAM in submission.text else 0.01)


async def test_different_checks_run_side_by_side(drive: Drive) -> None:
    shield = SpamShield(Meeting(party=3))
    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("title"))])
    router = APIRouter(dependencies=[Depends(spam_check("body"))])

    @router.post("/", dependencies=[Depends(spam_check(("title", "body")))])
    async def post(article: Article) -> None: ...

    app.include_router(router)
    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": "b"})
    assert answer.status_code == 200, "one after another they would wait for ever"


async def test_each_check_decides_for_itself(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        article: Article,
        title: Annotated[SpamVerdict, Depends(spam_check("title", on_spam="inject"))],
        body: Annotated[SpamVerdict, Depends(spam_check("body"))],
    ) -> list[str]:
        return [title.label, body.label]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": SPAM, "body": "b"})
        assert answer.json() == ["spam", "ham"]
        answer = await request("POST", "/", json={"title": "t", "body": SPAM})
        assert answer.status_code == 403
    assert len(keyword.seen) == 4


async def test_checks_of_one_file_do_not_disturb_each_other(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    content = b"word " * 300_000  # Starlette keeps more than a megabyte on the disk.

    @app.post(
        "/",
        dependencies=[Depends(spam_check("file")), Depends(spam_check("file", threshold=0.9))],
    )
    async def post(file: UploadFile) -> int:
        return len(await file.read())

    async with drive(app) as request:
        answer = await request("POST", "/", files={"file": ("a.txt", content)})
    assert answer.json() == len(content)
    assert keyword.texts[0] == keyword.texts[1]
    assert len(keyword.texts[0]) == 1_000_002, "of a long file, the head, the middle and the tail"


async def test_a_sibling_that_fails_does_not_fail_the_others(
    keyword: Keyword, drive: Drive
) -> None:
    class Clumsy:
        name = "clumsy"

        async def detect(self, submission: Submission) -> Detection:
            raise KeyError(submission.text)

    app = FastAPI(lifespan=SpamShield(keyword).lifespan)

    @app.post("/")
    async def post(
        article: Article,
        title: Annotated[SpamVerdict, Depends(spam_check("title", detector=Clumsy()))],
        body: Annotated[SpamVerdict, Depends(spam_check("body"))],
    ) -> list[str]:
        return [title.status, body.status]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": "b"})
    assert answer.json() == ["degraded", "checked"]


async def test_a_sibling_that_is_set_up_wrongly_tells_on_its_own_turn(
    keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=SpamShield(keyword).lifespan)

    async def post(article: Article) -> None: ...

    checks = [Depends(spam_check("body", on_spam="inject")), Depends(spam_check("text"))]
    async with drive(app) as request:
        app.post("/", dependencies=checks)(post)
        with pytest.raises(ConfigurationError, match="field='text'"):
            await request("POST", "/", json={"title": "t", "body": "b"})
    assert keyword.texts == ["b"]


@pytest.fixture
def app(shield: SpamShield) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan, dependencies=[Depends(spam_check("title"))])

    @app.post("/")
    async def post(
        article: Article, verdict: Annotated[SpamVerdict, Depends(spam_check("body"))]
    ) -> str:
        return verdict.label

    return app


async def test_overriding_get_shield_replaces_all_checks(
    app: FastAPI, keyword: Keyword, drive: Drive
) -> None:
    other = Keyword()
    fake = SpamShield(other)
    app.dependency_overrides[get_shield] = lambda: fake
    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": "b"})
    assert answer.json() == "ham"
    assert (keyword.texts, sorted(other.texts)) == ([], ["b", "t"])


async def test_overriding_an_equal_check_replaces_only_that_one(
    app: FastAPI, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    scripted = shield.policy.without_score("bypassed")
    app.dependency_overrides[spam_check("body")] = lambda: scripted
    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": SPAM})
        assert answer.json() == "unknown"
        app.dependency_overrides.clear()
        answer = await request("POST", "/", json={"title": "t", "body": SPAM})
        assert answer.status_code == 403
    assert sorted(keyword.texts) == [SPAM, "t", "t"]


async def test_an_override_with_other_parameters_counts_in_validation(
    keyword: Keyword, drive: Drive
) -> None:
    async def user(token: int) -> int:
        return token

    app = FastAPI(lifespan=SpamShield(keyword).lifespan)

    @app.post("/", dependencies=[Depends(spam_check("body"))])
    async def post(article: Article, who: Annotated[int, Depends(user)]) -> int:
        return who

    app.dependency_overrides[user] = lambda: 7
    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": "t", "body": "b"})
    assert answer.json() == 7
    assert keyword.texts == ["b"]


async def test_what_is_known_of_a_request_is_not_passed_on_with_its_scope(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    """An endpoint for several at once calls its own application, each time with another body."""
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("title", on_spam="inject")

    @app.post("/articles")
    async def post(article: Article, verdict: Annotated[SpamVerdict, Depends(check)]) -> list[str]:
        return [article.title, verdict.label]

    @app.post("/batch", dependencies=[Depends(check)])
    async def batch(article: Article, request: Request) -> list[Any]:
        answers: list[Any] = []

        async def send(message: Any) -> None:
            answers.extend([json.loads(message["body"])] if "body" in message else [])

        for title in (article.title, SPAM, "ham"):
            body = json.dumps({"title": title, "body": "b"}).encode()

            async def receive(body: bytes = body) -> Any:
                return {"type": "http.request", "body": body, "more_body": False}

            scope = {**request.scope, "path": "/articles", "raw_path": b"/articles"}
            await app(scope, receive, send)
        return answers

    async with drive(app) as request:
        answer = await request("POST", "/batch", json={"title": "first", "body": "b"})
    assert answer.json() == [["first", "ham"], [SPAM, "spam"], ["ham", "ham"]]
    assert keyword.texts == ["first", "first", SPAM, "ham"]


async def test_who_is_trusted_for_some_scopes_is_not_for_others(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    def is_trusted(scopes: SecurityScopes) -> bool:
        return "post" in scopes.scopes

    def check() -> Any:
        return spam_check("title", bypass=is_trusted, on_spam="inject")

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        article: Article,
        trusted: Annotated[SpamVerdict, Security(check(), scopes=["post"])],
        anybody: Annotated[SpamVerdict, Depends(check())],
    ) -> list[str]:
        return [trusted.status, anybody.status, anybody.label]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"title": SPAM, "body": "b"})
    assert answer.json() == ["bypassed", "checked", "spam"]
    assert keyword.texts == [SPAM]


async def test_who_is_trusted_costs_nothing_by_another_check_either(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    trusting = spam_check("title", bypass=lambda: True)

    @app.post("/", dependencies=[Depends(spam_check("body")), Depends(trusting)])
    async def post(article: Article) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"title": SPAM, "body": "b"})).status_code == 200
    assert keyword.texts == ["b"]


async def test_a_check_is_made_along_with_another_only_where_it_is_known_how(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    def shouted(article: Article) -> str:
        return article.title.upper()

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check(shouted, honeypot="title")

    @app.post("/", dependencies=[Depends(spam_check("body")), Depends(check)])
    async def post(
        article: Article, verdict: Annotated[SpamVerdict, Depends(spam_check("body"))]
    ) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"title": "t", "body": "b"})).status_code == 200
        assert keyword.texts == ["b", "T"]
        assert (await request("POST", "/", json={"title": "spam", "body": "b"})).status_code == 403


async def test_what_has_been_judged_is_not_judged_along_with_another(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    """The bypass keeps the first apart; the second takes the third along, and not the first."""

    def nobody() -> bool:
        return False

    app = FastAPI(lifespan=shield.lifespan)
    checks = [spam_check("title", bypass=nobody), spam_check("body"), spam_check(("title", "body"))]

    @app.post("/", dependencies=[Depends(spam_check("body")), *map(Depends, checks)])
    async def post(article: Article) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"title": "t", "body": "b"})).status_code == 200
    assert sorted(keyword.texts) == ["b", "t", "t\nb"]


async def test_the_text_that_a_dependency_makes_is_judged_each_time_it_is_made(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    def made(scopes: SecurityScopes) -> str:
        return SPAM if "post" in scopes.scopes else "ham"

    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check(made, on_spam="inject")

    @app.post("/")
    async def post(
        one: Annotated[SpamVerdict, Depends(check)],
        other: Annotated[SpamVerdict, Security(check, scopes=["post"])],
    ) -> list[str]:
        return [one.label, other.label]

    async with drive(app) as request:
        assert (await request("POST", "/")).json() == ["ham", "spam"]


async def test_equal_checks_that_fastapi_does_not_remember_run_once(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    again = Depends(spam_check("body"), use_cache=False)

    @app.post("/", dependencies=[again, again, Depends(spam_check("title"))])
    async def post(article: Article) -> None: ...

    async with drive(app) as request:
        await request("POST", "/", json={"title": "t", "body": "b"})
    assert sorted(keyword.texts) == ["b", "t"]
