import json

import pytest

from fastapi_spamshield.dialects.cleantalk import CleanTalk
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import ANSWERS, CLEANTALK, KEY, names, refused, said, say

SUBMISSION = Submission(
    text="Hello",
    author="Ann",
    email="a@site.example",
    ip="8.8.8.8",
    elapsed=20.6,
    referrer="https://site.example/",
    user_agent="Mozilla/5.0",
    permalink="https://site.example/post",
)


def test_the_documented_request() -> None:
    call = CleanTalk(js_on=True).check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/api2.0")
    assert "Authorization" not in call.headers
    body = said(call)
    assert json.loads(body.pop("sender_info")) == {
        "REFFERRER": "https://site.example/",
        "REFERRER": "https://site.example/",
        "USER_AGENT": "Mozilla/5.0",
    }
    assert json.loads(body.pop("post_info")) == {
        "comment_type": "comment",
        "post_url": "https://site.example/post",
    }
    assert body == {
        "method_name": "check_message",
        "auth_key": KEY,
        "sender_ip": "8.8.8.8",
        "sender_email": "a@site.example",
        "sender_nickname": "Ann",
        "message": "Hello",
        "submit_time": 21,
        "js_on": 1,
        "response_lang": "en",
        "agent": "fastapi-spamshield",
    }


def test_it_keeps_to_what_it_says_it_sends() -> None:
    facts = CLEANTALK.facts
    assert {"text", "elapsed", "ip", "email"} <= set(facts.sends)
    assert facts.needs == ()


def test_a_sign_up_is_another_question() -> None:
    body = said(CLEANTALK.check(Submission(text="Ann", kind="signup"), KEY))
    assert body["method_name"] == "check_newuser"
    assert {"message", "js_on", "submit_time"}.isdisjoint(body)


def test_the_documented_answers() -> None:
    ham, spam = map(CLEANTALK.detection, ANSWERS[CLEANTALK])
    assert (ham.score, ham.category, ham.detection_id) == (0.0, None, "0123")
    assert names(ham) == ["allowed"]
    assert (spam.score, spam.category, spam.confidence) == (1.0, "bl", None)
    assert spam.reason == "Forbidden. Sender blacklisted."
    assert names(spam) == ["forbidden", "bl", "blacklisted"]
    assert spam.raw["synthetic"] is True
    unsure = CLEANTALK.detection(
        say({"allow": 0, "spam": 0, "codes": "DENIED_GREY_LIST", "stop_queue": 1})
    )
    assert (unsure.score, unsure.category) == (0.6, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "protocol"),
        ({"spam": 0, "codes": "ALLOWED"}, "protocol"),
        ({"allow": None}, "protocol"),
        ({"allow": "1"}, "protocol"),
        ({"allow": 2}, "protocol"),
        ({"allow": 1, "codes": ["ALLOWED"]}, "protocol"),
        ({"allow": 1, "errno": 7, "errstr": "x"}, "bad_request"),
        ({"allow": 1, "account_status": 0}, "auth"),
        ({"allow": 0, "codes": "FORBIDDEN KEY_NOT_FOUND"}, "auth"),
        ({"allow": 1, "codes": "SERVICE_DISABLED"}, "auth"),
        ({"allow": 0, "codes": "SERVICE_FREEZED"}, "quota"),
        ({"allow": 0, "codes": "TRIAL_EXPIRED"}, "quota"),
        ({"allow": 0, "codes": "ERR_CLIENT_IP_EQ_SERVER_IP"}, "bad_request"),
    ],
)
def test_what_is_not_about_the_text_is_no_detection(body: object, code: str) -> None:
    assert refused(CLEANTALK, say(body)).code == code


@pytest.mark.parametrize("errno", [0, "0", "", None], ids=repr)
def test_no_error_number_is_no_error(errno: object) -> None:
    assert CLEANTALK.detection(say({"allow": 1, "errno": errno})).score == 0.0


def test_feedback() -> None:
    for spam, correction in ((True, "id1:0"), (False, "id1:1")):
        call = CLEANTALK.feedback(SUBMISSION, "id1", spam=spam, key=KEY)
        assert not call.retryable
        assert said(call) == {
            "method_name": "send_feedback",
            "auth_key": KEY,
            "feedback": correction,
        }
    CLEANTALK.fed_back(say({"received": 1, "comment": "Thanks"}))
    for body in ({"received": 0}, {}):
        with pytest.raises(DetectorError, match="protocol"):
            CLEANTALK.fed_back(say(body))
    with pytest.raises(DetectorError, match="bad_request: there is no detection id"):
        CLEANTALK.feedback(SUBMISSION, None, spam=True, key=KEY)
