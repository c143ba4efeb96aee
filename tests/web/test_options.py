"""The options of `spam_check`, and that nobody outside can reach them."""

import logging
import math
import pydoc
import re
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from fastapi_spamshield import (
    ConfigurationError,
    ShieldDep,
    SpamPolicy,
    SpamRejected,
    SpamShield,
    SpamVerdict,
    spam_check,
    spam_check_later,
    spam_guard,
)
from tests.support import MAYBE, SPAM, Broken, Drive, Keyword


class CommentIn(BaseModel):
    text: str


def _take(request: Request) -> JSONResponse:
    return JSONResponse({}, headers=request.headers)


async def _answer_later() -> JSONResponse:
    return JSONResponse({})


def app_with(shield: SpamShield, check: Any, **options: Any) -> FastAPI:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", **options)
    async def post(
        comment: CommentIn, verdict: Annotated[SpamVerdict, Depends(check)]
    ) -> SpamVerdict:
        return verdict

    return app


async def verdict_on(text: str, app: FastAPI, drive: Drive, **options: Any) -> SpamVerdict:
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": text}, **options)
    assert answer.status_code == 200
    return SpamVerdict.model_validate(answer.json())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 1.5}, "threshold: Input should be less than or equal to 1"),
        ({"threshold": -0.1}, "threshold: Input should be greater than or equal to 0"),
        ({"threshold": math.nan}, "threshold: Input should be a finite number"),
        ({"threshold": math.inf}, "threshold: "),
        ({"threshold": "high"}, "threshold: Input should be a valid number"),
        ({"review_threshold": 2}, "review_threshold: "),
        (
            {"threshold": 0.4, "review_threshold": 0.6},
            "review_threshold=0.6 lies above threshold=0.4; write a review_threshold that is at",
        ),
        (
            {"strictness": "high", "review_threshold": 0.6},
            "review_threshold=0.6 lies above threshold=0.5",
        ),
        ({"strictness": "severe"}, "strictness: Input should be 'low', 'medium' or 'high'"),
        ({"on_spam": "drop"}, "on_spam: Input should be 'reject', 'inject' or 'silent'"),
        ({"on_error": "hide"}, "on_error: Input should be 'review', 'allow' or 'reject'"),
        ({"status_code": 200}, "status_code: "),
        ({"treshold": 0.5}, r"has no option 'treshold'\. Did you mean 'threshold'\?"),
        ({"colour": "red"}, r"has no option 'colour'\. It takes: author, bypass, "),
        ({"author": "a..b"}, "author='a..b': a place is a parameter"),
        ({"honeypot": 5}, "honeypot=5: a place is a parameter"),
        ({"bypass": "admin"}, "bypass='admin': write a dependency, such as"),
        ({"detector": object()}, "A detector is an object with a `name`"),
        ({"silent_response": object()}, "silent_response can't be written as JSON"),
        ({"silent_response": math.nan}, "silent_response can't be written as JSON"),
        ({"silent_response": JSONResponse({})}, "silent_response: write a function without"),
        ({"silent_response": _take}, "silent_response: write a function without"),
        ({"silent_response": dict}, "silent_response: write a function without"),
        ({"silent_response": RedirectResponse}, "silent_response: write a function without"),
        ({"silent_response": _answer_later}, "silent_response: write a function without"),
    ],
)
def test_wrong_options_are_refused_at_import(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        spam_check("text", **options)


@pytest.mark.parametrize("field", ["", "a b", "a..b", "a.", (), ("text", ""), (1,), "text[0]"])
def test_wrong_fields_are_refused_at_import(field: Any) -> None:
    with pytest.raises(ConfigurationError, match="field"):
        spam_check(field)


def test_an_unknown_keyword_is_a_type_error_too() -> None:
    with pytest.raises(TypeError, match="treshold"):
        spam_check("text", treshold=0.5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="treshold"):
        spam_check_later("text", on_verdict=print, treshold=0.5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="stikes"):
        spam_guard(stikes=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize(
    ("factory", "line"),
    [
        (spam_check, 'Depends(spam_check): write Depends(spam_check("text"))'),
        (spam_check_later, 'write Depends(spam_check_later("text", on_verdict=...))'),
        (spam_guard, "Depends(spam_guard): write Depends(spam_guard())"),
    ],
)
def test_a_factory_that_was_not_called(factory: Callable[..., Any], line: str) -> None:
    app = FastAPI()

    async def endpoint(verdict: Any) -> None: ...

    endpoint.__annotations__["verdict"] = Annotated[Any, Depends(factory)]
    with pytest.raises(ConfigurationError, match=re.escape(line)):
        app.post("/")(endpoint)
    with pytest.raises(ConfigurationError, match=re.escape(line)):
        app.post("/", dependencies=[Depends(factory)])(_answer_later)


def test_a_factory_describes_itself() -> None:
    assert spam_check.__name__ == "spam_check"
    assert "A dependency that judges what the endpoint receives" in pydoc.render_doc(spam_check)


def test_what_is_not_hashable_is_refused_at_import() -> None:
    class Equal(Keyword):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    with pytest.raises(ConfigurationError, match="detector: Equal is not hashable"):
        spam_check("text", detector=Equal())


async def test_nothing_can_be_reached_from_outside(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = app_with(shield, spam_check("text", on_spam="inject"))
    names = ["threshold", "field", "shield", "bypassed", "made", "intake", "options", "self"]
    parameters = dict.fromkeys(names, "99")
    headers = dict.fromkeys(names, "99")
    verdict = await verdict_on(SPAM, app, drive, params=parameters, headers=headers)
    assert (verdict.is_spam, verdict.threshold) == (True, 0.7)
    assert "parameters" not in app.openapi()["paths"]["/"]["post"]


@pytest.mark.parametrize(
    ("options", "bands"),
    [
        ({}, (0.3, 0.7)),
        ({"threshold": 0.8}, (0.3, 0.8)),
        ({"review_threshold": 0.1}, (0.1, 0.7)),
        ({"threshold": 0.2}, (0.2, 0.2)),
        ({"threshold": 0.9, "review_threshold": 0.6}, (0.6, 0.9)),
        ({"strictness": "low"}, (0.5, 0.9)),
        ({"strictness": "medium"}, (0.3, 0.7)),
        ({"strictness": "high"}, (0.15, 0.5)),
        ({"strictness": "high", "threshold": 0.95}, (0.15, 0.95)),
    ],
)
async def test_bands_of_a_route(
    options: Any, bands: tuple[float, float], shield: SpamShield, drive: Drive
) -> None:
    verdict = await verdict_on("ham", app_with(shield, spam_check("text", **options)), drive)
    assert (verdict.review_threshold, verdict.threshold) == bands


async def test_a_route_overrides_the_application_field_by_field(
    keyword: Keyword, drive: Drive
) -> None:
    policy = SpamPolicy(threshold=0.95, on_spam="inject", shadow=True)
    shield = SpamShield(keyword, policy=policy)
    app = app_with(shield, spam_check("text", review_threshold=0.4, shadow=False))
    verdict = await verdict_on(MAYBE, app, drive)
    assert (verdict.review_threshold, verdict.threshold) == (0.4, 0.95)
    assert (verdict.label, verdict.action, verdict.shadow) == ("suspicious", "review", False)


async def test_a_refusal_tells_the_sender_nothing(shield: SpamShield, drive: Drive) -> None:
    async with drive(app_with(shield, spam_check("text"))) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    reference = problem["detail"].removeprefix("This could not be accepted. Reference: ")
    assert len(reference) == 16
    assert problem == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": f"This could not be accepted. Reference: {reference}",
        "instance": f"urn:spamshield:{reference}",
    }
    assert SPAM not in answer.text


@pytest.mark.parametrize(("status_code", "title"), [(422, "Unprocessable"), (499, "Refused")])
async def test_a_status_code_of_ones_choice(
    status_code: int, title: str, shield: SpamShield, drive: Drive
) -> None:
    app = app_with(shield, spam_check("text", status_code=status_code))
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert answer.status_code == answer.json()["status"] == status_code
    assert answer.json()["title"].startswith(title)


async def test_the_applications_own_handlers_come_first(shield: SpamShield, drive: Drive) -> None:
    def on_http(request: Request, error: StarletteHTTPException) -> JSONResponse:
        return JSONResponse({"oh": error.detail}, error.status_code)

    def on_spam(request: Request, error: SpamRejected) -> PlainTextResponse:
        return PlainTextResponse(f"No. {error.verdict.label}", 418)

    app = app_with(shield, spam_check("text"))
    app.add_exception_handler(StarletteHTTPException, on_http)  # type: ignore[arg-type]
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, list(answer.json())) == (403, ["oh"])

    app = app_with(shield, spam_check("text"))
    app.add_exception_handler(HTTPException, on_http)  # type: ignore[arg-type]
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, list(answer.json())) == (403, ["oh"])

    app = app_with(shield, spam_check("text"))
    app.add_exception_handler(SpamRejected, on_spam)  # type: ignore[arg-type]
    async with drive(app) as request:
        answer = await request("POST", "/", json={"text": SPAM})
    assert (answer.status_code, answer.text) == (418, "No. spam")


async def test_a_handler_that_refuses_by_itself_answers_the_same(
    shield: SpamShield, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/")
    async def post(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check("text", on_spam="inject"))],
    ) -> None:
        raise SpamRejected(verdict, 403)

    @app.post("/by-hand")
    async def by_hand(comment: CommentIn, shield: ShieldDep) -> None:
        raise SpamRejected(await shield.check(comment.text), 403)

    async with drive(app) as request:
        for path in ("/", "/by-hand"):
            for text in (SPAM, MAYBE):
                answer = await request("POST", path, json={"text": text})
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["detail"].startswith("This could not be accepted. Reference: ")


async def test_inject_leaves_it_to_the_handler(shield: SpamShield, drive: Drive) -> None:
    verdict = await verdict_on(SPAM, app_with(shield, spam_check("text", on_spam="inject")), drive)
    assert (verdict.label, verdict.action, verdict.is_spam) == ("spam", "reject", True)


async def test_inject_does_not_let_pass_what_could_not_be_measured(
    shield: SpamShield, drive: Drive
) -> None:
    check = spam_check("text", on_spam="inject", on_error="reject", detector=Broken())
    async with drive(app_with(shield, check)) as request:
        assert (await request("POST", "/", json={"text": "ham"})).status_code == 503


async def test_suspicious_passes_with_its_verdict(shield: SpamShield, drive: Drive) -> None:
    verdict = await verdict_on(MAYBE, app_with(shield, spam_check("text")), drive)
    assert (verdict.label, verdict.action, verdict.is_spam) == ("suspicious", "review", False)


class TestOnError:
    @pytest.fixture
    def shield(self) -> SpamShield:
        return SpamShield(Broken())

    @pytest.mark.parametrize("on_error", ["review", "allow"])
    async def test_an_outage_is_not_ham(
        self, on_error: Any, shield: SpamShield, drive: Drive
    ) -> None:
        app = app_with(shield, spam_check("text", on_error=on_error))
        verdict = await verdict_on(SPAM, app, drive)
        assert (verdict.status, verdict.error) == ("degraded", "unavailable")
        assert (verdict.label, verdict.score, verdict.action) == ("unknown", None, on_error)

    async def test_reject_asks_to_come_back(self, shield: SpamShield, drive: Drive) -> None:
        check = spam_check("text", on_error="reject", on_spam="silent", status_code=422)
        async with drive(app_with(shield, check)) as request:
            answer = await request("POST", "/", json={"text": "ham"})
        assert answer.status_code == 503
        assert answer.json()["detail"].startswith("This could not be processed right now. Please")


async def test_shadow_decides_nothing_and_records_all(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = app_with(shield, spam_check("text", shadow=True))
    verdict = await verdict_on(SPAM, app, drive)
    assert (verdict.action, verdict.shadow, verdict.shadow_action) == ("allow", True, "reject")
    assert (verdict.label, verdict.is_spam, verdict.score) == ("spam", True, 0.99)
    broken = app_with(shield, spam_check("text", shadow=True, on_error="reject", detector=Broken()))
    verdict = await verdict_on("ham", broken, drive)
    assert (verdict.action, verdict.shadow_action) == ("allow", "reject")


@pytest.mark.parametrize(
    ("text", "detector", "said"),
    [
        ("ham", Keyword(), None),
        (MAYBE, Keyword(), "In shadow mode, else review (suspicious): "),
        (SPAM, Keyword(), "In shadow mode, else reject (spam): "),
        ("ham", Broken(), "In shadow mode, else reject (unknown): "),
    ],
)
async def test_shadow_leaves_a_trace_where_nobody_takes_the_verdict(
    text: str, detector: Any, said: str | None, drive: Drive, caplog: pytest.LogCaptureFixture
) -> None:
    shield = SpamShield(Keyword())
    caplog.set_level(logging.INFO, "fastapi_spamshield")
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check("text", shadow=True, on_error="reject", detector=detector)

    @app.post("/", dependencies=[Depends(check), Depends(spam_check("text", on_spam="inject"))])
    async def post(comment: CommentIn) -> None: ...

    async with drive(app) as request:
        assert (await request("POST", "/", json={"text": text})).status_code == 200
    lines = [record.message for record in caplog.records if "shadow" in record.message]
    if said is None:
        assert lines == []
    else:
        [line] = lines
        assert re.fullmatch(re.escape(said) + "[0-9a-f]{16}", line)


async def test_a_time_that_is_no_number_is_not_known(
    shield: SpamShield, keyword: Keyword, drive: Drive
) -> None:
    app = FastAPI(lifespan=shield.lifespan)

    @app.post("/", dependencies=[Depends(spam_check("text", elapsed="took"))])
    async def post(comment: CommentIn, took: str) -> None: ...

    async with drive(app) as request:
        for took in ("soon", "2.5"):
            await request("POST", f"/?took={took}", json={"text": "ham"})
    assert [submission.elapsed for submission in keyword.seen] == [None, 2.5]


async def test_a_detector_of_the_route(shield: SpamShield, keyword: Keyword, drive: Drive) -> None:
    class Opened(Keyword):
        is_open = False

        async def __aenter__(self) -> None:
            self.is_open = True

        async def __aexit__(self, *exc: object) -> None:
            self.is_open = False

        async def detect(self, submission: Any) -> Any:
            assert self.is_open
            return await super().detect(submission)

    other = Opened("other")
    verdict = await verdict_on("ham", app_with(shield, spam_check("text", detector=other)), drive)
    assert verdict.detector == "other"
    assert (keyword.seen, other.texts, other.is_open) == ([], ["ham"], False)
