"""ActiveLayer, as the gateway speaks it."""

from typing import Annotated, Literal

from pydantic import Field

from ....dialects.activelayer import (
    BATCH,
    CHECK,
    COMMENT,
    FEEDBACK,
    STATS,
    VERIFY,
    ActiveLayer,
    Correction,
    Question,
    Several,
)
from ....models import Score
from .building import BEARER, X_API_KEY, Body, Description, Json, Operation, Written, failures

_BASE = "/api/v1"


class Judgement(Written):
    """What was found."""

    is_spam: bool
    total_score: Annotated[float, Field(ge=0, le=100)]
    confidence: Score | None
    signals: list[str]
    detection_id: str
    execution_time: Annotated[int, Field(ge=0, description="Milliseconds.")]


class Judgements(Written):
    """Of a batch, in its order."""

    results: list[Judgement]


class Thanks(Written):
    """A correction was taken."""

    message: str


class Verified(Written):
    """The key is good."""

    success: Literal[True]


class Amounts(Written):
    """Submissions judged this month."""

    total_requests: Annotated[int | None, Field(description="The quota.")]
    used_requests: int
    remaining_requests: int | None


class Period(Written):
    """Of the quota."""

    type: Literal["monthly"]


class Statistics(Written):
    """Of the key."""

    usage: Amounts
    period: Period


class Stats(Written):
    """The answer about the quota."""

    success: Literal[True]
    data: Statistics


class Problem(Written):
    """What is wrong with a field."""

    loc: list[str | int]
    msg: str
    type: str


class Refusal(Written):
    """Why there is no answer."""

    success: Literal[False]
    error: str
    remaining: Literal[0] | None = None
    details: list[Problem] | None = None


def _refusal(error: str, **more: object) -> dict[str, object]:
    return {"success": False, "error": error, **more}


_MISSING = {"loc": ["body", "message"], "msg": "Field required", "type": "missing"}
_REFUSED = {
    401: _refusal("Unauthorized"),
    413: _refusal("Payload Too Large"),
    415: _refusal("Unsupported Media Type"),
    429: _refusal("Rate Limit Exceeded", remaining=0),
    503: _refusal("Service Unavailable"),
}
_FAILURES = failures(Refusal, _REFUSED)
_INVALID = failures(Refusal, {422: _refusal("Validation Error", details=[_MISSING])})
_UNKNOWN = failures(Refusal, {404: _refusal("Not Found")})

_QUESTION = {
    "message": "Hello, do you ship to Norway?",
    "email": "kari@example.test",
    "name": "Kari",
    "ip": "203.0.113.9",
    "data_type": "form",
}
_JUDGEMENT: Json = {
    "is_spam": False,
    "total_score": 6.0,
    "confidence": None,
    "signals": [],
    "detection_id": "4f1d0c2b9a8e7d6c",
    "execution_time": 1,
}


def _check(path: str, summary: str) -> Operation:
    return Operation(
        path=_BASE + path,
        summary=summary,
        request=Body(schema=Question, example=_QUESTION),
        answers={200: [Body(schema=Judgement, example=_JUDGEMENT)], **_INVALID, **_FAILURES},
    )


DESCRIPTION = Description(
    title="ActiveLayer",
    security={"bearer": BEARER, "apiKey": X_API_KEY},
    operations=(
        _check(CHECK, "Whether a form is spam"),
        _check(COMMENT, "Whether a comment or a review is spam"),
        Operation(
            path=_BASE + BATCH,
            summary=f"The same for up to {ActiveLayer().batch_size}; `items` is assumed",
            request=Body(schema=Several, example={"items": [_QUESTION]}),
            answers={
                200: [Body(schema=Judgements, example={"results": [_JUDGEMENT]})],
                **_INVALID,
                **_FAILURES,
            },
        ),
        Operation(
            path=_BASE + FEEDBACK,
            summary="Corrects a judgement",
            request=Body(
                schema=Correction, example={"detection_id": "4f1d0c2b9a8e7d6c", "is_spam": True}
            ),
            answers={
                200: [Body(schema=Thanks, example={"message": "Thank you."})],
                **_UNKNOWN,
                **_INVALID,
                **_FAILURES,
            },
        ),
        Operation(
            path=_BASE + VERIFY,
            method="get",
            summary="Whether a key is good",
            answers={200: [Body(schema=Verified, example={"success": True})], **_FAILURES},
        ),
        Operation(
            path=_BASE + STATS,
            method="get",
            summary="What is left of the quota",
            answers={
                200: [
                    Body(
                        schema=Stats,
                        example={
                            "success": True,
                            "data": {
                                "usage": {
                                    "total_requests": 1000,
                                    "used_requests": 12,
                                    "remaining_requests": 988,
                                },
                                "period": {"type": "monthly"},
                            },
                        },
                    )
                ],
                **_FAILURES,
            },
        ),
    ),
)
