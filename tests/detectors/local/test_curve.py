import math

import pytest

from fastapi_spamshield.detectors.local.curve import score_of


@pytest.mark.parametrize(
    ("weight", "score"),
    [(0, 0.018), (1, 0.047), (2, 0.119), (3, 0.269), (4, 0.5), (5, 0.731), (6, 0.881)],
)
def test_known_points(weight: float, score: float) -> None:
    assert round(score_of(weight), 3) == score


def test_more_evidence_never_lowers_the_score() -> None:
    scores = [score_of(step / 10) for step in range(-100, 400)]
    assert scores == sorted(scores)
    assert all(0 < score <= 1 for score in scores)


def test_it_is_the_logistic_function() -> None:
    score = score_of(7.25)
    assert math.log(score / (1 - score)) == pytest.approx(3.25)
