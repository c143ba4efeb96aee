import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from fastapi_spamshield import (
    Cascade,
    ConfigurationError,
    DetectorError,
    Fallback,
    LocalDetector,
    SpamPolicy,
    SpamShieldSettings,
    Submission,
    Vote,
)
from fastapi_spamshield.detectors.batch import BatchService
from fastapi_spamshield.models import Detection
from fastapi_spamshield.shield import Shield
from tests.detectors.hosted import remote, service_of, shield
from tests.faults import FaultServer, refusing_url
from tests.plain import FACTS, Basic, Batches
from tests.support import Broken


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


async def test_a_batch_under_a_limit_of_bytes(server: FaultServer) -> None:
    server.answers["/ok/batch"] = [[{"score": 0.1}], [{"score": 0.2}, {"score": 0.3}]]
    dialect = Batches(facts=replace(FACTS, body_bytes=500), batch_size=9)
    async with shield(server, dialect, send=("text", "author"), concurrency=1) as running:
        long, short, other, hopeless = await running.check_many(
            [
                "word " * 1_000,
                "two",
                "three",
                Submission(text="four", author="A" * 900),
            ]
        )
    assert max(len(seen.body) for seen in server.seen) <= 500
    assert [long.score, short.score, other.score] == [0.1, 0.2, 0.3]
    assert [signal.name for signal in long.signals] == ["cut"]
    assert hopeless.error == "payload_too_large"
    assert server.paths["/ok/batch"] == 2


@pytest.mark.parametrize("score", [0.1, 0.9])
async def test_batches_within_other_detectors(score: float, server: FaultServer) -> None:
    server.answers["/ok/batch"] = [[{"score": score}, None, {"score": score}]]
    one, local = remote(server, Batches()), LocalDetector()
    everybody: list[tuple[Any, list[str]]] = [
        (Fallback(one, local), ["plain", "local", "plain"]),
        (Cascade(local, one, between=(0.0, 1.0)), ["plain", "local", "plain"]),
        (Vote(one, local, quorum=1), ["vote(plain, local)"] * 3),
        (Fallback(Fallback(one, local), Broken()), ["plain", "local", "plain"]),
    ]
    for number, (detector, names) in enumerate(everybody):
        async with Shield(detector) as running:
            verdicts = await running.check_many([f"{number}{letter}" for letter in "abc"])
            assert [verdict.detector for verdict in verdicts] == names
            told = [signal.detail for signal in verdicts[1].signals if signal.weight == 0]
            assert "plain: bad_request" in told
    assert dict(server.paths) == {"/ok/batch": len(everybody)}


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
    assert "Dialect plain raised KeyError in" in caplog.text


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
        verdicts = await running.check_many(["Good morning", "Good evening"])
    assert [verdict.detector for verdict in verdicts] == ["local", "local"]
    assert [verdict.signals[-1].detail for verdict in verdicts] == ["endless: timeout"] * 2


async def test_a_batch_detector_that_is_set_up_wrongly(caplog: pytest.LogCaptureFixture) -> None:
    class Wrong(Broken):
        batch_size = 5

        async def detect_many(self, submissions: Sequence[Submission]) -> Any:
            raise ConfigurationError("no")

    async with Shield(Fallback(Wrong(), LocalDetector())) as running:
        found = await running.check_many(["a", "b"])
    assert {one.status for one in found} == {"degraded"}
    assert "Detector fallback(broken, local) raised ConfigurationError" in caplog.text


async def test_a_batch_of_a_detector_with_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Broken):
        batch_size = 2

        async def detect_many(self, submissions: Sequence[Submission]) -> Any:
            raise KeyError(submissions[0].text)

    async with Shield(Buggy(), settings=SpamShieldSettings()) as running:
        assert [one.error for one in await running.check_many("abc")] == ["protocol"] * 3
    async with Shield(Fallback(Buggy(), LocalDetector())) as running:
        assert {one.detector for one in await running.check_many("abc")} == {"local"}
    assert "Detector broken raised KeyError in" in caplog.text
