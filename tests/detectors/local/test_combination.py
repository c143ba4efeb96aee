import pytest

from tests.detectors.local.judging import findings, judge, names, seen


@pytest.mark.parametrize(
    "text",
    [
        "They opened a casino, see https://somewhere.example/ today",
        "They opened a casino, write to me by telegram @abc",
        "Very informative, I must say: https://somewhere.example/",
        "I make $5,000 per week so easily: www.somewhere.example",
    ],
)
def test_an_offer_and_a_way_to_take_it_up(text: str) -> None:
    found = findings(text)
    [together] = [one for one in found if one.name == "offer_with_contact"]
    assert together.weight == 0.8
    assert together.start in {one.start for one in found if one.name != "offer_with_contact"}


@pytest.mark.parametrize(
    "text",
    [
        "They opened a casino here in the village.",
        "It is free, see https://somewhere.example/ for the source.",
        "See https://somewhere.example/ for the source of it.",
    ],
)
def test_one_of_them_is_nothing(text: str) -> None:
    assert "offer_with_contact" not in names(text)


def test_it_points_to_the_offer_of_the_subject() -> None:
    detection = judge("See www.somewhere.example, thank you.", subject="Guest post")
    [together] = [s for s in detection.signals if s.name == "offer_with_contact"]
    assert (together.field, together.span) == ("subject", (0, 10))


def test_it_points_to_the_heaviest() -> None:
    text = "The casino and its passive income: https://a.example/"
    assert ("offer_with_contact", 0.8, "passive income") in seen(text)
