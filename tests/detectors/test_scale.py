import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import Detection
from fastapi_spamshield.detectors.scale import common_score

SCORES = st.floats(0, 1)
BANDS = st.tuples(SCORES, SCORES).map(lambda two: (min(two), max(two)))


@pytest.mark.parametrize(
    ("score", "bands", "common"),
    [
        (0.42, None, 0.42),
        (0.42, (0.3, 0.7), 0.42),
        (0.0, (0.5, 0.85), 0.0),
        (0.25, (0.5, 0.85), 0.15),
        (0.5, (0.5, 0.85), 0.3),
        (0.85, (0.5, 0.85), 0.7),
        (0.925, (0.5, 0.85), 0.85),
        (1.0, (0.5, 0.85), 1.0),
        (0.5, (0.5, 0.5), 0.3),
        (0.75, (0.5, 0.5), 0.85),
        (0.5, (0.0, 1.0), 0.5),
    ],
)
def test_bands_come_to_lie_on_the_common_ones(
    score: float, bands: tuple[float, float] | None, common: float
) -> None:
    assert common_score(Detection(score=score, bands=bands)) == pytest.approx(common)


@given(SCORES, SCORES, BANDS)
def test_the_order_stays(one: float, other: float, bands: tuple[float, float]) -> None:
    low, high = (common_score(Detection(score=x, bands=bands)) for x in sorted((one, other)))
    assert 0 <= low <= high <= 1 + 1e-9
