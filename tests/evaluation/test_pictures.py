import math
import re

import numpy as np
import pytest

from fastapi_spamshield.evaluation import pictures
from fastapi_spamshield.evaluation.pictures import HEIGHT, LEFT, POINTS, TOP, WIDTH, at


def test_places() -> None:
    assert at(0, 0) == (LEFT, TOP + HEIGHT)
    assert at(1, 1) == (LEFT + WIDTH, TOP)


def test_a_curve_of_many_texts_has_few_points() -> None:
    random = np.random.default_rng(1)
    spam = np.arange(20_000) % 3 == 0
    scores = random.random(20_000) * 0.5 + spam * 0.4
    curve = pictures.precision_recall(scores, scores > 0.7, spam)
    assert curve is not None
    points = [tuple(map(float, point.split())) for point in re.split("[ML]", curve.path)[1:]]
    assert len(points) <= POINTS
    assert all(LEFT <= x <= LEFT + WIDTH and TOP <= y <= TOP + HEIGHT for x, y in points)
    assert points[-1] == pytest.approx(at(1, float(spam.mean())), abs=0.01)  # All are called spam.
    assert curve.base == pytest.approx(1 / 3, abs=1e-3)
    below = [row for row in curve.rows if row.threshold < 0.9]
    assert [row.recall for row in below] == sorted((row.recall for row in below), reverse=True)
    here = curve.rows[6]
    assert here.threshold == 0.7
    assert curve.here == at(here.recall, here.precision)


def test_a_curve_of_one_label_is_none() -> None:
    for spam in ([True], [False]):
        assert pictures.precision_recall(np.array([0.9]), np.array([True]), np.array(spam)) is None


def test_no_point_where_nothing_is_called_spam() -> None:
    spam = np.array([True, False])
    curve = pictures.precision_recall(np.array([0.6, 0.1]), np.array([False, False]), spam)
    assert curve is not None
    assert curve.here is None
    assert math.isnan(curve.rows[-1].precision)


def test_reliability() -> None:
    scores = np.array([0.05] * 90 + [0.95] * 10)
    low, high = pictures.reliability(scores, np.arange(100) >= 85)
    assert (low.bin.texts, low.bin.spam, high.bin.texts, high.bin.spam) == (90, 5, 10, 10)
    assert low.radius > high.radius
    assert low.low.y > low.place.y > low.high.y
    assert high.high == high.place == at(0.95, 1)
    assert pictures.reliability(np.array([]), np.array([], np.bool_)) == []


def test_a_histogram() -> None:
    spam = np.array([True, False, False, False, False])
    found = pictures.histogram(np.array([1.0, 0.0, 0.0, 0.0, 0.5]), spam)
    first, middle, last = found.bars[0], found.bars[10], found.bars[-1]
    assert (last.spam_height, last.spam_y, last.ham_height) == (HEIGHT / 2, TOP, 0)
    assert first.ham_height == pytest.approx(math.sqrt(0.75) * HEIGHT / 2, abs=0.01)
    assert middle.ham_height == pytest.approx(0.5 * HEIGHT / 2, abs=0.01)
    assert (first.ham_y, found.middle) == (TOP + HEIGHT / 2,) * 2
    assert sum(row.texts for row in found.rows) == 5
