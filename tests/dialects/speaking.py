"""Every dialect, with answers that its vendor gives, and short ways to ask and to be refused."""

import json
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, Protocol, TypeVar

import pytest

from fastapi_spamshield.dialects.activelayer import ActiveLayer
from fastapi_spamshield.dialects.akismet import Akismet
from fastapi_spamshield.dialects.base import (
    Answer,
    Call,
    ChecksMany,
    Dialect,
    ShowsUsage,
    Speaks,
    TakesFeedback,
    Usage,
    Verifies,
)
from fastapi_spamshield.dialects.cleantalk import CleanTalk
from fastapi_spamshield.dialects.generic import GenericJson
from fastapi_spamshield.dialects.oopspam import OOPSpam
from fastapi_spamshield.dialects.rsflowhub import RSFlowHub
from fastapi_spamshield.dialects.siftfy import SiftFy
from fastapi_spamshield.dialects.stopforumspam import StopForumSpam
from fastapi_spamshield.dialects.toolkitapi import ToolkitAPI
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Detection, SpamVerdict, Submission
from fastapi_spamshield.policy import SpamPolicy

KEY = "k-123"
P = ParamSpec("P")
T = TypeVar("T")


class Both(Dialect, Speaks, Protocol):
    """A dialect that is spoken from both sides."""


def say(value: object, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON; a `_` in a header's name stands for `-`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), named)


def said(call: Call) -> Any:
    """The JSON that a call sends."""
    return json.loads(call.body)


def attempt(read: Callable[P, T], *args: P.args, **options: P.kwargs) -> T | DetectorError:
    """What comes out, or the error."""
    try:
        return read(*args, **options)
    except DetectorError as error:
        return error


def refused(dialect: Dialect, answer: Answer) -> DetectorError:
    """The error that an answer stands for."""
    with pytest.raises(DetectorError) as caught:
        dialect.detection(answer)
    assert caught.value.detector == dialect.name
    assert caught.value.__context__ is None
    return caught.value


def wrong(server: Speaks, call: Call) -> DetectorError:
    """The error that a call leads to."""
    with pytest.raises(DetectorError) as caught:
        server.read(call)
    return caught.value


def judged(score: float, policy: SpamPolicy | None = None, **about: Any) -> SpamVerdict:
    """A verdict with a score."""
    return (policy or SpamPolicy()).judge(Detection(score=score, **about))


def names(detection: Detection) -> list[str]:
    """The names of a detection's signals."""
    return [signal.name for signal in detection.signals]


SIFTFY, SIFTFY_GUIDE = SiftFy(), SiftFy(api="analyze")
ACTIVELAYER = ActiveLayer(site_url="https://shop.example")
TOOLKITAPI = ToolkitAPI()
RSFLOWHUB = RSFlowHub(detect_toxicity=True, detect_pii=True, return_sanitized=True)
AKISMET = Akismet(blog="https://site.example")
OOPSPAM, CLEANTALK, STOPFORUMSPAM = OOPSpam(), CleanTalk(), StopForumSpam()
GENERIC = GenericJson(
    name="jigsawstack",
    base_url="https://api.jigsawstack.com",
    path="/v1/validate/spam_check",
    auth_header="x-api-key",
    auth_scheme="",
    success="success",
    score="check.score",
    spam="check.is_spam",
    detection_id="log_id",
)

ANSWERS: Mapping[Dialect, list[Answer]] = {
    SIFTFY: [
        say({"spam_probability": 0.031, "likelihood": "low"}, x_request_id="r1"),
        say({"spam_probability": 0.973, "likelihood": "high"}),
    ],
    SIFTFY_GUIDE: [
        say(
            {
                "is_spam": True,
                "score": 0.91,
                "confidence": 0.95,
                "classification": "malicious_links",
                "details": {"contains_profanity": False, "link_count": 2},
            }
        ),
    ],
    ACTIVELAYER: [
        say({"is_spam": False, "total_score": 6, "detection_id": "d1", "execution_time": 41}),
        say(
            {
                "is_spam": True,
                "total_score": 97,
                "confidence": 0.97,
                "signals": ["promotional content", {"name": "suspicious URL"}],
                "detection_id": "d2",
            }
        ),
    ],
    TOOLKITAPI: [
        say({"score": 0.018, "verdict": "ham", "signals": [], "total_weight": 0.0}),
        say(
            {
                "score": 0.881,
                "verdict": "spam",
                "signals": ["all_caps", {"name": "too_fast", "weight": 2.0, "detail": "1 s"}],
                "total_weight": 6.0,
            }
        ),
    ],
    RSFLOWHUB: [
        say(
            {
                "success": True,
                "data": {
                    "result": {
                        "is_spam": False,
                        "spam_score": 0.05,
                        "spam_category": None,
                        "reason": "Ordinary question.",
                    }
                },
                "meta": {"credits_used": 1, "credits_remaining": 840},
            }
        ),
        say(
            {
                "success": True,
                "data": {
                    "result": {
                        "is_spam": True,
                        "spam_score": 0.94,
                        "spam_category": "promotional",
                        "reason": "Unsolicited offer with a phone number.",
                        "is_toxic": True,
                        "toxicity_score": 0.6,
                        "contains_pii": True,
                        "pii_types": ["phone_number"],
                        "sanitized_text": "Call me at [REMOVED] for a FREE coin",
                    }
                },
                "request_id": "req_1",
                "meta": {"credits_used": 2, "credits_remaining": 838},
            }
        ),
    ],
    AKISMET: [
        Answer(200, b"false", {"x-akismet-guid": "g1"}),
        Answer(200, b"true", {"x-akismet-pro-tip": "discard"}),
        Answer(200, b"false", {"x-akismet-recheck-after": "3600"}),
    ],
    OOPSPAM: [
        say({"Score": 0, "Details": {"isIPBlocked": False, "isContentSpam": "nospam"}}),
        say({"Score": 6, "Details": {"isIPBlocked": True, "spamWords": ["casino"]}}),
    ],
    CLEANTALK: [
        say({"allow": 1, "spam": 0, "account_status": 1, "codes": "ALLOWED", "id": "0123"}),
        say(
            {
                "allow": 0,
                "spam": 1,
                "blacklisted": 1,
                "codes": "FORBIDDEN BL",
                "comment": "*** Forbidden. <b>Sender blacklisted.</b> ***",
            }
        ),
    ],
    STOPFORUMSPAM: [
        say({"success": 1, "ip": {"value": "203.0.113.9", "frequency": 0, "appears": 0}}),
        say(
            {
                "success": 1,
                "ip": {"frequency": 255, "appears": 1, "blacklisted": 1, "torexit": 1},
                "email": [{"frequency": 3, "appears": 1, "confidence": 41.2}],
            }
        ),
    ],
    GENERIC: [say({"success": True, "check": {"is_spam": True, "score": 0.9}, "log_id": "l1"})],
}
"""Each dialect and what its vendor says."""


def label(dialect: Dialect) -> str:
    """A name for a test's id."""
    return f"{dialect.name}{'-guide' if dialect == SIFTFY_GUIDE else ''}"


SERVERS: tuple[Both, ...] = (SIFTFY, SIFTFY_GUIDE, ACTIVELAYER, TOOLKITAPI, RSFLOWHUB, AKISMET)
FEEDBACK: tuple[TakesFeedback, ...] = (ACTIVELAYER, AKISMET, OOPSPAM, CLEANTALK)
VERIFYING: tuple[Verifies, ...] = (ACTIVELAYER, RSFLOWHUB, AKISMET)
COUNTING: tuple[ShowsUsage, ...] = (ACTIVELAYER, RSFLOWHUB, AKISMET)
BATCHES: tuple[ChecksMany, ...] = (ACTIVELAYER,)
NO_USAGE = Usage()
SUBMISSION = Submission(text="Hello", ip="203.0.113.9", email="ola@site.example", author="Ola")
