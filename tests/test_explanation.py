import logging

import pytest
from pydantic import ValidationError

from fastapi_spamshield import (
    Counterfactual,
    DetectorError,
    Explanation,
    Fallback,
    LocalDetector,
    Part,
    SpamPolicy,
    SpamShield,
    Submission,
)
from fastapi_spamshield.detectors.counterfactuals import left
from fastapi_spamshield.testing import FakeShield
from tests.support import Keyword

TEXT = "Have a look at https://bit.ly/lamps and at https://b.example, free bitcoin for you all."
SUBMISSION = Submission(text=TEXT, honeypot="x", author="Ada", email="ada@yopmail.com")


async def explained() -> Explanation:
    return await SpamShield().explain(SUBMISSION)


async def test_each_figure_is_a_judgement_of_its_own() -> None:
    shield = SpamShield()
    explanation = await shield.explain(SUBMISSION)
    assert explanation.verdict.label == "spam"
    assert {"honeypot", "email", "link 1", "link 2"} <= {
        one.without[0].title for one in explanation.counterfactuals
    }
    change = explanation.smallest_change
    assert change is not None
    assert change.action == "allow"
    for one in (*explanation.counterfactuals, change):
        again = await shield.check(left(SUBMISSION, one.without))
        assert (one.score, one.label, one.action) == (again.score, again.label, again.action)
    assert len(explanation.counterfactuals) < explanation.judgements <= 61


async def test_what_a_part_does_is_not_its_weight() -> None:
    # A weight taken away would leave what the part does together with others.
    explanation = await explained()
    [link] = [one for one in explanation.counterfactuals if one.without[0].title == "link 1"]
    span = link.without[0].span
    assert span is not None
    assert TEXT[slice(*span)] == "https://bit.ly/lamps"
    without = await SpamShield().check(
        SUBMISSION.model_copy(update={"text": TEXT.replace("https://bit.ly/lamps ", "")})
    )
    assert link.score == without.score


async def test_the_account_of_it() -> None:
    explanation = await explained()
    account = explanation.account(SUBMISSION)
    assert account.startswith(explanation.verdict.explain(SUBMISSION))
    lines = account.partition("what would change it:\n")[2].splitlines()
    assert len(lines) == len(explanation.counterfactuals) + 1
    first = explanation.counterfactuals[0]
    assert lines[0] == f"- {first.account(SUBMISSION)}"
    assert any(
        line.startswith('- without link 2 (text 43-61 "https://b.example,"): ') for line in lines
    )
    assert lines[-1].startswith("smallest change: without honeypot")
    bare = explanation.account()
    assert "- without link 2 (text 43-61): " in bare
    assert "lamps" not in bare


async def test_of_a_text_alone() -> None:
    explanation = await SpamShield().explain(TEXT, honeypot="x", policy=SpamPolicy(shadow=True))
    assert explanation.verdict.shadow
    assert '(text 43-61 "https://b.example,")' in explanation.account(TEXT)


async def test_nothing_to_change() -> None:
    explanation = await SpamShield().explain("When do you open on Sundays, and is it far?")
    assert explanation.account().splitlines()[-2:] == [
        "what would change it:",
        "- not known: there is no part whose absence alone changes the score",
    ]
    assert (explanation.smallest_change, explanation.judgements) == (None, 1)


async def test_no_change_that_helps() -> None:
    policy = SpamPolicy(threshold=0.0, review_threshold=0.0)
    explanation = await SpamShield().explain(SUBMISSION, policy=policy)
    assert explanation.account().endswith("\nsmallest change: none was found")


@pytest.mark.parametrize("together", [False, True])
async def test_a_service_is_not_asked(together: bool) -> None:
    service = Keyword("siftfy")
    detector = Fallback(service, LocalDetector()) if together else service
    explanation = await SpamShield(detector).explain("SPAM", email="a@b.example")
    assert service.seen == []
    assert (explanation.verdict.status, explanation.verdict.score) == ("skipped", None)
    assert (explanation.counterfactuals, explanation.judgements) == ((), 0)
    assert (
        explanation.reason
        == f"{detector.name} is not asked again, which may cost something each time"
    )
    assert explanation.account().endswith(f"- not known: {explanation.reason}")
    engine = await SpamShield(detector).explain(SUBMISSION, detector=LocalDetector())
    assert engine.verdict.detector == "local"
    assert engine.smallest_change is not None


async def test_a_fake_shield_explains_nothing() -> None:
    fake = FakeShield(DetectorError("timeout"))
    assert (await fake.explain("x")).counterfactuals == ()
    assert fake.submissions == []


async def test_nobodys_words_in_a_repr_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        explanation = await explained()
    assert "lamps" not in f"{explanation!r}{caplog.text}"


def test_they_are_frozen() -> None:
    part = Part(name="link", field="text", span=(0, 1))
    assert part.title == "link"
    change = Counterfactual(without=(part,), score=0.4, label="suspicious", action="review")
    assert change.account("x") == 'without link (text 0-1 "x"): 0.400, review'
    with pytest.raises(ValidationError, match="frozen"):
        change.score = 0.1  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    assert hash(part) == hash(Part(name="link", field="text", span=(0, 1)))
    missing = Counterfactual(
        without=(Part(name="x", field="subject", span=(0, 1)),),
        score=None,
        label="unknown",
        action="review",
    )
    assert (
        missing.account(Submission(text="x")) == 'without x (subject 0-1 ""): not measured, review'
    )
