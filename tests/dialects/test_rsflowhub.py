import json

import pytest

from fastapi_spamshield.dialects.base import Answer, Call, Usage
from fastapi_spamshield.dialects.rsflowhub import RSFlowHub
from fastapi_spamshield.errors import ConfigurationError, DetectorError
from fastapi_spamshield.models import Pii, Submission
from tests.dialects.speaking import (
    ANSWERS,
    KEY,
    NO_USAGE,
    RSFLOWHUB,
    judged,
    names,
    refused,
    said,
    say,
    wrong,
)

SUBMISSION = Submission(text="Call me at 555-010-0000 for a FREE coin")


def test_the_documented_request() -> None:
    dialect = RSFlowHub(
        strictness="high",
        detect_toxicity=True,
        detect_pii=True,
        return_sanitized=True,
        model="small",
    )
    call = dialect.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/api/v1/ai/spam-detection")
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert said(call) == {
        "text": SUBMISSION.text,
        "content_type": "blog_comment",
        "strictness": "high",
        "detect_toxicity": True,
        "detect_pii": True,
        "return_sanitized": True,
        "model": "small",
    }
    plain = said(RSFlowHub().check(Submission(text="a", kind="email"), KEY))
    assert (plain["content_type"], plain["strictness"]) == ("email", "medium")
    assert "model" not in plain


def test_the_documented_answer() -> None:
    ham, spam = map(RSFLOWHUB.detection, ANSWERS[RSFLOWHUB])
    assert (ham.score, ham.category, ham.reason) == (0.05, None, "Ordinary question.")
    assert (ham.toxicity, ham.pii, ham.sanitized_text, ham.signals) == (None, (), None, ())
    assert (spam.score, spam.category, spam.confidence) == (0.94, "promotional", None)
    assert spam.toxicity == 0.6
    assert spam.pii == (Pii(type="phone_number"),)
    assert spam.sanitized_text == "Call me at [REMOVED] for a FREE coin"
    assert names(spam) == ["promotional", "toxic", "pii_phone_number"]
    assert spam.detection_id == "req_1"
    assert spam.raw["body"]["meta"]["credits_remaining"] == 838


def result(**changes: object) -> Answer:
    body = {"is_spam": False, "spam_score": 0.05, **changes}
    return say({"success": True, "data": {"result": body}})


@pytest.mark.parametrize(
    "answer",
    [
        say({}),
        say([]),
        say({"success": False}),
        say({"success": "true", "data": {"result": {"is_spam": False, "spam_score": 0}}}),
        say({"success": False, "data": {"result": {"is_spam": False, "spam_score": 0}}}),
        say({"success": False, "error": {"code": ["INVALID_API_KEY"]}}),
        result(spam_score=1.5),
        result(spam_score=None),
        result(is_spam=0),
        result(toxicity_score=2),
        result(pii_types="phone"),
        Answer(200, b""),
        Answer(204),
    ],
    ids=range(13),
)
def test_what_is_not_documented_is_no_detection(answer: Answer) -> None:
    assert refused(RSFLOWHUB, answer).code == "protocol"


@pytest.mark.parametrize(
    ("status", "word", "code"),
    [
        (401, "API_KEY_MISSING", "auth"),
        (401, "INVALID_API_KEY", "auth"),
        (401, "UNAUTHORIZED", "auth"),
        (402, "INSUFFICIENT_CREDITS", "quota"),
        (403, "USER_INACTIVE", "auth"),
        (404, "ENDPOINT_NOT_FOUND", "bad_request"),
        (405, "METHOD_NOT_ALLOWED", "bad_request"),
        (415, "UNSUPPORTED_MEDIA_TYPE", "bad_request"),
        (422, "VALIDATION_ERROR", "bad_request"),
        (429, "RATE_LIMIT_EXCEEDED", "rate_limited"),
        (500, "INTERNAL_SERVER_ERROR", "unavailable"),
        (503, "PROVIDER_UNAVAILABLE", "unavailable"),
        (503, "NEW_CODE", "unavailable"),
        (200, "INSUFFICIENT_CREDITS", "quota"),
    ],
)
def test_its_errors(status: int, word: str, code: str) -> None:
    answer = say({"success": False, "request_id": "r", "error": {"code": word}}, status)
    assert refused(RSFLOWHUB, answer).code == code


def test_the_wait_stands_in_the_body() -> None:
    error = {"code": "RATE_LIMIT_EXCEEDED", "details": {"retry_after_seconds": 38}}
    assert refused(RSFLOWHUB, say({"success": False, "error": error}, 429)).retry_after == 38


def test_what_cannot_be_asked() -> None:
    with pytest.raises(DetectorError, match="bad_request"):
        RSFLOWHUB.check(Submission(text=""), KEY)
    with pytest.raises(ConfigurationError, match="write one of low, medium, high"):
        RSFlowHub(strictness="extreme")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_the_documented_usage() -> None:
    account = {"billing_mode": "credits", "credits_remaining": 838, "plan": {"key": "free"}}
    assert RSFLOWHUB.used(say({"success": True, "data": account})) == Usage(remaining=838)
    with pytest.raises(DetectorError, match="auth"):
        RSFLOWHUB.verified(say({"success": False, "error": {"code": "INVALID_API_KEY"}}, 401))


def test_a_server_takes_the_key_from_the_body_too() -> None:
    assert RSFLOWHUB.key_of(Call("/", json.dumps({"api_key": KEY}).encode())) == KEY
    assert RSFLOWHUB.key_of(Call("/", b'{"api_key": 3}')) is None


def test_a_server_answers_what_was_asked_for() -> None:
    for dialect, toxicity, more in (
        (RSFlowHub(), 0.9, set[str]()),
        (RSFlowHub(detect_toxicity=True), 0.9, {"is_toxic", "toxicity_score"}),
        (RSFlowHub(detect_toxicity=True), None, set[str]()),
        (RSFlowHub(detect_pii=True), None, {"contains_pii", "pii_types"}),
        (RSFlowHub(return_sanitized=True), None, {"sanitized_text"}),
    ):
        asked = dialect.read(dialect.check(SUBMISSION, KEY))
        answer = dialect.write(asked, [judged(0.2, toxicity=toxicity)], Usage(remaining=4))
        body = json.loads(answer.body)
        assert set(body["data"]["result"]) - more == {
            *("is_spam", "spam_score", "spam_category", "reason"),
        }
        assert more <= set(body["data"]["result"])
        assert body["meta"] == {"credits_used": 1, "credits_remaining": 4}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x" * 5_001}, "text"),
        ({"text": ""}, "text"),
        ({}, "text"),
        ({"text": "x", "strictness": "extreme"}, "strictness"),
        ([], "body"),
    ],
)
def test_a_server_says_what_is_wrong(body: object, field: str) -> None:
    call = Call("/api/v1/ai/spam-detection", json.dumps(body).encode())
    answer = RSFLOWHUB.refuse(wrong(RSFLOWHUB, call), call)
    said = json.loads(answer.body)
    assert answer.status == 422
    assert said["success"] is False
    assert said["error"]["code"] == "VALIDATION_ERROR"
    assert list(said["error"]["details"]) == [field]
    assert said["meta"] == {"version": "v1"}


def test_a_server_tells_a_missing_key_from_a_wrong_one() -> None:
    for key, code in ((KEY, "INVALID_API_KEY"), (None, "API_KEY_MISSING")):
        answer = RSFLOWHUB.refuse(DetectorError("auth"), RSFLOWHUB.check(SUBMISSION, key))
        assert answer.status == 401
        assert json.loads(answer.body)["error"]["code"] == code


def test_a_server_reads_a_request_without_a_kind() -> None:
    asked = RSFLOWHUB.read(Call("/api/v1/ai/spam-detection", b'{"text": "a"}'))
    assert asked.submissions == (Submission(text="a"),)
    assert RSFLOWHUB.write(asked, [judged(0.2)], NO_USAGE).status == 200
