import asyncio
import logging
import math
import sys
import threading
from typing import Any, Self, cast

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    Detector,
    DetectorError,
    LocalDetector,
    SpamPolicy,
    SpamShieldSettings,
    SpamVerdict,
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


class Odd:
    """A detector that answers what no detector answers."""

    name = "odd"

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def detect(self, submission: Submission) -> Detection:
        return cast("Detection", self.answer)


class Richer(Detection, frozen=True):
    """A detection of somebody's own kind."""

    model_version: str = "3"


@pytest.mark.parametrize(
    "answer", [None, 0.9, {"score": 0.9}, Detection.model_construct(score=math.nan)]
)
async def test_an_answer_that_is_none_is_not_measured(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    verdict = await Shield(Odd(answer)).check(SECRET)
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", "protocol", None)
    assert verdict.detector == "odd"
    assert SECRET not in caplog.text


async def test_a_detection_of_ones_own_kind() -> None:
    verdict = await Shield(Odd(Richer(score=0.9))).check("x")
    assert (verdict.status, verdict.score) == ("checked", 0.9)


class Opened:
    """Counts in how many event loops it is open."""

    name = "opened"

    def __init__(self) -> None:
        self.loops: set[asyncio.AbstractEventLoop] = set()

    async def __aenter__(self) -> Self:
        self.loops.add(asyncio.get_running_loop())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.loops.remove(asyncio.get_running_loop())

    async def detect(self, submission: Submission) -> Detection:
        assert asyncio.get_running_loop() in self.loops
        return Detection(score=0.1)


async def test_two_event_loops_at_once() -> None:
    detector = Opened()
    shield = Shield(detector)
    told: list[str] = []

    async def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
        told.append(f"{submission.text}: {verdict.status}")

    async def elsewhere() -> None:
        async with shield:
            assert len(detector.loops) == 2
            assert len(shield.health()) == 2
            assert (await shield.check("there")).status == "checked"
            await shield.check_later("later there", on_verdict)

    async with shield:
        await asyncio.to_thread(asyncio.run, elsewhere())
        assert told == ["later there: checked"]
        assert (await shield.check("here")).status == "checked"
        await shield.check_later("later here", on_verdict)
    assert told == ["later there: checked", "later here: checked"]
    assert detector.loops == set()


async def test_a_plain_function_is_called_in_a_thread() -> None:
    called: list[threading.Thread] = []

    def plain(verdict: SpamVerdict, submission: Submission) -> None:
        called.append(threading.current_thread())

    def asynchronous(verdict: SpamVerdict, submission: Submission) -> Any:
        async def on() -> None:
            called.append(threading.current_thread())

        return on()

    async with Shield(Keyword()) as shield:
        await shield.check_later("x", plain)
        await shield.check_later("x", asynchronous)
    here = threading.current_thread()
    assert sorted(thread is here for thread in called) == [False, True]


async def test_a_callback_that_is_interrupted_is_not_called_again() -> None:
    told: list[str] = []

    async def slow(verdict: SpamVerdict, submission: Submission) -> None:
        told.append(verdict.status)
        await asyncio.sleep(60)

    settings = SpamShieldSettings(drain_timeout=0)
    async with Shield(Keyword(), settings=settings) as shield:
        await shield.check_later("x", slow)
        while not told:  # noqa: ASYNC110 - a test can wait
            await asyncio.sleep(0)
    assert told == ["checked"]


async def test_a_shutdown_that_is_cancelled_leaves_no_worker() -> None:
    async def slow(verdict: SpamVerdict, submission: Submission) -> None:
        await asyncio.sleep(60)

    async def run() -> None:
        async with Shield(Keyword()) as shield:
            await shield.check_later("x", slow)

    before = asyncio.all_tasks()
    running = asyncio.create_task(run())
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
