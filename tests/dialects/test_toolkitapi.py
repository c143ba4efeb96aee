import json
import math

import pytest

from fastapi_spamshield.dialects.base import Call, Usage
from fastapi_spamshield.dialects.toolkitapi import ToolkitAPI
from fastapi_spamshield.errors import ConfigurationError, DetectorError
from fastapi_spamshield.models import Signal, Submission
from tests.dialects.speaking import KEY, TOOLKITAPI, judged, names, refused, said, say, wrong

SUBMISSION = Submission(
    text="BUY NOW!!!", email="x@site.example", honeypot="", elapsed=1.4, author="Ola"
)


def test_the_documented_request_has_no_nulls() -> None:
    call = TOOLKITAPI.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/v1/auth/spam-score")
    assert call.headers["X-API-Key"] == KEY
    assert said(call) == {
        "body": "BUY NOW!!!",
        "name": "Ola",
        "email": "x@site.example",
        "honeypot": "",
        "elapsed_seconds": 1.4,
    }


def test_path_and_key_can_be_changed() -> None:
    bearer = ToolkitAPI(path="/v1/email/form-spam-score", auth="bearer")
    call = bearer.check(SUBMISSION, KEY)
    assert call.path == "/v1/email/form-spam-score"
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert bearer.routes == {"/v1/email/form-spam-score": ("POST",)}
    rapid = ToolkitAPI(auth="rapidapi", rapidapi_host="toolkit.p.rapidapi.com")
    headers = rapid.check(SUBMISSION, KEY).headers
    assert headers["X-RapidAPI-Key"] == KEY
    assert headers["X-RapidAPI-Host"] == "toolkit.p.rapidapi.com"
    assert rapid.facts.base_url == "https://toolkit.p.rapidapi.com"
    for dialect in (TOOLKITAPI, bearer, rapid):
        assert TOOLKITAPI.key_of(dialect.check(SUBMISSION, KEY)) == KEY


def test_options_that_do_not_fit() -> None:
    with pytest.raises(ConfigurationError, match="write 'x-api-key', 'bearer' or 'rapidapi'"):
        ToolkitAPI(auth="basic")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with pytest.raises(ConfigurationError, match="with a slash in front"):
        ToolkitAPI(path=".evil.example/x")
    for options in ({"auth": "rapidapi"}, {"rapidapi_host": "x"}):
        with pytest.raises(ConfigurationError, match="go together"):
            ToolkitAPI(**options)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_the_documented_answer() -> None:
    detection = TOOLKITAPI.detection(
        say(
            {"score": 0.018, "verdict": "ham", "signals": [], "total_weight": 0.0},
            x_ratelimit_remaining="41",
        )
    )
    assert (detection.score, detection.confidence, detection.category) == (0.018, None, None)
    assert detection.raw["headers"] == {"x-ratelimit-remaining": "41"}


def test_signals_of_any_shape_come_strongest_first() -> None:
    signals = [
        "all_caps",
        {"type": "Too fast", "weight": 2, "description": "1.4 s"},
        {"name": "spam_phrases", "weight": 2.5},
        {"name": "odd", "weight": "heavy"},
        {"name": "huge", "weight": 10**400},
        {"weight": 3},
        7,
    ]
    detection = TOOLKITAPI.detection(say({"score": 0.881, "signals": signals}))
    assert detection.signals[:2] == (
        Signal(name="spam_phrases", weight=2.5, source="toolkitapi"),
        Signal(name="too_fast", weight=2.0, source="toolkitapi", detail="1.4 s"),
    )
    assert names(detection)[2:] == ["all_caps", "odd", "huge"]
    assert detection.category == "spam_phrases"
    assert detection.reason == "spam_phrases, too_fast, all_caps, odd, huge"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 7.5},
        {"score": "0.5"},
        {"score": 0.5, "verdict": "maybe"},
        {"score": 0.5, "signals": {}},
        {"score": 0.5, "total_weight": "4"},
    ],
)
def test_what_is_not_documented_is_no_detection(body: object) -> None:
    assert refused(TOOLKITAPI, say(body)).code == "protocol"


def test_its_errors() -> None:
    for status, code in ((401, "auth"), (402, "quota"), (403, "auth"), (422, "bad_request")):
        assert refused(TOOLKITAPI, say({"detail": "no"}, status)).code == code


def test_the_end_of_the_window_says_when_to_come_back() -> None:
    headers = {"x_ratelimit_reset": "1795572060", "date": "Wed, 25 Nov 2026 02:00:00 GMT"}
    error = refused(TOOLKITAPI, say({"detail": "Rate limit exceeded."}, 429, **headers))
    assert (error.code, error.retry_after) == ("rate_limited", 1795572060 - 1795572000)


def test_a_server_answers_on_the_curve() -> None:
    asked = TOOLKITAPI.read(TOOLKITAPI.check(SUBMISSION, KEY))
    for score, weight in ((0.018, 0.0), (0.731, 5.0), (0.5, 4.0), (0.881, 6.0)):
        verdict = judged(score, signals=(Signal(name="too_fast", weight=2.0, detail="1 s"),))
        usage = Usage(limit=100, remaining=41, resets_at=1795572060)
        answer = TOOLKITAPI.write(asked, [verdict], usage)
        body = json.loads(answer.body)
        assert body["score"] == score
        assert body["verdict"] == verdict.label
        assert math.isclose(body["total_weight"], weight, abs_tol=0.01)
        assert body["signals"] == [{"name": "too_fast", "weight": 2.0, "detail": "1 s"}]
        assert answer.headers["x-ratelimit-limit"] == "100"
        assert answer.headers["x-ratelimit-remaining"] == "41"
        assert answer.headers["x-ratelimit-reset"] == "1795572060"


def test_a_server_refuses_in_the_vendors_words() -> None:
    call = Call("/v1/auth/spam-score", b'{"body": 3}')
    for code, status, detail in (
        ("auth", 401, "Invalid or missing API key"),
        ("rate_limited", 429, "Rate limit exceeded. Please try again later."),
    ):
        answer = TOOLKITAPI.refuse(DetectorError(code), call)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        assert (answer.status, json.loads(answer.body)) == (status, {"detail": detail})
    answer = TOOLKITAPI.refuse(wrong(TOOLKITAPI, call), call)
    assert answer.status == 422
    assert json.loads(answer.body)["detail"] == [
        {"loc": ["body", "body"], "msg": "Input should be a valid string", "type": "string_type"}
    ]
