import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fastapi_spamshield import Detection, Pii, Signal, SpamPolicy, SpamVerdict, Submission

SECRET = "my secret words"


@pytest.fixture
def verdict() -> SpamVerdict:
    return SpamPolicy().judge(
        Detection(
            score=0.9,
            reason=SECRET,
            signals=(Signal(name="honeypot", weight=5.0, span=(0, 3)),),
            pii=(Pii(type="email", span=(0, 3)),),
            sanitized_text=SECRET,
            raw={"body": {SECRET: SECRET}},
        )
    )


def test_no_repr_shows_what_somebody_wrote(verdict: SpamVerdict) -> None:
    submission = Submission(text=SECRET, author=SECRET, email=SECRET, ip=SECRET, subject=SECRET)
    detection = Detection(
        score=0.5, reason=SECRET, sanitized_text=SECRET, detector="local", raw={"body": SECRET}
    )
    for shown in (submission, verdict, detection, verdict.pii):
        for text in (repr(shown), str(shown), f"{shown}"):
            assert SECRET not in text
    assert repr(submission) == "Submission(kind='comment', characters=15)"
    assert repr(detection) == "Detection(score=0.5, detector='local')"
    assert repr(verdict.pii[0]) == "Pii(type='email')"
    assert repr(verdict).startswith(
        f"SpamVerdict(id='{verdict.id}', status='checked', label='spam'"
    )


def test_a_verdict_keeps_what_a_service_said(verdict: SpamVerdict) -> None:
    assert verdict.raw == {"body": {SECRET: SECRET}}
    assert Pii(type="phone_number").span is None


def test_no_error_shows_it_either() -> None:
    with pytest.raises(ValidationError) as caught:
        Submission(text=SECRET, elapsed=SECRET)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert SECRET not in str(caught.value)


def test_values_are_frozen(verdict: SpamVerdict) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        verdict.score = 0.0  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_a_verdict_travels(verdict: SpamVerdict) -> None:
    assert SpamVerdict.model_validate_json(verdict.model_dump_json()) == verdict
    assert pickle.loads(pickle.dumps(verdict)) == verdict  # noqa: S301
    assert copy.deepcopy(verdict) == verdict


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_score_is_a_number_from_0_to_1(score: float) -> None:
    with pytest.raises(ValidationError):
        Detection(score=score)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Submission(text="x", colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_any_text_can_be_written_down(text: str) -> None:
    submission = Submission(text=text)
    assert len(submission.text) == len(text)
    json.dumps(submission.text, ensure_ascii=False).encode()


def test_ids_do_not_repeat() -> None:
    policy = SpamPolicy()
    assert len({policy.without_score("skipped").id for _ in range(1_000)}) == 1_000
