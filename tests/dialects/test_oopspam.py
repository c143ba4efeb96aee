import pytest

from fastapi_spamshield.dialects.base import Answer
from fastapi_spamshield.dialects.oopspam import OOPSpam
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import KEY, OOPSPAM, names, refused, said, say

SUBMISSION = Submission(text="Thanks!", ip="8.8.8.8", email="ola@site.example")


def test_the_documented_request() -> None:
    call = OOPSPAM.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/spamdetection")
    assert call.headers["X-Api-Key"] == KEY
    assert said(call) == {
        "content": "Thanks!",
        "senderIP": "8.8.8.8",
        "email": "ola@site.example",
        "checkForLength": False,
        "blockTempEmail": False,
        "blockVPN": False,
        "blockDC": False,
    }


def test_options() -> None:
    dialect = OOPSpam(
        check_for_length=True,
        block_vpn=True,
        allowed_languages=("en", "nb"),
        blocked_countries=("XX",),
        rapidapi=True,
    )
    call = dialect.check(Submission(text="", email="a@b.example"), KEY)
    body = said(call)
    assert (body["checkForLength"], body["blockVPN"]) == (True, True)
    assert (body["allowedLanguages"], body["blockedCountries"]) == (["en", "nb"], ["XX"])
    assert "allowedCountries" not in body
    assert "senderIP" not in body
    assert call.headers["X-Rapidapi-Key"] == KEY
    assert call.headers["X-Rapidapi-Host"] == "oopspam.p.rapidapi.com"
    assert dialect.facts.base_url == "https://oopspam.p.rapidapi.com/v1"
    assert OOPSPAM.facts.base_url == "https://api.oopspam.com/v1"
    with pytest.raises(DetectorError, match="bad_request: there is nothing to judge"):
        OOPSPAM.check(Submission(text=""), KEY)


def test_the_documented_answers() -> None:
    details = {
        "isIPBlocked": False,
        "isEmailBlocked": False,
        "isContentSpam": "nospam",
        "langMatch": True,
        "numberOfSpamWords": 0,
        "isContentTooShort": False,
    }
    ham = OOPSPAM.detection(say({"Score": 0, "Details": details}))
    assert (ham.score, ham.category, ham.reason, ham.signals) == (0.0, None, None, ())
    spam = OOPSPAM.detection(say({"Score": 6, "Details": {"isIPBlocked": True}}, 201))
    assert (spam.score, spam.category, spam.confidence) == (1.0, "ip_blocked", None)
    many = {"isEmailBlocked": True, "isContentSpam": "spam", "spamWords": ["casino"]}
    found = OOPSPAM.detection(say({"Score": 3, "Details": many}, x_ratelimit_remaining="7"))
    assert found.score == 0.5
    assert names(found) == ["email_blocked", "content_spam", "spam_words"]
    assert found.reason == "email blocked, content spam, spam words"
    assert found.raw["headers"] == {"x-ratelimit-remaining": "7"}
    assert OOPSPAM.detection(say({"Score": 1.5})).score == 0.25


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"Score": 7},
        {"Score": -1},
        {"Score": "6"},
        {"Score": None},
        {"score": 6},
        {"Score": 0, "Details": []},
        {"Score": 0, "Details": {"isIPBlocked": "no"}},
        {"Score": 0, "Details": {"isContentSpam": True}},
    ],
)
def test_what_is_not_documented_is_no_detection(body: object) -> None:
    assert refused(OOPSPAM, say(body)).code == "protocol"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (say({"message": "no"}, 401), "auth"),
        (say({"message": "no"}, 406), "bad_request"),
        (say({}, 429), "rate_limited"),
        (say({}, 429, x_ratelimit_remaining="3"), "rate_limited"),
        (say({}, 429, x_ratelimit_remaining="0"), "quota"),
        (say({}, 429, x_ratelimit_requests_remaining="0"), "quota"),
        (Answer(500, b"<html>"), "unavailable"),
    ],
    ids=range(7),
)
def test_its_errors(answer: Answer, code: str) -> None:
    assert refused(OOPSPAM, answer).code == code


def test_feedback() -> None:
    call = OOPSPAM.feedback(SUBMISSION, None, spam=True, key=KEY)
    assert (call.path, call.retryable) == ("/spamdetection/report", False)
    assert said(call) == {**said(OOPSPAM.check(SUBMISSION, KEY)), "shouldBeSpam": True}
    OOPSPAM.fed_back(say({"message": "success"}))
    with pytest.raises(DetectorError, match="bad_request"):
        OOPSPAM.fed_back(say({}, 400))
