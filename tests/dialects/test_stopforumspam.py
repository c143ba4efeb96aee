import hashlib
from urllib.parse import parse_qsl

import pytest

from fastapi_spamshield.dialects.base import Answer, Call
from fastapi_spamshield.dialects.stopforumspam import StopForumSpam
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import ANSWERS, STOPFORUMSPAM, names, refused, say

SUBMISSION = Submission(text="Hi", ip="8.8.8.8", email="A@site.example", author="Ann")


def fields(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode(), strict_parsing=True))


def test_the_documented_request_has_no_text() -> None:
    call = STOPFORUMSPAM.check(SUBMISSION, None)
    assert (call.method, call.path) == ("POST", "/api")
    assert fields(call) == {
        "ip": "8.8.8.8",
        "email": "A@site.example",
        "username": "Ann",
        "json": "1",
        "confidence": "1",
    }
    assert not STOPFORUMSPAM.facts.needs_key


def test_the_email_can_be_hashed() -> None:
    sent = fields(StopForumSpam(hash_email=True).check(SUBMISSION, None))
    assert sent["emailhash"] == hashlib.md5(b"a@site.example").hexdigest()  # noqa: S324
    assert "email" not in sent
    assert "emailhash" not in fields(
        StopForumSpam(hash_email=True).check(Submission(text="", ip="8.8.8.8"), None)
    )


def test_something_of_the_sender_must_be_known() -> None:
    with pytest.raises(DetectorError, match="bad_request: nothing of the sender is known"):
        STOPFORUMSPAM.check(Submission(text="Hi", email=""), None)


def test_the_documented_answers() -> None:
    ham, spam = map(STOPFORUMSPAM.detection, ANSWERS[STOPFORUMSPAM])
    assert (ham.score, ham.category, ham.signals) == (0.0, None, ())
    assert (spam.score, spam.category, spam.confidence) == (1.0, "ip_reputation", None)
    assert names(spam) == ["ip_listed", "tor_exit", "email_listed"]
    assert spam.signals[0].detail == "Reported 255 times."


@pytest.mark.parametrize(
    ("listings", "score", "category"),
    [
        ({"ip": {"appears": 1, "frequency": 3, "confidence": 99.95}}, 0.9995, "ip_reputation"),
        ({"ip": {"appears": 1, "frequency": 5}}, 0.25, "ip_reputation"),
        ({"ip": {"appears": 1, "frequency": 90}}, 1.0, "ip_reputation"),
        ({"ip": {"appears": 0, "blacklisted": 1}}, 1.0, "ip_reputation"),
        ({"emailhash": {"appears": 1, "confidence": 60}}, 0.6, "email_reputation"),
        ({"username": {"appears": 1, "confidence": 80}}, 0.4, "username_reputation"),
        (
            {"ip": [{"appears": 0}, {"appears": 1, "confidence": 30}], "email": {"appears": 0}},
            0.3,
            "ip_reputation",
        ),
    ],
)
def test_scores(listings: dict[str, object], score: float, category: str) -> None:
    detection = STOPFORUMSPAM.detection(say({"success": 1, **listings}))
    assert (detection.score, detection.category) == (score, category)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (say({"success": 1}), "protocol"),
        (say({"success": 1, "ip": None}), "protocol"),
        (say({"success": 1, "ip": []}), "protocol"),
        (say({"success": 1, "ip": {"frequency": 3}}), "protocol"),
        (say({"success": 1, "ip": {"appears": "0"}}), "protocol"),
        (say({"success": 1, "ip": {"appears": 1, "confidence": 101}}), "protocol"),
        (say({"success": 1, "ip": "8.8.8.8"}), "protocol"),
        (say({"success": 0, "error": "invalid ip"}), "bad_request"),
        (say({"success": 0, "error": "Rate limit exceeded"}), "rate_limited"),
        (say({"ip": {"appears": 0}}), "bad_request"),
        (Answer(200, b'<response success="true"><appears>no</appears></response>'), "protocol"),
        (Answer(503), "unavailable"),
    ],
    ids=range(12),
)
def test_what_is_not_documented_is_no_detection(answer: Answer, code: str) -> None:
    assert refused(STOPFORUMSPAM, answer).code == code
