"""Feedback: what the engine learns of it, who is told, and how it is taken back."""

import asyncio
import logging
import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastapi_spamshield import (
    Cascade,
    ConfigurationError,
    Detection,
    Detector,
    Fallback,
    Feedback,
    LocalDetector,
    NotRemembered,
    RemoteDetector,
    SpamShieldError,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    Vote,
)
from fastapi_spamshield import learning as module
from fastapi_spamshield.detectors.local.corrections import LIMIT_REPEATED
from fastapi_spamshield.detectors.service import Service
from fastapi_spamshield.detectors.trace import Trace
from fastapi_spamshield.dialects.activelayer import ActiveLayer
from fastapi_spamshield.dialects.base import Answer, Facts
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.stores.base import Judged
from fastapi_spamshield.testing import SPAM_TEST_STRING
from tests.detectors.local.lessons import CAMPAIGN, HAM, SPAM
from tests.faults import FaultServer
from tests.plain import Basic, Batches, Plain
from tests.support import Keyword

UNSEEN = CAMPAIGN.format("Fourteen")
LOW = {"score": 0.1, "detection_id": "d1"}
CHECK, FEEDBACK = "/ok/check", "/ok/feedback"


def remote(server: FaultServer, dialect: Any = None, **options: Any) -> RemoteDetector:
    given: dict[str, Any] = {"api_key": "key", "base_url": server.at("ok"), "verify": "skip"}
    return RemoteDetector(dialect or Plain(), **{**given, **options})


def shield(detector: Detector | None = None, **options: Any) -> Shield:
    return Shield(detector, settings=SpamShieldSettings(**options))


async def correct(running: Shield, texts: Sequence[str], label: Any) -> list[Feedback]:
    """Judge texts, and say what they should have been called."""
    verdicts = [await running.check(text) for text in texts]
    return [await running.feedback(verdict.id, label) for verdict in verdicts]


def weight(verdict: SpamVerdict) -> float:
    return sum(one.weight for one in verdict.signals if one.name == "learned")


def plain(verdict: SpamVerdict) -> dict[str, Any]:
    return verdict.model_dump(exclude={"id", "latency_ms"})


@dataclass(frozen=True)
class Wrapped:
    """A detector of somebody's own around others'."""

    inner: Detector
    name: str = "wrapped"

    async def detect(self, submission: Submission) -> Detection:
        return await self.inner.detect(submission)


async def test_a_campaign_is_learned_and_forgotten() -> None:
    async with shield() as running:
        before = await running.check(UNSEEN)
        taught = await correct(running, SPAM[:5], "spam") + await correct(running, HAM[:5], "ham")
        after = await running.check(UNSEEN)
        assert (before.label, after.label) == ("ham", "spam")
        found = running.lessons()
        assert (found.kept, found.spam, found.ham, found.general) == (10, 5, 5, True)
        assert not found.saved
        for one in taught:
            assert (one.learned, one.told, one.untold, one.saved) == (("local",), (), {}, False)
            gone = await running.forget(one.id)
            assert gone == one.model_copy(update={"forgotten": True})
        assert plain(await running.check(UNSEEN)) == plain(before)
        assert running.lessons().version == ""
        assert running.lessons().kept == 0


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 12))
def test_forgetting_in_any_order_leads_back(order: random.Random, more: int) -> None:
    texts = [*SPAM, *HAM]

    async def state(running: Shield) -> list[dict[str, Any]]:
        return [plain(await running.check(text)) for text in (UNSEEN, SPAM[0], HAM[0], "Hi")]

    async def forget_all() -> None:
        running = shield()
        await correct(running, SPAM[:6], "spam")
        await correct(running, HAM[:6], "ham")
        before, version = await state(running), running.lessons().version
        given: list[Feedback] = []
        for _ in range(more):
            verdict = await running.check(f"{order.choice(texts)} {order.choice(texts)}")
            label: Any = order.choice(["spam", "ham"])
            who = order.choice([None, "ann", "eve"])
            given.append(await running.feedback(verdict.id, label, reporter=who))
        order.shuffle(given)
        for one in given:
            await running.forget(one.id)
        assert (await state(running), running.lessons().version) == (before, version)

    asyncio.run(forget_all())


def alone(engine: Detector, _: Detector) -> Detector:
    return engine


def wrapped(engine: Detector, _: Detector) -> Detector:
    return Wrapped(engine)


def cascade(engine: Detector, other: Detector) -> Detector:
    return Cascade(engine, other, between=(1.0, 1.0))


def nested(engine: Detector, other: Detector) -> Detector:
    return Vote(Fallback(other, engine), Cascade(engine, other), weights=[0, 1])


@pytest.mark.parametrize("inside", [alone, wrapped, Fallback, cascade, Vote, nested])
async def test_wherever_the_engine_stands(inside: Any) -> None:
    async with shield(inside(LocalDetector(), Keyword())) as running:
        await correct(running, SPAM[:5], "spam")
        await correct(running, HAM[:5], "ham")
        found = await running.check(UNSEEN)
        assert weight(found) > 3
        assert weight(await running.check("Good evening to all of you over there")) == 0


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("long", [False, True])
async def test_an_engine_that_stands_by_learns_too(
    server: FaultServer, masked: bool, long: bool
) -> None:
    server.answers[CHECK] = [LOW]
    text = f"Write to ada@example.org: {SPAM[0]}" + " and so on and on" * 400 * long
    async with shield(Fallback(remote(server, mask_pii=masked), LocalDetector())) as running:
        verdict = await running.check(text)
        assert verdict.detector == "plain"
        told = await running.feedback(verdict.id, "spam")
        assert (told.learned, told.told) == (("local",), ("plain",))
        server.answers[CHECK] = [503]
        repeated = await running.check(text)
        assert repeated.detector == "local"
        assert weight(repeated) == LIMIT_REPEATED
    [sent] = [one.about for one in server.seen if one.path == FEEDBACK]
    assert ("ada@example.org" in sent["text"]) != masked


async def test_an_engine_behind_an_own_detector_learns_too() -> None:
    async with shield(Fallback(Keyword(), LocalDetector())) as running:
        [told] = await correct(running, [HAM[0]], "spam")
    assert told.learned == ("local",)


async def test_without_an_engine_nobody_learns() -> None:
    async with shield(Keyword()) as running:
        [told] = await correct(running, [HAM[0]], "spam")
        assert (told.learned, told.told, told.untold) == ((), (), {})
        assert running.lessons().spam == 0
        assert (await running.forget(told.id)).learned == ()


async def test_all_ways_to_check_are_remembered() -> None:
    done: list[SpamVerdict] = []

    async def on_verdict(verdict: SpamVerdict, _: Submission) -> None:
        done.append(verdict)

    async with shield() as running:
        await running.check_later(HAM[0], on_verdict)
        done.extend(await running.check_many([HAM[1], HAM[2]]))
        await running.check(HAM[3], verdict_id="mine")
    assert len(done) == 3
    for number, verdict_id in enumerate([*(one.id for one in done), "mine"]):
        assert (await running.feedback(verdict_id, "ham")).learned == ("local",)
        assert running.lessons().ham == number + 1


async def test_what_could_not_be_measured_can_be_learned_from(server: FaultServer) -> None:
    server.answers[CHECK] = [503]
    vote = Vote(remote(server), LocalDetector(), quorum=2)
    async with shield(vote) as running:
        verdict = await running.check(HAM[0])
        assert verdict.status == "degraded"
        told = await running.feedback(verdict.id, "ham")
        assert (told.learned, told.told, told.untold) == (("local",), (), {})


async def test_a_test_string_teaches_nothing() -> None:
    async with shield() as running:
        [told] = await correct(running, [SPAM_TEST_STRING], "ham")
    assert told.learned == ()


async def test_shadow_mode_learns_and_says_so() -> None:
    async with shield(shadow=True) as running:
        await correct(running, [HAM[0]], "spam")
        verdict = await running.check(HAM[0])
    assert (verdict.action, verdict.shadow_action) == ("allow", "reject")


async def test_the_same_twice_counts_once_and_another_mind_replaces_it() -> None:
    async with shield() as running:
        verdict = await running.check(HAM[0])
        first = await running.feedback(verdict.id, "spam")
        assert await running.feedback(verdict.id, "spam") == first
        assert running.lessons().kept == 1
        second = await running.feedback(verdict.id, "ham")
        assert second.id != first.id
        found = running.lessons()
        assert (found.kept, found.spam, found.ham) == (1, 0, 1)
        with pytest.raises(NotRemembered, match="replaced"):
            await running.forget(first.id)
        eve = await running.feedback(verdict.id, "spam", reporter="eve")
        assert running.lessons().kept == 2
        await running.forget(eve.id)
        with pytest.raises(NotRemembered, match="forgotten before"):
            await running.forget(eve.id)


async def test_what_nobody_remembers() -> None:
    assert issubclass(NotRemembered, (SpamShieldError, LookupError))
    async with shield(remember_most=1) as running:
        first, second = await running.check(HAM[0]), await running.check(HAM[1])
        with pytest.raises(NotRemembered, match="no such verdict to correct"):
            await running.feedback(first.id, "spam")
        assert (await running.feedback(second.id, "spam")).learned
    wrong: Any = "spma"
    with pytest.raises(ConfigurationError, match="'spma' is no label; write 'spam' or 'ham'"):
        await running.feedback(second.id, wrong)


async def test_after_a_while_a_mind_can_still_be_changed() -> None:
    async with shield(remember_most=1) as running:
        [first] = await correct(running, [HAM[0]], "spam")
        await running.check(HAM[1])
        assert await running.feedback(first.verdict_id, "spam") == first
        second = await running.feedback(first.verdict_id, "ham")
        assert second.learned == ("local",)
        assert running.lessons().ham == 1
        await running.forget(second.id)


async def test_nothing_is_remembered_where_that_is_wanted() -> None:
    async with shield(remember=0) as running:
        verdict = await running.check(HAM[0])
        assert running._learning.trace() is None
        with pytest.raises(NotRemembered):
            await running.feedback(verdict.id, "spam")


async def test_what_was_learned_before_counts_where_nothing_is_remembered(tmp_path: Path) -> None:
    path = str(tmp_path / "learned")
    async with shield(learning_path=path) as running:
        await correct(running, [HAM[0]], "spam")
    async with shield(learning_path=path, remember=0) as running:
        verdict = await running.check(HAM[0])
        assert verdict.label == "spam"
        with pytest.raises(NotRemembered):
            await running.feedback("another", "ham")


async def test_a_service_is_asked_where_nothing_is_remembered(server: FaultServer) -> None:
    server.answers[CHECK] = [LOW]
    async with shield(remote(server), remember=0) as running:
        assert (await running.check("Hello")).score == LOW["score"]


async def test_a_store_that_fails_takes_no_verdict(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(verdict_id: str, judged: Judged) -> None:
        raise RuntimeError(HAM[0])

    running = shield()
    monkeypatch.setattr(running._learning._judgements, "keep", fail)
    assert (await running.check(HAM[0])).status == "checked"
    assert "A verdict could not be remembered: RuntimeError in" in caplog.text
    assert HAM[0] not in caplog.text


async def test_the_oldest_lessons_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    running = shield()
    told = await correct(running, HAM[:5], "spam")
    assert running.lessons().kept == 3
    with pytest.raises(NotRemembered, match="not among the last 3"):
        await running.forget(told[0].id)


class TestServices:
    """Who is told."""

    async def test_a_service_that_was_mistaken(self, server: FaultServer) -> None:
        server.answers[CHECK] = [{"score": 0.1, "detection_id": "d7"}]
        server.answers[FEEDBACK] = [{}]
        async with shield(remote(server, send=("author",))) as running:
            verdict = await running.check("Hello", author="Ada", email="ada@example.org")
            told = await running.feedback(verdict.id, "spam")
            assert (told.learned, told.told, told.untold) == ((), ("plain",), {})
            about = {"id": "d7", "spam": True, "text": "Hello", "author": "Ada", "kind": "comment"}
            assert server.seen[-1].about == about
            assert await running.feedback(verdict.id, "spam") == told
            assert server.paths[FEEDBACK] == 1
            gone = await running.forget(told.id)
            assert (gone.told, gone.untold) == (("plain",), {})
            assert server.seen[-1].about == {**about, "spam": False}
            # Nobody has said anything of it now.
            again = await running.feedback(verdict.id, "ham")
            assert (again.told, again.untold) == ((), {"plain": "agreed"})
        assert server.paths[FEEDBACK] == 2

    async def test_what_it_had_said_is_asked_anew(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW, {"score": 0.95}]
        async with shield(remote(server)) as running:
            verdict = await running.check("Hello")
            assert (await running.check("Hello")).cached
            await running.feedback(verdict.id, "spam")
            assert (await running.check("Hello")).score == 0.95

    async def test_another_mind_is_told(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW]
        async with shield(remote(server)) as running:
            verdict = await running.check("Hello")
            for label, spam in (("spam", True), ("ham", False), ("spam", True)):
                said: Any = label
                assert (await running.feedback(verdict.id, said)).told == ("plain",)
                assert server.seen[-1].about["spam"] is spam

    async def test_an_unsure_service_can_not_be_told_that_again(self, server: FaultServer) -> None:
        server.answers[CHECK] = [{**LOW, "score": 0.5}]
        async with shield(remote(server)) as running:
            verdict = await running.check("Hello")
            told = await running.feedback(verdict.id, "ham")
            assert told.told == ("plain",)
            gone = await running.forget(told.id)
            assert (gone.told, gone.untold) == ((), {"plain": "unsure"})

    async def test_what_others_say_stays_told(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW]
        async with shield(remote(server)) as running:
            verdict = await running.check("Hello")
            first = await running.feedback(verdict.id, "spam", reporter="ann")
            second = await running.feedback(verdict.id, "spam", reporter="bob")
            assert second.told == ("plain",)
            await running.forget(first.id)
            assert server.paths[FEEDBACK] == 1
            await running.forget(second.id)
            assert server.paths[FEEDBACK] == 2

    @pytest.mark.parametrize(
        ("fault", "why"),
        [("status-503", "unavailable"), ("hang", "timeout"), ("status-402", "quota")],
    )
    async def test_an_outage_takes_nothing_from_the_engine(
        self, server: FaultServer, fault: str, why: str
    ) -> None:
        server.answers[CHECK] = [LOW]
        detector = Vote(remote(server, timeout=0.2, retries=0), LocalDetector())
        async with shield(detector) as running:
            verdict = await running.check(HAM[0])
            [service] = [one for one in running._session().openings if isinstance(one, Service)]
            configuration = service._configuration
            object.__setattr__(configuration, "base_url", server.at(fault))
            told = await running.feedback(verdict.id, "spam")
            assert (told.learned, told.told, told.untold) == (("local",), (), {"plain": why})
            assert running.lessons().spam == 1
            # It can be told once it is back, by the same feedback.
            service._carrier._budget._paused_until = 0.0  # A minute later.
            object.__setattr__(configuration, "base_url", server.at("ok"))
            again = await running.feedback(verdict.id, "spam")
            assert (again.id, again.told) == (told.id, ("plain",))

    async def test_a_dialect_with_a_bug(
        self, server: FaultServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Buggy(Plain):
            def feedback(self, *arguments: Any, **options: Any) -> Any:
                raise KeyError("Hello")

        server.answers[CHECK] = [LOW]
        async with shield(remote(server, Buggy())) as running:
            [told] = await correct(running, ["Hello"], "spam")
        assert told.untold == {"plain": "protocol"}
        assert "Detector plain raised KeyError in" in caplog.text
        assert "Hello" not in caplog.text

    async def test_a_deadline(self, server: FaultServer) -> None:
        class Slow(Plain):
            def fed_back(self, answer: Answer) -> None:
                raise TimeoutError

        server.answers[CHECK] = [LOW]
        async with shield(remote(server, Slow())) as running:
            verdict = await running.check("Hello")
            server.delay = 5.0
            running._learning._seconds = 0.05
            assert (await running.feedback(verdict.id, "spam")).untold == {"plain": "timeout"}

    async def test_the_deadline_of_the_shield(
        self, server: FaultServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def hang(*_: object, **__: object) -> bool:
            return await asyncio.Event().wait()

        server.answers[CHECK] = [LOW]
        async with shield(remote(server)) as running:
            verdict = await running.check("Hello")
            monkeypatch.setattr(Service, "feedback", hang)
            running._learning._seconds = 0.05
            assert (await running.feedback(verdict.id, "spam")).untold == {"plain": "timeout"}

    async def test_a_service_that_takes_none(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW]
        async with shield(remote(server, Basic())) as running:
            verdict = await running.check("Hello")
            told = await running.feedback(verdict.id, "spam")
            assert told.untold == {"plain": "no_feedback"}
            gone = await running.forget(told.id)
            assert (gone.told, gone.untold) == ((), {})
            judged = await running._learning._find(verdict.id)
        assert judged is not None
        assert [one.submission for one in judged.opinions] == [None]

    async def test_only_what_a_service_needs_is_remembered(self, server: FaultServer) -> None:
        server.answers["/ok/comments/check"] = [{"is_spam": False, "detection_id": "d1"}]
        server.answers["/ok/comment/check"] = server.answers["/ok/comments/check"]
        server.answers["/ok/check-comment"] = server.answers["/ok/comments/check"]
        server.answers["/ok/check"] = server.answers["/ok/comments/check"]
        async with shield(remote(server, ActiveLayer())) as running:
            verdict = await running.check("Hello", kind="contact")
            assert verdict.status == "checked"
            judged = await running._learning._find(verdict.id)
            assert judged is not None
            [opinion] = judged.opinions
            assert (opinion.submission, opinion.detection_id) == (None, "d1")
            told = await running.feedback(verdict.id, "spam")
            assert told.told == ("activelayer",)
        assert server.seen[-1].about == {"detection_id": "d1", "is_spam": True}

    async def test_each_of_several_that_judged(self, server: FaultServer) -> None:
        server.answers |= {CHECK: [LOW], "/ok/v2/check": [{**LOW, "score": 0.9}]}

        @dataclass(frozen=True)
        class Other(Plain):
            name: str = "other"

        vote = Vote(remote(server), remote(server, Other(), base_url=server.at("ok/v2")))
        async with shield(vote) as running:
            verdict = await running.check("Hello")
            told = await running.feedback(verdict.id, "spam")
        assert (told.told, told.untold) == (("plain",), {"other": "agreed"})

    async def test_a_batch(self, server: FaultServer) -> None:
        @dataclass(frozen=True)
        class Both(Plain, Batches):
            pass

        server.answers["/ok/batch"] = [[{"score": 0.1, "detection_id": "d2"}, None]]
        async with shield(remote(server, Both())) as running:
            one, other = await running.check_many(["Hello", "Goodbye"])
            told = await running.feedback(one.id, "spam")
            assert told.told == ("plain",)
            assert server.seen[-1].about["text"] == "Hello"
            assert server.seen[-1].about["id"] == "d2"
            assert (await running.feedback(other.id, "spam")).told == ()

    @pytest.mark.parametrize("kind", [Fallback, Cascade, Vote])
    async def test_a_batch_within_another_detector(self, kind: Any, server: FaultServer) -> None:
        @dataclass(frozen=True)
        class Both(Plain, Batches):
            pass

        server.answers["/ok/batch"] = [
            [{"score": 0.1, "detection_id": "d1"}, {"score": 0.1, "detection_id": "d2"}]
        ]
        again = Submission(text="Hello")
        async with shield(kind(remote(server, Both()), LocalDetector())) as running:
            verdicts = await running.check_many([again, "Goodbye", again])
            for verdict, text, number in zip(
                verdicts, ("Hello", "Goodbye", "Hello"), (1, 2, 1), strict=True
            ):
                told = await running.feedback(verdict.id, "spam")
                assert (told.told, told.learned) == (("plain",), ("local",))
                assert server.seen[-1].about["id"] == f"d{number}"
                assert server.seen[-1].about["text"] == text
        assert server.paths["/ok/feedback"] == 3

    async def test_a_batch_that_nobody_remembers(self, server: FaultServer) -> None:
        server.answers["/ok/batch"] = [[LOW]]
        async with shield(remote(server, Batches()), remember=0) as running:
            assert (await running.check_many(["Hello"]))[0].score == 0.1

    async def test_a_service_that_is_closed_or_forgotten(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW]
        detector = Fallback(remote(server), LocalDetector())
        running = shield(detector, remember_most=1)
        async with running:
            verdict = await running.check("Hello")
        told = await running.feedback(verdict.id, "spam")
        assert (told.learned, told.untold) == (("local",), {"plain": "closed"})
        async with running:
            told = await running.feedback(verdict.id, "spam")
            assert told.told == ("plain",)
            await running.check("Another one")
            assert await running.feedback(verdict.id, "spam") == told
            gone = await running.forget(told.id)
        assert (gone.learned, gone.told) == (("local",), ())
        assert gone.untold == {"plain": "not_remembered"}

    async def test_accounts_are_told_apart(self, server: FaultServer) -> None:
        server.answers[CHECK] = [LOW]
        one, two = remote(server, api_key="one"), remote(server, api_key="two")
        async with shield(one) as running:
            await running.open(two)
            verdict = await running.check("Hello", detector=two)
            assert (await running.feedback(verdict.id, "spam")).told == ("plain",)
        assert server.seen[-1].headers["x-api-key"] == "two"
        assert Facts(base_url="https://a.example").corrects_by_id is False


class TestFile:
    """What outlives the shield."""

    async def test_it_is_there_after_a_restart(self, tmp_path: Path) -> None:
        path = str(tmp_path / "learned")
        async with shield(learning_path=path) as running:
            told = await correct(running, [HAM[0], HAM[1]], "spam")
            assert all(one.saved for one in told)
            before = await running.check(HAM[0])
            numbers = running.lessons()
            assert numbers.saved
        async with shield(learning_path=path) as running:
            assert running.lessons() == numbers
            assert plain(await running.check(HAM[0])) == plain(before)
            gone = await running.forget(told[0].id)
            assert gone.learned == ("local",)
            assert gone.saved
            assert weight(await running.check(HAM[0])) == 0
        async with shield(learning_path=path) as running:
            assert running.lessons().kept == 1

    async def test_it_has_to_be_open(self, tmp_path: Path) -> None:
        running = shield(learning_path=str(tmp_path / "learned"))
        for asking in (
            running.check("Hello"),
            running.check_many(["Hello"]),
            running.feedback("v", "spam"),
            running.forget("f"),
        ):
            with pytest.raises(ConfigurationError, match="learning_path: the file is not open"):
                await asking

    async def test_two_shields_do_not_share_it(self, tmp_path: Path) -> None:
        path = str(tmp_path / "learned")
        async with shield(learning_path=path):
            other = shield(learning_path=path)
            with pytest.raises(ConfigurationError, match="another process has it open"):
                async with other:
                    pass
        async with other:
            assert other.lessons().kept == 0

    async def test_several_loops_of_one_shield_do(self, tmp_path: Path) -> None:
        running = shield(learning_path=str(tmp_path / "learned"))
        verdicts: list[str] = []

        async def elsewhere() -> None:
            async with running:
                verdicts.append((await running.check(HAM[0])).id)

        async with running:
            thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
            thread.start()
            await asyncio.to_thread(thread.join)
            assert (await running.feedback(verdicts[0], "spam")).saved

    async def test_a_full_disk_is_said_and_made_up_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = str(tmp_path / "learned")

        def full(_: object) -> None:
            raise OSError(28, "No space left on device")

        async with shield(learning_path=path) as running:
            file: Any = running._learning._file
            with monkeypatch.context() as patched:
                patched.setattr(file, "write", full)
                [told] = await correct(running, [HAM[0]], "spam")
            assert (told.learned, told.saved) == (("local",), False)
            assert not running.lessons().saved
            assert "The file of lessons was not written: No space left on device" in caplog.text
        async with shield(learning_path=path) as running:
            assert running.lessons().kept == 1

    async def test_who_was_told_is_known_after_a_restart(
        self, server: FaultServer, tmp_path: Path
    ) -> None:
        server.answers[CHECK] = [LOW]
        detector = Fallback(remote(server), LocalDetector())
        path = str(tmp_path / "learned")
        async with shield(detector, learning_path=path) as running:
            [told] = await correct(running, [HAM[0]], "spam")
            assert (told.told, told.saved) == (("plain",), True)
        async with shield(detector, learning_path=path) as running:
            gone = await running.forget(told.id)
        assert gone.untold == {"plain": "not_remembered"}

    async def test_the_event_loop_goes_on_meanwhile(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        threads: list[int] = []
        async with shield(learning_path=str(tmp_path / "learned")) as running:
            file: Any = running._learning._file

            def write(_: object) -> None:
                threads.append(threading.get_ident())

            monkeypatch.setattr(file, "write", write)
            await correct(running, [HAM[0]], "spam")
        assert threads
        assert threads[0] != threading.get_ident()


async def test_feedback_at_the_same_time_is_counted_once() -> None:
    running = shield()
    verdict = await running.check(HAM[0])
    told = await asyncio.gather(*(running.feedback(verdict.id, "spam") for _ in range(8)))
    assert len({one.id for one in told}) == 1
    assert running.lessons().kept == 1


async def test_nobodys_words_are_in_a_log_or_a_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    running = shield()
    verdict = await running.check("Zyxwv is my secret")
    told = await running.feedback(verdict.id, "spam", reporter="zyxwv@example.org")
    shown = f"{told!r} {running.lessons()!r} {running._learning._lessons!r} {caplog.text}"
    assert "zyxwv" not in shown.lower()


async def test_what_is_not_to_be_remembered_is_not() -> None:
    learning = module.Learning(SpamShieldSettings(remember=0))
    assert learning.trace() is None
    unwanted = Trace(None, wanted=False)
    await learning.keep("id", Submission(text="Hello"), LocalDetector(), unwanted)
    with pytest.raises(NotRemembered):
        await learning.teach((), "id", "spam", None)
