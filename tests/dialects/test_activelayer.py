import json

import pytest

from fastapi_spamshield.dialects.activelayer import ActiveLayer
from fastapi_spamshield.dialects.base import Answer, Call, Usage
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import (
    ACTIVELAYER,
    KEY,
    judged,
    names,
    refused,
    said,
    say,
    wrong,
)

SUBMISSION = Submission(
    text="Hello, do you ship to Norway?",
    email="kari@site.example",
    author="Kari",
    ip="8.8.8.8",
    user_agent="Mozilla/5.0",
    kind="contact",
    permalink="https://shop.example/contact",
    honeypot="",
)


def test_the_documented_request() -> None:
    call = ACTIVELAYER.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/check")
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert said(call) == {
        "message": "Hello, do you ship to Norway?",
        "email": "kari@site.example",
        "name": "Kari",
        "website_url": "",
        "ip": "8.8.8.8",
        "user_agent": "Mozilla/5.0",
        "data_type": "form",
        "context": {
            "site_url": "https://shop.example",
            "post_url": "https://shop.example/contact",
            "honeypot_signals": {"honeypot_filled": False, "honeypot_value": ""},
        },
    }
    assert said(ActiveLayer().check(Submission(text="a"), KEY))["context"] == {}


@pytest.mark.parametrize(
    ("kind", "path", "data_type"),
    [
        ("comment", "/check-comment", "comment"),
        ("review", "/check-comment", "review"),
        ("signup", "/check", "user_registration"),
        ("chat", "/check", "form"),
    ],
)
def test_each_kind_goes_to_its_address(kind: str, path: str, data_type: str) -> None:
    call = ACTIVELAYER.check(Submission(text="a", kind=kind), KEY)
    assert (call.path, said(call)["data_type"]) == (path, data_type)


def test_the_answer_that_the_plugin_reads() -> None:
    detection = ACTIVELAYER.detection(
        say({"is_spam": False, "total_score": 6, "detection_id": "d1", "execution_time": 41})
    )
    assert (detection.score, detection.confidence) == (0.06, None)
    assert detection.detection_id == "d1"
    assert detection.raw["body"]["execution_time"] == 41
    assert "synthetic" not in detection.raw


def test_the_guides_answer() -> None:
    detection = ACTIVELAYER.detection(
        say({"spam": True, "confidence": 0.97, "signals": ["suspicious URL", {"code": "X"}, 1]})
    )
    # The confidence may be about the verdict, so it is no score.
    assert (detection.score, detection.confidence) == (1.0, 0.97)
    assert detection.raw["synthetic"] is True
    assert names(detection) == ["suspicious_url", "x"]
    assert detection.reason == "suspicious URL"
    assert ACTIVELAYER.detection(say({"spam": False, "confidence": 0.97})).score == 0.0


def test_a_confidence_may_be_in_percent() -> None:
    said = {"is_spam": True, "total_score": 97.5, "confidence": 88}
    detection = ACTIVELAYER.detection(say(said))
    assert (detection.score, detection.confidence) == (0.975, 0.88)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"total_score": 6},
        {"is_spam": "false", "total_score": 6},
        {"is_spam": False, "total_score": 101},
        {"is_spam": False, "total_score": -1},
        {"is_spam": False, "total_score": "6"},
        {"is_spam": False, "confidence": 101},
        {"is_spam": False, "signals": "none"},
        {"success": False, "is_spam": False, "total_score": 6},
    ],
)
def test_what_is_not_documented_is_no_detection(body: object) -> None:
    assert refused(ACTIVELAYER, say(body)).code == "protocol"


def test_one_status_stands_for_two_limits() -> None:
    minute = say({"success": False, "error": "Rate Limit Exceeded", "remaining": 0}, 429)
    assert refused(ACTIVELAYER, minute).code == "rate_limited"
    month = say({"success": False, "message": "Monthly limit reached", "remaining": 0}, 429)
    assert refused(ACTIVELAYER, month).code == "quota"
    assert refused(ACTIVELAYER, Answer(429, b"<html>", {"retry-after": "9"})).retry_after == 9


def test_a_batch_keeps_what_went_wrong_in_its_place() -> None:
    call = ACTIVELAYER.check_many([SUBMISSION, Submission(text="b")], KEY)
    assert call.path == "/check/batch"
    assert [item["message"] for item in said(call)["items"]] == [SUBMISSION.text, "b"]
    assert ACTIVELAYER.batch_size == 100
    first, second = ACTIVELAYER.detections(
        say({"results": [{"is_spam": True, "total_score": 97}, {"is_spam": None}]})
    )
    assert not isinstance(first, DetectorError)
    assert first.score == 0.97
    assert isinstance(second, DetectorError)
    assert second.code == "protocol"
    with pytest.raises(DetectorError, match="results: missing"):
        ACTIVELAYER.detections(say({}))


def test_feedback_needs_the_id() -> None:
    call = ACTIVELAYER.feedback(SUBMISSION, "d1", spam=False, key=KEY)
    assert (call.path, said(call)) == ("/feedback", {"detection_id": "d1", "is_spam": False})
    with pytest.raises(DetectorError, match="bad_request: there is no detection id"):
        ACTIVELAYER.feedback(SUBMISSION, None, spam=False, key=KEY)


def test_the_documented_usage() -> None:
    usage = {"total_requests": 1000, "used_requests": 12, "remaining_requests": 988}
    period = {"type": "monthly", "month": 11, "year": 2026}
    answer = say({"success": True, "data": {"usage": usage, "period": period}})
    assert ACTIVELAYER.used(answer) == Usage(12, 1000, 988, "month")
    assert ACTIVELAYER.used(say({"data": {"usage": {"used_requests": "12"}}})) == Usage(12)
    for odd in (b'{"success": false}', b"[]"):
        with pytest.raises(DetectorError, match="protocol"):
            ACTIVELAYER.used(Answer(200, odd))


@pytest.mark.parametrize(
    ("path", "headers", "body"),
    [
        ("/check", {"authorization": f"bearer {KEY}"}, {}),
        ("/check", {"X-Api-Key": KEY}, {}),
        ("/check", {}, {"api_key": KEY}),
        (f"/check?api_key={KEY}", {}, {"api_key": 3}),
    ],
)
def test_a_server_finds_the_key_in_every_place(
    path: str, headers: dict[str, str], body: object
) -> None:
    assert ACTIVELAYER.key_of(Call(path, json.dumps(body).encode(), headers)) == KEY


def test_a_server_says_what_is_wrong() -> None:
    call = Call("/check", b'{"message": ""}')
    answer = ACTIVELAYER.refuse(wrong(ACTIVELAYER, call), call)
    assert answer.status == 422
    assert json.loads(answer.body)["details"][0]["loc"] == ["body", "message"]
    assert ACTIVELAYER.read(call._replace(body=b'{"email": "a@b"}')).action == "check"
    limited = ACTIVELAYER.refuse(DetectorError("rate_limited", retry_after=9), call)
    assert (limited.status, limited.headers["retry-after"]) == (429, "9")
    assert json.loads(limited.body) == {
        "success": False,
        "error": "Rate Limit Exceeded",
        "remaining": 0,
    }
    unknown = Call("/feedback", b'{"detection_id": "", "is_spam": true}')
    assert wrong(ACTIVELAYER, unknown).code == "bad_request"


def test_a_server_hears_of_a_trap_that_was_filled() -> None:
    for signals, honeypot in (
        ({"honeypot_filled": True}, "filled"),
        ({"honeypot_filled": True, "honeypot_value": "x"}, "x"),
        ({}, ""),
    ):
        body = {"message": "a", "context": {"honeypot_signals": signals}}
        [read] = ACTIVELAYER.read(Call("/check", json.dumps(body).encode())).submissions
        assert read.honeypot == honeypot


def test_a_server_answers() -> None:
    verdict = judged(0.97)
    asked = ACTIVELAYER.read(ACTIVELAYER.check(SUBMISSION, KEY))
    body = json.loads(ACTIVELAYER.write(asked, [verdict], Usage()).body)
    assert body == {
        "is_spam": True,
        "total_score": 97.0,
        "confidence": None,
        "signals": [],
        "detection_id": verdict.id,
        "execution_time": 0,
    }
