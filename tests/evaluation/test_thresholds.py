import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.evaluation.intervals import needed
from fastapi_spamshield.evaluation.metrics import Scores, Spam
from fastapi_spamshield.evaluation.thresholds import choose, from_here_up


def texts(ham: Scores, spam: Scores) -> tuple[Scores, Spam]:
    return np.concatenate([ham, spam]), np.repeat([False, True], [len(ham), len(spam)])


def test_a_promise_that_is_kept() -> None:
    scores, spam = texts(np.linspace(0, 0.4, 10_000), np.linspace(0.3, 1, 1_000))
    choice = choose(scores, spam, 0.005)
    assert choice.kept
    assert choice.false_positive_rate.high <= 0.005
    # The lowest that keeps it: a little lower, and the interval ends above.
    assert choice.threshold == pytest.approx(0.3986, abs=3e-4)
    assert choice.recall.value == pytest.approx(1 - (0.3986 - 0.3) / 0.7, abs=0.005)


def test_too_little_ham_to_promise() -> None:
    ham = needed(0.005) - 1
    scores, spam = texts(np.linspace(0, 0.4, ham), np.array([0.9]))
    choice = choose(scores, spam, 0.005)
    assert (choice.kept, choice.ham_needed) == (False, ham + 1)
    assert choice.false_positive_rate.hits == int(ham * 0.005)
    scores, spam = texts(np.append(np.linspace(0, 0.4, ham), 0.0), np.array([0.9]))
    kept = choose(scores, spam, 0.005)
    assert (kept.kept, kept.false_positive_rate.hits, kept.threshold) == (True, 0, 0.4)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.lists(st.floats(0, 1), min_size=1, max_size=9),
    st.sampled_from([0.01, 0.2, 0.6]),
    st.sampled_from([0.6, 0.9]),
)
def test_what_is_written_is_what_was_measured(
    ham: list[float], spam: list[float], rate: float, more: float
) -> None:
    scores, labels = texts(np.array(ham), np.array(spam))
    reject = choose(scores, labels, rate)
    called = scores > reject.threshold
    assert reject.false_positive_rate.hits == (called & ~labels).sum()
    assert reject.recall.hits == (called & labels).sum()
    assert reject.false_positive_rate.hits <= rate * len(ham)
    assert not reject.kept or reject.false_positive_rate.high <= rate
    review = from_here_up(choose(scores, labels, more), scores, labels, reject.threshold)
    called = scores >= review.threshold
    assert 0 <= review.threshold <= reject.threshold <= 1
    assert review.false_positive_rate.hits == (called & ~labels).sum()
    assert review.recall.hits == (called & labels).sum()
    assert not review.kept or review.false_positive_rate.high <= more


def test_scores_close_to_one_keep_their_digits() -> None:
    scores, spam = texts(np.array([0.999_987]), np.array([0.999_995]))
    choice = choose(scores, spam, 0.5)
    assert (choice.threshold, choice.recall.hits) == (0.99999, 1)
    scores, spam = texts(np.array([1.0]), np.array([1.0]))
    assert choose(scores, spam, 0.5).threshold == 1.0


def test_a_score_that_ham_has_lies_below_the_review_threshold() -> None:
    scores, spam = texts(np.full(1_000, 0.4), np.array([0.4, 0.9]))
    reject = choose(scores, spam, 0.01)
    assert reject.threshold == 0.4
    review = from_here_up(reject, scores, spam, 0.9)
    assert review.threshold == pytest.approx(0.4, abs=1e-3)
    assert review.threshold > 0.4
    assert review.kept
    # Unless the threshold for spam leaves no room: then it says what it costs.
    tight = from_here_up(reject, scores, spam, 0.4)
    assert (tight.threshold, tight.kept, tight.false_positive_rate.value) == (0.4, False, 1.0)
    assert math.isclose(tight.recall.value or 0, 1.0)
