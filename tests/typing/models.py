"""The exact type of each field that an editor shows; only type-checked."""

from collections.abc import Mapping
from typing import Any, Literal, assert_type

from fastapi_spamshield import Detection, Pii, Signal, SpamVerdict, Submission

ErrorCode = Literal[
    "unconfigured",
    "auth",
    "quota",
    "rate_limited",
    "bad_request",
    "payload_too_large",
    "unavailable",
    "timeout",
    "connection",
    "protocol",
]


def read(verdict: SpamVerdict) -> None:
    assert_type(verdict.id, str)
    assert_type(verdict.status, Literal["checked", "degraded", "bypassed", "skipped"])
    assert_type(verdict.label, Literal["ham", "suspicious", "spam", "unknown"])
    assert_type(verdict.action, Literal["allow", "review", "reject"])
    assert_type(verdict.is_spam, bool)
    assert_type(verdict.score, float | None)
    assert_type(verdict.threshold, float)
    assert_type(verdict.review_threshold, float)
    assert_type(verdict.confidence, float | None)
    assert_type(verdict.category, str | None)
    assert_type(verdict.reason, str | None)
    assert_type(verdict.signals, tuple[Signal, ...])
    assert_type(verdict.toxicity, float | None)
    assert_type(verdict.pii, tuple[Pii, ...])
    assert_type(verdict.sanitized_text, str | None)
    assert_type(verdict.detector, str | None)
    assert_type(verdict.detection_id, str | None)
    assert_type(verdict.raw, Mapping[str, Any])
    assert_type(verdict.latency_ms, float)
    assert_type(verdict.cached, bool)
    assert_type(verdict.shadow, bool)
    assert_type(verdict.shadow_action, Literal["allow", "review", "reject"] | None)
    assert_type(verdict.error, ErrorCode | None)


def never_a_score_without_a_measurement(verdict: SpamVerdict) -> bool:
    return verdict.score.is_integer()  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]


def no_such_word(verdict: SpamVerdict) -> bool:
    return verdict.action == "block"  # type: ignore[comparison-overlap]  # pyright: ignore[reportUnnecessaryComparison]


def frozen(verdict: SpamVerdict, submission: Submission) -> None:
    verdict.action = "allow"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    submission.text = ""  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def look_closer(signal: Signal, pii: Pii) -> None:
    assert_type(signal.name, str)
    assert_type(signal.weight, float)
    assert_type(signal.detail, str | None)
    assert_type(signal.source, str)
    assert_type(signal.field, str)
    assert_type(signal.span, tuple[int, int] | None)
    assert_type(pii.type, str)
    assert_type(pii.span, tuple[int, int] | None)


def read_what_was_sent(submission: Submission) -> None:
    assert_type(submission.text, str)
    assert_type(submission.author, str | None)
    assert_type(submission.email, str | None)
    assert_type(submission.subject, str | None)
    assert_type(submission.url, str | None)
    assert_type(submission.ip, str | None)
    assert_type(submission.user_agent, str | None)
    assert_type(submission.referrer, str | None)
    assert_type(submission.permalink, str | None)
    assert_type(submission.honeypot, str | None)
    assert_type(submission.elapsed, float | None)
    assert_type(submission.kind, str)
    assert_type(submission.language, str | None)
    assert_type(submission.event, Literal["create", "edit"])
    assert_type(submission.previous, str | None)
    assert_type(submission.tenant, str | None)
    assert_type(submission.extra, Mapping[str, Any])


def read_what_a_detector_said(detection: Detection) -> None:
    assert_type(detection.score, float)
    assert_type(detection.confidence, float | None)
    assert_type(detection.category, str | None)
    assert_type(detection.reason, str | None)
    assert_type(detection.signals, tuple[Signal, ...])
    assert_type(detection.toxicity, float | None)
    assert_type(detection.pii, tuple[Pii, ...])
    assert_type(detection.sanitized_text, str | None)
    assert_type(detection.detector, str | None)
    assert_type(detection.detection_id, str | None)
    assert_type(detection.raw, Mapping[str, Any])


Submission(text="x", author="Ann", elapsed=3, event="edit", previous="y", extra={"a": 1})
Submission()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Submission(text="x", autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
Detection(score=0.5, signals=(Signal(name="link", weight=1.5, span=(0, 4)),))
Detection()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
