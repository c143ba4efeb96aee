"""Lessons for tests."""

from fastapi_spamshield.detectors.local.features import Features, features_of
from fastapi_spamshield.detectors.local.lessons import Lesson

HAM = (
    "Is the shop open on Sunday? I could not find it on the page.",
    "My order came in two parcels, and one of them is still missing.",
    "Could you tell me whether the blue one also comes in size nine?",
    "The second step of the guide failed on my machine with an error.",
    "We stayed at your place in June and left a red umbrella behind.",
    "Would a table for six be free on Friday evening at about eight?",
    "I am writing a paper on bridges and would like to cite your text.",
    "Our school is looking for a speaker on the history of the river.",
)
CAMPAIGN = "{} weeks ago we fitted a walnut kitchen in your street, and a few free dates are left."
NUMBERS = ("Two", "Three", "Five", "Six", "Seven", "Eight", "Nine", "Eleven", "Twelve", "Some")
SPAM = tuple(CAMPAIGN.format(number) for number in NUMBERS)


def lesson(
    number: int,
    text: str | None,
    *,
    spam: bool = True,
    reporter: str | None = None,
    features: Features | None = None,
) -> Lesson:
    who = None if reporter is None else reporter.encode()
    if text is not None:
        features = features_of(text)
    return Lesson(f"f{number}", f"v{number}", spam, who, features)


def taught(spam: int, ham: int, reporter: str | None = None) -> list[Lesson]:
    """So many lessons of each label."""
    told = [lesson(number, SPAM[number], reporter=reporter) for number in range(spam)]
    other = [
        lesson(100 + number, HAM[number], spam=False, reporter=reporter) for number in range(ham)
    ]
    return told + other
