import math

import numpy as np
import pytest

from fastapi_spamshield.training.calibration import prior_for_rate, prior_for_share

LIMIT = math.log(0.7 / 0.3)


def test_the_share_of_ham_above_the_threshold() -> None:
    log_odds = np.concatenate([np.linspace(-4, 0, 10_000), np.linspace(-1, 5, 50)])
    spam = np.repeat([False, True], [10_000, 50])
    for rate in (0.001, 0.01, 0.2):
        above = log_odds[:10_000] + prior_for_rate(log_odds, spam, rate) > LIMIT
        assert above.sum() == 10_000 * rate


def test_with_little_ham_the_tail_is_extrapolated() -> None:
    random = np.random.default_rng(3)
    whole = random.exponential(size=200_000)
    spam = np.zeros(300, np.bool_)
    reached = [
        float(np.mean(whole + prior_for_rate(random.choice(whole, 300), spam, 0.003) > LIMIT))
        for _ in range(50)
    ]
    assert np.mean(reached) == pytest.approx(0.003, abs=0.001)
    assert max(reached) < 0.02


def test_it_never_lies_below_what_was_seen() -> None:
    log_odds = np.append(np.zeros(99), 7.0)
    prior = prior_for_rate(log_odds, np.zeros(100, np.bool_), 0.001)
    assert 7.0 + prior <= LIMIT
    assert prior_for_rate(np.array([2.0]), np.array([False]), 0.5) == pytest.approx(LIMIT - 2)


def test_the_mean_of_the_scores_is_the_share() -> None:
    random = np.random.default_rng(1)
    log_odds = np.concatenate([random.normal(-2, 2, 900), random.normal(3, 2, 30)])
    spam = np.repeat([False, True], [900, 30])
    for share in (0.01, 0.5, 0.9):
        scores = 1 / (1 + np.exp(-log_odds - prior_for_share(log_odds, spam, share)))
        mean = share * scores[spam].mean() + (1 - share) * scores[~spam].mean()
        assert mean == pytest.approx(share, abs=1e-6)
