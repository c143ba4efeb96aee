"""Answer now, judge afterwards: whatever the handler does, and nothing is lost in silence."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any, cast

import httpx
import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, WebSocket
from fastapi.exceptions import ResponseValidationError
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    LaterVerdict,
    SpamShield,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    spam_check_later,
)
from tests.support import SPAM, Drive, Keyword


class CommentIn(BaseModel):
    text: str | None = None


class Record:
    """What `on_verdict` was told."""

    def __init__(self) -> None:
        self.verdicts: list[SpamVerdict] = []
        self.texts: list[str] = []

    def __call__(self, verdict: SpamVerdict, submission: Submission) -> None:
        self.verdicts.append(verdict)
        self.texts.append(submission.text)

    async def later(self, verdict: SpamVerdict, submission: Submission) -> None:
        await asyncio.sleep(0)
        self(verdict, submission)


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.mark.parametrize("asynchronous", [True, False])
async def test_it_answers_at_once_and_judges_afterwards(
    asynchronous: bool, record: Record, shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    on_verdict = record.later if asynchronous else record

    @app.post("/")
    async def post(
        comment: CommentIn,
        later: Annotated[
            LaterVerdict, Depends(spam_check_later("text", on_verdict=on_verdict, threshold=0.9))
        ],
    ) -> list[Any]:
        assert keyword.seen == []
        return [later.id, later.expected]

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert answer.status_code == 200
    assert [verdict.id for verdict in record.verdicts] == [answer.json()[0]]
    assert record.verdicts[0].label == "spam"
    assert record.verdicts[0].threshold == 0.9
    assert record.texts == [SPAM]


async def test_it_runs_although_the_handler_raises(
    record: Record, shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check_later("text", on_verdict=record))])
    async def post(comment: CommentIn) -> None:
        raise HTTPException(409, "Again?")

    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, answer.json()) == (409, {"detail": "Again?"})
    assert record.texts == [SPAM]


async def refuse() -> None:
    raise HTTPException(401)


def refuse_in_a_thread() -> None:
    raise HTTPException(401)


async def refuse_below(below: Annotated[None, Depends(refuse_in_a_thread)]) -> None: ...


async def refuse_when_entered() -> AsyncGenerator[None]:
    raise HTTPException(401)
    yield


@pytest.mark.parametrize(
    "dependency", [refuse, refuse_in_a_thread, refuse_below, refuse_when_entered]
)
@pytest.mark.parametrize("first", [True, False])
async def test_what_another_dependency_refuses_is_not_judged(
    dependency: Any, first: bool, record: Record, shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    later = Depends(spam_check_later("text", on_verdict=record))
    refusing = Depends(dependency)

    @app.post("/", dependencies=[refusing, later] if first else [later, refusing])
    async def post(comment: CommentIn) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).status_code == 401
    assert record.verdicts == []


async def test_what_fails_after_the_handler_is_judged(
    record: Record, shield: SpamShield, drive: Drive
) -> None:
    """A dependency at its end, an answer of the wrong type, and an inner application."""
    app = FastAPI(lifespan=shield.lifespan)
    inner = FastAPI()

    @inner.get("/")
    async def refusing(nobody: Annotated[None, Depends(fail)]) -> None: ...

    @app.post("/end", dependencies=[Depends(spam_check_later("text", on_verdict=record))])
    async def end(
        comment: CommentIn, dependency: Annotated[None, Depends(fail_at_end)]
    ) -> None: ...

    @app.post("/answer", dependencies=[Depends(spam_check_later("text", on_verdict=record))])
    def answer(comment: CommentIn) -> int:
        return cast("int", "none")

    @app.post("/inner", dependencies=[Depends(spam_check_later("text", on_verdict=record))])
    async def call_inner(comment: CommentIn) -> None:
        transport = httpx.ASGITransport(inner)
        async with httpx.AsyncClient(transport=transport, base_url="http://inner") as client:
            await client.get("/")

    async with drive(app) as request:
        for path in ("end", "answer", "inner"):
            with pytest.raises((LookupError, ResponseValidationError)):
                await request("POST", f"/{path}", json={"text": path})
    assert sorted(record.texts) == ["answer", "end", "inner"]


async def fail() -> None:
    raise LookupError


async def fail_at_end() -> AsyncGenerator[None]:
    yield
    raise LookupError


async def test_it_runs_beside_background_tasks_and_with_a_response_of_the_handlers(
    record: Record, shield: SpamShield, drive: Drive
) -> None:
    order: list[str] = []
    app = FastAPI(lifespan=shield.lifespan)

    async def task() -> None:
        order.append("task")

    def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
        order.append(submission.text)

    @app.post("/", dependencies=[Depends(spam_check_later("text", on_verdict=on_verdict))])
    async def post(comment: CommentIn, background: BackgroundTasks) -> PlainTextResponse:
        background.add_task(task)
        return PlainTextResponse("own", background=BackgroundTask(task))

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).text == "own"
    assert sorted(order) == [SPAM, "task"]


async def test_it_is_for_a_websocket_too(record: Record, shield: SpamShield) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    judged = asyncio.Event()

    def told(verdict: SpamVerdict, submission: Submission) -> None:
        record(verdict, submission)
        judged.set()

    @app.websocket("/")
    async def chat(
        websocket: WebSocket,
        name: str,
        later: Annotated[LaterVerdict, Depends(spam_check_later("name", on_verdict=told))],
    ) -> None:
        await websocket.accept()
        await judged.wait()
        await websocket.send_text(later.id)
        await websocket.close()

    with TestClient(app) as client, client.websocket_connect(f"/?name={SPAM}") as socket:
        assert socket.receive_text() == record.verdicts[0].id


@pytest.mark.parametrize("body", [{}, {"text": 3}])
async def test_nothing_to_judge_is_not_judged(
    body: Any, record: Record, shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn,
        later: Annotated[LaterVerdict, Depends(spam_check_later("text", on_verdict=record))],
    ) -> bool:
        return later.expected

    async with drive(app) as request:
        answer = await request("POST", "/", json=body)
    assert answer.status_code == 422 or answer.json() is False
    assert record.verdicts == []


async def test_a_trusted_sender_is_not_judged(
    record: Record, shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check_later("text", on_verdict=record, bypass=lambda: True)

    @app.post("/", dependencies=[Depends(check)])
    async def post(comment: CommentIn) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": SPAM})).status_code == 200
    assert record.verdicts == []


class Slow(Keyword):
    """Waits until it is told."""

    def __init__(self) -> None:
        super().__init__("slow")
        self.go = asyncio.Event()
        self.started = asyncio.Event()

    async def detect(self, submission: Submission) -> Detection:
        self.started.set()
        await self.go.wait()
        return await super().detect(submission)


async def test_a_full_queue_says_so(record: Record) -> None:
    slow = Slow()
    shield = SpamShield(slow, settings=SpamShieldSettings(backlog=1, concurrency=1))
    async with shield:
        await shield.check_later("first", record)
        await slow.started.wait()
        await shield.check_later("second", record)
        await shield.check_later("third", record, verdict_id="3")
        assert record.texts == ["third"]
        verdict = record.verdicts[0]
        assert (verdict.id, verdict.status, verdict.error) == ("3", "degraded", "rate_limited")
        assert (verdict.action, verdict.score) == ("review", None)
        slow.go.set()
    assert record.texts == ["third", "first", "second"]


async def test_shutdown_finishes_what_it_can_and_reports_the_rest(record: Record) -> None:
    slow = Slow()
    settings = SpamShieldSettings(concurrency=1, drain_timeout=0)
    async with SpamShield(slow, settings=settings) as shield:
        for text in ("running", "waiting", "waiting too"):
            await shield.check_later(text, record.later)
        await slow.started.wait()
    assert record.texts == ["running", "waiting", "waiting too"]
    assert {(verdict.status, verdict.error) for verdict in record.verdicts} == {
        ("degraded", "timeout")
    }
    assert len(asyncio.all_tasks()) == 1


async def test_a_callback_that_raises_does_not_stop_the_others(
    record: Record, shield: SpamShield, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(verdict: SpamVerdict, submission: Submission) -> None:
        raise ValueError(submission.text)

    async with shield:
        await shield.check_later("a secret", broken)
        await shield.check_later("next", record)
    assert record.texts == ["next"]
    assert "A later check ended with ValueError in" in caplog.text
    assert "a secret" not in caplog.text


async def test_nor_does_one_that_raises_when_told_to_give_up(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(verdict: SpamVerdict, submission: Submission) -> None:
        raise ValueError(submission.text)

    slow = Slow()
    settings = SpamShieldSettings(concurrency=1, drain_timeout=0)
    async with SpamShield(slow, settings=settings) as shield:
        await shield.check_later("a secret", broken)
        await shield.check_later("next", record)
        await slow.started.wait()
    assert record.texts == ["next"]
    assert "Reporting a given-up check ended with ValueError" in caplog.text
    assert "a secret" not in caplog.text


async def test_reports_at_shutdown_have_an_end_too(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(verdict: SpamVerdict, submission: Submission) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("fastapi_spamshield.backlog.REPORT_TIMEOUT", 0.01)
    slow = Slow()
    settings = SpamShieldSettings(concurrency=1, drain_timeout=0)
    async with SpamShield(slow, settings=settings) as shield:
        for _ in range(3):
            await shield.check_later("x", never)
        await slow.started.wait()
    assert "3 later checks could not be reported" in caplog.text


async def test_a_shield_that_does_not_run_takes_nothing(record: Record, shield: SpamShield) -> None:
    with pytest.raises(ConfigurationError, match=r"Write `FastAPI\(lifespan=shield.lifespan\)`"):
        await shield.check_later("x", record)


def test_on_verdict_must_be_callable() -> None:
    with pytest.raises(ConfigurationError, match="write a function that takes a verdict and a"):
        spam_check_later("text", on_verdict="store")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


class TestWhatCouldNotBeReadToItsEnd:
    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"content": SPAM}, ("checked", "spam", None)),
            ({"content": "x"}, ("checked", "ham", None)),
            ({"json": [1] * 100_001}, ("degraded", "unknown", "payload_too_large")),
            ({"json": [SPAM] + [1] * 100_001}, ("checked", "spam", None)),
        ],
    )
    async def test_is_told_as_such(
        self, sent: Any, told: Any, record: Record, shield: SpamShield, drive: Drive
    ) -> None:
        app = FastAPI(lifespan=shield.lifespan)
        check = spam_check_later("text", on_verdict=record.later)

        @app.post("/")
        async def post(
            request: Request, later: Annotated[LaterVerdict, Depends(check)]
        ) -> list[Any]:
            return [later.id, later.expected]

        async with drive(app) as request:
            promise = (await request("POST", "/", **sent)).json()
        (verdict,) = record.verdicts
        assert (verdict.status, verdict.label, verdict.error) == told
        assert promise == [verdict.id, True]

    async def test_is_told_too_where_nothing_could_be_read(
        self, record: Record, shield: SpamShield, drive: Drive
    ) -> None:
        async def consume(request: Request) -> None:
            async for _ in request.stream():
                pass

        app = FastAPI(lifespan=shield.lifespan)
        check = spam_check_later("text", on_verdict=record)

        @app.post("/", dependencies=[Depends(consume), Depends(check)])
        async def post(request: Request) -> None: ...

        async with drive(app) as request:
            await request("POST", "/", content=SPAM)
        (verdict,) = record.verdicts
        assert (verdict.status, verdict.action, verdict.error) == (
            *("degraded", "review"),
            "bad_request",
        )
