"""`spam_check`, `spam_check_later` and their surroundings, as in `Annotated`; only type-checked."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, assert_type

from fastapi import Depends, FastAPI, Form, Request
from pydantic import BaseModel

from fastapi_spamshield import (
    SPAM_RESPONSES,
    ConfigurationError,
    Counterfactual,
    DetectorError,
    Explanation,
    FormToken,
    FormTokenReading,
    LaterVerdict,
    LocalDetector,
    Part,
    ShieldDep,
    SpamPolicy,
    SpamRejected,
    SpamShield,
    SpamShieldError,
    SpamVerdict,
    Submission,
    form_token,
    get_shield,
    spam_check,
    spam_check_later,
)
from fastapi_spamshield.errors import ErrorCode
from fastapi_spamshield.shield import Shield

shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)


class CommentIn(BaseModel):
    author: str
    text: str


async def is_member() -> bool:
    return True


def text_of(request: Request) -> str:
    return str(request.url)


strict = spam_check(
    ("author", "text"),
    threshold=0.8,
    review_threshold=0.2,
    strictness="high",
    author="author",
    email="email",
    subject=("title", "subtitle"),
    url="website",
    honeypot="homepage",
    elapsed="elapsed",
    kind="review",
    bypass=Depends(is_member),
    on_spam="silent",
    on_error="reject",
    shadow=True,
    detector=LocalDetector(max_characters=5_000),
    status_code=422,
    silent_response={"id": 1},
)


@app.post("/comments", responses=SPAM_RESPONSES, dependencies=[Depends(strict)])
async def post_comment(
    comment: CommentIn,
    verdict: Annotated[
        SpamVerdict, Depends(spam_check(field="text", threshold=0.8, bypass=is_member))
    ],
    shield: ShieldDep,
) -> str:
    assert_type(verdict, SpamVerdict)
    assert_type(shield, SpamShield)
    assert_type(await shield.check(comment.text), SpamVerdict)
    return verdict.label


@app.post("/forms")
def post_form(
    text: Annotated[str, Form()],
    verdict: Annotated[SpamVerdict, Depends(spam_check(text_of))],
) -> str:
    return f"{text} {verdict.id}"


# A slip is an error in the editor, before it is one at import.
spam_check("text", treshold=0.8)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
spam_check("text", threshold="0.8")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check("text", on_spam="inform")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check("text", on_error="ignore")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check("text", strictness="max")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check("text", detector="local")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check("text", 0.8)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
spam_check()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


# spam_check_later


async def judged(verdict: SpamVerdict, submission: Submission) -> None:
    assert_type(submission.text, str)


def judged_too(verdict: SpamVerdict, submission: Submission) -> None:
    assert_type(verdict.action == "allow", bool)


def judged_wrongly(verdict: SpamVerdict) -> None: ...


spam_check_later("text", on_verdict=judged, author="author", kind="review")
spam_check_later("text", on_verdict=judged_too, threshold=0.9, on_error="allow", shadow=False)
spam_check_later("text", on_verdict=judged_wrongly)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
spam_check_later("text")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
spam_check_later("text", on_verdict=judged, on_spam="reject")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@app.post("/reviews", status_code=202)
async def post_review(
    comment: CommentIn,
    later: Annotated[LaterVerdict, Depends(spam_check_later("text", on_verdict=judged))],
) -> str:
    assert_type(later.id, str)
    assert_type(later.expected, bool)
    return f"{comment.author} {later.id}"


# The shield of the application


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[Mapping[str, Any]]:
    async with shield.lifespan(app) as state:
        assert_type(state, Mapping[str, Any])
        yield {**state, "database": None}


async def dependent(shield: Annotated[Shield, Depends(get_shield)]) -> SpamPolicy:
    return shield.policy


app.dependency_overrides[get_shield] = lambda: shield


# What is raised


@app.exception_handler(SpamRejected)
async def refused(_: Request, error: SpamRejected) -> None:
    assert_type(error.verdict, SpamVerdict)
    assert_type(error.status_code, int)
    assert_type(error.detail, str)
    assert_type(error.problem(), dict[str, Any])


def tell(error: SpamShieldError) -> str:
    if isinstance(error, DetectorError):
        assert_type(error.code, ErrorCode)
        assert_type(error.detector, str | None)
        assert_type(error.retry_after, float | None)
    elif isinstance(error, ConfigurationError):
        as_value_error: ValueError = error
        return str(as_value_error)
    return str(error)


DetectorError("quota", "100 a day", detector="mine", retry_after=60.0)
DetectorError("down")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Form tokens


def session_id() -> str:
    return "s"


bound = FormToken("token", purpose="contact", session=Depends(session_id), required=True)
spam_check("text", form_token=bound)
spam_check("text", form_token=("form", "token"), elapsed="elapsed")
spam_check_later("text", on_verdict=judged, form_token=FormToken("token", session=session_id))
spam_check("text", form_token=7)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
form_token()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@app.get("/form")
def show_form(
    token: Annotated[str, Depends(form_token("contact", session=session_id))], shield: ShieldDep
) -> str:
    assert_type(shield.form_token("contact", session=7, age=20.0), str)
    return token


async def explain(shield: SpamShield) -> None:
    reading = await shield.claim_form_token("token", "contact")
    assert_type(reading, FormTokenReading)
    assert_type(reading.elapsed, float | None)
    verdict = await shield.check("text", kind="chat", **reading.context())
    assert_type(verdict.explain("text"), str)
    explanation = await shield.explain("text", author="Ada")
    assert_type(explanation, Explanation)
    assert_type(explanation.smallest_change, Counterfactual | None)
    assert_type(explanation.account(), str)
    for change in explanation.counterfactuals:
        assert_type(change.without, tuple[Part, ...])
