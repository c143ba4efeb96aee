"""The running service: asks a detector, applies a policy. It knows no web framework."""

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, Self, Unpack

from pydantic import ValidationError

from .deadline import within
from .detectors.base import Detector, DetectsMany, Health, NamesParts, ReportsHealth
from .detectors.counterfactuals import compare
from .detectors.opening import Opens
from .detectors.trace import Trace, begin, end
from .detectors.usage import usage_of
from .dialects.base import Usage
from .errors import ConfigurationError, DetectorError, ErrorCode, UnknownOption, describe
from .explanation import Explanation
from .feedback import Feedback, FeedbackLabel, Lessons
from .form_tokens import FormSession, FormTokenReading, FormTokens
from .learning import Learning
from .models import Context, Detection, SpamVerdict, Submission
from .policy import SpamPolicy, readable
from .session import Session
from .settings import SpamShieldSettings
from .transport import HttpClient, MakeClient
from .used_tokens import UsedTokens

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

OnVerdict = Callable[[SpamVerdict, Submission], Awaitable[None] | None]
"""What `check_later` calls with its result."""


class Shield:
    """Judges submissions with one detector and one policy.

    Works anywhere: in a request, a background task, a worker, a script. Used as an async context
    manager it opens what the detector needs and keeps a backlog for `check_later`.

    Args:
        detector: Who judges. Default: the one that the settings name, which is the embedded engine.
        policy: When a submission is spam. Default: made of the settings.
        settings: Default: read from `SPAMSHIELD_*`.
        client: Carries the requests to hosted services, and stays open: an `httpx.AsyncClient`, or
            anything of its shape. Or a function that makes one, which is closed with the shield.
            Default: an own one for as long as the shield is open.
        used_tokens: Remembers which form tokens were used. Default: one in this process.

    Raises:
        ConfigurationError: The settings are wrong, or `detector` is not a detector.
    """

    def __init__(
        self,
        detector: Detector | None = None,
        *,
        policy: SpamPolicy | None = None,
        settings: SpamShieldSettings | None = None,
        client: HttpClient | MakeClient | None = None,
        used_tokens: UsedTokens | None = None,
    ) -> None:
        self.settings: SpamShieldSettings = settings or SpamShieldSettings()
        self.detector: Detector = require_detector(detector or self.settings.make_detector())
        self.policy: SpamPolicy = policy or self.settings.make_policy()
        self.form_tokens: FormTokens = FormTokens(
            self.settings.secret,
            lifetime=self.settings.form_token_lifetime,
            timeout=self.settings.timeout,
            used=used_tokens,
        )
        self._client = client
        self._learning = Learning(self.settings)
        self._sessions: dict[asyncio.AbstractEventLoop, Session] = {}
        self._closed = self._new_session()

    def _new_session(self) -> Session:
        return Session(self.settings, self._client, self._learning)

    def twin(self) -> "Shield":
        """Another one for another event loop: both remember the same, and learn the same."""
        other = Shield(
            self.detector, policy=self.policy, settings=self.settings, client=self._client
        )
        other._learning = self._learning
        other._closed = other._new_session()
        return other

    def _session(self) -> Session:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # A check that never waits can be driven without one.
            return self._closed
        return self._sessions.get(loop, self._closed)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        session = self._sessions.setdefault(loop, self._new_session())
        session.users += 1
        if session.users == 1:
            try:
                await session.open(self.detector)
            except BaseException:
                await self.__aexit__(None, None, None)
                raise
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        loop = asyncio.get_running_loop()
        session = self._sessions[loop]
        session.users -= 1
        if session.users == 0:
            try:
                await session.close()
            finally:
                del self._sessions[loop]

    async def open(self, detector: Detector) -> None:
        """Open a further detector until the shield closes; one that needs no opening is left alone.

        Args:
            detector: The detector of a single check.

        Raises:
            ConfigurationError: It can't be opened.
        """
        await self._session().openings.open(detector)

    async def check(
        self,
        submission: str | Submission,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> SpamVerdict:
        """Judge one submission. Raises neither for spam nor for an outage.

        Args:
            submission: The text, or a whole `Submission`.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`, such as `author=` and `ip=`.

        Raises:
            ConfigurationError: The submission is not one, or the detector was never opened.
        """
        submission = as_submission(submission, context)
        policy = policy or self.policy
        detector = self._session().openings.ready(detector or self.detector)
        self._learning.require_open()
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}
        trace = self._learning.trace()
        if trace is None:
            return await self._judge(submission, policy, detector, about)
        token = begin(trace)
        try:
            verdict = await self._judge(submission, policy, detector, about)
        finally:
            end(token)
        await self._learning.keep(verdict.id, submission, detector, trace)
        return verdict

    async def _judge(
        self, submission: Submission, policy: SpamPolicy, detector: Detector, about: dict[str, Any]
    ) -> SpamVerdict:
        started = time.perf_counter()
        error: ErrorCode
        try:
            detection = require_detection(
                await within(self.settings.timeout, detector.detect(submission))
            )
            about["latency_ms"] = (time.perf_counter() - started) * 1_000
            about["detector"] = detection.detector or detector.name
            return policy.judge(detection, **about)
        except DetectorError as failure:
            error = failure.code
        except TimeoutError:
            error = "timeout"
        except Exception as failure:  # noqa: BLE001 - a detector's own bug stays its own
            error = "protocol"
            logger.error("Detector %s raised %s", detector.name, describe(failure))
        about.pop("detector", None)
        about["latency_ms"] = (time.perf_counter() - started) * 1_000
        return self._unmeasured(policy, detector, error, about)

    def _unmeasured(
        self, policy: SpamPolicy, detector: Detector, error: ErrorCode, about: dict[str, Any]
    ) -> SpamVerdict:
        logger.warning("Detector %s could not measure a submission: %s", detector.name, error)
        return policy.without_score("degraded", error=error, detector=detector.name, **about)

    async def check_many(
        self,
        submissions: Sequence[str | Submission],
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
    ) -> list[SpamVerdict]:
        """Judge several submissions, a bounded number at a time, or in batches of a service.

        Args:
            submissions: Texts or whole submissions.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.

        Returns:
            The verdicts, in the order of the submissions.

        Raises:
            ConfigurationError: As for `check`.
        """
        slots = asyncio.Semaphore(self.settings.concurrency)
        ready = [as_submission(submission, {}) for submission in submissions]
        asked = self._session().openings.ready(detector or self.detector)
        self._learning.require_open()
        size = asked.batch_size if isinstance(asked, DetectsMany) else 1

        async def some(batch: list[Submission]) -> list[SpamVerdict]:
            async with slots:
                if isinstance(asked, DetectsMany) and size > 1:
                    return await self._check_batch(batch, policy or self.policy, asked)
                [submission] = batch
                return [await self.check(submission, policy=policy, detector=detector)]

        batches = [ready[start : start + size] for start in range(0, len(ready), size)]
        return [verdict for part in await asyncio.gather(*map(some, batches)) for verdict in part]

    async def _check_batch(
        self, batch: list[Submission], policy: SpamPolicy, detector: DetectsMany
    ) -> list[SpamVerdict]:
        started = time.perf_counter()
        found: list[Detection | DetectorError]
        token = begin(whole := Trace(self._learning.corrections, wanted=False))
        try:
            found = await within(self.settings.timeout, detector.detect_many(batch))
        except TimeoutError:
            found = [DetectorError("timeout")] * len(batch)
        except Exception as failure:  # noqa: BLE001 - as for `check`
            logger.error("Detector %s raised %s", detector.name, describe(failure))
            found = [DetectorError("protocol")] * len(batch)
        finally:
            end(token)
        about = {"latency_ms": (time.perf_counter() - started) * 1_000}
        verdicts = [
            policy.judge(one, **{"detector": one.detector or detector.name, **about})
            if isinstance(one, Detection)
            else self._unmeasured(policy, detector, one.code, about)
            for one in found
        ]
        for submission, verdict in zip(batch, verdicts, strict=True):
            trace = self._learning.trace()
            if trace is not None:
                for opinion in whole.opinions_of(submission):
                    trace.note(submission, opinion)
                await self._learning.keep(verdict.id, submission, detector, trace)
        return verdicts

    async def feedback(
        self, verdict_id: str, label: FeedbackLabel, *, reporter: str | None = None
    ) -> Feedback:
        """Say what a submission should have been called.

        The embedded engine learns of it, wherever it stands; hosted services that judged and said
        something else are told. An outage of these takes nothing from the engine. Whoever says the
        same twice says it once, and who changes his mind replaces what was said before.

        Args:
            verdict_id: Of the verdict. It is known for as long as `remember` says.
            label: `"spam"` or `"ham"`.
            reporter: Who says so, where these are people whose word should count for little by
                itself, such as visitors. Only a digest is kept. Default: the application itself,
                thus its moderators.

        Returns:
            What was done. Its `id` is what `forget` wants.

        Raises:
            NotRemembered: There is no such verdict, or it is too long ago.
            ConfigurationError: There is no such label, or the file of lessons is not open.
        """
        self._learning.require_open()
        openings = self._session().openings
        return await self._learning.teach(openings, verdict_id, label, reporter)

    async def forget(self, feedback_id: str) -> Feedback:
        """Take a correction back: the engine judges as if it had never been made, bit for bit.

        A service that was told is told the opposite, where that is what it had said by itself.

        Args:
            feedback_id: The `id` of a `Feedback`.

        Returns:
            What was done.

        Raises:
            NotRemembered: There is no such feedback, or no longer.
            ConfigurationError: The file of lessons is not open.
        """
        self._learning.require_open()
        return await self._learning.forget(self._session().openings, feedback_id)

    def lessons(self) -> Lessons:
        """How much the engine has learned of feedback."""
        return self._learning.numbers()

    async def explain(
        self,
        submission: str | Submission,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        **context: Unpack[Context],
    ) -> Explanation:
        """Judge one submission, and then again without each of its parts: what a moderator asks.

        Only a detector that costs nothing to ask again is asked at all, such as the embedded
        engine, and at most 61 times. For any other, a hosted service above all, the explanation
        says that nobody was asked; `detector=LocalDetector()` explains what the engine thinks.

        Args:
            submission: The text, or a whole `Submission`.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`.
        """
        submission = as_submission(submission, context)
        policy = policy or self.policy
        asked = detector or self.detector
        if not isinstance(asked, NamesParts):
            return Explanation(
                verdict=policy.without_score("skipped", reason="For an explanation: not asked."),
                reason=f"{asked.name} is not asked again, which may cost something each time",
            )

        async def judge(version: Submission) -> SpamVerdict:
            return await self.check(version, policy=policy, detector=asked)

        verdict = await judge(submission)
        parts = asked.removable_parts(submission, verdict.signals)
        explained = await compare(submission, verdict, parts, judge)
        return explained.model_copy(update={"judgements": explained.judgements + 1})

    def form_token(self, purpose: str, *, session: FormSession = None, age: float = 0.0) -> str:
        """A token for a form that is being shown; `spam_check(form_token=...)` takes it back.

        Args:
            purpose: What the form is for, such as the `kind` of the check.
            session: What else it is bound to, such as the id of a session or of a user.
            age: Seconds ago that the form was shown; for tests.

        Raises:
            ConfigurationError: `session` is of another type.
        """
        return self.form_tokens.make(purpose, session=session, age=age)

    async def claim_form_token(
        self, token: str | None, purpose: str, *, session: FormSession = None
    ) -> FormTokenReading:
        """Read a token and use it up, where no `spam_check` does it.

        `await shield.check(text, **reading.context())` then judges by it, too.

        Args:
            token: What the form sent.
            purpose: What the form is for.
            session: What else the token has to be bound to.

        Raises:
            ConfigurationError: `session` is of another type.
        """
        return await self.form_tokens.claim(self.form_tokens.read(token, purpose, session=session))

    async def release_form_token(self, reading: FormTokenReading) -> None:
        """Let a token be used once more, since what was sent with it was refused.

        Args:
            reading: From `claim_form_token`.
        """
        await self.form_tokens.release(reading)

    def health(self) -> tuple[Health, ...]:
        """How each open detector does, from what was seen of it: nobody is asked."""
        found: list[Health] = []
        for session in list(self._sessions.values()):  # Perhaps asked from another thread.
            for detector in session.openings:
                if isinstance(detector, ReportsHealth):
                    found.append(detector.health())
                elif not isinstance(detector, Opens):
                    found.append(Health(detector=detector.name))
        return tuple(found)

    async def usage(self) -> dict[str, Usage]:
        """How much of its quota each open service has used, where it or a budget tells.

        A service that does not say just then is left out. Of several of one name the second is
        `name (2)`, in the order in which they were opened, as in `health`; to tell two accounts
        of a vendor apart, give their dialects names, as with `SiftFy(name="siftfy-shop")`.
        """
        return await usage_of(self._session().openings, self.settings.timeout)

    async def check_later(
        self,
        submission: str | Submission,
        on_verdict: OnVerdict,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        verdict_id: str | None = None,
        **context: Unpack[Context],
    ) -> None:
        """Judge one submission in the background and call `on_verdict` with the result.

        Nothing is lost in silence: what the backlog can't take, or can't finish before the shield
        closes, reaches `on_verdict` as a `degraded` verdict.

        Args:
            submission: The text, or a whole `Submission`.
            on_verdict: Called with the verdict and the submission, once. A coroutine function runs
                in the event loop, any other in a thread.
            policy: Instead of the shield's own.
            detector: Instead of the shield's own.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`, or the shield is not running.
        """
        submission = as_submission(submission, context)
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}
        told = False

        async def judge() -> None:
            verdict = await self.check(
                submission, policy=policy, detector=detector, verdict_id=verdict_id
            )
            await report(verdict)

        async def give_up(error: ErrorCode, reason: str) -> None:
            if not told:  # Else only the callback itself was interrupted.
                await report(
                    (policy or self.policy).without_score(
                        "degraded", error=error, reason=reason, **about
                    )
                )

        async def report(verdict: SpamVerdict) -> None:
            nonlocal told
            told = True
            if inspect.iscoroutinefunction(on_verdict):
                await on_verdict(verdict, submission)
            else:
                result = await asyncio.to_thread(on_verdict, verdict, submission)
                if result is not None:
                    await result

        await self._session().backlog.put(judge, give_up)


def as_submission(submission: str | Submission, context: Context) -> Submission:
    """A submission made of a text and what else is known.

    Args:
        submission: The text, or a whole submission.
        context: Fields to set on it.

    Raises:
        ConfigurationError: A value has the wrong type, or a field does not exist.
    """
    if isinstance(submission, Submission) and not context:
        return submission
    for name in context:
        if name not in Submission.model_fields:
            raise UnknownOption("A submission", name, Submission.model_fields)
    try:
        if isinstance(submission, Submission):
            return Submission.model_validate({**dict(submission), **context})
        return Submission(text=submission, **context)
    except ValidationError as error:
        raise ConfigurationError(f"Not a submission: {readable(error)}") from None


def require_detection(answer: object) -> Detection:
    """What a detector answered, if it is what a detector answers.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(answer, Detection):
        raise TypeError(f"a detector answers with a Detection, not with {type(answer).__name__}")
    return answer


def require_detector(detector: Detector) -> Detector:
    """The detector itself, if it is one.

    Raises:
        ConfigurationError: It has no `name` or no `detect`.
    """
    given: object = detector  # Whoever uses no type checker may have given anything.
    if isinstance(given, type) or not isinstance(given, Detector):
        raise ConfigurationError(
            "A detector is an object with a `name` and `async def detect(self, submission)`; this "
            f"is {detector!r}"
        )
    return detector
