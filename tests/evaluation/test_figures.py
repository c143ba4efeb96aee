import pytest

from fastapi_spamshield.evaluation.figures import MOST_SLICES, Figures, Rate, slices
from fastapi_spamshield.evaluation.judging import Dimension
from fastapi_spamshield.evaluation.result import Demands
from tests.evaluation.texts import Found, judged, row

FOUND: list[Found] = [
    *[(0.9, True)] * 3,
    (0.2, True),
    *[(0.1, False)] * 7,
    (0.8, False),
    (None, True),
    (None, False),
]


def test_of_what_was_measured() -> None:
    figures = Figures.of(judged(FOUND))
    assert (figures.texts, figures.spam, figures.ham, figures.unmeasured) == (14, 5, 9, 2)
    assert (figures.recall.hits, figures.recall.count, figures.recall.value) == (3, 4, 0.75)
    false = figures.false_positive_rate
    assert (false.hits, false.count, false.value) == (1, 8, 0.125)
    assert (figures.precision.value, figures.f1) == (0.75, 0.75)
    assert figures.roc_auc == pytest.approx((3 * 8 + 7) / 32)
    assert figures.milliseconds == 2.0


def test_of_nothing_measured() -> None:
    figures = Figures.of(judged([(None, True), (None, False)]))
    assert figures.unmeasured == 2
    for name in ("roc_auc", "average_precision", "f1", "calibration_error", "milliseconds"):
        assert getattr(figures, name) is None
    assert figures.recall == Rate(value=None, low=0, high=1, hits=0, count=0)
    assert '"roc_auc":null' in figures.model_dump_json()


def test_the_largest_slices_and_the_rest_together() -> None:
    rows = [row(source=f"{min(n, 34):02}") for n in range(40)]
    found = slices(judged([(0.1, False)] * 40, rows, [Dimension.SOURCE]))
    [largest, *others, rest] = found["source"]
    assert (largest.name, largest.figures.texts) == ("34", 6)
    assert len(others) == MOST_SLICES - 1
    assert (rest.name, rest.figures.texts) == ("(5 others)", 5)
    assert [one.name for one in others] == [f"{n:02}" for n in range(29)]


def test_what_is_demanded() -> None:
    figures = Figures.of(judged(FOUND))
    false, recall, unmeasured = Demands(0.2, 0.8, 0.5).limits(figures)
    assert (false.title, false.holds, false.sure) == ("False positives", True, False)
    assert (recall.title, recall.value, recall.holds, recall.sure) == ("Recall", 0.75, False, False)
    assert unmeasured.holds
    assert unmeasured.value == pytest.approx(1 / 7)
    false, recall, unmeasured = Demands(0.6, 0.2, 0.1).limits(figures)
    assert (false.sure, recall.sure, unmeasured.holds) == (True, True, False)
    [only] = Demands(None, None, 0.2).limits(figures)
    assert only.title == "Not measured"


def test_what_was_not_measured_is_not_as_demanded() -> None:
    figures = Figures.of(judged([(None, True), (None, False)]))
    assert [limit.holds for limit in Demands(1.0, 0.0, 1.0).limits(figures)] == [False, False, True]
