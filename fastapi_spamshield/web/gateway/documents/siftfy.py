"""SiftFy, as the gateway speaks it."""

from typing import Literal

from ....dialects.siftfy import ANALYZE, PREDICT, Question
from ....models import Score
from .building import BEARER, X_API_KEY, Body, Description, Operation, Written, failures


class Prediction(Written):
    """How likely it is that a text is spam."""

    spam_probability: Score
    likelihood: Literal["low", "medium", "high"]


class Analysis(Written):
    """What was found in a text."""

    is_spam: bool
    score: Score
    confidence: Score | None
    classification: str
    details: dict[str, Literal[True]]


class Problem(Written):
    """What is wrong with a field."""

    loc: list[str | int]
    msg: str
    type: str


class Refusal(Written):
    """Why there is no answer."""

    detail: str | list[Problem]
    request_id: str


def _refusal(detail: object) -> dict[str, object]:
    return {"detail": detail, "request_id": "4f1d0c2b9a8e7d6c"}


_MISSING = {"loc": ["body", "text"], "msg": "Field required", "type": "missing"}
_FAILURES = failures(
    Refusal,
    {
        401: _refusal("invalid api key"),
        413: _refusal("request body too large"),
        415: _refusal("Unsupported Media Type"),
        422: _refusal([_MISSING]),
        429: _refusal("rate limit exceeded"),
        503: _refusal("model unavailable"),
    },
)
_HEADERS = {
    "x-request-id": "Names the answer.",
    "x-ratelimit-daily-used": "Submissions judged this month, where there is a quota or not.",
    "x-ratelimit-daily-cap": "The month's quota, where there is one.",
}
_TEXT = "Cheap watches, order today at http://example.test/w"

DESCRIPTION = Description(
    title="SiftFy",
    security={"apiKey": X_API_KEY, "bearer": BEARER},
    operations=(
        Operation(
            path=PREDICT,
            summary="How likely it is that a text is spam",
            request=Body(schema=Question, example={"text": _TEXT}),
            answers={
                200: [
                    Body(
                        schema=Prediction,
                        example={"spam_probability": 0.973, "likelihood": "high"},
                    )
                ],
                **_FAILURES,
            },
            headers=_HEADERS,
        ),
        Operation(
            path=ANALYZE,
            summary="What was found in a text, as one guide has it",
            request=Body(
                schema=Question,
                example={
                    "text": _TEXT,
                    "metadata": {"ip_address": "203.0.113.9", "user_agent": None},
                },
            ),
            answers={
                200: [
                    Body(
                        schema=Analysis,
                        example={
                            "is_spam": True,
                            "score": 0.91,
                            "confidence": None,
                            "classification": "spam",
                            "details": {"trigger_phrase": True},
                        },
                    )
                ],
                **_FAILURES,
            },
            headers=_HEADERS,
        ),
    ),
)
