"""Five small vendors as the generic dialect describes them, and what it refuses."""

from typing import Any

import pytest

from fastapi_spamshield.dialects.base import up_from
from fastapi_spamshield.dialects.generic import GenericJson
from fastapi_spamshield.errors import ConfigurationError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import GENERIC, KEY, names, refused, said, say

SUBMISSION = Submission(text="Buy now", email="a@site.example", ip="8.8.8.8")

FORMSENTRY = GenericJson(
    name="formsentry",
    base_url="https://api.formsentry.ai",
    path="/v1/verify",
    auth_header=None,
    key_field="apiKey",
    request={"payload.message": "text", "payload.email": "email"},
    constants={"formId": "f1"},
    spam="status",
    spam_values=("spam",),
    ham_values=("legitimate",),
    confidence="confidence",
    reasons="reasoning",
    detection_id="submissionId",
)
KIREIFILTER = GenericJson(
    name="kireifilter",
    base_url="https://kireifilter.net",
    path="/api/v1/spam-check",
    request={"content": "text", "metadata.ip": "ip"},
    constants={"type": "comment"},
    score="score",
    spam="isSpam",
    reasons="reasons",
    bands=up_from(0.3, 0.5),
)
SPAMHUNTER = GenericJson(
    name="spamhunter",
    base_url="https://api.spamhunter.io",
    path="/v1/check",
    auth_header="X-API-Key",
    auth_scheme="",
    request={"content": "text", "ip": "ip"},
    score="spam_score",
    bands=up_from(0.3, 0.6),
)
CLOUDMERSIVE = GenericJson(
    name="cloudmersive",
    base_url="https://api.cloudmersive.com",
    path="/spam/detect/text-string",
    auth_header="Apikey",
    auth_scheme="",
    request={"InputString": "text"},
    constants={"AllowPhishing": False},
    spam="CleanResult",
    inverted=True,
)


def test_formsentry() -> None:
    call = FORMSENTRY.check(SUBMISSION, KEY)
    assert call.path == "/v1/verify"
    assert "Authorization" not in call.headers
    assert said(call) == {
        "apiKey": KEY,
        "formId": "f1",
        "payload": {"message": "Buy now", "email": "a@site.example"},
    }
    body = {"status": "spam", "confidence": 0.8, "reasoning": "An offer.", "submissionId": "s1"}
    detection = FORMSENTRY.detection(say(body))
    assert (detection.score, detection.confidence) == (1.0, 0.8)
    assert (detection.reason, detection.detection_id) == ("An offer.", "s1")
    assert detection.raw["synthetic"] is True
    # How sure it is of ham is no score of spam.
    ham = FORMSENTRY.detection(say({**body, "status": "legitimate", "confidence": 0.99}))
    assert (ham.score, ham.confidence) == (0.0, 0.99)
    for wrong in ({"status": "unknown"}, {"status": True}, {}, {"status": None}):
        assert refused(FORMSENTRY, say(wrong)).code == "protocol"
    for confidence in ("0.8", 8, True):
        assert refused(FORMSENTRY, say({**body, "confidence": confidence})).code == "protocol"


def test_kireifilter() -> None:
    call = KIREIFILTER.check(SUBMISSION, KEY)
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert said(call) == {"type": "comment", "content": "Buy now", "metadata": {"ip": "8.8.8.8"}}
    assert said(KIREIFILTER.check(Submission(text="a"), KEY)) == {"type": "comment", "content": "a"}
    detection = KIREIFILTER.detection(
        say({"isSpam": True, "score": 0.7, "reasons": ["Too many links", "URL only"]})
    )
    assert detection.score == 0.7
    assert names(detection) == ["too_many_links", "url_only"]
    assert detection.reason == "Too many links"
    assert "synthetic" not in detection.raw


def test_spamhunter() -> None:
    call = SPAMHUNTER.check(SUBMISSION, KEY)
    assert call.headers["X-API-Key"] == KEY
    assert SPAMHUNTER.detection(say({"spam_score": 0.6})).score == 0.6
    odd: list[object] = [*({"spam_score": wrong} for wrong in (60, -0.1, "0.6")), {}, [], 7]
    for body in odd:
        assert refused(SPAMHUNTER, say(body)).code == "protocol"
    assert SPAMHUNTER.facts.bands == up_from(0.3, 0.6)
    assert SPAMHUNTER.facts.sends == ("text", "ip")


def test_jigsawstack() -> None:
    body = {"success": True, "check": {"is_spam": True, "score": 0.9}, "log_id": "l1"}
    detection = GENERIC.detection(say(body))
    assert (detection.score, detection.detection_id) == (0.9, "l1")
    odd: list[tuple[str, object]] = [("success", False), ("success", None)]
    odd += [("check", []), ("check", {})]
    for name, value in odd:
        assert refused(GENERIC, say({**body, name: value})).code == "protocol"


def test_cloudmersive_says_clean() -> None:
    assert said(CLOUDMERSIVE.check(SUBMISSION, KEY)) == {
        "AllowPhishing": False,
        "InputString": "Buy now",
    }
    assert CLOUDMERSIVE.detection(say({"CleanResult": True})).score == 0.0
    assert CLOUDMERSIVE.detection(say({"CleanResult": False})).score == 1.0
    for body in ({"CleanResult": 1}, {"CleanResult": 0}, {"CleanResult": "true"}, {}):
        assert refused(CLOUDMERSIVE, say(body)).code == "protocol"


def described(**options: Any) -> GenericJson:
    options = {"name": "x", "base_url": "https://x.example", "path": "/", **options}
    return GenericJson(**options)


def test_scale_clamp_and_inversion() -> None:
    percent = described(score="results.0.score", scale=100)
    assert percent.detection(say({"results": [{"score": 25}]})).score == 0.25
    odd: list[object] = [[], [{}], {"0": 1}]
    for results in odd:
        assert refused(percent, say({"results": results})).code == "protocol"
    clamped = described(score="score", scale=10, clamp=True, inverted=True)
    for value, score in ((-5, 1.0), (4, 0.6), (99, 0.0)):
        assert clamped.detection(say({"score": value})).score == score


def test_a_list_may_be_the_answer() -> None:
    dialect = described(score="0.score", category="0.label", reasons="0.codes")
    detection = dialect.detection(say([{"score": 0.5, "label": "ads", "codes": [7, None, True]}]))
    assert (detection.score, detection.category, names(detection)) == (0.5, "ads", ["7"])


def test_a_key_of_no_use() -> None:
    free = described(score="s", auth_header=None)
    assert not free.facts.needs_key
    assert "Authorization" not in free.check(SUBMISSION, KEY).headers
    assert described(score="s").facts.needs_key
    assert FORMSENTRY.facts.needs_key
    assert described(score="s", request={"ip": "ip"}).facts.needs == ()


def test_it_is_a_value() -> None:
    assert described(score="s") == described(score="s")
    assert hash(described(score="s")) == hash(described(score="s"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "Write score= or spam="),
        ({"score": "s", "request": {"a": "txet"}}, r"\['txet'\]: these are no fields"),
        ({"score": "s", "scale": 0}, "scale=0: write the number that means 1"),
        ({"score": "s", "bands": (30, 70)}, "write two scores from 0 to 1"),
        ({"score": "s", "bands": (0.9, 0.1)}, "review before refuse"),
        ({"score": "s", "path": "judge"}, "path='judge': write it with a slash in front"),
        ({"score": "s", "path": "@evil.example/x"}, "with a slash in front"),
        ({"score": "s", "path": "//evil.example/x"}, "with a slash in front"),
        ({"score": "s", "path": "/x?key=K"}, "without a query"),
        ({"score": "s", "scale": float("nan")}, "scale=nan"),
        ({"score": "s", "constants": {"text.x": 1}}, "'text' and 'text.x' are the same place"),
        ({"score": "s", "key_field": "text"}, "'text' and 'text' are the same place"),
    ],
)
def test_what_cannot_be_described(options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        described(**options)
