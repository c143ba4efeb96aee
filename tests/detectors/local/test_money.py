import pytest

from fastapi_spamshield.detectors.local.money import find_money
from fastapi_spamshield.detectors.local.pieces import pieces_of
from fastapi_spamshield.detectors.local.wording import vocabulary_of
from tests.detectors.local.judging import names, seen


@pytest.mark.parametrize(
    ("text", "name", "weight", "words"),
    [
        ("I make $5,000 per week so easily", "earnings", 1.4, "$5,000 per week"),
        ("now I get 300 dollars a day here", "earnings", 1.4, "300 dollars a day"),
        ("das sind 2.500 € pro Woche, wirklich", "earnings", 1.4, "2.500 € pro Woche"),
        ("выходит 5 000 в день без труда", "earnings", 1.4, "5 000 в день"),
        ("gana 200 dólares al día", "earnings", 1.4, "200 dólares al día"),
        ("€900/month in your pocket", "earnings", 1.4, "€900/month"),
        ("在家做,日入500", "earnings", 1.4, "日入5"),
        ("Now 80% OFF everything", "discount", 0.9, "80% OFF"),
        ("it was $1,000,000 then", "money", 0.4, "$1,000,000"),
        ("gave me EUR 4500 then", "money", 0.4, "EUR 4500"),
    ],
)
def test_what_it_sees(text: str, name: str, weight: float, words: str) -> None:
    assert (name, weight, words) in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "It runs 3 times a day, 24 hours, 7 days a week.",
        "Two cups a day, 12 per month.",
        "It cost me $12 and then £7.50.",
        "The disk is 80% full, 15 % of it logs.",
        "No digits here at all.",
    ],
)
def test_what_it_leaves_alone(text: str) -> None:
    assert names(text) == set()


def test_sums_are_limited() -> None:
    low = "$1000, $2000, $3000, $4000, $5000"
    found = find_money(low, vocabulary_of(pieces_of(low)))
    assert [finding.weight for finding in found] == [0.4, 0.4]
    low = "$1000 a day, $2000 a day, $3000 a day"
    found = find_money(low, vocabulary_of(pieces_of(low)))
    assert sum(finding.weight for finding in found) == pytest.approx(2.4)
