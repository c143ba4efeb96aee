import asyncio
import gc
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    DetectorError,
    Fallback,
    LocalDetector,
    NotRemembered,
    SpamPolicy,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    SyncSpamShield,
)
from fastapi_spamshield import sync as module
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.testing import SUSPICIOUS_TEST_STRING
from tests.detectors.local.lessons import HAM
from tests.support import MAYBE, SPAM, Broken, Keyword

SECRET = "my secret words"


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    gc.collect()  # An open loop or socket would warn, and a warning is an error.
    wait_until(lambda: threading.active_count() <= before)


def wait_until(is_so: Any) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


class Waiting(Keyword):
    """Waits before it answers, and may be opened and closed."""

    def __init__(self, name: str = "waiting") -> None:
        super().__init__(name)
        self.log: list[str] = []
        self.threads: set[str] = set()
        self.release = threading.Event()
        self.release.set()

    async def __aenter__(self) -> None:
        await asyncio.sleep(0)
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.log.append("close")

    async def detect(self, submission: Submission) -> Detection:
        self.threads.add(threading.current_thread().name)
        await asyncio.sleep(0)
        while not self.release.is_set():  # noqa: ASYNC110 - it belongs to another thread
            await asyncio.sleep(0.001)
        return await super().detect(submission)


def essence(verdict: SpamVerdict) -> dict[str, Any]:
    return verdict.model_dump(exclude={"id", "latency_ms"})


TEXTS = [
    "Hello, are you open on Sunday? I could not find it on your page.",
    f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}",
    "Act now! Claim your prize, free bitcoin: https://bit.ly/x1",
    "",
    f"{SPAM} and more",
    MAYBE,
]


@pytest.mark.parametrize("detector", [LocalDetector, Waiting, Broken])
def test_threads_get_what_the_asynchronous_shield_says(detector: Any) -> None:
    async def expected() -> list[dict[str, Any]]:
        async with Shield(detector()) as shield:
            return [essence(await shield.check(text, author="Ann")) for text in TEXTS]

    def ask(text: str) -> dict[str, Any]:
        return essence(shield.check(text, author="Ann"))

    with SyncSpamShield(detector()) as shield, ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, TEXTS * 50)) == asyncio.run(expected()) * 50


def test_the_embedded_engine_needs_no_thread() -> None:
    before = threading.active_count()
    with SyncSpamShield() as shield:
        verdict = shield.check(TEXTS[2], honeypot="x", verdict_id="mine")
        assert (verdict.id, verdict.action, verdict.detector) == ("mine", "reject", "local")
        many = shield.check_many(TEXTS[:3], policy=SpamPolicy(shadow=True))
        assert [verdict.shadow_action for verdict in many] == ["allow", "review", "reject"]
        assert threading.active_count() == before


def test_every_other_detector_has_one_loop_in_one_thread() -> None:
    class Derived(LocalDetector):
        async def detect(self, submission: Submission) -> Detection:
            await asyncio.sleep(0)
            return await super().detect(submission)

    waiting = Waiting()
    before = threading.active_count()
    shield = SyncSpamShield(waiting)
    assert threading.active_count() == before
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(shield.check, TEXTS * 20))
    assert threading.active_count() == before + 1
    assert waiting.threads == {"spamshield"}
    assert waiting.log == ["open"]
    shield.close()
    assert waiting.log == ["open", "close"]
    with SyncSpamShield(Derived()) as derived:
        assert derived.check(TEXTS[2]).status == "checked"


def test_a_detector_that_answers_at_once_still_stays_in_its_loop() -> None:
    # It may hold what threads must not share.
    class Naming(Keyword):
        async def detect(self, submission: Submission) -> Detection:
            return Detection(score=0.0, reason=threading.current_thread().name)

    with SyncSpamShield(Naming()) as shield:
        assert shield.check("x").reason == "spamshield"


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


def test_what_is_no_detector() -> None:
    with pytest.raises(ConfigurationError, match="A detector is an object with a `name` and"):
        SyncSpamShield(LocalDetector)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Outages


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


def test_a_detector_that_could_not_be_opened_is_tried_again() -> None:
    class Late(Waiting):
        async def __aenter__(self) -> None:
            self.log.append("try")
            if len(self.log) < 3:
                raise OSError

    shield = SyncSpamShield(Late())
    statuses = [shield.check("x").status for _ in range(4)]
    assert statuses == ["degraded", "degraded", "checked", "checked"]
    shield.close()


def test_a_with_says_what_cannot_be_opened() -> None:
    class Never(Waiting):
        async def __aenter__(self) -> None:
            raise OSError("no route")

    shield = SyncSpamShield(Never())
    with pytest.raises(OSError, match="no route"), shield:
        raise AssertionError
    with pytest.raises(ConfigurationError, match="is closed"):
        shield.check("x")


def test_a_close_says_what_cannot_be_closed() -> None:
    class Stuck(Waiting):
        async def __aexit__(self, *exc: object) -> None:
            raise OSError("broken pipe")

    with pytest.raises(OSError, match="broken pipe"), SyncSpamShield(Stuck()) as shield:
        assert shield.check("x").status == "checked"


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


# Later


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


# Where it may be called


@pytest.mark.parametrize("detector", [LocalDetector(), Keyword()])
async def test_where_a_loop_runs_it_says_what_to_write(detector: Any) -> None:
    shield = SyncSpamShield(detector)
    for call in (
        lambda: shield.check("x"),
        lambda: shield.check_many(["x"]),
        lambda: shield.check_later("x", print),
    ):
        with pytest.raises(ConfigurationError, match=r"Write `await shield\.check\(\.\.\.\)` with"):
            call()
    # A thread of its own is fine.
    assert (await asyncio.to_thread(shield.check, "x")).status == "checked"
    await asyncio.to_thread(shield.close)


@pytest.mark.parametrize("detector", [LocalDetector(), Keyword()])
def test_a_closed_one_says_so_and_starts_again(detector: Any) -> None:
    shield = SyncSpamShield(detector)
    for _ in range(3):
        with shield as same, shield:
            assert same is shield
            assert shield.check("x").status == "checked"
        for call in (
            lambda: shield.check("x"),
            lambda: shield.check_many(["x"]),
            lambda: shield.check_later("x", print),
        ):
            with pytest.raises(ConfigurationError, match="closed\\. Write `with shield:`"):
                call()
    shield.close()


def test_it_is_open_as_long_as_somebody_uses_it() -> None:
    waiting = Waiting()
    shield = SyncSpamShield(waiting)

    def use(text: str) -> str:
        with shield:
            return shield.check(text).label

    with shield, ThreadPoolExecutor(8) as threads:
        assert set(threads.map(use, [SPAM] * 50)) == {"spam"}
        assert waiting.log == ["open"]
    assert waiting.log == ["open", "close"]
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(use, [SPAM] * 50)) == {"spam"}
    assert waiting.log == ["open", "close"] * (len(waiting.log) // 2)


def test_it_may_be_closed_within_a_with() -> None:
    waiting = Waiting()
    shield = SyncSpamShield(waiting)
    for _ in range(2):
        with shield:
            shield.close()
        with shield:
            assert shield.check("x").status == "checked"
    assert waiting.log == ["open", "close"] * 4


def test_closing_finishes_the_checks_that_run_and_refuses_further_ones() -> None:
    waiting = Waiting()
    waiting.release.clear()
    shield = SyncSpamShield(waiting)
    with ThreadPoolExecutor(9) as threads:
        running = [threads.submit(shield.check, SPAM) for _ in range(8)]
        wait_until(lambda: waiting.threads)
        closing = threads.submit(shield.close)
        wait_until(lambda: refuses(shield))
        assert not closing.done()
        waiting.release.set()
        closing.result()
        outcomes = {outcome(future) for future in running}
    # Whoever was too late is told that it is closed; nobody waits for ever or gets another answer.
    assert "spam" in outcomes <= {"spam", "ConfigurationError"}
    assert waiting.log == ["open", "close"]


def refuses(shield: SyncSpamShield) -> bool:
    try:
        shield.check("x", detector=LocalDetector())
    except ConfigurationError:
        return True
    return False


def outcome(future: Any) -> str:
    error = future.exception()
    return type(error).__name__ if error else str(future.result().label)


def test_one_that_nobody_holds_ends_by_itself() -> None:
    before = threading.active_count()
    waiting = Waiting()
    found: list[str] = []
    shield = SyncSpamShield(waiting)
    shield.check_later(SPAM, lambda verdict, _: found.append(verdict.label))
    assert threading.active_count() > before
    del shield
    gc.collect()
    wait_until(lambda: threading.active_count() <= before)
    assert waiting.log == ["open", "close"]
    assert found == ["spam"]
    del waiting
    gc.collect()


def test_one_that_was_never_asked_leaves_nothing() -> None:
    SyncSpamShield(Waiting())
    SyncSpamShield(Waiting()).close()


def test_health_and_usage() -> None:
    with SyncSpamShield(Unhurried()) as shield:
        assert shield.check("hello").status == "checked"
        assert [each.detector for each in shield.health()] == ["unhurried"]
        assert shield.usage() == {}


class Unhurried:
    name = "unhurried"

    async def detect(self, submission: Submission) -> Detection:
        await asyncio.sleep(0)
        return Detection(score=0.1)


def test_a_long_text_is_judged_without_a_loop() -> None:
    with SyncSpamShield() as shield:
        verdict = shield.check("We walked along the river. " * 300)
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


class Shared:
    """Used tokens that are somewhere else, which takes a moment."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    async def claim(self, token_id: str, seconds: float, /) -> bool:
        await asyncio.sleep(0)
        is_first = token_id not in self.used
        self.used.add(token_id)
        return is_first

    async def release(self, token_id: str, /) -> None:
        await asyncio.sleep(0)
        self.used.discard(token_id)


@pytest.mark.parametrize("shared", [False, True])
def test_form_tokens(shared: bool) -> None:
    text = "When do you open on Sundays?"
    with SyncSpamShield(used_tokens=Shared() if shared else None) as shield:
        token = shield.form_token("contact", session="s", age=20)
        read = shield.claim_form_token(token, "contact", session="s")
        assert read.state == "valid"
        assert shield.check(text, **read.context()).action == "allow"
        assert shield.claim_form_token(token, "contact", session="s").state == "used"
        shield.release_form_token(read)
        assert shield.claim_form_token(token, "contact", session="s").state == "valid"
        assert shield.claim_form_token(token, "contact").state == "foreign"


@pytest.mark.parametrize("detector", [LocalDetector(), Fallback(Broken(), LocalDetector())])
def test_feedback_is_learned_and_forgotten(detector: Any) -> None:
    with SyncSpamShield(detector) as shield:
        before = shield.check(HAM[0])
        told = shield.feedback(before.id, "spam")
        assert told.learned == ("local",)
        assert shield.lessons().spam == 1
        assert shield.check(HAM[0]).label == "spam"
        assert shield.check_many([HAM[0]])[0].label == "spam"
        assert shield.forget(told.id).forgotten
        assert shield.check(HAM[0]).score == before.score
        with pytest.raises(NotRemembered):
            shield.forget(told.id)
        with pytest.raises(NotRemembered):
            shield.feedback("unknown", "ham")


def test_what_was_learned_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = SpamShieldSettings(learning_path=str(tmp_path / "learned"))
    with SyncSpamShield(settings=settings) as shield:
        verdict = shield.check(HAM[0])
        assert shield.feedback(verdict.id, "spam").saved
    shield = SyncSpamShield(settings=settings)
    assert shield.check(HAM[0]).label == "spam"
    shield.close()


def test_a_long_text_is_judged_where_there_is_no_loop() -> None:
    verdict = SyncSpamShield().check("We went on by the river. " * 400)
    assert (verdict.status, verdict.label) == ("checked", "ham")
