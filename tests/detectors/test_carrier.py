import asyncio
from typing import Any

import pytest

from fastapi_spamshield import (
    DetectorError,
    Fallback,
    LocalDetector,
    SpamShieldSettings,
    Submission,
)
from fastapi_spamshield.deadline import Patience, within
from fastapi_spamshield.dialects.base import Answer, Usage
from fastapi_spamshield.models import Detection
from fastapi_spamshield.shield import Shield
from tests.detectors.hosted import CHECK, remote, service_of, shield
from tests.faults import FaultServer
from tests.plain import Basic
from tests.support import Clock


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_what_passes_is_tried_again(status: int, server: FaultServer) -> None:
    server.answers[CHECK] = [status, status, {"score": 0.2}]
    async with shield(server) as running:
        verdict = await running.check("hello")
    assert (verdict.status, verdict.score) == ("checked", 0.2)
    assert server.paths[CHECK] == 3


@pytest.mark.parametrize("status", [400, 401, 402, 413, 422, 429, 501])
async def test_what_would_fail_again_is_not(status: int, server: FaultServer) -> None:
    server.answers[CHECK] = [status, {"score": 0.2}]
    async with shield(server) as running:
        assert (await running.check("hello")).status == "degraded"
    assert server.paths[CHECK] == 1


async def test_what_may_not_be_sent_again_is_not(server: FaultServer) -> None:
    class Once(Basic):
        def check(self, submission: Submission, key: str | None) -> Any:
            return super().check(submission, key)._replace(retryable=False)

    server.answers[CHECK] = [503, {"score": 0.2}]
    async with shield(server, Once()) as running:
        assert (await running.check("hello")).error == "unavailable"
    assert server.paths[CHECK] == 1


async def test_a_service_that_wants_to_wait_is_asked_then(server: FaultServer) -> None:
    async with shield(server, base_url=server.at("status-429-0.05")) as running:
        assert (await running.check("hello")).error == "rate_limited"
    assert server.paths["/status-429-0.05/check"] == 3


async def test_a_service_that_wants_to_wait_longer_is_left_alone(server: FaultServer) -> None:
    async with shield(server, base_url=server.at("status-429-60")) as running:
        for text in ("one", "two"):
            assert (await running.check(text)).error == "rate_limited"
    assert server.paths["/status-429-60/check"] == 1


async def test_a_service_whose_quota_is_used_up_is_left_alone(server: FaultServer) -> None:
    server.answers[CHECK] = [402]
    async with shield(server) as running:
        for text in ("one", "two"):
            assert (await running.check(text)).error == "quota"
        assert running.health()[0].breaker == "closed"
    assert server.paths[CHECK] == 1


async def test_a_bug_of_a_dialect_is_its_own(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    class Buggy(Basic):
        def detection(self, answer: Answer) -> Detection:
            raise KeyError(answer.body)

    async with shield(server, Buggy()) as running:
        assert (await running.check("my secret")).error == "protocol"
    assert "Dialect plain raised KeyError in" in caplog.text
    assert "score" not in caplog.text


async def test_a_bug_that_is_no_answer_counts_for_nothing(server: FaultServer) -> None:
    class Buggy(Basic):
        def check(self, submission: Submission, key: str | None) -> Any:
            nonsense: Any = 3
            return super().check(submission, key)._replace(headers=nonsense)

    async with shield(server, Buggy()) as running:
        assert (await running.check("hello")).error == "protocol"
        service_of(running)._carrier._transport.send = None  # type: ignore[method-assign,assignment]  # pyright: ignore[reportAttributeAccessIssue]
        assert (await running.check("hello")).error == "protocol"


async def test_the_breaker_spares_a_service_that_is_down(server: FaultServer) -> None:
    clock = Clock()
    server.answers[CHECK] = [503, 503, 503, {"score": 0.1}]
    async with shield(server, retries=0, breaker_failures=3) as running:
        service_of(running)._carrier._breaker._clock = clock
        for number in range(9):
            assert (await running.check(str(number))).error == "unavailable"
        assert server.paths[CHECK] == 3
        [health] = running.health()
        assert (health.breaker, health.error, health.checks) == ("open", "unavailable", 9)
        since = health.since
        clock.now += 10
        assert running.health()[0].breaker == "half_open"
        server.delay = 0.05
        verdicts = await asyncio.gather(*map(running.check, "abc"))
        assert sorted(verdict.status for verdict in verdicts) == ["checked", "degraded", "degraded"]
        [health] = running.health()
        assert (health.breaker, health.error) == ("closed", None)
        assert since is not None
        assert health.since is not None
        assert health.since > since


async def test_a_caller_that_gives_up_late_tells_of_a_timeout(server: FaultServer) -> None:
    async with shield(server, breaker_failures=1) as running:
        carrier = service_of(running)._carrier
        call = Basic().check(Submission(text="x"), "key")

        async def cancelled(*args: Any, **options: Any) -> Any:
            raise asyncio.CancelledError

        carrier._try = cancelled  # type: ignore[method-assign]
        with pytest.raises(asyncio.CancelledError):
            await carrier.carry(call, lambda answer: answer, Patience(0.0))
        assert running.health()[0].error == "timeout"
        assert running.health()[0].breaker == "open"


async def test_an_outage_is_one_line_a_minute(
    server: FaultServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("fastapi_spamshield.detectors.carrier.time.monotonic", clock)
    server.answers[CHECK] = [400]
    both = Fallback(remote(server), LocalDetector())
    async with Shield(both) as running:
        for number in range(5):
            await running.check(str(number))
        assert len(caplog.records) == 1
        clock.now += 60
        await running.check("again")
    assert [record.getMessage() for record in caplog.records] == [
        "Detector plain can't measure: bad_request"
    ] * 2


async def test_a_refused_key_is_left_alone(server: FaultServer) -> None:
    clock = Clock()
    server.answers[CHECK] = [401]
    async with shield(server) as running:
        service_of(running)._carrier._breaker._clock = clock
        for number in range(5):
            assert (await running.check(str(number))).error == "auth"
        assert server.paths[CHECK] == 1
        [health] = running.health()
        assert (health.breaker, health.error) == ("open", "auth")
        server.answers[CHECK] = [{"score": 0.1}]
        clock.now += 10
        assert (await running.check("hello")).score == 0.1
        assert running.health()[0].error is None


async def test_who_has_more_time_is_not_failed_by_who_has_less(server: FaultServer) -> None:
    server.delay = 0.3
    async with Shield(remote(server), settings=SpamShieldSettings(timeout=60)) as running:
        ready = running._session().openings.ready(running.detector)
        submission = Submission(text="hello")
        hasty = asyncio.create_task(within(0.1, ready.detect(submission)))
        patient = asyncio.create_task(running.check("hello"))
        with pytest.raises((TimeoutError, DetectorError)):
            await hasty
        assert not patient.done()
        assert (await patient).status == "checked"
    assert server.paths[CHECK] == 1


async def test_a_call_that_hangs_is_seen_though_others_join_it(server: FaultServer) -> None:
    one = remote(server, base_url=server.at("hang"), breaker_failures=3)
    async with Shield(one, settings=SpamShieldSettings(timeout=0.1)) as running:
        asking: list[asyncio.Task[Any]] = []
        while running.health()[0].breaker == "closed":
            asking.append(asyncio.create_task(running.check("the same")))
            await asyncio.sleep(0.03)
        assert running.health()[0].error == "timeout"
        verdicts = await asyncio.gather(*asking)
        assert {verdict.error for verdict in verdicts} <= {"timeout", "unavailable"}
        assert len(asking) > 3
    assert server.connections == 1


async def test_who_goes_away_says_nothing_of_the_service(server: FaultServer) -> None:
    one = remote(server, base_url=server.at("hang"), breaker_failures=1)
    async with Shield(one, settings=SpamShieldSettings(timeout=60)) as running:
        asking = [asyncio.create_task(running.check("the same")) for _ in range(2)]
        await asyncio.sleep(0.01)
        asking[0].cancel()
        await asyncio.wait(asking[:1])
        [health] = running.health()
        assert (health.breaker, health.error) == ("closed", None)
        asking[1].cancel()


async def test_a_budget_of_a_minute(server: FaultServer) -> None:
    async with shield(server, per_minute=2) as running:
        verdicts = [await running.check(str(number)) for number in range(4)]
        assert [verdict.error for verdict in verdicts] == [
            None,
            None,
            "rate_limited",
            "rate_limited",
        ]
        assert running.health()[0].breaker == "closed"
    assert server.paths[CHECK] == 2


async def test_a_budget_of_a_month_counts_retries(server: FaultServer) -> None:
    server.answers[CHECK] = [503, 503, 503]
    async with shield(server, per_month=2) as running:
        assert (await running.check("one")).error == "unavailable"
        assert (await running.check("two")).error == "quota"
        assert await running.usage() == {"plain": Usage(2, 2, 0, "month")}
    assert server.paths[CHECK] == 2


async def test_a_bound_on_requests_at_a_time(server: FaultServer) -> None:
    server.delay = 0.02
    async with shield(server, concurrency=2) as running:
        await asyncio.gather(*map(running.check, "abcdefgh"))
    assert server.connections == 2


async def test_who_waits_for_a_slot_too_long_is_told(server: FaultServer) -> None:
    async with shield(server, base_url=server.at("hang"), concurrency=1, timeout=0.1) as running:
        verdicts = await asyncio.gather(*map(running.check, "abc"))
    assert {verdict.error for verdict in verdicts} == {"timeout"}


async def test_an_own_timeout(server: FaultServer) -> None:
    detector = remote(server, base_url=server.at("hang"), timeout=0.05)
    async with Shield(detector, settings=SpamShieldSettings(timeout=60)) as running:
        assert (await running.check("hello")).error == "timeout"
