"""The weights that a verdict shows are all there is to its score."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import LocalDetector, SpamPolicy, Submission
from fastapi_spamshield.detectors.local.curve import score_of

DATA = Path(__file__).parents[2] / "data"


def texts() -> Iterator[str]:
    for name in ("ham", "spam"):
        for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)["text"]


TEXTS = list(texts())

BESIDE = st.fixed_dictionaries(
    {
        "subject": st.none() | st.sampled_from(TEXTS),
        "author": st.none() | st.sampled_from(["Ada", "casino.com", "Maria Garcia"]),
        "email": st.none() | st.sampled_from(["a", "a@yopmail.com", "john.smith@b.example"]),
        "honeypot": st.none() | st.sampled_from(["", "x"]),
        "elapsed": st.none() | st.floats(-10, 10),
        "form_token": st.none()
        | st.sampled_from(["valid", "missing", "forged", "expired", "foreign", "used"]),
    }
)


def require_that_it_adds_up(submission: Submission) -> None:
    detection = LocalDetector().judge(submission)
    weights = [signal.weight for signal in detection.signals]
    assert detection.score == pytest.approx(score_of(math.fsum(weights)), abs=1e-9)
    assert weights == sorted(weights, reverse=True)
    account = SpamPolicy().judge(detection, detector="local").explain(submission)
    shown = [float(one) for one in re.findall(r"^ *([+-]\d+\.\d\d)  ", account, re.MULTILINE)]
    assert shown[:-1] == [pytest.approx(weight, abs=0.006) for weight in weights]
    assert shown[-1] == pytest.approx(math.fsum(weights), abs=0.006)


@pytest.mark.parametrize("start", range(0, len(TEXTS), 49))
def test_of_all_test_texts(start: int) -> None:
    for text in TEXTS[start : start + 49]:
        require_that_it_adds_up(Submission(text=text))


@given(st.sampled_from(TEXTS), st.sampled_from(["", "\n\u202e\x1b[0m"]), BESIDE)
def test_with_all_that_is_known_beside(text: str, more: str, beside: dict[str, object]) -> None:
    require_that_it_adds_up(Submission.model_validate({"text": text + more, **beside}))
