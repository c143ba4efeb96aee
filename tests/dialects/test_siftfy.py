import json

import pytest

from fastapi_spamshield.dialects.base import Answer, Usage
from fastapi_spamshield.dialects.siftfy import SiftFy
from fastapi_spamshield.errors import ConfigurationError, DetectorError
from fastapi_spamshield.models import Signal, Submission
from fastapi_spamshield.policy import SpamPolicy
from tests.dialects.speaking import (
    KEY,
    SIFTFY,
    SIFTFY_GUIDE,
    judged,
    names,
    refused,
    said,
    say,
    wrong,
)

SUBMISSION = Submission(text="Cheap watches", ip="8.8.8.8")
SPAM = {
    "is_spam": True,
    "score": 0.91,
    "confidence": 0.95,
    "classification": "malicious_links",
    "details": {"contains_profanity": False, "link_count": 2, "urgent": True},
}


def test_the_documented_request() -> None:
    call = SIFTFY.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/v1/predict")
    assert call.headers["X-API-Key"] == KEY
    assert "Authorization" not in call.headers
    assert said(call) == {"text": "Cheap watches"}


def test_the_guides_request() -> None:
    call = SIFTFY_GUIDE.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/v1/analyze")
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert said(call) == {
        "text": "Cheap watches",
        "metadata": {"ip_address": "8.8.8.8", "user_agent": None},
    }


@pytest.mark.parametrize("dialect", [SIFTFY, SIFTFY_GUIDE], ids=["predict", "analyze"])
def test_either_answer_is_understood(dialect: SiftFy) -> None:
    predicted = dialect.detection(
        say({"spam_probability": 0.973, "likelihood": "high"}, x_request_id="r1")
    )
    assert (predicted.score, predicted.confidence, predicted.category) == (0.973, None, None)
    assert predicted.reason == "The likelihood of spam is high."
    assert names(predicted) == ["likelihood_high"]
    assert predicted.detection_id == "r1"
    analysed = dialect.detection(say(SPAM, x_ratelimit_daily_used="7"))
    assert (analysed.score, analysed.confidence) == (0.91, 0.95)
    assert analysed.category == "malicious_links"
    assert analysed.signals == (
        Signal(name="link_count", weight=0.0, source="siftfy", detail="2"),
        Signal(name="urgent", weight=0.0, source="siftfy"),
    )
    assert analysed.raw == {"body": SPAM, "headers": {"x-ratelimit-daily-used": "7"}}


def test_a_probability_alone_is_enough() -> None:
    detection = SIFTFY.detection(say({"spam_probability": 0}))
    assert (detection.score, detection.reason, detection.signals) == (0.0, None, ())


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"spam_probability": 1.01},
        {"spam_probability": -0.1},
        {"spam_probability": "0.1"},
        {"spam_probability": True},
        {"spam_probability": None},
        {"spam_probability": 0.1, "likelihood": 3},
        {"score": 0.1},
        {"is_spam": "false", "score": 0.1},
        {**SPAM, "confidence": 95},
        {**SPAM, "details": []},
    ],
)
def test_what_is_not_documented_is_no_detection(body: object) -> None:
    assert refused(SIFTFY, say(body)).code == "protocol"


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "auth"), (413, "payload_too_large"), (422, "bad_request"), (503, "unavailable")],
)
def test_its_errors(status: int, code: str) -> None:
    assert refused(SIFTFY, say({"detail": "no"}, status)).code == code


def test_any_429_is_about_the_rate() -> None:
    error = refused(SIFTFY, say({"detail": "daily quota"}, 429, retry_after="30"))
    assert (error.code, error.retry_after) == ("rate_limited", 30)


def test_each_form_has_its_bands() -> None:
    for dialect, score, label in (
        *((SIFTFY, 0.49, "ham"), (SIFTFY, 0.5, "suspicious"), (SIFTFY, 0.85, "spam")),
        *((SIFTFY_GUIDE, 0.4, "suspicious"), (SIFTFY_GUIDE, 0.8, "suspicious")),
        (SIFTFY_GUIDE, 0.801, "spam"),
    ):
        bands = dialect.facts.bands
        assert bands
        policy = SpamPolicy(threshold=bands.threshold, review_threshold=bands.review_threshold)
        assert policy.decide(score).label == label


def test_fewer_characters_can_be_sent() -> None:
    assert SiftFy(characters=2_000).facts.characters == 2_000
    assert SIFTFY.facts.characters == 20_000


def test_what_cannot_be_asked() -> None:
    with pytest.raises(DetectorError, match="bad_request"):
        SIFTFY.check(Submission(text=""), KEY)
    with pytest.raises(ConfigurationError, match="write 'predict' or 'analyze'"):
        SiftFy(api="classify")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("text", ["", "x" * 20_001])
def test_a_server_keeps_to_the_limits(text: str) -> None:
    call = SIFTFY.check(Submission(text="x"), KEY)
    call = call._replace(body=json.dumps({"text": text}).encode())
    error = wrong(SIFTFY, call)
    answer = SIFTFY.refuse(error, call)
    assert answer.status == 422
    body = json.loads(answer.body)
    assert body["detail"][0]["loc"] == ["body", "text"]
    assert body["request_id"] == answer.headers["x-request-id"]


def test_a_server_says_what_is_used() -> None:
    asked = SIFTFY.read(SIFTFY.check(SUBMISSION, KEY))
    verdict = judged(0.9)
    answer = SIFTFY.write(asked, [verdict], Usage(used=7, limit=10))
    assert json.loads(answer.body) == {"spam_probability": 0.9, "likelihood": "high"}
    assert answer.headers == {
        "content-type": "application/json",
        "x-request-id": verdict.id,
        "x-ratelimit-daily-used": "7",
        "x-ratelimit-daily-cap": "10",
    }
    refusal = SIFTFY.refuse(DetectorError("auth"), SIFTFY.check(SUBMISSION, None))
    assert (refusal.status, json.loads(refusal.body)["detail"]) == (401, "invalid api key")


def test_html_is_no_detection() -> None:
    assert refused(SIFTFY, Answer(200, b"<html>Sign in to the hotel's network</html>")).code == (
        "protocol"
    )
