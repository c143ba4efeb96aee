"""How an application and its shield live together."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Self

import httpx
import pytest
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    ShieldDep,
    SpamShield,
    SpamVerdict,
    Submission,
    get_shield,
    spam_check,
)
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str


class Resource(Keyword):
    """Knows how often it was opened and closed."""

    opened = 0
    closed = 0

    async def __aenter__(self) -> Self:
        self.opened += 1
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.closed += 1


def add_comments(app: FastAPI | APIRouter) -> None:
    @app.post("/comments")
    async def post(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(spam_check("text"))]
    ) -> str:
        return verdict.label


WIRING = r"app = FastAPI\(lifespan=shield\.lifespan\)"
ENTERED = r"with TestClient\(app\) as client:"


@pytest.mark.parametrize("message", [WIRING, ENTERED])
async def test_no_lifespan_is_one_clear_error(message: str, drive: Drive) -> None:
    app = FastAPI()
    add_comments(app)
    async with drive(app) as request:
        with pytest.raises(ConfigurationError, match=message):
            await request("POST", "/comments", json={"text": "x"})


def test_a_test_client_that_was_not_entered(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    add_comments(app)
    with pytest.raises(ConfigurationError, match=ENTERED):
        TestClient(app).post("/comments", json={"text": "x"})


async def test_a_transport_without_a_lifespan(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    add_comments(app)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        with pytest.raises(ConfigurationError, match=WIRING):
            await client.post("/comments", json={"text": "x"})


async def test_it_starts_and_stops_with_the_application_again_and_again(drive: Drive) -> None:
    resource = Resource()
    shield = SpamShield(resource)
    app = FastAPI(lifespan=shield.lifespan)
    add_comments(app)
    for round_ in (1, 2, 3):
        async with drive(app) as request:
            assert (await request("POST", "/comments", json={"text": "x"})).json() == "ham"
            assert (resource.opened, resource.closed) == (round_, round_ - 1)
        assert resource.closed == round_
        assert not vars(app.state)["_state"]
    with pytest.raises(ConfigurationError, match="is not open"):
        await shield.check("x")


async def test_two_applications_share_one_shield() -> None:
    resource = Resource()
    shield = SpamShield(resource)
    one, other = FastAPI(lifespan=shield.lifespan), FastAPI(lifespan=shield.lifespan)
    async with shield.lifespan(one), shield.lifespan(other):
        assert resource.opened == 1
    assert resource.closed == 1


@pytest.mark.parametrize("first_out", [0, 1])
async def test_one_application_runs_twice_at_once(first_out: int, shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    add_comments(app)
    original = app.openapi
    runs = [shield.lifespan(app), shield.lifespan(app)]
    for run in runs:
        await run.__aenter__()
    await runs.pop(first_out).__aexit__(None, None, None)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test"
    ) as client:
        answer = await client.post("/comments", json={"text": SPAM})
    assert answer.status_code == 403
    assert "403" in app.openapi()["paths"]["/comments"]["post"]["responses"]
    await runs.pop().__aexit__(None, None, None)
    assert app.openapi == original
    assert not vars(app.state)["_state"]


def test_nested_test_clients(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    add_comments(app)
    with TestClient(app) as outer:
        with TestClient(app) as inner:
            assert inner.post("/comments", json={"text": SPAM}).status_code == 403
        assert outer.post("/comments", json={"text": SPAM}).status_code == 403


async def test_an_openapi_that_was_put_in_while_it_ran_stays(shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    def openapi() -> dict[str, Any]:
        return {}

    async with shield.lifespan(app):
        app.openapi = openapi  # type: ignore[method-assign]
    assert app.openapi is openapi


async def test_a_detector_that_does_not_open_stops_the_start() -> None:
    class Shut(Resource):
        async def __aenter__(self) -> Self:
            raise OSError("no key")

    shield = SpamShield(Shut())
    for _ in range(2):
        with pytest.raises(OSError, match="no key"):
            async with shield:
                pass
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("pass_on", [True, False])
async def test_inside_a_lifespan_of_ones_own(
    pass_on: bool, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Mapping[str, Any]]:
        async with shield.lifespan(app) as state:
            yield {**(state if pass_on else {}), "database": "open"}

    app = FastAPI(lifespan=lifespan)
    add_comments(app)

    @app.get("/database")
    async def database(request: Request) -> str:
        return str(request.state.database)

    async with drive(app) as request:
        assert (await request("POST", "/comments", json={"text": SPAM})).status_code == 403
        assert (await request("GET", "/database")).json() == "open"


async def test_a_mounted_application_uses_the_outer_shield(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app, below = FastAPI(lifespan=shield.lifespan), FastAPI()
    add_comments(below)
    app.mount("/below", below)
    async with drive(app) as request:
        assert (await request("POST", "/below/comments", json={"text": SPAM})).status_code == 403
    assert keyword.texts == [SPAM]


def test_a_slip_in_a_mounted_application_is_found(shield: SpamShield) -> None:
    app, below = FastAPI(lifespan=shield.lifespan), FastAPI()
    below.post("/", dependencies=[Depends(spam_check("txt"))])(_handler)
    app.mount("/below", below)
    with pytest.raises(ConfigurationError, match="Did you mean 'text'"), TestClient(app):
        pass


async def _handler(comment: CommentIn) -> None: ...


async def test_the_shield_as_a_parameter(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    verdicts: list[SpamVerdict] = []

    async def task(shield: SpamShield, text: str) -> None:
        verdicts.append(await shield.check(text, author="task"))

    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn,
        shield: ShieldDep,
        again: Annotated[SpamShield, Depends(get_shield)],
        background: BackgroundTasks,
    ) -> str:
        assert shield is again
        background.add_task(task, shield, comment.text)
        return (await shield.check(comment.text, author="handler")).label

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).json() == "spam"
    assert [verdict.label for verdict in verdicts] == ["spam"]
    assert [submission.author for submission in keyword.seen] == ["handler", "task"]


def test_from_a_plain_script_and_from_another_loop(shield: SpamShield, keyword: Keyword) -> None:
    async def script() -> str:
        async with shield:
            return (await shield.check(SPAM)).label

    assert asyncio.run(script()) == "spam"
    assert asyncio.run(script()) == "spam"
    assert asyncio.run(shield.check("ham")).label == "ham", (
        "what needs no opening needs no entering"
    )


async def test_what_the_state_may_hold_is_the_running_shield_only(drive: Drive) -> None:
    class NotAShield:
        name = "x"

        async def detect(self, submission: Submission) -> Detection:
            raise AssertionError

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[Mapping[str, Any]]:
        yield {"_fastapi_spamshield": NotAShield()}

    app = FastAPI(lifespan=lifespan)
    add_comments(app)
    async with drive(app) as request:
        with pytest.raises(ConfigurationError, match=WIRING):
            await request("POST", "/comments", json={"text": "x"})
