"""ToolkitAPI's spam score, as the gateway speaks it."""

from typing import Literal

from pydantic import Field

from ....dialects.toolkitapi import Question, ToolkitAPI
from ....models import Score
from .building import BEARER, X_API_KEY, Body, Description, Operation, Written, failures


class Finding(Written):
    """A signal."""

    name: str
    weight: float
    detail: str | None = Field(default=None)


class SpamScore(Written):
    """How a message scores."""

    score: Score
    verdict: Literal["ham", "suspicious", "spam"]
    signals: list[Finding]
    total_weight: float


class Problem(Written):
    """What is wrong with a field."""

    loc: list[str | int]
    msg: str
    type: str


class Refusal(Written):
    """Why there is no answer."""

    detail: str | list[Problem]


_MISSING = {"loc": ["body", "body"], "msg": "Field required", "type": "missing"}

DESCRIPTION = Description(
    title="ToolkitAPI",
    security={"apiKey": X_API_KEY, "bearer": BEARER},
    operations=(
        Operation(
            path=ToolkitAPI().path,
            summary="How a message scores",
            request=Body(
                schema=Question,
                example={
                    "body": "BUY NOW!!! click here http://a.test http://b.test",
                    "email": "x@example.test",
                    "honeypot": "",
                    "elapsed_seconds": 1.4,
                },
            ),
            answers={
                200: [
                    Body(
                        schema=SpamScore,
                        example={
                            "score": 0.881,
                            "verdict": "spam",
                            "signals": [{"name": "too_fast", "weight": 2.0}],
                            "total_weight": 6.0,
                        },
                    )
                ],
                **failures(
                    Refusal,
                    {
                        401: {"detail": "Invalid or missing API key"},
                        402: {"detail": "Insufficient credits"},
                        413: {"detail": "Request body too large"},
                        415: {"detail": "Unsupported Media Type"},
                        422: {"detail": [_MISSING]},
                        429: {"detail": "Rate limit exceeded. Please try again later."},
                        503: {"detail": "Service unavailable"},
                    },
                ),
            },
            headers={
                "x-ratelimit-limit": "The month's quota, where there is one.",
                "x-ratelimit-remaining": "What is left of it.",
                "x-ratelimit-reset": "When it begins anew, Unix seconds.",
            },
        ),
    ),
)
