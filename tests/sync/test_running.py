import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    LocalDetector,
    RemoteDetector,
    SpamPolicy,
    Submission,
    SyncSpamShield,
)
from tests.faults import FaultServer
from tests.plain import Basic
from tests.support import SPAM, Keyword
from tests.sync.waiting import TEXTS, Waiting, wait_until


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


def test_what_is_no_detector() -> None:
    with pytest.raises(ConfigurationError, match="A detector is an object with a `name` and"):
        SyncSpamShield(LocalDetector)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


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


class Clients:
    """Makes clients, and remembers them."""

    def __init__(self) -> None:
        self.made: list[httpx.AsyncClient] = []
        self.threads: set[str] = set()

    def __call__(self) -> httpx.AsyncClient:
        self.threads.add(threading.current_thread().name)
        self.made.append(httpx.AsyncClient(headers={"x-client": "mine"}))
        return self.made[-1]


def test_a_client_is_made_and_closed_with_the_loop(service: FaultServer) -> None:
    clients = Clients()
    detector = RemoteDetector(Basic(), api_key="key", base_url=service.at("ok"))
    shield = SyncSpamShield(detector, client=clients)
    assert not clients.made
    for number in range(2):
        with shield:
            assert shield.check("hello").score == 0.9
            assert not clients.made[number].is_closed
        assert clients.made[number].is_closed
    assert clients.threads == {"spamshield"}
    assert [seen.headers["x-client"] for seen in service.seen] == ["mine", "mine"]


def test_a_client_that_is_there_already_belongs_to_no_loop() -> None:
    client: Any = httpx.AsyncClient()
    with pytest.raises(ConfigurationError, match="client=lambda: httpx"):
        SyncSpamShield(Keyword(), client=client)
    asyncio.run(client.aclose())
