import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import ConfigurationError, Detection, SpamPolicy

SCORES = st.floats(0, 1)


def test_defaults() -> None:
    policy = SpamPolicy()
    assert (policy.review_threshold, policy.threshold) == (0.3, 0.7)
    assert (policy.on_spam, policy.on_error, policy.shadow) == ("reject", "review", False)
    assert policy.status_code == 403


@pytest.mark.parametrize(
    ("score", "label", "action"),
    [
        (0.0, "ham", "allow"),
        (0.29999, "ham", "allow"),
        (0.3, "suspicious", "review"),
        (0.7, "suspicious", "review"),
        (0.70001, "spam", "reject"),
        (1.0, "spam", "reject"),
        (None, "unknown", "review"),
    ],
)
def test_bands(score: float | None, label: str, action: str) -> None:
    decision = SpamPolicy().decide(score)
    assert (decision.label, decision.action, decision.is_spam) == (label, action, label == "spam")


@given(SCORES, SCORES)
def test_a_higher_score_is_never_treated_more_kindly(one: float, other: float) -> None:
    policy = SpamPolicy()
    order = ["allow", "review", "reject"]
    low, high = sorted((one, other))
    assert order.index(policy.decide(low).action) <= order.index(policy.decide(high).action)


@given(SCORES)
def test_any_threshold_is_valid(threshold: float) -> None:
    policy = SpamPolicy(threshold=threshold)
    assert policy.review_threshold <= policy.threshold == threshold


@pytest.mark.parametrize(
    ("strictness", "bands"), [("low", (0.5, 0.9)), ("medium", (0.3, 0.7)), ("high", (0.15, 0.5))]
)
def test_strictness(strictness: Any, bands: tuple[float, float]) -> None:
    for policy in (SpamPolicy(strictness=strictness), SpamPolicy().override(strictness=strictness)):
        assert (policy.review_threshold, policy.threshold) == bands


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"threshold": 1.1}, "threshold: Input should be less than or equal to 1"),
        ({"threshold": math.nan}, "threshold: Input should be a finite number"),
        ({"threshold": "0.5"}, "threshold: Input should be a valid number"),
        ({"threshold": True}, "threshold: Input should be a valid number"),
        ({"threshold": 0.2, "review_threshold": 0.3}, "review_threshold=0.3 lies above"),
        ({"strictness": "hard"}, "strictness: "),
        ({"status_code": 200}, "status_code: "),
        ({"thresold": 0.2}, r"Did you mean 'threshold'\?"),
    ],
)
def test_wrong_options(options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        SpamPolicy(**options)


def test_override_replaces_what_is_given() -> None:
    policy = SpamPolicy(threshold=0.8, review_threshold=0.5, shadow=True)
    assert policy.override() is policy
    assert policy.override(threshold=None) is policy
    changed = policy.override(threshold=0.9)
    assert (changed.review_threshold, changed.threshold, changed.shadow) == (0.5, 0.9, True)
    assert policy.override(threshold=0.4).review_threshold == 0.4
    assert policy.override(review_threshold=0.1).threshold == 0.8
    assert policy.override(strictness="high", threshold=0.6).review_threshold == 0.15
    with pytest.raises(ConfigurationError, match=r"review_threshold=0\.9 lies above"):
        policy.override(review_threshold=0.9)


def test_verdicts_carry_what_was_found() -> None:
    detection = Detection(score=0.5, confidence=0.4, category="seo", reason="why", detection_id="7")
    verdict = SpamPolicy().judge(detection, detector="local", latency_ms=1.5, id="a")
    assert (verdict.id, verdict.status, verdict.label, verdict.score) == (
        "a",
        "checked",
        "suspicious",
        0.5,
    )
    assert (verdict.confidence, verdict.category, verdict.reason) == (0.4, "seo", "why")
    assert (verdict.detection_id, verdict.detector, verdict.latency_ms) == ("7", "local", 1.5)


def test_what_was_not_measured_has_no_score() -> None:
    policy = SpamPolicy(on_error="reject")
    degraded = policy.without_score("degraded", error="timeout")
    assert (degraded.score, degraded.label, degraded.is_spam) == (None, "unknown", False)
    assert (degraded.action, degraded.error) == ("reject", "timeout")
    for status in ("bypassed", "skipped"):
        verdict = policy.without_score(status)
        assert (verdict.score, verdict.label, verdict.action) == (None, "unknown", "allow")


def test_shadow_records_what_it_would_have_done() -> None:
    policy = SpamPolicy(shadow=True, on_error="reject")
    verdict = policy.judge(Detection(score=0.9))
    assert (verdict.action, verdict.shadow, verdict.shadow_action) == ("allow", True, "reject")
    assert (verdict.label, verdict.is_spam) == ("spam", True)
    assert policy.without_score("degraded").shadow_action == "reject"
    assert policy.without_score("bypassed").shadow_action == "allow"
    assert SpamPolicy().judge(Detection(score=0.9)).shadow_action is None


@pytest.mark.parametrize(
    ("policy", "bands"),
    [
        (SpamPolicy(), (0.5, 0.85)),
        (SpamPolicy(shadow=True), (0.5, 0.85)),
        (SpamPolicy().override(on_spam="inject"), (0.5, 0.85)),
        (SpamPolicy(threshold=0.9), (0.5, 0.9)),
        (SpamPolicy(threshold=0.4), (0.4, 0.4)),
        (SpamPolicy(review_threshold=0.2), (0.2, 0.85)),
        (SpamPolicy(review_threshold=0.2).override(status_code=400), (0.2, 0.85)),
        (SpamPolicy(threshold=1.0, review_threshold=0.9).override(threshold=0.95), (0.9, 0.95)),
        (SpamPolicy(strictness="medium"), (0.3, 0.7)),
        (SpamPolicy().override(strictness="high"), (0.15, 0.5)),
        (SpamPolicy().override(threshold=0.6), (0.5, 0.6)),
        (SpamPolicy().override(threshold=0.7), (0.5, 0.7)),
    ],
)
def test_bands_of_a_service_apply_where_none_are_written(
    policy: SpamPolicy, bands: tuple[float, float]
) -> None:
    verdict = policy.judge(Detection(score=0.86, bands=(0.5, 0.85)))
    assert (verdict.review_threshold, verdict.threshold) == bands
    assert verdict.is_spam is (bands[1] < 0.86)
    without = policy.judge(Detection(score=0.86))
    assert (without.review_threshold, without.threshold) == policy.bands()
    assert policy.bands() == (policy.review_threshold, policy.threshold)


def test_a_lone_review_threshold_lifts_the_bands_of_a_service() -> None:
    policy = SpamPolicy(review_threshold=0.6)
    assert policy.bands((0.2, 0.4)) == (0.6, 0.6)


def test_what_was_written_tells_policies_apart() -> None:
    assert SpamPolicy(threshold=0.7) != SpamPolicy()
    assert SpamPolicy(threshold=0.7).model_dump() == SpamPolicy().model_dump()
    policies: list[Any] = [SpamPolicy(threshold=0.7), SpamPolicy(), SpamPolicy()]
    assert len(set(policies)) == 2


def test_a_verdict_says_that_it_was_remembered() -> None:
    assert SpamPolicy().judge(Detection(score=0.1, cached=True)).cached
    assert not SpamPolicy().judge(Detection(score=0.1)).cached
