import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from fastapi_spamshield import (
    DetectorError,
    Fallback,
    LocalDetector,
    SpamPolicy,
    Submission,
)
from fastapi_spamshield.detectors.service import RAW_BYTES
from fastapi_spamshield.dialects.base import Answer
from fastapi_spamshield.models import Detection
from fastapi_spamshield.policy import Bands
from fastapi_spamshield.shield import Shield
from tests.detectors.hosted import CHECK, remote, service_of, shield
from tests.faults import FaultServer
from tests.plain import FACTS, Basic, Batches, Plain


class Choosy(Basic):
    """Can't judge what has no address."""

    def check(self, submission: Submission, key: str | None) -> Any:
        if submission.text == "bug":
            raise KeyError(submission.text)
        if submission.ip is None:
            raise DetectorError("bad_request", "there is no public address")
        return super().check(submission, key)


async def test_what_fails_before_it_is_sent_is_told(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    both = Fallback(remote(server, Choosy(), send=("text", "ip")), LocalDetector())
    async with Shield(both) as running:
        for ip in ("10.0.0.1", "10.0.0.2"):
            assert (await running.check("my secret", ip=ip)).detector == "local"
        warned = [record.getMessage() for record in caplog.records]
        assert warned == ["Detector plain can't measure: bad_request: there is no public address"]
        health = running.health()[0]
        assert (health.error, health.checks, health.breaker) == ("bad_request", 2, "closed")
        assert health.since is not None
        assert (await running.check("hello", ip="8.8.8.8")).detector == "plain"
        assert running.health()[0].error is None
        assert (await running.check("bug")).detector == "local"
        assert running.health()[0].error == "protocol"
        assert "Dialect plain raised KeyError in" in caplog.text
        assert "secret" not in caplog.text
    assert server.paths[CHECK] == 1


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


@pytest.mark.parametrize("given", ["x" * 501, "a\nb"])
async def test_an_id_that_is_none(given: str, server: FaultServer) -> None:
    server.answers[CHECK] = [{"score": 0.5, "detection_id": given}]
    server.answers["/ok/batch"] = [
        [{"score": 0.5, "detection_id": given}, {"score": 0.5, "detection_id": "x" * 500}]
    ]
    async with shield(server, Batches()) as running:
        assert (await running.check("hello")).error == "protocol"
        bad, good = await running.check_many("ab")
    assert (bad.error, good.error) == ("protocol", None)
