"""Texts to try the wall out with."""

from typing import NamedTuple


class Sample(NamedTuple):
    """A filled-in form; `homepage` is the field that people do not see, and robots fill in."""

    key: str
    title: str
    name: str
    text: str
    homepage: str = ""


SAMPLES = (
    Sample(
        "thanks",
        "A kind word",
        "Mira",
        "Thank you for the recipe! I used oat milk instead, and it still turned out lovely. "
        "How long does it keep in the fridge?",
    ),
    Sample(
        "other-language",
        "In another language",
        "Оля",
        "Спасибо! Мы с дочкой испекли этот пирог в воскресенье, только сахара взяли меньше. 🥧",  # noqa: RUF001 - it is Russian
    ),
    Sample(
        "offer",
        "A doubtful offer",
        "Lamp studio",
        "We print on lamps, mugs and shirts. A free quote is one message away: lampstudio.example",
    ),
    Sample(
        "spam",
        "Plain spam",
        "Rich Uncle",
        "🔥 ACT NOW 🔥 Earn $5,000 per week from home!!! Free bitcoin, guaranteed: "
        "click here https://bit.ly/x1 and https://win.example/bonus",
    ),
    Sample(
        "robot",
        "A robot in the trap",
        "Visitor",
        "I enjoyed reading this very much, keep it up.",
        homepage="https://cheap.example",
    ),
)


def find_sample(key: str) -> Sample | None:
    return next((sample for sample in SAMPLES if sample.key == key), None)
