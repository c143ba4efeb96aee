"""Toxicity, personal data and the text without them, which never move the score."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import Detection, LocalDetector, SpamShield, SpamVerdict, Submission
from fastapi_spamshield.detectors.local.sanitising import REMOVED, sanitized
from fastapi_spamshield.detectors.local.test_strings import SPAM_TEST_STRING

ALL = LocalDetector(detect_toxicity=True, detect_pii=True, return_sanitized=True)

TOXIC = [
    "You are a worthless idiot and nobody wants you here.",
    "fuck you and your stupid blog, bitch",
    "Shut up, you fat ugly cow.",
    "Заткнись, дебил, никому ты не нужен.",
    "Cállate, imbécil, nadie te quiere aquí.",
]
CIVIL = [
    "I am gay and my parents are fine with it.",
    "As a Muslim woman I wear the scarf because I want to.",
    "Black History Month starts on Monday, the library has a display.",
    "Proud trans woman here, thank you for the article about names.",
    "My neighbours are Jewish and Turkish, and we share a garden.",
    "I have a disabled brother, is there a lift?",
    "Terrible service. I waited an hour and nobody even said sorry.",
    "How do I kill a process that hangs?",
    "I strongly disagree with this government and will vote against it.",
    "Ich bin Muslim und lebe gern in Köln.",
    "Soy gitana y estoy orgullosa de mi familia.",
    "Thank you for the recipe!",
]


def judge(text: str, detector: LocalDetector = ALL) -> Detection:
    return detector.judge(Submission(text=text))


@pytest.mark.parametrize("text", TOXIC)
def test_insults_are_toxic(text: str) -> None:
    assert (judge(text).toxicity or 0) > 0.5


@pytest.mark.parametrize("text", CIVIL)
def test_who_somebody_is_and_what_somebody_dislikes_is_not(text: str) -> None:
    assert (judge(text).toxicity or 1) < 0.5


def test_a_disguised_insult_is_read() -> None:
    plain, hidden = "you stupid bitch, shut up", "you stup\u200bid b\u0456tch, shut up"
    assert judge(hidden).toxicity == judge(plain).toxicity


def test_nothing_that_was_not_asked_for() -> None:
    detection = LocalDetector().judge(Submission(text="You idiot, write to joe@shop.example"))
    assert detection.toxicity is None
    assert detection.pii == ()
    assert detection.sanitized_text is None


@pytest.mark.parametrize("text", ["Casino bonus, call +44 7700 900123", TOXIC[1], SPAM_TEST_STRING])
def test_the_score_is_the_same(text: str) -> None:
    plain = LocalDetector().judge(Submission(text=text))
    asked = judge(text)
    assert (asked.score, asked.signals) == (plain.score, plain.signals)


def test_personal_data_with_places() -> None:
    text = "Call +44 7700 900123 or write to joe@shop.example"
    detection = judge(text)
    assert [(one.type, text[slice(*(one.span or ()))]) for one in detection.pii] == [
        ("phone", "+44 7700 900123"),
        ("email", "joe@shop.example"),
    ]
    assert detection.sanitized_text == f"Call {REMOVED} or write to {REMOVED}"


def test_personal_data_is_taken_out_though_nobody_asked_where_it_is() -> None:
    detection = judge("joe@shop.example", LocalDetector(return_sanitized=True))
    assert (detection.pii, detection.sanitized_text) == ((), REMOVED)


def test_words_that_are_toxic_are_taken_out() -> None:
    text = "I read it twice and it is fine. fuck you and your stupid blog, bitch"
    left = judge(text).sanitized_text or ""
    assert left.startswith("I read it twice")
    assert "bitch" not in left
    unasked = judge(text, LocalDetector(return_sanitized=True))
    assert unasked.sanitized_text == text


def test_of_a_long_text_all_is_searched_for_personal_data() -> None:
    filler = "We walked along the river. "
    text = f"{filler * 500}joe@shop.example {filler * 500}"
    detection = judge(text, LocalDetector(max_characters=1_000, detect_pii=True))
    [found] = detection.pii
    assert text[slice(*(found.span or ()))] == "joe@shop.example"


def test_toxic_words_of_a_long_text_are_those_of_the_original() -> None:
    text = "We walked along the river. " * 500 + "fuck you, you stupid bitch. " * 30
    left = judge(
        text, LocalDetector(max_characters=1_000, detect_toxicity=True, return_sanitized=True)
    )
    assert left.toxicity is not None
    assert left.toxicity > 0.5
    assert (left.sanitized_text or "").startswith("We walked along the river. ")
    assert REMOVED in (left.sanitized_text or "")


def test_a_verdict_has_them() -> None:
    async def check() -> SpamVerdict:
        async with SpamShield(ALL) as shield:
            return await shield.check("Thanks, joe@shop.example")

    verdict = asyncio.run(check())
    assert verdict.sanitized_text == f"Thanks, {REMOVED}"
    assert verdict.toxicity is not None
    assert [one.type for one in verdict.pii] == ["email"]


def test_parts_that_overlap_leave_one_mark() -> None:
    assert sanitized("abcdef", [(1, 4), (2, 3), (3, 5)]) == f"a{REMOVED}f"
    assert sanitized("abcdef", [(1, 2), (2, 3)]) == f"a{REMOVED}{REMOVED}def"


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_what_stays_is_in_order_and_what_goes_is_gone(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    spans = [(start, end) for start, end in map(sorted, pairs) if start < end <= len(text)]
    gone = {place for start, end in spans for place in range(start, end)}
    kept = "".join(letter for place, letter in enumerate(text) if place not in gone)
    marked = sanitized(text.replace("[", "("), spans)
    assert marked.replace(REMOVED, "") == kept.replace("[", "(")
    assert marked.count(REMOVED) <= len(spans)
    assert bool(spans) == (REMOVED in marked)
