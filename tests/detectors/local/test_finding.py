import re

from fastapi_spamshield.detectors.local.finding import MOST, Finding, find_all, limited


def weights(findings: list[Finding]) -> list[float]:
    return [finding.weight for finding in findings]


def test_all_within_the_limits_stay_as_they_are() -> None:
    found = [Finding("a", 1.0, "A."), Finding("b", 2.0, "B.")]
    assert limited(found, 5.0, 5) == [found[1], found[0]]


def test_the_heaviest_are_kept() -> None:
    found = [Finding("a", weight, "A.") for weight in (0.5, 2.0, 1.0)]
    assert weights(limited(found, 9.0, 2)) == [2.0, 1.0]


def test_the_one_that_goes_over_counts_for_what_is_left() -> None:
    found = [Finding("a", 1.2, "A.")] * 4
    assert weights(limited(found, 3.0, 4)) == [1.2, 1.2, 0.6]


def test_nothing_is_left_for_a_weight_of_zero() -> None:
    assert weights(limited([Finding("a", 0.1, "A.")] * 4, 0.3, 4)) == [0.1, 0.1, 0.1]
    assert limited([], 1.0, 1) == []


def test_find_all_points_to_the_first_places_and_stops() -> None:
    found = find_all(re.compile("ab"), "ab-" * 50, "x", 0.5, "X.")
    assert len(found) == MOST
    assert found[1] == Finding("x", 0.5, "X.", 3, 5, "text")
