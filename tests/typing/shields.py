"""Shields, asynchronous, synchronous and fake, their settings and policies; only type-checked."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, assert_type

from fastapi_spamshield import (
    Detection,
    Detector,
    DetectorError,
    Feedback,
    LocalDetector,
    SpamPolicy,
    SpamShield,
    SpamShieldSettings,
    SpamVerdict,
    Submission,
    SyncSpamShield,
)
from fastapi_spamshield.feedback import Lessons
from fastapi_spamshield.testing import FakeShield, forbid_network
from fastapi_spamshield.vendors import Vendor

# A detector of one's own


@dataclass(frozen=True)
class Words:
    """A frozen field is a name."""

    words: tuple[str, ...]
    name: str = "words"

    async def detect(self, submission: Submission) -> Detection:
        return Detection(score=float(submission.text in self.words))


class Remote:
    """So is a property; and a class attribute, and the parameter has any name."""

    @property
    def name(self) -> str:
        return "remote"

    async def detect(self, sent: Submission) -> Detection:
        raise DetectorError("unavailable", sent.kind, detector=self.name)


class Wrapped:
    name = "wrapped"

    def __init__(self, inner: Detector) -> None:
        self.inner = inner

    async def detect(self, submission: Submission) -> Detection:
        return await self.inner.detect(submission)


class NotAsync:
    name = "not async"

    def detect(self, submission: Submission) -> Detection:
        return Detection(score=len(submission.text) / 100)


detector: Detector = Words(("casino",))
detector = Remote()
detector = Wrapped(LocalDetector())
detector = LocalDetector(max_characters=5_000)
detector = NotAsync()  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
detector = LocalDetector  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
LocalDetector(5_000)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
assert_type(LocalDetector().judge(Submission(text="x")), Detection)


# The shield


async def judged(verdict: SpamVerdict, submission: Submission) -> None: ...


def judged_too(verdict: SpamVerdict, submission: Submission) -> None: ...


async def ask() -> None:
    policy = SpamPolicy(threshold=0.9)
    async with SpamShield(Words(()), policy=policy) as shield:
        assert_type(shield, SpamShield)
        assert_type(shield.detector, Detector)
        assert_type(shield.policy, SpamPolicy)
        assert_type(shield.settings, SpamShieldSettings)
        assert_type(await shield.check("x"), SpamVerdict)
        await shield.check(
            Submission(text="x"),
            policy=policy,
            detector=Remote(),
            verdict_id="1",
            author="Ann",
            email=None,
            elapsed=2.5,
            event="edit",
            extra={"plan": "free"},
        )
        await shield.check("x", autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        await shield.check("x", elapsed="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        await shield.check("x", event="delete")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        await shield.check(b"x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        assert_type(await shield.check_many(["x", Submission(text="y")]), list[SpamVerdict])
        await shield.check_many([1])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
        await shield.check_later("x", judged, kind="review")
        await shield.check_later("x", judged_too)
        feedback = await shield.feedback("1", "spam", reporter="Ann")
        assert_type(feedback, Feedback)
        assert_type(feedback.label, Literal["spam", "ham"])
        assert_type(await shield.forget(feedback.id), Feedback)
        assert_type(shield.lessons(), Lessons)
        await shield.feedback("1", "junk")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        feedback.id = "2"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def ask_without_a_loop() -> None:
    with SyncSpamShield(Words(()), policy=SpamPolicy(), settings=SpamShieldSettings()) as shield:
        assert_type(shield, SyncSpamShield)
        assert_type(shield.detector, Detector)
        assert_type(shield.policy, SpamPolicy)
        assert_type(shield.settings, SpamShieldSettings)
        assert_type(shield.check("x", author="Ann", policy=SpamPolicy()), SpamVerdict)
        shield.check("x", autor="Ann")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        assert_type(shield.check_many(["x", Submission(text="y")]), list[SpamVerdict])
        shield.check_later("x", judged_too, kind="review")
        shield.check_later("x", judged)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        feedback = shield.feedback("1", "ham")
        assert_type(feedback, Feedback)
        assert_type(shield.forget(feedback.id), Feedback)
        assert_type(shield.lessons(), Lessons)
        shield.close()


# Policy and settings


def read(policy: SpamPolicy, settings: SpamShieldSettings) -> None:
    assert_type(policy.threshold, float)
    assert_type(policy.review_threshold, float)
    assert_type(policy.strictness, Literal["low", "medium", "high"])
    assert_type(policy.on_spam, Literal["reject", "inject", "silent"])
    assert_type(policy.on_error, Literal["review", "allow", "reject"])
    assert_type(policy.shadow, bool)
    assert_type(policy.status_code, int)
    assert_type(policy.override(threshold=0.9), SpamPolicy)
    assert_type(settings.detector, Literal["local", Vendor])
    assert_type(settings.threshold, float | None)
    assert_type(settings.review_threshold, float | None)
    assert_type(settings.strictness, Literal["low", "medium", "high"] | None)
    assert_type(settings.on_spam, Literal["reject", "inject", "silent"] | None)
    assert_type(settings.on_error, Literal["review", "allow", "reject"] | None)
    assert_type(settings.shadow, bool | None)
    assert_type(settings.status_code, int | None)
    assert_type(settings.timeout, float)
    assert_type(settings.max_characters, int)
    assert_type(settings.trusted_proxies, tuple[IPv4Network | IPv6Network, ...])
    assert_type(settings.concurrency, int)
    assert_type(settings.backlog, int)
    assert_type(settings.drain_timeout, float)
    policy.threshold = 0.9  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


SpamShieldSettings(timeout=1, threshold=0.9, trusted_proxies="10.0.0.0/8, 192.0.2.1")
SpamPolicy(strictness="low", on_spam="inject", on_error="allow", shadow=True, status_code=422)


# In tests


FakeShield()
FakeShield("spam", policy=SpamPolicy(shadow=True))
FakeShield(0.4)
FakeShield(DetectorError("timeout"))
FakeShield(["ham", 0.5, Detection(score=1.0), DetectorError("quota")])
FakeShield({"casino": "spam", "maybe": 0.5})
FakeShield(lambda submission: "spam" if submission.author == "Bot" else "ham")


async def look_back() -> None:
    fake = FakeShield()
    fake.script("suspicious")
    as_shield: SpamShield = fake
    assert_type(await as_shield.check("x", author="Ann"), SpamVerdict)
    assert_type(fake.submissions, list[Submission])
    assert_type(fake.verdicts, list[SpamVerdict])
    with forbid_network():
        await fake.check("x")
