import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    DetectorError,
    Fallback,
    LocalDetector,
    RemoteDetector,
    SpamPolicy,
    SpamShieldSettings,
    Submission,
)
from fastapi_spamshield.deadline import within
from fastapi_spamshield.detectors.batch import BatchService
from fastapi_spamshield.detectors.service import RAW_BYTES, Service
from fastapi_spamshield.dialects.base import Answer, Usage
from fastapi_spamshield.models import Detection
from fastapi_spamshield.policy import Bands
from fastapi_spamshield.shield import Shield
from tests.faults import FaultServer, refusing_url
from tests.plain import FACTS, Basic, Batches, Plain
from tests.support import Clock

CHECK = "/ok/check"


def remote(server: FaultServer, dialect: Any = None, **options: Any) -> RemoteDetector:
    options = {"api_key": "key", "base_url": server.at("ok"), "verify": "skip", **options}
    return RemoteDetector(dialect or Basic(), **options)


def shield(
    server: FaultServer, dialect: Any = None, *, timeout: float = 30.0, **options: Any
) -> Shield:
    settings = SpamShieldSettings(timeout=timeout)
    return Shield(remote(server, dialect, **options), settings=settings)


def service_of(running: Shield) -> Service:
    [service] = running._session().openings
    assert isinstance(service, Service)
    return service


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
        service_of(running)._transport.send = None  # type: ignore[method-assign,assignment]  # pyright: ignore[reportAttributeAccessIssue]
        assert (await running.check("hello")).error == "protocol"


async def test_the_breaker_spares_a_service_that_is_down(server: FaultServer) -> None:
    clock = Clock()
    server.answers[CHECK] = [503, 503, 503, {"score": 0.1}]
    async with shield(server, retries=0, breaker_failures=3) as running:
        service_of(running)._breaker._clock = clock
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
        service = service_of(running)
        service._until = lambda: asyncio.get_running_loop().time() - 1  # type: ignore[method-assign]
        call = Basic().check(Submission(text="x"), "key")

        async def cancelled(*args: Any, **options: Any) -> Any:
            raise asyncio.CancelledError

        service._try = cancelled  # type: ignore[method-assign]
        with pytest.raises(asyncio.CancelledError):
            await service._carry(call, lambda answer: answer)
        assert running.health()[0].error == "timeout"
        assert running.health()[0].breaker == "open"


async def test_a_refused_key_is_not_asked_again_at_once(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers[CHECK] = [401, {"score": 0.2}]
    async with shield(server) as running:
        for text in ("one", "two", "three"):
            assert (await running.check(text)).error == "auth"
        assert server.paths[CHECK] == 1
        assert running.health()[0].error == "auth"
        service_of(running)._refused = 0.0
        assert (await running.check("four")).score == 0.2


async def test_what_can_not_be_asked_is_seen_in_health(server: FaultServer) -> None:
    class Picky(Basic):
        def check(self, submission: Submission, key: str | None) -> Any:
            raise DetectorError("bad_request", "there is no ip", detector=self.name)

    async with shield(server, Picky()) as running:
        assert (await running.check("hello")).error == "bad_request"
        assert running.health()[0].error == "bad_request"


async def test_an_id_that_is_too_long_to_keep(server: FaultServer) -> None:
    class Wordy(Basic):
        def detection(self, answer: Answer) -> Detection:
            return super().detection(answer).model_copy(update={"detection_id": "x" * 501})

    async with shield(server, Wordy()) as running:
        assert (await running.check("hello")).error == "protocol"


async def test_whoever_joins_a_call_has_the_time_that_is_left_to_them(server: FaultServer) -> None:
    server.delay = 0.5
    async with shield(server) as running:
        service = service_of(running)
        submission = Submission(text="hello")
        hasty = asyncio.create_task(within(0.2, service.detect(submission)))
        await asyncio.sleep(0.05)
        patient = asyncio.create_task(within(20, service.detect(submission)))
        with pytest.raises(TimeoutError):
            await hasty
        assert (await patient).score == 0.9
    assert server.paths[CHECK] == 1


async def test_a_service_that_is_asked_for_usage_or_a_key_spends_nothing(
    server: FaultServer,
) -> None:
    server.answers["/ok/usage"] = [503, {"used": 1, "limit": 9, "remaining": 8, "period": "day"}]
    options: dict[str, Any] = {"per_month": 1, "verify": "error", "breaker_failures": 1}
    async with shield(server, Plain(), **options) as running:
        assert (await running.usage())["plain"].remaining == 8
        assert (await running.check("hello")).status == "checked"
        assert (await running.check("again")).error == "quota"


async def test_two_accounts_are_told_apart(server: FaultServer) -> None:
    both = Fallback(
        remote(server, per_month=5, api_key="one"), remote(server, per_month=7, api_key="two")
    )
    async with Shield(both) as running:
        usage = await running.usage()
    assert {name: each.limit for name, each in usage.items()} == {"plain": 5, "plain (2)": 7}


async def test_batches_are_not_lost_in_a_fallback(server: FaultServer) -> None:
    server.answers["/ok/batch"] = [[{"score": 0.9}, None, {"score": 0.1}]]
    server.answers[CHECK] = [{"score": 0.4}]
    first = remote(server, Batches())
    last = LocalDetector()
    async with Shield(Fallback(first, last)) as running:
        assert running._session().openings.ready(running.detector).name == "fallback(plain, local)"
        found = await running.check_many(["a", "Good morning", "c"])
        alone = await running.check("d")
    assert [verdict.score for verdict in found[::2]] == [0.9, 0.1]
    assert [verdict.detector for verdict in found] == ["plain", "local", "plain"]
    assert [one.detail for one in found[1].signals if one.name == "unmeasured"] == [
        "plain: bad_request"
    ]
    assert (alone.score, alone.detector) == (0.4, "plain")
    assert (server.paths["/ok/batch"], server.paths[CHECK]) == (1, 1)


@pytest.mark.parametrize("base", ["hang", "closed"])
async def test_a_batch_that_comes_to_nothing(server: FaultServer, base: str) -> None:
    settings = SpamShieldSettings(timeout=0.5)
    where = server.at("hang") if base == "hang" else refusing_url()
    options: dict[str, Any] = {"base_url": where, "retries": 0}
    async with Shield(
        Fallback(remote(server, Batches(), **options), LocalDetector()), settings=settings
    ) as running:
        found = await running.check_many(["Good morning", "Good evening"])
    assert {(verdict.status, verdict.detector) for verdict in found} == {("checked", "local")}
    both = Fallback(remote(server, Batches(), **options), remote(server, Basic(), **options))
    async with Shield(both, settings=settings) as running:
        found = await running.check_many(["a", "b"])
    assert {verdict.status for verdict in found} == {"degraded"}


async def test_a_batch_detector_that_takes_too_long() -> None:
    class Endless:
        name = "endless"
        batch_size = 5

        async def detect(self, submission: Submission) -> Detection:
            raise AssertionError("only batches are asked for")

        async def detect_many(self, submissions: Any) -> list[Detection | DetectorError]:
            await asyncio.sleep(60)
            raise AssertionError("it should have been interrupted")

    settings = SpamShieldSettings(timeout=0.2)
    async with Shield(Fallback(Endless(), LocalDetector()), settings=settings) as running:
        [verdict] = await running.check_many(["Good morning"])
    assert verdict.detector == "local"
    assert [one.detail for one in verdict.signals if one.name == "unmeasured"] == [
        "endless: timeout"
    ]


async def test_a_batch_detector_with_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy:
        name = "buggy"
        batch_size = 5

        async def detect(self, submission: Submission) -> Detection:
            raise AssertionError("only batches are asked for")

        async def detect_many(self, submissions: Any) -> list[Detection | DetectorError]:
            if len(submissions) > 1:
                raise ConfigurationError("no")
            raise KeyError("secret")

    async with Shield(Fallback(Buggy(), LocalDetector())) as running:
        [verdict] = await running.check_many(["Good morning"])
        assert verdict.detector == "local"
        found = await running.check_many(["a", "b"])
    assert {one.status for one in found} == {"degraded"}
    assert "Detector buggy raised KeyError" in caplog.text


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


async def test_an_answer_is_remembered(server: FaultServer) -> None:
    async with shield(server) as running:
        first = await running.check("hello")
        second = await running.check("hello", author="Ann")  # Not sent, so no other question.
        assert [one.cached for one in (first, second)] == [False, True]
        assert (first.score, second.score) == (0.9, 0.9)
        assert first.id != second.id
        assert (running.health()[0].checks, running.health()[0].saved) == (2, 1)
    assert server.paths[CHECK] == 1


@pytest.mark.parametrize(
    "other",
    [
        {"author": "Bob"},
        {"email": "bob@example.org"},
        {"ip": "8.8.4.4"},
        {"kind": "review"},
        {"tenant": "other"},
        {"language": "de"},
        {"subject": "Hi"},
        {"extra": {"a": 1}},
        {"text": "hello "},
    ],
)
async def test_nobody_gets_an_answer_about_somebody_else(other: Any, server: FaultServer) -> None:
    ann = Submission(text="hello", author="Ann", email="ann@example.org", ip="8.8.8.8", tenant="x")
    send = ("author", "email", "ip", "language", "subject", "extra")
    async with shield(server, send=send) as running:
        verdicts = [await running.check(one) for one in (ann, ann.model_copy(update=other), ann)]
    assert [verdict.cached for verdict in verdicts] == [False, False, True]


async def test_a_failure_is_not_remembered(server: FaultServer) -> None:
    server.answers[CHECK] = [400, {"score": 0.2}]
    async with shield(server) as running:
        assert (await running.check("hello")).error == "bad_request"
        verdict = await running.check("hello")
        assert (verdict.score, verdict.cached) == (0.2, False)


async def test_nothing_is_remembered_unless_wanted(server: FaultServer) -> None:
    async with shield(server, cache_size=0) as running:
        for _ in range(2):
            assert not (await running.check("hello")).cached
    assert server.paths[CHECK] == 2


async def test_equal_submissions_at_once_are_one_call(server: FaultServer) -> None:
    server.delay = 0.05
    async with shield(server) as running:
        asking = [asyncio.create_task(running.check("hello")) for _ in range(100)]
        await asyncio.sleep(0.01)
        asking[0].cancel()
        verdicts = await asyncio.gather(*asking[1:])
        assert running.health()[0].saved == 99
    assert {verdict.status for verdict in verdicts} == {"checked"}
    assert asking[0].cancelled()
    assert server.paths[CHECK] == 1


async def test_equal_detectors_share_everything(server: FaultServer) -> None:
    async with shield(server) as running:
        await running.open(remote(server))
        await running.check("hello")
        assert (await running.check("hello", detector=remote(server))).cached
        assert len(running.health()) == 1


async def test_an_open_shield_can_be_opened_again(server: FaultServer) -> None:
    running = shield(server)
    for _ in range(2):
        async with running:
            assert (await running.check("hello")).status == "checked"
        assert running.health() == ()
    assert server.paths[CHECK] == 2


async def test_bands_of_the_service(server: FaultServer) -> None:
    server.answers[CHECK] = [{"score": 0.8}]
    dialect = Basic(facts=replace(FACTS, bands=Bands(0.5, 0.85)))
    async with shield(server, dialect) as running:
        verdict = await running.check("hello")
        assert (verdict.label, verdict.review_threshold, verdict.threshold) == (
            "suspicious",
            0.5,
            0.85,
        )
        strict = await running.check("hello", policy=SpamPolicy(threshold=0.6))
        assert (strict.label, strict.threshold) == ("spam", 0.6)


async def test_bands_and_names_of_one_answer(server: FaultServer) -> None:
    server.answers[CHECK] = [{"score": 0.8, "bands": [0.1, 0.2], "detector": "model-7"}]
    dialect = Basic(facts=replace(FACTS, bands=Bands(0.5, 0.85)))
    async with shield(server, dialect) as running:
        verdict = await running.check("hello")
    assert (verdict.threshold, verdict.detector) == (0.2, "model-7")


async def test_long_texts_are_cut(server: FaultServer) -> None:
    dialect = Basic(facts=replace(FACTS, characters=1_000, body_bytes=900))
    async with shield(server, dialect, send=("text", "author")) as running:
        verdict = await running.check("word " * 1_000)
        assert [signal.name for signal in verdict.signals] == ["cut"]
        assert len(server.seen[0].body) <= 900
        too_large = await running.check("hello", author="A" * 1_000)
        assert (too_large.error, too_large.detector) == ("payload_too_large", "plain")
        assert (await running.check("hello")).status == "checked"


async def test_masked_texts(server: FaultServer) -> None:
    server.answers[CHECK] = [{"score": 0.1, "sanitized_text": "[EMAIL_1]!"}]
    async with shield(server, mask_pii=True) as running:
        ann = await running.check("ann@example.org!")
        bob = await running.check("bob@example.org!")
    assert server.seen[0].about["text"] == "[EMAIL_1]!"
    assert (ann.sanitized_text, bob.sanitized_text) == ("ann@example.org!", "bob@example.org!")
    assert (bob.cached, server.paths[CHECK]) == (True, 1)


async def test_feedback_is_told_once(server: FaultServer) -> None:
    async with shield(server, Plain(), send=("email",)) as running:
        service = service_of(running)
        submission = Submission(text="hello", email="ann@example.org", author="Ann")
        assert await service.feedback(submission, "7", spam=True)
        assert server.seen[-1].path == "/ok/feedback"
        assert server.seen[-1].about == {
            "id": "7",
            "spam": True,
            "text": "hello",
            "email": "ann@example.org",
            "kind": "comment",
        }
        with pytest.raises(DetectorError, match="bad_request"):
            await service.feedback(submission, None, spam=True)
        server.answers["/ok/feedback"] = [503]
        with pytest.raises(DetectorError, match="unavailable"):
            await service.feedback(submission, "7", spam=False)
    assert server.paths["/ok/feedback"] == 2


async def test_a_service_that_takes_no_feedback(server: FaultServer) -> None:
    async with shield(server) as running:
        assert not await service_of(running).feedback(Submission(text="x"), "7", spam=True)


async def test_usage(server: FaultServer, caplog: pytest.LogCaptureFixture) -> None:
    server.answers["/ok/usage"] = [{"used": 3, "limit": 10, "period": "month"}, 500]
    async with shield(server, Plain(), retries=0) as running:
        await running.open(LocalDetector())
        assert await running.usage() == {"plain": Usage(3, 10, None, "month")}
        assert server.seen[-1].method == "GET"
        assert await running.usage() == {}
    assert "Detector plain: no usage: DetectorError" in caplog.text
    async with shield(server) as running:
        assert await running.usage() == {}


async def test_a_batch(server: FaultServer) -> None:
    server.answers["/ok/batch"] = [[{"score": 0.1}, {"score": 0.9}, None], [{"score": 0.5}]]
    async with shield(server, Batches()) as running:
        texts = ["a", "b", "c", "d"]
        verdicts = await running.check_many(texts)
        assert [verdict.score for verdict in verdicts] == [0.1, 0.9, None, 0.5]
        assert [verdict.error for verdict in verdicts] == [None, None, "bad_request", None]
        assert {verdict.detector for verdict in verdicts} == {"plain"}
        assert (await running.check("a")).cached
        again = await running.check_many(["a", "b"])
        assert [verdict.cached for verdict in again] == [True, True]
    assert [[one["text"] for one in seen.about] for seen in server.seen] == [["a", "b", "c"], ["d"]]


async def test_equal_ones_in_a_batch_are_sent_once(server: FaultServer) -> None:
    server.answers["/ok/batch"] = [[{"score": 0.1}, {"score": 0.9}]]
    async with shield(server, Batches()) as running:
        verdicts = await running.check_many(["a", "b", "a"])
    assert [verdict.score for verdict in verdicts] == [0.1, 0.9, 0.1]


@pytest.mark.parametrize(
    ("said", "error"),
    [(400, "bad_request"), ([{"score": 0.1}], "protocol"), ({"a": 1}, "protocol")],
)
async def test_a_batch_that_fails(said: Any, error: str, server: FaultServer) -> None:
    server.answers["/ok/batch"] = [said]
    async with shield(server, Batches()) as running:
        verdicts = await running.check_many(["a", "b"])
        assert [verdict.error for verdict in verdicts] == [error, error]
        assert isinstance(service_of(running), BatchService)


async def test_a_batch_that_hangs_or_breaks(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    class Buggy(Batches):
        def check_many(self, submissions: Any, key: str | None) -> Any:
            raise KeyError

    async with shield(server, Batches(), base_url=server.at("hang"), timeout=0.1) as running:
        verdicts = await running.check_many(["a", "b"], policy=SpamPolicy(on_error="allow"))
        assert {(one.error, one.action) for one in verdicts} == {("timeout", "allow")}
    async with shield(server, Buggy()) as running:
        assert {one.error for one in await running.check_many(["a", "b"])} == {"protocol"}
    assert "Detector plain raised KeyError in" in caplog.text


async def test_a_batch_beyond_the_deadline(server: FaultServer) -> None:
    class Endless(Batches):
        pass

    async with shield(server, Endless(), timeout=0.05) as running:
        service = service_of(running)
        assert isinstance(service, BatchService)

        async def detect_many(submissions: Any) -> Any:
            await asyncio.Event().wait()

        service.detect_many = detect_many  # type: ignore[method-assign]
        assert {one.error for one in await running.check_many(["a", "b"])} == {"timeout"}


async def test_no_text_and_no_key_is_told(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers[CHECK] = [503, {"score": 0.9}]
    async with shield(server, Plain(), api_key="CANARY", verify="error") as running:
        service = service_of(running)
        await running.check("my secret words", author="Ann")
        said = f"{service!r} {service.health()!r} {running.detector!r} {running!r}"
    for secret in ("CANARY", "secret words", "Ann"):
        assert secret not in caplog.text
        assert secret not in said


class Telling(Basic):
    """Keeps what the service said, as real dialects do."""

    def detection(self, answer: Answer) -> Detection:
        return Detection(score=0.9, raw={"body": answer.body.decode(), "headers": {"a": "1"}})


async def test_a_long_answer_is_not_kept(server: FaultServer) -> None:
    server.answers[CHECK] = [{"text": "x"}, {"text": "x" * RAW_BYTES}]
    async with shield(server, Telling()) as running:
        short, long = [await running.check(text) for text in ("one", "two")]
    assert short.raw == {"body": '{"text": "x"}', "headers": {"a": "1"}}
    assert long.raw == {"left_out": "body", "headers": {"a": "1"}}
