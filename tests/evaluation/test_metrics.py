"""The figures, beside those of scikit-learn."""

import math
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield.evaluation import metrics
from fastapi_spamshield.evaluation.metrics import Counts, Scores, Spam

others: Any = import_module("sklearn.metrics")  # It has no types.

Labelled = tuple[Scores, Spam]


def arrays(rows: list[tuple[float, bool]]) -> Labelled:
    return (
        np.array([score for score, _ in rows], np.float64),
        np.array([spam for _, spam in rows], np.bool_),
    )


# Few distinct scores, so that many are equal.
ROWS = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1)
BOTH = ROWS.map(arrays).filter(lambda rows: bool(rows[1].any() and not rows[1].all()))


@given(BOTH)
def test_areas(rows: Labelled) -> None:
    scores, spam = rows
    assert metrics.roc_auc(scores, spam) == pytest.approx(others.roc_auc_score(spam, scores))
    theirs = others.average_precision_score(spam, scores)
    assert metrics.average_precision(scores, spam) == pytest.approx(theirs)


@given(BOTH)
def test_the_curve(rows: Labelled) -> None:
    scores, spam = rows
    curve = metrics.precision_recall_curve(scores, spam)
    precision, recall, thresholds = others.precision_recall_curve(spam, scores)
    # Theirs begins with the lowest threshold and ends with a point that no threshold has.
    assert curve.thresholds == pytest.approx(thresholds[::-1])
    assert curve.precision == pytest.approx(precision[:-1][::-1])
    assert curve.recall == pytest.approx(recall[:-1][::-1])


@given(BOTH)
def test_decisions(rows: Labelled) -> None:
    scores, spam = rows
    called = scores > 0.5
    counts = metrics.counts(called, spam)
    passed, refused, missed, found = others.confusion_matrix(spam, called).ravel().tolist()
    assert counts == Counts(found, missed, refused, passed)
    for name, ours in {
        "recall": counts.recall,
        "precision": counts.precision,
        "f1": counts.f1,
    }.items():
        theirs = getattr(others, f"{name}_score")(spam, called, zero_division=np.nan)
        assert ours == pytest.approx(theirs, nan_ok=True), name
    assert counts.false_positive_rate == refused / (refused + passed)


@given(ROWS.map(arrays))
def test_calibration(rows: Labelled) -> None:
    scores, spam = rows
    by_hand = 0.0
    for place in range(10):
        there = [
            (score, one)
            for score, one in zip(scores.tolist(), spam.tolist(), strict=True)
            if min(int(score * 10), 9) == place
        ]
        if there:
            mean = sum(score for score, _ in there) / len(there)
            share = sum(one for _, one in there) / len(there)
            by_hand += abs(mean - share) * len(there) / len(scores)
    assert metrics.calibration_error(scores, spam) == pytest.approx(by_hand)


def test_known_calibration() -> None:
    scores = np.array([0.05, 0.05, 0.95, 0.95])
    right = np.array([False, False, True, True])
    assert metrics.calibration_error(scores, right) == pytest.approx(0.05)
    assert metrics.calibration_error(scores, ~right) == pytest.approx(0.95)
    assert metrics.calibration_error(np.array([1.0]), np.array([True])) == 0


def test_parts_of_the_scale() -> None:
    scores, spam = arrays([(0.0, False), (0.25, True), (1.0, True), (0.9, False)])
    low, empty, high = (metrics.bins(scores, spam, 4)[place] for place in (0, 2, 3))
    assert (low.low, low.high, low.spam, low.ham, low.texts, low.share) == (0, 0.25, 0, 1, 1, 0)
    assert (empty.texts, math.isnan(empty.mean), math.isnan(empty.share)) == (0, True, True)
    assert (high.spam, high.ham, high.mean, high.share) == (1, 1, 0.95, 0.5)


def test_recall_at_a_rate_of_false_positives() -> None:
    ham = [(number / 1000, False) for number in range(200)]
    scores, spam = arrays([*ham, *((score, True) for score in (0.1, 0.1965, 0.1975, 0.9))])
    assert metrics.recall_at(scores, spam, 0.01) == 0.5  # 0.198 and 0.199 may lie above.
    assert metrics.recall_at(scores, spam, 0.0) == 0.25


@pytest.mark.parametrize("spam", [[True, True], [False, False], []])
def test_nothing_to_measure_on(spam: list[bool]) -> None:
    scores, labels = np.full(len(spam), 0.5), np.array(spam, np.bool_)
    assert math.isnan(metrics.roc_auc(scores, labels))
    assert math.isnan(metrics.recall_at(scores, labels, 0.01))
    if not any(spam):
        assert math.isnan(metrics.average_precision(scores, labels))
        assert math.isnan(metrics.counts(labels, labels).recall)
        assert np.isnan(metrics.precision_recall_curve(scores, labels).recall).all()
    if not spam:
        assert math.isnan(metrics.calibration_error(scores, labels))
