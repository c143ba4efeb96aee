import asyncio
import logging
import sys
from typing import Any, cast

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    Detector,
    DetectorError,
    LocalDetector,
    SpamPolicy,
    SpamShieldSettings,
    Submission,
)
from fastapi_spamshield.errors import UnknownOption
from fastapi_spamshield.shield import Shield
from tests.support import SPAM, Keyword

SECRET = "my secret words"


class Failing:
    name = "failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def detect(self, submission: Submission) -> Detection:
        raise self.error


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


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DetectorError("quota"), "quota"),
        (TimeoutError(), "timeout"),
        (KeyError(SECRET), "protocol"),
    ],
)
async def test_it_never_raises_for_an_outage(
    error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    verdict = await Shield(Failing(error)).check(SECRET, author=SECRET)
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", code, None)
    assert (verdict.detector, verdict.action) == ("failing", "review")
    assert "failing" in caplog.text
    assert SECRET not in caplog.text


async def test_one_deadline_bounds_the_check() -> None:
    class Endless(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.Event().wait()
            raise AssertionError

    shield = Shield(Endless(), settings=SpamShieldSettings(timeout=0.01))
    verdict = await shield.check("x")
    assert (verdict.status, verdict.error) == ("degraded", "timeout")
    assert verdict.latency_ms >= 10


async def test_a_cancelled_check_is_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await Shield(Failing(asyncio.CancelledError())).check("x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def test_a_policy_and_a_detector_for_one_check() -> None:
    keyword, other = Keyword(), Keyword("other")
    shield = Shield(keyword, policy=SpamPolicy(threshold=0.9))
    verdict = await shield.check(
        SPAM, policy=SpamPolicy(on_spam="inject"), detector=other, verdict_id="mine"
    )
    assert (verdict.id, verdict.detector, verdict.threshold) == ("mine", "other", 0.7)
    assert keyword.seen == []


async def test_a_detector_made_of_several_names_the_one_that_answered() -> None:
    class Both(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            return Detection(score=0.1, detector="second")

    assert (await Shield(Both("both")).check("x")).detector == "second"


async def test_check_many_keeps_the_order_and_its_bound() -> None:
    running, most = 0, 0

    class Counting(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001 * (5 - int(submission.text) % 5))
            running -= 1
            return Detection(score=int(submission.text) / 100)

    shield = Shield(Counting(), settings=SpamShieldSettings(concurrency=3))
    verdicts = await shield.check_many([str(number) for number in range(20)])
    assert [verdict.score for verdict in verdicts] == [number / 100 for number in range(20)]
    assert most == 3
    assert await shield.check_many([]) == []


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


class Resource(Keyword):
    def __init__(self) -> None:
        super().__init__("resource")
        self.log: list[str] = []

    async def __aenter__(self) -> None:
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.log.append("close")


async def test_a_resource_is_open_as_long_as_somebody_uses_the_shield() -> None:
    resource = Resource()
    shield = Shield(resource)
    with pytest.raises(ConfigurationError, match="Write `async with shield:` around"):
        await shield.check("x")
    async with shield:
        async with shield as same:
            assert same is shield
        assert resource.log == ["open"]
        await shield.open(resource)
        assert (await shield.check("x")).status == "checked"
    assert resource.log == ["open", "close"]


async def test_later_checks_are_done_before_the_resource_closes() -> None:
    resource = Resource()
    async with Shield(resource) as shield:
        await shield.check_later(
            "x", lambda verdict, submission: resource.log.append(verdict.status)
        )
    assert resource.log == ["open", "checked", "close"]


async def test_an_error_inside_closes_too() -> None:
    resource = Resource()
    with pytest.raises(KeyError):
        async with Shield(resource):
            raise KeyError
    assert resource.log == ["open", "close"]


async def test_health_of_what_needs_no_network() -> None:
    shield = Shield()
    assert shield.health() == ()
    async with shield:
        [health] = shield.health()
        assert (health.detector, health.breaker, health.error) == ("local", "closed", None)
        assert await shield.usage() == {}


async def test_the_embedded_engine_loads_no_http_library() -> None:
    code = (
        "import asyncio, sys\n"
        "from fastapi_spamshield import SpamShield\n"
        "async def main():\n"
        "    async with SpamShield() as shield:\n"
        "        await shield.check('hello')\n"
        "asyncio.run(main())\n"
        "assert not {'httpx', 'aiohttp'} & {*sys.modules}\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", code)
    assert await process.wait() == 0
