"""What one side of a dialect writes, its other side reads back."""

import json
import math
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.detectors.outgoing import pack
from fastapi_spamshield.dialects.base import Asked, Call, Usage
from fastapi_spamshield.dialects.sending import public_address
from fastapi_spamshield.errors import DetectorError, ErrorCode
from fastapi_spamshield.models import Pii, Signal, Submission
from fastapi_spamshield.policy import SpamPolicy
from tests.dialects.speaking import (
    ACTIVELAYER,
    AKISMET,
    KEY,
    NO_USAGE,
    RSFLOWHUB,
    SERVERS,
    SIFTFY,
    SIFTFY_GUIDE,
    SUBMISSION,
    TOOLKITAPI,
    Both,
    attempt,
    judged,
    label,
    refused,
    wrong,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SUBMISSIONS = st.builds(
    Submission,
    text=WORD,
    author=st.none() | TEXT,
    email=st.none() | TEXT,
    subject=st.none() | TEXT,
    url=st.none() | TEXT,
    ip=st.ip_addresses().map(str).filter(public_address),
    user_agent=st.none() | TEXT,
    referrer=st.none() | TEXT,
    permalink=st.none() | TEXT,
    honeypot=st.none() | TEXT,
    elapsed=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    kind=st.sampled_from(["comment", "contact", "review", "signup"]),
    event=st.sampled_from(["create", "edit"]),
    extra=st.dictionaries(st.sampled_from(["comment_context[0]", "è&="]), TEXT),
)
SCORES = st.integers(0, 1000).map(lambda thousandth: thousandth / 1000)
each_server = pytest.mark.parametrize("dialect", SERVERS, ids=label)


def leaving(submission: Submission, dialect: Both) -> Submission:
    """All that the vendor reads."""
    outgoing = pack(
        submission, dialect.facts.sends, characters=dialect.facts.characters, mask_pii=False
    )
    assert outgoing.submission.text == submission.text
    # It always leaves; whether the vendor reads it is another thing.
    kind = submission.kind if "kind" in dialect.facts.sends else "comment"
    return outgoing.submission.model_copy(update={"kind": kind})


def normal(dialect: Both, submission: Submission) -> dict[str, Any]:
    """A submission as far as the vendor carries it: some have no null."""
    values = submission.model_dump()
    if dialect is ACTIVELAYER:
        empty = ("author", "email", "url", "ip", "user_agent")
        values |= {name: values[name] or None for name in empty}
    return values


@each_server
@given(submission=SUBMISSIONS)
def test_a_server_reads_what_the_client_wrote(dialect: Both, submission: Submission) -> None:
    sent = leaving(submission, dialect)
    asked = dialect.read(dialect.check(sent, KEY))
    [read] = asked.submissions
    assert asked.action == "check"
    assert normal(dialect, read) == normal(dialect, sent)


@each_server
def test_a_server_finds_the_key_and_knows_the_path(dialect: Both) -> None:
    call = dialect.check(SUBMISSION, KEY)
    assert dialect.key_of(call) == KEY
    assert dialect.key_of(dialect.check(SUBMISSION, None)) is None
    assert call.method in dialect.routes[call.path]
    assert KEY not in call.path
    shouted = call._replace(headers={name.upper(): text for name, text in call.headers.items()})
    assert dialect.key_of(shouted) == KEY


@each_server
@given(score=SCORES, confidence=st.none() | SCORES, toxicity=st.none() | SCORES)
def test_a_client_reads_what_the_server_wrote(
    dialect: Both, score: float, confidence: float | None, toxicity: float | None
) -> None:
    policy = SpamPolicy()
    verdict = judged(
        score,
        policy,
        confidence=confidence,
        toxicity=toxicity,
        category="promotional",
        reason="An offer.",
        signals=(Signal(name="too_fast", weight=2.0, detail="1 s"),),
        pii=(Pii(type="phone_number", span=(0, 3)),),
        sanitized_text="[REMOVED]",
    )
    asked = dialect.read(dialect.check(SUBMISSION, KEY))
    detection = dialect.detection(dialect.write(asked, [verdict], NO_USAGE))
    assert policy.decide(detection.score).label == verdict.label
    if dialect is not AKISMET:
        assert detection.score == pytest.approx(score, abs=1e-9)
    if dialect in (SIFTFY_GUIDE, ACTIVELAYER):
        assert detection.confidence == confidence
    else:
        assert detection.confidence is None
    if dialect is not TOOLKITAPI:
        assert detection.detection_id == verdict.id
    if dialect is RSFLOWHUB:
        assert detection.toxicity == toxicity
        assert detection.pii == (Pii(type="phone_number"),)
        assert detection.sanitized_text == "[REMOVED]"
        assert detection.reason == "An offer."
    if dialect in (SIFTFY_GUIDE, ACTIVELAYER, TOOLKITAPI):
        assert [signal.name for signal in detection.signals] == ["too_fast"]


@given(score=st.floats(0, 1))
def test_toolkitapis_weight_lies_on_its_curve(score: float) -> None:
    asked = TOOLKITAPI.read(TOOLKITAPI.check(SUBMISSION, KEY))
    said = json.loads(TOOLKITAPI.write(asked, [judged(score)], NO_USAGE).body)
    assert said["score"] == pytest.approx(score, abs=0.0005001)
    assert 1 / (1 + math.exp(4 - said["total_weight"])) == pytest.approx(said["score"], abs=0.0011)


@each_server
def test_what_was_not_measured_has_no_answer(dialect: Both) -> None:
    asked = dialect.read(dialect.check(SUBMISSION, KEY))
    verdict = SpamPolicy(on_error="allow").without_score("degraded", error="timeout")
    with pytest.raises(DetectorError, match="unavailable"):
        dialect.write(asked, [verdict], NO_USAGE)


def expected(dialect: Both, code: ErrorCode) -> ErrorCode:
    if dialect in (SIFTFY, SIFTFY_GUIDE) and code == "quota":
        return "rate_limited"  # It has one status for both.
    if dialect is RSFLOWHUB and code == "payload_too_large":
        return "bad_request"  # Likewise.
    return code


CODES: tuple[ErrorCode, ...] = (
    *("auth", "quota", "rate_limited", "bad_request", "payload_too_large", "unavailable"),
)


@each_server
@pytest.mark.parametrize("code", CODES)
def test_a_client_reads_why_it_was_refused(dialect: Both, code: ErrorCode) -> None:
    call = dialect.check(SUBMISSION, KEY)
    error = refused(dialect, dialect.refuse(DetectorError(code), call))
    assert error.code == expected(dialect, code)
    assert error.retry_after is None


@each_server
def test_a_client_reads_when_to_come_back(dialect: Both) -> None:
    call = dialect.check(SUBMISSION, KEY)
    answer = dialect.refuse(DetectorError("rate_limited", retry_after=37.5), call)
    assert refused(dialect, answer).retry_after in (37.5, 38)
    assert all(name == name.lower() for name in answer.headers)


@each_server
def test_a_missing_key_is_refused_as_one(dialect: Both) -> None:
    call = dialect.check(SUBMISSION, None)
    assert refused(dialect, dialect.refuse(DetectorError("auth"), call)).code == "auth"


PARTS = st.sampled_from(
    [
        *("api_key", "key", "blog", "user_ip", "honeypot_field_name", "comment_type"),
        *("text", "message", "body", "metadata", "context", "8.8.8.8"),
    ]
)
FORMS = st.dictionaries(PARTS, PARTS | TEXT).map(lambda form: urlencode(form).encode())
OBJECTS = st.dictionaries(PARTS, st.none() | st.booleans() | PARTS | TEXT | st.floats()).map(
    lambda value: json.dumps(value).encode()
)


@each_server
@given(
    body=st.binary(max_size=60) | FORMS | OBJECTS,
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""]),
)
def test_any_request_is_read_or_refused(dialect: Both, body: bytes, kind: str) -> None:
    for path, methods in dialect.routes.items():
        call = Call(path, body, {"Content-Type": kind}, methods[0])
        dialect.key_of(call)
        asked = attempt(dialect.read, call)
        if isinstance(asked, DetectorError):
            assert asked.__context__ is None
            assert asked.code in ("bad_request", "payload_too_large")
            assert dialect.refuse(asked, call).status in (200, 413, 422)
        else:
            assert asked.action in ("check", "verify", "usage", "sites", "feedback")


@given(submissions=st.lists(SUBMISSIONS, min_size=1, max_size=3), scores=st.data())
def test_a_batch_comes_back_in_order(submissions: list[Submission], scores: st.DataObject) -> None:
    sent = [leaving(each, ACTIVELAYER) for each in submissions]
    asked = ACTIVELAYER.read(ACTIVELAYER.check_many(sent, KEY))
    assert asked.action == "check_many"
    read = [normal(ACTIVELAYER, each) for each in asked.submissions]
    assert read == [normal(ACTIVELAYER, each) for each in sent]
    verdicts = [judged(scores.draw(SCORES)) for _ in sent]
    found = ACTIVELAYER.detections(ACTIVELAYER.write(asked, verdicts, NO_USAGE))
    assert [each.detection_id for each in found if not isinstance(each, DetectorError)] == [
        verdict.id for verdict in verdicts
    ]


@pytest.mark.parametrize("spam", [True, False])
def test_a_correction_arrives(spam: bool) -> None:
    for dialect, detection_id, sent, site in (
        (ACTIVELAYER, "d1", (), None),
        (AKISMET, None, (SUBMISSION,), "site.example"),
    ):
        call = dialect.feedback(SUBMISSION, "d1", spam=spam, key=KEY)
        assert not call.retryable
        assert dialect.key_of(call) == KEY
        assert dialect.read(call) == Asked(
            action="feedback", submissions=sent, spam=spam, detection_id=detection_id, site=site
        )
        dialect.fed_back(dialect.write(dialect.read(call), [], NO_USAGE))


def test_a_key_can_be_verified() -> None:
    for dialect in (ACTIVELAYER, RSFLOWHUB, AKISMET):
        call = dialect.verify(KEY)
        assert dialect.key_of(call) == KEY
        assert call.method in dialect.routes[call.path]
        dialect.verified(dialect.write(dialect.read(call), [], NO_USAGE))
        with pytest.raises(DetectorError, match="auth"):
            dialect.verified(dialect.refuse(DetectorError("auth"), call))


def test_a_usage_comes_back() -> None:
    month = Usage(used=12, limit=1000, remaining=988, period="month")
    for dialect, carried in (
        (ACTIVELAYER, month),
        (AKISMET, month),
        (RSFLOWHUB, Usage(remaining=988)),
    ):
        call = dialect.usage(KEY)
        assert call.method in dialect.routes[call.path]
        assert dialect.used(dialect.write(dialect.read(call), [], month)) == carried
        assert dialect.used(dialect.write(dialect.read(call), [], NO_USAGE)).limit is None


def test_a_request_of_too_many_bytes_is_refused() -> None:
    for dialect in (SIFTFY, SIFTFY_GUIDE):
        call = dialect.check(Submission(text="é" * 13_000), KEY)
        error = wrong(dialect, call)
        assert error.code == "payload_too_large"
        assert dialect.refuse(error, call).status == 413
