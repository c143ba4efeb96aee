import json
from urllib.parse import parse_qsl

import pytest

from fastapi_spamshield.dialects.akismet import Akismet
from fastapi_spamshield.dialects.base import Answer, Call, Usage
from fastapi_spamshield.errors import ConfigurationError, DetectorError
from fastapi_spamshield.models import Submission
from tests.dialects.speaking import AKISMET, KEY, NO_USAGE, judged, names, refused, wrong

SUBMISSION = Submission(
    text="Hi there",
    author="Ola",
    email="ola@site.example",
    ip="8.8.8.8",
    user_agent="Mozilla/5.0",
    kind="contact",
    honeypot="",
)


def fields(call: Call) -> dict[str, str]:
    return dict(parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True))


def plain(word: str, **headers: str) -> Answer:
    named = {f"x-akismet-{name.replace('_', '-')}": text for name, text in headers.items()}
    return Answer(200, word.encode(), named)


def test_the_documented_request() -> None:
    call = AKISMET.check(SUBMISSION, KEY)
    assert (call.method, call.path) == ("POST", "/1.1/comment-check")
    assert call.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert fields(call) == {
        "api_key": KEY,
        "blog": "https://site.example",
        "user_ip": "8.8.8.8",
        "user_agent": "Mozilla/5.0",
        "comment_type": "contact-form",
        "comment_author": "Ola",
        "comment_author_email": "ola@site.example",
        "comment_content": "Hi there",
        "honeypot_field_name": "spamshield_website",
        "spamshield_website": "",
    }


def test_options_an_edit_and_further_fields() -> None:
    dialect = Akismet(
        blog="https://site.example", honeypot_field="website2", blog_lang="en, nb", is_test=True
    )
    extra = {"user_role": "administrator", "api_key": "no", "n": 3, "flag": True, "list": [1]}
    submission = Submission(
        text="Hi", ip="8.8.8.8", event="edit", honeypot="x", referrer="https://r", extra=extra
    )
    sent = fields(dialect.check(submission, KEY))
    assert sent["referrer"] == "https://r"
    assert sent["recheck_reason"] == "edit"
    assert (sent["blog_lang"], sent["is_test"]) == ("en, nb", "1")
    assert (sent["honeypot_field_name"], sent["website2"]) == ("website2", "x")
    assert (sent["user_role"], sent["n"], sent["flag"]) == ("administrator", "3", "1")
    assert sent["api_key"] == KEY
    assert "list" not in sent


def test_what_cannot_be_asked() -> None:
    with pytest.raises(DetectorError, match="bad_request: there is no public address"):
        AKISMET.check(Submission(text="Hi"), KEY)
    with pytest.raises(ConfigurationError, match="write it with https:// in front"):
        Akismet(blog="site.example")
    for name in ("comment_content", "api_key", "comment_type"):
        with pytest.raises(ConfigurationError, match="Akismet has a field of that name"):
            Akismet(blog="https://site.example", honeypot_field=name)


@pytest.mark.parametrize(
    ("answer", "score", "category", "signals"),
    [
        (plain("true"), 0.9, None, []),
        (plain("false"), 0.0, None, []),
        (plain(" true\r\n"), 0.9, None, []),
        (plain("true", pro_tip="discard"), 1.0, "blatant", ["pro_tip_discard"]),
        (plain("false", recheck_after="3600"), 0.5, None, ["recheck_after"]),
        (plain("false", alert_code="10005"), 0.0, None, ["account_alert_10005"]),
        (plain("true", alert_code="10508"), 0.9, None, ["account_alert_10508"]),
    ],
    ids=range(7),
)
def test_its_answers(
    answer: Answer, score: float, category: str | None, signals: list[str]
) -> None:
    detection = AKISMET.detection(answer)
    assert (detection.score, detection.category, detection.confidence) == (score, category, None)
    assert names(detection) == signals
    assert detection.raw["synthetic"] is True
    assert detection.raw["headers"] == answer.headers


def test_its_id_is_kept() -> None:
    assert AKISMET.detection(plain("false", guid="g1")).detection_id == "g1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (plain("invalid"), "auth"),
        (plain("invalid", debug_help='Empty "API_KEY" value.'), "auth"),
        (plain("invalid", debug_help='Empty "blog" value.'), "bad_request"),
        (plain("", debug_help="We need an address."), "bad_request"),
        (plain("invalid", alert_code="10508"), "quota"),
        (plain("true", error="Your account is suspended"), "auth"),
        (plain("false", error="Limit passed"), "quota"),
        (plain(""), "protocol"),
        (plain("True"), "protocol"),
        (plain("1"), "protocol"),
        (plain('{"spam": false}'), "protocol"),
        (plain("<html>false</html>"), "protocol"),
        (Answer(200, b"\xff\xfe"), "protocol"),
        (Answer(429, b"false"), "rate_limited"),
        (Answer(503, b"false"), "unavailable"),
    ],
    ids=range(15),
)
def test_anything_else_is_an_error_and_no_ham(answer: Answer, code: str) -> None:
    assert refused(AKISMET, answer).code == code


def test_a_correction_sends_what_was_sent() -> None:
    checked = fields(AKISMET.check(SUBMISSION, KEY))
    for spam, path in ((True, "/1.1/submit-spam"), (False, "/1.1/submit-ham")):
        call = AKISMET.feedback(SUBMISSION, None, spam=spam, key=KEY)
        assert (call.path, fields(call)) == (path, checked)
    AKISMET.fed_back(plain("Thanks for making the web a better place."))
    for word, code in (("Invalid Key", "auth"), ("invalid", "auth"), ("true", "protocol")):
        with pytest.raises(DetectorError, match=f"^{code}"):
            AKISMET.fed_back(plain(word))


def test_a_key_is_verified_under_another_name() -> None:
    call = AKISMET.verify(KEY)
    assert call.path == "/1.1/verify-key"
    assert fields(call) == {"key": KEY, "api_key": KEY, "blog": "https://site.example"}
    AKISMET.verified(plain("valid"))
    for word, code in (("invalid", "auth"), ("", "protocol")):
        with pytest.raises(DetectorError, match=f"^{code}"):
            AKISMET.verified(plain(word))


def test_the_documented_usage() -> None:
    body = b'{"limit": 350000, "usage": 7463, "percentage": "2.13", "throttled": false}'
    assert AKISMET.used(Answer(200, body)) == Usage(7463, 350000, 342537, "month")
    assert AKISMET.used(Answer(200, b'{"limit": "none", "usage": 7}')) == Usage(
        7, None, None, "month"
    )
    with pytest.raises(DetectorError, match="protocol"):
        AKISMET.used(plain("invalid"))


def test_a_server_finds_the_key_in_every_place() -> None:
    host = {"Host": "abcdef123456.rest.akismet.com"}
    for call, key in (
        (Call("/1.1/comment-check", b"api_key=k&blog=b"), "k"),
        (Call("/1.1/verify-key", b"key=k&blog=b"), "k"),
        (Call("/1.1/verify-key", b"api_key=k&blog=b"), "k"),
        (Call("/1.2/usage-limit?api_key=k", method="GET"), "k"),
        (Call("/1.1/comment-check", b"blog=b", host), "abcdef123456"),
        (Call("/1.1/comment-check", b"blog=b", {"host": "rest.akismet.com"}), None),
        (Call("/1.1/comment-check", b"key=k"), None),
    ):
        assert AKISMET.key_of(call) == key


def test_a_server_takes_no_json() -> None:
    body = json.dumps({"api_key": KEY, "blog": "b", "user_ip": "8.8.8.8"}).encode()
    call = Call("/1.1/comment-check", body, {"content-type": "application/json"})
    assert AKISMET.key_of(call) is None
    answer = AKISMET.refuse(wrong(AKISMET, call), call)
    assert (answer.status, answer.body) == (200, b"invalid")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-akismet-debug-help"] == 'Empty "api_key" value.'


@pytest.mark.parametrize(
    ("body", "help_text"),
    [(b"api_key=k", "blog"), (b"api_key=k&blog=b", "user_ip"), (b"api_key=k&blog=", "blog")],
)
def test_a_server_says_what_is_missing(body: bytes, help_text: str) -> None:
    call = Call("/1.1/comment-check", body)
    answer = AKISMET.refuse(wrong(AKISMET, call), call)
    assert answer.body == b"invalid"
    assert answer.headers["x-akismet-debug-help"] == f'Empty "{help_text}" value.'


def test_a_server_reads_the_smallest_request() -> None:
    asked = AKISMET.read(Call("/1.1/comment-check", b"api_key=k&blog=b&user_ip=8.8.8.8&n=1"))
    assert asked.submissions == (Submission(text="", ip="8.8.8.8", extra={"n": "1"}),)
    trap = b"api_key=k&blog=b&user_ip=8.8.8.8&honeypot_field_name=gone"
    [submission] = AKISMET.read(Call("/1.1/comment-check", trap)).submissions
    assert submission.honeypot is None


@pytest.mark.parametrize(
    ("score", "word", "headers"),
    [
        (0.1, b"false", set[str]()),
        (0.5, b"false", {"x-akismet-recheck-after"}),
        (0.9, b"true", set[str]()),
        (1.0, b"true", {"x-akismet-pro-tip"}),
    ],
)
def test_a_server_answers(score: float, word: bytes, headers: set[str]) -> None:
    asked = AKISMET.read(AKISMET.check(SUBMISSION, KEY))
    verdict = judged(score)
    answer = AKISMET.write(asked, [verdict], NO_USAGE)
    assert (answer.status, answer.body) == (200, word)
    assert answer.headers["x-akismet-guid"] == verdict.id
    assert set(answer.headers) == {"content-type", "x-akismet-guid", *headers}


def test_a_server_says_what_is_used() -> None:
    asked = AKISMET.read(Call("/1.2/usage-limit?api_key=k", method="GET"))
    for usage, body in (
        (
            Usage(used=7463, limit=350000, remaining=0),
            {"limit": 350000, "usage": 7463, "percentage": "2.13", "throttled": True},
        ),
        (NO_USAGE, {"limit": "none", "usage": 0, "percentage": "0.00", "throttled": False}),
    ):
        assert json.loads(AKISMET.write(asked, [], usage).body) == body
