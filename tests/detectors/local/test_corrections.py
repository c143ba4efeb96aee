"""What was learned: how far it goes, and that it can be taken back exactly."""

import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastapi_spamshield import Detection, LocalDetector, Submission
from fastapi_spamshield.detectors.local.corrections import (
    LIMIT,
    LIMIT_REPEATED,
    _weights,
    corrections_of,
)
from fastapi_spamshield.detectors.local.curve import score_of
from fastapi_spamshield.detectors.local.features import features_of
from fastapi_spamshield.detectors.local.lessons import MINIMUM, Lesson
from fastapi_spamshield.detectors.trace import Trace, begin, end
from tests.detectors.local.lessons import CAMPAIGN, HAM, SPAM, lesson, taught

UNSEEN = CAMPAIGN.format("Fourteen")
UNRELATED = "The seminar on rivers begins at nine, and the doors are open from half past eight."
TEXTS = [*SPAM, *HAM, UNSEEN, UNRELATED, "Hi", "", f"{SPAM[0]} {HAM[0]}", SPAM[1] * 30]


def judge(text: str, lessons: Sequence[Lesson], **context: Any) -> Detection:
    token = begin(Trace(corrections_of(lessons), wanted=False))
    try:
        return LocalDetector().judge(Submission(text=text, **context))
    finally:
        end(token)


def learned(text: str, lessons: Sequence[Lesson]) -> float:
    return math.fsum(one.weight for one in judge(text, lessons).signals if one.name == "learned")


def shift(text: str, lessons: Sequence[Lesson]) -> float:
    corrections = corrections_of(lessons)
    return 0.0 if corrections is None else corrections.shift(*features_of(text))


def test_an_unseen_text_of_a_campaign_moves_over_the_threshold() -> None:
    before = judge(UNSEEN, [])
    after = judge(UNSEEN, taught(5, 5))
    assert before.score < 0.3
    assert after.score > 0.7
    assert (after.category, after.signals[0].name) == ("learned", "learned")
    assert after.signals[0].detail == "Moderators called such texts spam."


@pytest.mark.parametrize("text", [UNRELATED, HAM[6], HAM[7], "Hi", "谢谢你的食谱，很好吃。"])
def test_an_unrelated_text_does_not_move(text: str) -> None:
    assert judge(text, taught(10, 5)) == judge(text, [])


def test_ham_is_learned_as_well() -> None:
    order = "Casino Street {}: your online order of free bitcoin stickers is now on its way."
    ham = [lesson(one, order.format(one * "i"), spam=False) for one in range(1, 11)]
    spam = [lesson(20 + one, text) for one, text in enumerate(SPAM)]
    before, after = judge(order.format("x"), []), judge(order.format("x"), ham + spam)
    assert after.score < before.score - 0.2
    [found] = [one for one in after.signals if one.name == "learned"]
    assert found.weight < 0
    assert found.detail == "Moderators called such texts no spam."


@pytest.mark.parametrize(("spam", "ham"), [(MINIMUM - 1, 8), (10, MINIMUM - 1), (10, 0), (0, 8)])
def test_below_the_minimum_of_either_label_no_other_text_moves(spam: int, ham: int) -> None:
    lessons = taught(spam, ham)
    assert shift(UNSEEN, lessons) == 0
    assert judge(UNSEEN, lessons) == judge(UNSEEN, [])


def test_one_label_does_not_outweigh_the_other() -> None:
    spam, ham = np.array([30, 10, 60, 0, 0]), np.array([3, 1, 0, 6, 1])
    weights = _weights(spam, ham, 60, 6)
    assert weights.tolist()[:2] == [0, 0]  # As often in the one as in the other.
    assert weights[2] > 2_000
    assert weights[3] == -1_000
    assert weights[4] == 0  # Of a single lesson.


def test_what_stands_in_all_lessons_says_nothing() -> None:
    both = [lesson(n, f"{SPAM[0]} {SPAM[n]}") for n in range(5)]
    both += [lesson(9 + n, f"{SPAM[0]} {HAM[n]}", spam=False) for n in range(5)]
    corrections = corrections_of(both)
    assert corrections is not None
    common = features_of(SPAM[0]).grams[1:-1]
    shared = [one for one in common if corrections.weights[one] == 0]
    assert len(shared) > len(common) * 0.9


class TestRepeated:
    """The very same text."""

    def test_it_counts_at_once(self) -> None:
        assert judge(HAM[0], [lesson(1, HAM[0])]).score > 0.7
        blocked = "Act now! Claim your prize, free bitcoin, at the online casino tonight."
        assert judge(blocked, []).score > 0.9
        assert judge(blocked, [lesson(1, blocked, spam=False)]).score < 0.7

    def test_disguise_does_not_matter_and_one_letter_does(self) -> None:
        lessons = [lesson(1, HAM[0])]
        assert shift(HAM[0].upper().replace("SUNDAY", "SUND\u0410Y"), lessons) == LIMIT_REPEATED
        assert shift(HAM[0] + "x", lessons) == 0

    def test_what_is_known_beside_the_text_stays(self) -> None:
        lessons = [lesson(1, UNSEEN, spam=False)]
        assert judge(UNSEEN, lessons, honeypot="x").score > 0.7
        assert judge(UNSEEN, lessons).score < 0.1

    def test_a_short_text_that_everybody_writes_moves_less(self) -> None:
        assert 0 < shift("Thank you!", [lesson(1, "Thank you!")]) < 3
        assert judge("Thank you!", [lesson(1, "Thank you!")]).score < 0.7
        assert shift("x", [lesson(1, "x")]) == 0

    @pytest.mark.parametrize(("reporters", "part"), [(1, 0.25), (3, 0.75), (4, 1), (6, 1)])
    def test_a_reporter_counts_for_a_quarter(self, reporters: int, part: float) -> None:
        lessons = [lesson(n, HAM[0], reporter=f"r{n}") for n in range(reporters)]
        assert shift(HAM[0], lessons) == part * LIMIT_REPEATED

    def test_two_opinions_cancel_out(self) -> None:
        assert shift(HAM[0], [lesson(1, HAM[0]), lesson(2, HAM[0], spam=False)]) == 0


LESSONS = st.lists(
    st.tuples(
        st.sampled_from(TEXTS) | st.text(max_size=40),
        st.booleans(),
        st.sampled_from([None, None, "ann", "eve"]),
    ),
    max_size=30,
)
ENOUGH = taught(6, 6)


def numbered(drawn: list[tuple[str, bool, str | None]]) -> list[Lesson]:
    return [lesson(n, text, spam=spam, reporter=who) for n, (text, spam, who) in enumerate(drawn)]


@given(LESSONS, st.text(max_size=60) | st.sampled_from(TEXTS))
def test_it_is_bounded_and_adds_up(drawn: list[tuple[str, bool, str | None]], text: str) -> None:
    lessons = [*ENOUGH, *numbered(drawn)]
    detection = judge(text, lessons)
    weights = [one.weight for one in detection.signals]
    assert detection.score == pytest.approx(score_of(math.fsum(weights)))
    repeated = features_of(text).digest in {one.features.digest for one in lessons if one.features}
    assert abs(learned(text, lessons)) <= (LIMIT_REPEATED if repeated else LIMIT)


@settings(max_examples=60)
@given(LESSONS, st.randoms(use_true_random=False))
def test_taken_back_in_any_order_the_scores_are_those_from_before(
    drawn: list[tuple[str, bool, str | None]], order: random.Random
) -> None:
    now = {one.id: one for one in ENOUGH}

    def state() -> tuple[list[Detection], str]:
        corrections = corrections_of(list(now.values()))
        version = corrections.version if corrections else ""
        return [judge(text, list(now.values())) for text in (UNSEEN, UNRELATED, HAM[0])], version

    before = state()
    new = [one._replace(id=f"n{number}") for number, one in enumerate(numbered(drawn))]
    for one in new:
        now[one.id] = one
    order.shuffle(new)
    for count, one in enumerate(new):
        del now[one.id]
        if count == len(new) // 2:
            # What was never said is not to be told from what was taken back.
            left = list(now.values())
            assert state() == (
                [judge(text, left) for text in (UNSEEN, UNRELATED, HAM[0])],
                getattr(corrections_of(left), "version", ""),
            )
    assert state() == before
