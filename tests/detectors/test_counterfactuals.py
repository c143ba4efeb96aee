from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastapi_spamshield import Detection, Part, SpamPolicy, SpamVerdict, Submission
from fastapi_spamshield.detectors.counterfactuals import MOST_PARTS, compare, left
from fastapi_spamshield.models import Signal
from fastapi_spamshield.shield import Shield

POLICY = SpamPolicy()


class Letters:
    """Each letter of a text has a score of its own; these add up."""

    def __init__(self, scores: dict[str, float]) -> None:
        self.scores = scores
        self.asked = 0

    async def judge(self, submission: Submission) -> SpamVerdict:
        self.asked += 1
        score = sum(self.scores.get(letter, 0.0) for letter in submission.text)
        return POLICY.judge(Detection(score=min(score, 1.0)))


def letters(text: str) -> list[Part]:
    return [
        Part(name=letter, field="text", span=(place, place + 1))
        for place, letter in enumerate(text)
    ]


async def explained(text: str, **scores: float) -> Any:
    world = Letters(scores)
    submission = Submission(text=text)
    verdict = await world.judge(submission)
    explanation = await compare(submission, verdict, letters(text), world.judge)
    assert explanation.judgements == world.asked - 1
    return explanation


def without(change: Any) -> str:
    return "".join(sorted(part.name for part in change.without))


async def test_each_part_that_does_something_the_best_first() -> None:
    explanation = await explained("abcd", a=0.2, b=0.5, c=0.1)
    assert [(without(one), one.score, one.action) for one in explanation.counterfactuals] == [
        ("b", pytest.approx(0.3), "review"),
        ("a", pytest.approx(0.6), "review"),
        ("c", pytest.approx(0.7), "review"),
    ]
    assert explanation.reason is None


async def test_the_smallest_change() -> None:
    change = (await explained("abcd", a=0.2, b=0.5, c=0.15)).smallest_change
    assert change is not None
    assert (without(change), change.action) == ("ab", "allow")
    assert change.score == pytest.approx(0.15)


async def test_what_need_not_go_is_put_back() -> None:
    class Pair(Letters):
        # `a` alone lowers it most, and yet it is `b` and `c` together that matter.
        async def judge(self, submission: Submission) -> SpamVerdict:
            self.asked += 1
            left = set(submission.text)
            score = 0.1 if not {"b", "c"} & left else 0.9 - 0.2 * ("a" not in left)
            return POLICY.judge(Detection(score=score - 0.001 * (3 - len(left))))

    world = Pair({})
    submission = Submission(text="abc")
    verdict = await world.judge(submission)
    explanation = await compare(submission, verdict, letters("abc"), world.judge)
    assert explanation.smallest_change is not None
    assert without(explanation.smallest_change) == "bc"


async def test_no_change_where_none_is_needed_or_none_helps() -> None:
    assert (await explained("ab", a=0.1)).smallest_change is None
    assert (
        await explained("ab")
    ).reason == "there is no part whose absence alone changes the score"
    nothing = await explained("")
    assert (nothing.counterfactuals, nothing.judgements) == ((), 0)
    world = Letters({"x": 0.9})
    submission = Submission(text="ax")
    verdict = await world.judge(submission)
    [part, _] = letters("ax")
    assert (await compare(submission, verdict, [part], world.judge)).smallest_change is None
    assert (await compare(submission, verdict, [], world.judge)).smallest_change is None


async def test_what_could_not_be_measured_is_the_last() -> None:
    async def judge(submission: Submission) -> SpamVerdict:
        if "a" not in submission.text:
            return POLICY.without_score("degraded", error="timeout")
        return POLICY.judge(Detection(score=0.5 if "b" in submission.text else 0.2))

    submission = Submission(text="ab")
    explanation = await compare(submission, await judge(submission), letters("ab"), judge)
    assert [one.score for one in explanation.counterfactuals] == [0.2, None]
    assert explanation.counterfactuals[1].account() == "without a (text 0-1): not measured, review"


@given(st.lists(st.floats(0, 1), max_size=30))
async def test_it_is_bounded_and_minimal(scores: list[float]) -> None:
    text = "".join(chr(0x4E00 + place) for place in range(len(scores)))
    world = Letters(dict(zip(text, scores, strict=True)))
    submission = Submission(text=text)
    verdict = await world.judge(submission)
    parts = letters(text)
    explanation = await compare(submission, verdict, parts, world.judge)
    assert explanation.judgements <= 3 * MOST_PARTS
    for one in explanation.counterfactuals:
        again = await world.judge(left(submission, one.without))
        assert (one.score, one.action) == (again.score, again.action)
    change = explanation.smallest_change
    if change is not None:
        for fewer in combinations(change.without, len(change.without) - 1):
            assert (await world.judge(left(submission, fewer))).action != "allow"
        assert (await world.judge(left(submission, change.without))).action == "allow"


class Own(Letters):
    """A detector of a user's own that can be asked again."""

    name = "own"

    async def detect(self, submission: Submission) -> Detection:
        verdict = await self.judge(submission)
        return Detection(score=verdict.score or 0.0)

    def removable_parts(self, submission: Submission, signals: Sequence[Signal], /) -> list[Part]:
        return letters(submission.text)


async def test_a_detector_of_ones_own_can_be_explained() -> None:
    own = Own({"a": 0.8})
    explanation = await Shield(own).explain("ab", policy=SpamPolicy(threshold=0.5))
    assert own.asked == explanation.judgements == 3
    assert (explanation.verdict.label, explanation.verdict.threshold) == ("spam", 0.5)
    assert explanation.smallest_change is not None
    assert without(explanation.smallest_change) == "a"
