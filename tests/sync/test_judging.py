import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    DetectorError,
    LocalDetector,
    SpamPolicy,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    SyncSpamShield,
)
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.sync import running as module
from tests.support import MAYBE, SPAM, Broken, Keyword
from tests.sync.waiting import SECRET, TEXTS, Waiting, wait_until


def essence(verdict: SpamVerdict) -> dict[str, Any]:
    return verdict.model_dump(exclude={"id", "latency_ms"})


@pytest.mark.parametrize("detector", [LocalDetector, Waiting, Broken])
def test_threads_get_what_the_asynchronous_shield_says(detector: Any) -> None:
    async def expected() -> list[dict[str, Any]]:
        async with Shield(detector()) as shield:
            return [essence(await shield.check(text, author="Ann")) for text in TEXTS]

    def ask(text: str) -> dict[str, Any]:
        return essence(shield.check(text, author="Ann"))

    with SyncSpamShield(detector()) as shield, ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, TEXTS * 50)) == asyncio.run(expected()) * 50


def test_a_policy_a_detector_and_an_id_for_one_check() -> None:
    waiting, other = Waiting(), Waiting("other")

    def ask(text: str) -> SpamVerdict:
        return shield.check(text, policy=SpamPolicy(), detector=other, verdict_id="mine")

    with SyncSpamShield(waiting, policy=SpamPolicy(threshold=0.9)) as shield:
        with ThreadPoolExecutor(8) as threads:
            verdicts = list(threads.map(ask, [SPAM] * 8))
        assert {(one.id, one.detector, one.threshold) for one in verdicts} == {
            ("mine", "other", 0.7)
        }
        assert shield.check(SPAM, detector=LocalDetector()).detector == "local"
        assert shield.policy.threshold == 0.9
        assert shield.detector is waiting
    assert waiting.log == other.log == ["open", "close"]
    assert waiting.seen == []


def test_check_many_keeps_the_order() -> None:
    policy = SpamPolicy(shadow=True)
    with SyncSpamShield(Waiting(), settings=SpamShieldSettings(concurrency=3)) as shield:
        verdicts = shield.check_many([SPAM, Submission(text="x"), MAYBE] * 9, policy=policy)
        assert [verdict.label for verdict in verdicts] == ["spam", "ham", "suspicious"] * 9
        assert shield.check_many([]) == []


@pytest.mark.parametrize("detector", [LocalDetector(), Keyword()])
def test_what_is_no_submission(detector: Any) -> None:
    with SyncSpamShield(detector) as shield:
        with pytest.raises(ConfigurationError, match="Not a submission: "):
            shield.check(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(ConfigurationError, match="Did you mean 'author'"):
            shield.check("x", autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        with pytest.raises(ConfigurationError, match="Not a submission: "):
            shield.check_many(["x", 3])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
        with pytest.raises(ConfigurationError, match="Not a submission: "):
            shield.check_later(3, print)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_long_text_is_judged_without_a_loop() -> None:
    with SyncSpamShield() as shield:
        verdict = shield.check("We walked along the river. " * 300)
    assert (verdict.status, verdict.label) == ("checked", "ham")


def test_a_long_text_is_judged_where_there_is_no_loop() -> None:
    verdict = SyncSpamShield().check("We went on by the river. " * 400)
    assert (verdict.status, verdict.label) == ("checked", "ham")


def test_it_explains_as_a_shield_does() -> None:
    text = "Have a look at https://bit.ly/lamps, free bitcoin. " * 100
    with SyncSpamShield() as shield:
        explanation = shield.explain(text, honeypot="x")
        assert explanation.counterfactuals
        assert explanation.smallest_change is None or explanation.smallest_change.without
        short = shield.explain("Hello there, all of you", honeypot="x").smallest_change
        assert short is not None
        assert [part.title for part in short.without] == ["honeypot"]
        other = shield.explain("x", detector=Waiting())
        assert other.reason is not None
        assert other.reason.startswith("waiting is not asked")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DetectorError("quota"), "quota"),
        (KeyError(SECRET), "protocol"),
        (TimeoutError(), "timeout"),
    ],
)
@pytest.mark.parametrize("when", ["opening", "detecting"])
def test_it_never_raises_for_an_outage(
    error: Exception, code: str, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    class Failing(Waiting):
        async def __aenter__(self) -> None:
            if when == "opening":
                raise error

        async def detect(self, submission: Submission) -> Detection:
            raise error

    shield = SyncSpamShield(Failing("failing"))
    verdict = shield.check(SECRET, author=SECRET, verdict_id="mine")
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", code, None)
    assert (verdict.id, verdict.detector, verdict.action) == ("mine", "failing", "review")
    assert [one.error for one in shield.check_many([SECRET] * 2)] == [code] * 2
    found: list[SpamVerdict] = []
    shield.check_later(SECRET, lambda verdict, _: found.append(verdict), verdict_id="later")
    shield.close()
    assert [(one.id, one.status, one.error) for one in found] == [("later", "degraded", code)]
    assert "failing" in caplog.text
    assert SECRET not in caplog.text


def test_one_deadline_bounds_the_check() -> None:
    class Endless(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.Event().wait()
            raise AssertionError

    with SyncSpamShield(Endless(), settings=SpamShieldSettings(timeout=0.01)) as shield:
        verdict = shield.check("x")
    assert (verdict.status, verdict.error) == ("degraded", "timeout")
    assert verdict.latency_ms >= 10


@pytest.mark.parametrize("where", ["detecting", "opening"])
def test_a_detector_that_blocks_the_loop_holds_nobody_up(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(module, "GRACE", 0.01)

    class Blocking(Waiting):
        async def __aenter__(self) -> None:
            if where == "opening":
                release.wait()

        async def detect(self, submission: Submission) -> Detection:
            release.wait()
            return Detection(score=0.0)

    found: list[SpamVerdict] = []
    shield = SyncSpamShield(Blocking(), settings=SpamShieldSettings(timeout=0.01))
    verdict = shield.check("x")
    assert (verdict.status, verdict.error, verdict.detector) == ("degraded", "timeout", "waiting")
    assert [one.error for one in shield.check_many(["x"] * 3)] == ["timeout"] * 3
    shield.check_later("x", lambda verdict, _: found.append(verdict))
    release.set()
    shield.close()
    assert [one.error for one in found] == ["timeout"]


def test_who_waits_no_longer_asks_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 0.01)

    class Slow(Waiting):
        async def __aenter__(self) -> None:
            while not self.release.is_set():  # noqa: ASYNC110 - it belongs to another thread
                await asyncio.sleep(0.001)

    slow = Slow()
    slow.release.clear()
    shield = SyncSpamShield(slow, settings=SpamShieldSettings(timeout=0.01))
    assert shield.check("x").error == "timeout"
    slow.release.set()
    assert shield.check("y").status == "checked"
    shield.close()
    assert slow.texts == ["y"]


def test_later_checks_report_in_threads_that_may_block() -> None:
    waiting = Waiting()
    found: list[tuple[str, str, str]] = []
    with SyncSpamShield(waiting) as shield:

        def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
            # Blocks, and asks the shield again.
            again = shield.check(submission)
            found.append((verdict.id, verdict.label, again.label))
            assert threading.current_thread().name.startswith("asyncio")

        for number in range(20):
            shield.check_later(SPAM, on_verdict, author="Ann", verdict_id=str(number))
        wait_until(lambda: len(found) == 20)
    assert sorted(found) == sorted((str(number), "spam", "spam") for number in range(20))
    assert {seen.author for seen in waiting.seen} == {"Ann"}


def test_later_checks_by_the_embedded_engine_are_done_before_it_closes() -> None:
    found: list[str] = []
    with SyncSpamShield() as shield:
        for text in TEXTS[:3]:
            shield.check_later(text, lambda verdict, _: found.append(verdict.action))
    assert sorted(found) == ["allow", "reject", "review"]


def test_what_cannot_be_finished_is_reported() -> None:
    waiting = Waiting()
    waiting.release.clear()
    found: list[str | None] = []
    settings = SpamShieldSettings(concurrency=1, backlog=1, drain_timeout=0.01)
    with SyncSpamShield(waiting, settings=settings) as shield:
        shield.check_later("x", lambda verdict, _: found.append(verdict.error))
        wait_until(lambda: waiting.threads)
        shield.check_later("x", lambda verdict, _: found.append(verdict.error))
        shield.check_later("x", lambda verdict, _: found.append(verdict.error))
        assert found == ["rate_limited"]
    assert found == ["rate_limited", "timeout", "timeout"]


def test_an_error_of_the_callback_stays_its_own(caplog: pytest.LogCaptureFixture) -> None:
    def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
        raise KeyError(SECRET)

    with SyncSpamShield() as shield:
        shield.check_later("x", on_verdict)
    assert "A later check ended with KeyError" in caplog.text
    assert SECRET not in caplog.text


def test_a_callback_is_no_coroutine_function() -> None:
    async def on_verdict(verdict: SpamVerdict, submission: Submission) -> None: ...

    with SyncSpamShield() as shield, pytest.raises(ConfigurationError, match="Write `def` instead"):
        shield.check_later("x", on_verdict)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_slow_report_of_a_full_backlog_is_not_made_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.01)
    waiting = Waiting()
    waiting.release.clear()
    found: list[str | None] = []
    returned = threading.Event()

    def slowly(verdict: SpamVerdict, submission: Submission) -> None:
        found.append(verdict.error)
        returned.wait()

    settings = SpamShieldSettings(concurrency=1, backlog=1, timeout=0.01, drain_timeout=60)
    with SyncSpamShield(waiting, policy=SpamPolicy(), settings=settings) as shield:
        for _ in range(2):
            shield.check_later("x", lambda verdict, _: None, detector=waiting)
        shield.check_later("x", slowly)
        returned.set()
        waiting.release.set()
    assert len(found) == 1
