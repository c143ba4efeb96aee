"""RSFlowHub, as the gateway speaks it."""

from typing import Any, Literal

from ....dialects.rsflowhub import CHECK, USAGE, Question
from ....models import Score
from .building import BEARER, Body, Description, Operation, Written, failures


class Result(Written):
    """What was found; the later fields only where they were asked for."""

    is_spam: bool
    spam_score: Score
    spam_category: str | None
    reason: str | None
    is_toxic: bool | None = None
    toxicity_score: Score | None = None
    contains_pii: bool | None = None
    pii_types: list[str] | None = None
    sanitized_text: str | None = None


class Data(Written):
    """Where the result stands."""

    result: Result


class Credits(Written):
    """What it cost."""

    credits_used: Literal[1]
    credits_remaining: int | None


class Moderation(Written):
    """The answer to a text."""

    success: Literal[True]
    request_id: str
    data: Data
    meta: Credits


class Account(Written):
    """What is left."""

    billing_mode: Literal["credits"]
    credits_remaining: int | None


class AccountUsage(Written):
    """The answer about the account."""

    success: Literal[True]
    data: Account


class Error(Written):
    """What went wrong."""

    code: str
    message: str
    details: dict[str, Any]


class Version(Written):
    """Of the service."""

    version: Literal["v1"]


class Refusal(Written):
    """Why there is no answer."""

    success: Literal[False]
    request_id: str
    error: Error
    meta: Version


def _refusal(code: str, **details: object) -> dict[str, object]:
    return {
        "success": False,
        "request_id": "4f1d0c2b9a8e7d6c",
        "error": {
            "code": code,
            "message": code.replace("_", " ").capitalize(),
            "details": details,
        },
        "meta": {"version": "v1"},
    }


_FAILURES = failures(
    Refusal,
    {
        401: _refusal("INVALID_API_KEY"),
        402: _refusal("INSUFFICIENT_CREDITS"),
        415: _refusal("UNSUPPORTED_MEDIA_TYPE"),
        422: _refusal("VALIDATION_ERROR", text=["Field required"]),
        429: _refusal("RATE_LIMIT_EXCEEDED", retry_after_seconds=38),
        503: _refusal("PROVIDER_UNAVAILABLE"),
    },
)

DESCRIPTION = Description(
    title="RSFlowHub",
    security={"bearer": BEARER},
    operations=(
        Operation(
            path=CHECK,
            summary="What is wrong with a text",
            request=Body(
                schema=Question,
                example={
                    "text": "Call me at 555-010-0000 for a FREE coin",
                    "content_type": "blog_comment",
                    "strictness": "high",
                    "detect_pii": True,
                },
            ),
            answers={
                200: [
                    Body(
                        schema=Moderation,
                        example={
                            "success": True,
                            "request_id": "4f1d0c2b9a8e7d6c",
                            "data": {
                                "result": {
                                    "is_spam": True,
                                    "spam_score": 0.94,
                                    "spam_category": "money",
                                    "reason": "Unsolicited offer with a phone number.",
                                    "contains_pii": True,
                                    "pii_types": ["phone_number"],
                                }
                            },
                            "meta": {"credits_used": 1, "credits_remaining": None},
                        },
                    )
                ],
                **_FAILURES,
            },
        ),
        Operation(
            path=USAGE,
            method="get",
            summary="What is left of the quota",
            answers={
                200: [
                    Body(
                        schema=AccountUsage,
                        example={
                            "success": True,
                            "data": {"billing_mode": "credits", "credits_remaining": 840},
                        },
                    )
                ],
                **_FAILURES,
            },
        ),
    ),
)
