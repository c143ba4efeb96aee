from typing import Any, cast

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detector,
    LocalDetector,
    SpamPolicy,
    Submission,
)
from fastapi_spamshield.errors import UnknownOption
from fastapi_spamshield.shield import Shield
from tests.support import SPAM, Keyword


async def test_a_text_or_a_submission(caplog: pytest.LogCaptureFixture) -> None:
    keyword = Keyword()
    shield = Shield(keyword)
    assert (await shield.check(SPAM)).label == "spam"
    assert (await shield.check(Submission(text=SPAM))).label == "spam"
    await shield.check("x", author="Ann", honeypot="")
    await shield.check(Submission(text="x", author="Ann"), author="Bob")
    assert [seen.author for seen in keyword.seen] == [None, None, "Ann", "Bob"]
    assert not caplog.records


async def test_a_field_that_does_not_exist() -> None:
    for submission in ("x", Submission(text="x")):
        with pytest.raises(UnknownOption, match=r"no option 'autor'\. Did you mean 'author'\?"):
            await Shield(Keyword()).check(submission, **cast("Any", {"autor": "Ann"}))


async def test_what_is_no_submission() -> None:
    shield = Shield(Keyword())
    for wrong, context in (
        (3, {}),
        (Submission(text="x"), {"elapsed": "y"}),
    ):
        with pytest.raises(ConfigurationError, match="Not a submission: ") as caught:
            await shield.check(wrong, **context)  # type: ignore[arg-type]
        assert caught.value.__cause__ is None


async def test_a_policy_and_a_detector_for_one_check() -> None:
    keyword, other = Keyword(), Keyword("other")
    shield = Shield(keyword, policy=SpamPolicy(threshold=0.9))
    verdict = await shield.check(
        SPAM, policy=SpamPolicy(on_spam="inject"), detector=other, verdict_id="mine"
    )
    assert (verdict.id, verdict.detector, verdict.threshold) == ("mine", "other", 0.7)
    assert keyword.seen == []


async def test_check_many_takes_a_policy_and_submissions() -> None:
    verdicts = await Shield(Keyword()).check_many(
        [SPAM, Submission(text="x")], policy=SpamPolicy(shadow=True), detector=Keyword("other")
    )
    assert [verdict.label for verdict in verdicts] == ["spam", "ham"]
    assert {verdict.detector for verdict in verdicts} == {"other"}
    assert all(verdict.shadow for verdict in verdicts)


@pytest.mark.parametrize("wrong", [LocalDetector, object(), "local", 3])
def test_what_is_no_detector(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="A detector is an object with a `name` and"):
        Shield(wrong)


def test_what_is_a_detector() -> None:
    assert isinstance(Keyword(), Detector)
    assert isinstance(LocalDetector(), Detector)
