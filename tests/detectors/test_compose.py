"""`Fallback`, `Cascade` and `Vote`: detectors made of detectors."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from fastapi_spamshield import (
    Cascade,
    ConfigurationError,
    Detection,
    DetectorError,
    Fallback,
    LocalDetector,
    RemoteDetector,
    Signal,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    Vote,
    spam_check,
)
from fastapi_spamshield.models import Pii
from fastapi_spamshield.shield import Shield
from tests.faults import FaultServer, refusing_url
from tests.plain import Basic
from tests.support import Broken


@dataclass(frozen=True)
class Says:
    """Always the same."""

    score: float
    name: str = "says"
    bands: tuple[float, float] | None = None
    toxicity: float | None = None

    async def detect(self, submission: Submission) -> Detection:
        return Detection(
            score=self.score,
            signals=(Signal(name="said", weight=self.score, source=self.name),),
            bands=self.bands,
            category=f"of {self.name}",
            toxicity=self.toxicity,
            pii=(Pii(type="phone", span=(0, 3)),),
        )


@dataclass(frozen=True)
class Hangs:
    name: str = "hangs"

    async def detect(self, submission: Submission) -> Detection:
        await asyncio.Event().wait()
        raise AssertionError


@dataclass(frozen=True)
class Bug:
    name: str = "bug"

    async def detect(self, submission: Submission) -> Detection:
        raise KeyError(submission.text)


class Keeper:
    name = "keeper"

    def __init__(self, log: list[str]) -> None:
        self.log = log

    async def __aenter__(self) -> None:
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.log.append("close")

    async def detect(self, submission: Submission) -> Detection:
        raise DetectorError("quota")


BROKEN = Broken()
HIGH, LOW, MIDDLE = Says(0.95, "high"), Says(0.05, "low"), Says(0.5, "middle")
REMOTE = RemoteDetector(Basic(), api_key="key")


async def judged(detector: Any, *, seconds: float = 30.0) -> SpamVerdict:
    async with Shield(detector, settings=SpamShieldSettings(timeout=seconds)) as shield:
        return await shield.check("my secret")


def told(verdict: SpamVerdict) -> list[tuple[str, str | None]]:
    return [
        (signal.source, signal.detail) for signal in verdict.signals if signal.name == "unmeasured"
    ]


@pytest.mark.parametrize(
    "detector",
    [
        Fallback(REMOTE, LocalDetector()),
        Cascade(LocalDetector(), REMOTE, between=(0.1, 0.9)),
        Vote(REMOTE, LocalDetector(), weights=[2, 1], veto=0.9, quorum=1),
        Fallback(Cascade(LocalDetector(), REMOTE), Vote(HIGH, LOW)),
    ],
)
def test_they_are_values(detector: Any) -> None:
    same = detector.over(detector.parts)
    assert same == detector
    assert hash(same) == hash(detector)
    assert same is not detector
    assert detector != detector.over([*detector.parts[:-1], Says(0.1, "other")])
    assert spam_check(field="text", detector=detector) == spam_check(field="text", detector=same)


def test_their_names_say_whom_they_ask() -> None:
    assert Fallback(REMOTE, LocalDetector()).name == "fallback(plain, local)"
    assert Cascade(LocalDetector(), Vote(HIGH, LOW)).name == "cascade(local, vote(high, low))"


@pytest.mark.parametrize(
    ("kind", "parts", "options", "message"),
    [
        (Fallback, [HIGH], {}, "Fallback: name at least 2 detectors"),
        (Fallback, [], {}, "Fallback: name at least 2 detectors"),
        (Fallback, [HIGH, "local"], {}, "Fallback: 'local' is not a detector"),
        (Vote, [HIGH, LocalDetector], {}, "Vote: <class .*> is not a detector"),
        (Cascade, [HIGH, LOW], {"between": (0.8, 0.2)}, "write .low, high. within 0..1"),
        (Cascade, [HIGH, LOW], {"between": (-1, 0.2)}, "between=.-1, 0.2.: write .low, high."),
        (Vote, [HIGH, LOW], {"weights": [1]}, "one weight for each"),
        (Vote, [HIGH, LOW], {"weights": [1, -1]}, "weight for each detector, at least 0"),
        (Vote, [HIGH, LOW], {"weights": [0, 0]}, "has to be above 0"),
        (Vote, [HIGH, LOW], {"veto": 0}, "veto=0"),
        (Vote, [HIGH, LOW], {"quorum": 3}, "quorum=3: write 1 to 2"),
        (Vote, [HIGH, LOW], {"quorum": 0}, "quorum=0: write 1 to 2"),
    ],
)
def test_a_slip_is_told(kind: Any, parts: Any, options: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        kind(*parts, **options)


def test_their_parts_have_to_be_hashable() -> None:
    @dataclass
    class Mutable:
        name: str = "mutable"

        async def detect(self, submission: Submission) -> Detection:
            raise NotImplementedError

    with pytest.raises(ConfigurationError, match="Mutable is not hashable"):
        Fallback(HIGH, Mutable())


async def test_they_have_to_be_opened() -> None:
    with pytest.raises(ConfigurationError, match="is not open"):
        await Shield(Fallback(HIGH, LOW)).check("x")
    with pytest.raises(ConfigurationError, match="'plain' is not open"):
        await Fallback(REMOTE, LOW).detect(Submission(text="x"))
    assert (await Fallback(HIGH, LOW).detect(Submission(text="x"))).score == 0.95


async def test_they_open_what_they_are_made_of_once(server: FaultServer) -> None:
    log: list[str] = []

    resource = Keeper(log)
    remote = RemoteDetector(Basic(), api_key="key", base_url=server.at("ok"))
    both = Fallback(resource, Cascade(MIDDLE, remote))
    async with Shield(both) as shield:
        await shield.open(Vote(resource, remote))
        verdict = await shield.check("hello")
        assert (verdict.score, verdict.detector) == (0.9, "plain")
        names = [health.detector for health in shield.health()]
        assert sorted(names) == ["cascade(middle, plain)", "keeper", "middle", "plain"]
    assert log == ["open", "close"]


async def test_fallback_asks_the_next_where_one_fails() -> None:
    verdict = await judged(Fallback(BROKEN, Bug(), LOW, HIGH))
    assert (verdict.status, verdict.score, verdict.detector) == ("checked", 0.05, "low")
    assert told(verdict) == [("broken", "broken: unavailable"), ("bug", "bug: protocol")]
    assert all(signal.weight == 0 for signal in verdict.signals if signal.name == "unmeasured")
    assert told(await judged(Fallback(HIGH, BROKEN))) == []


async def test_an_answer_that_is_none_is_a_bug() -> None:
    class Empty(Says):
        async def detect(self, submission: Submission) -> Any:
            return None

    verdict = await judged(Fallback(Empty(0.1, "empty"), LOW))
    assert (verdict.detector, told(verdict)) == ("low", [("empty", "empty: protocol")])


async def test_fallback_when_nobody_answers() -> None:
    verdict = await judged(Fallback(BROKEN, Bug()))
    assert (verdict.status, verdict.error, verdict.score) == ("degraded", "unavailable", None)
    assert verdict.detector == "fallback(broken, bug)"


@pytest.mark.parametrize(
    "detector", [Fallback(Hangs(), LocalDetector()), Fallback(Hangs(), Hangs("again"), LOW)]
)
async def test_one_that_hangs_leaves_time_for_the_next(detector: Any) -> None:
    verdict = await judged(detector, seconds=0.2)
    assert verdict.status == "checked"
    assert told(verdict)[0] == ("hangs", "hangs: timeout")
    assert verdict.latency_ms < 4_000


async def test_without_a_deadline_fallback_waits() -> None:
    asking = asyncio.create_task(Fallback(Hangs(), LOW).detect(Submission(text="x")))
    await asyncio.sleep(0.01)
    assert not asking.done()
    asking.cancel()


async def test_fallback_to_the_embedded_engine(server: FaultServer) -> None:
    remote = RemoteDetector(Basic(), api_key="key", base_url=refusing_url(), retries=0)
    verdict = await judged(Fallback(remote, LocalDetector()))
    assert (verdict.status, verdict.detector) == ("checked", "local")
    assert told(verdict) == [("plain", "plain: connection")]


async def test_an_answer_that_names_another_keeps_the_name() -> None:
    class Named(Says):
        async def detect(self, submission: Submission) -> Detection:
            return Detection(score=0.1, detector="model-7")

    assert (await judged(Fallback(Named(0.1), LOW))).detector == "model-7"


@pytest.mark.parametrize(
    ("first", "score", "detector"),
    [(LOW, 0.05, "low"), (HIGH, 0.95, "high"), (MIDDLE, 0.4, "second"), (Says(0.8), 0.4, "second")],
)
async def test_cascade_asks_where_the_first_is_unsure(
    first: Says, score: float, detector: str
) -> None:
    verdict = await judged(Cascade(first, Says(0.4, "second")))
    assert (verdict.score, verdict.detector) == (score, detector)


async def test_cascade_counts_what_it_saves() -> None:
    async with Shield(Cascade(LOW, HIGH)) as shield:
        await shield.check_many("abc")
        [health, *_] = shield.health()
        assert (health.detector, health.checks, health.saved) == ("cascade(low, high)", 3, 3)
    async with Shield(Cascade(MIDDLE, HIGH)) as shield:
        await shield.check_many("abc")
        assert (shield.health()[0].checks, shield.health()[0].saved) == (3, 0)


async def test_cascade_keeps_the_signals_of_both() -> None:
    verdict = await judged(Cascade(MIDDLE, HIGH))
    assert [signal.source for signal in verdict.signals] == ["high", "middle"]


async def test_cascade_stands_on_one_leg() -> None:
    verdict = await judged(Cascade(MIDDLE, BROKEN))
    assert (verdict.score, verdict.detector) == (0.5, "middle")
    assert told(verdict) == [("broken", "broken: unavailable")]
    verdict = await judged(Cascade(BROKEN, HIGH))
    assert (verdict.score, verdict.detector) == (0.95, "high")
    assert told(verdict) == [("broken", "broken: unavailable")]
    verdict = await judged(Cascade(Bug(), BROKEN))
    assert (verdict.status, verdict.error) == ("degraded", "protocol")


@pytest.mark.parametrize("detector", [Cascade(MIDDLE, Hangs()), Cascade(Hangs(), MIDDLE)])
async def test_cascade_does_not_wait_for_ever(detector: Any) -> None:
    verdict = await judged(detector, seconds=0.2)
    assert (verdict.score, told(verdict)) == (0.5, [("hangs", "hangs: timeout")])


async def test_vote_is_the_weighted_mean() -> None:
    assert (await judged(Vote(Says(0.2), Says(0.6)))).score == pytest.approx(0.4)
    assert (await judged(Vote(Says(0.2), Says(0.6), weights=[3, 1]))).score == pytest.approx(0.3)
    assert (await judged(Vote(*[Says(1.0)] * 3, weights=[0.1, 0.2, 0.3]))).score == 1.0


async def test_vote_tells_of_all() -> None:
    first = replace(HIGH, toxicity=0.2)
    verdict = await judged(Vote(first, replace(LOW, toxicity=0.6), BROKEN))
    assert [signal.source for signal in verdict.signals] == ["high", "low", "broken"]
    assert (verdict.category, verdict.toxicity) == ("of high", 0.6)
    assert (len(verdict.pii), verdict.detector) == (1, "vote(high, low, broken)")
    assert told(verdict) == [("broken", "broken: unavailable")]


async def test_vote_puts_services_on_one_scale() -> None:
    kind, strict = Says(0.85, bands=(0.5, 0.85)), Says(0.4, bands=(0.2, 0.4))
    assert (await judged(Vote(kind, strict))).score == pytest.approx(0.7)


async def test_vote_veto() -> None:
    assert (await judged(Vote(HIGH, LOW, LOW, veto=0.9))).score == 0.95
    assert (await judged(Vote(HIGH, LOW, veto=0.96))).score == pytest.approx(0.5)
    assert (await judged(Vote(HIGH, BROKEN, BROKEN, veto=0.9))).score == 0.95
    assert (await judged(Vote(HIGH, LOW, weights=[0, 1], veto=0.9))).score == 0.95


@pytest.mark.parametrize(
    ("detector", "error"),
    [
        (Vote(LOW, BROKEN), "unavailable"),
        (Vote(LOW, HIGH, BROKEN), None),
        (Vote(LOW, BROKEN, Bug()), "unavailable"),
        (Vote(LOW, BROKEN, quorum=1), None),
        (Vote(LOW, BROKEN, weights=[0, 1], quorum=1), "unavailable"),
        (Vote(BROKEN, BROKEN, quorum=1), "unavailable"),
        (Vote(BROKEN, Bug(), quorum=1, veto=0.5), "unavailable"),
    ],
)
async def test_vote_needs_a_quorum(detector: Any, error: str | None) -> None:
    assert (await judged(detector)).error == error


async def test_vote_does_not_wait_for_ever() -> None:
    verdict = await judged(Vote(LOW, Hangs(), quorum=1), seconds=0.2)
    assert (verdict.score, told(verdict)) == (0.05, [("hangs", "hangs: timeout")])


async def test_vote_asks_side_by_side() -> None:
    barrier = asyncio.Barrier(2)

    class Meets(Says):
        async def detect(self, submission: Submission) -> Detection:
            await barrier.wait()
            return await super().detect(submission)

    assert (await judged(Vote(Meets(0.2), Meets(0.4)))).score == pytest.approx(0.3)


async def test_a_wrong_set_up_is_no_outage() -> None:
    class Wrong(Says):
        async def detect(self, submission: Submission) -> Detection:
            raise ConfigurationError("wrong")

    with pytest.raises(ConfigurationError, match="wrong"):
        await Fallback(Wrong(0.1), LOW).detect(Submission(text="x"))


async def test_an_open_shield_after_a_failed_start() -> None:
    log: list[str] = []

    unready = RemoteDetector(Basic())
    with pytest.raises(ConfigurationError, match="needs an api_key"):
        await Shield(Fallback(Keeper(log), unready)).__aenter__()
    assert log == ["open", "close"]
