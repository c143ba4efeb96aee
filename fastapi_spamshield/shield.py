"""The running service: asks a detector, applies a policy. It knows no web framework."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Unpack

from pydantic import ValidationError

from .checking import in_parts
from .detectors.base import Detector, DetectsMany, require_detector
from .detectors.counterfactuals import explained
from .errors import ConfigurationError, UnknownOption
from .explanation import Explanation
from .feedback import Feedback, FeedbackLabel, Lessons
from .form_tokens import FormSession, FormTokenReading, FormTokens
from .later import Later, OnVerdict
from .lifecycle import Lifecycle
from .models import Context, SpamVerdict, Submission
from .policy import SpamPolicy, readable
from .settings import SpamShieldSettings
from .transport import HttpClient, MakeClient
from .used_tokens import UsedTokens


class Shield(Lifecycle):
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
        settings = settings or SpamShieldSettings()
        super().__init__(require_detector(detector or settings.make_detector()), settings, client)
        self.policy: SpamPolicy = policy or settings.make_policy()
        self.form_tokens: FormTokens = FormTokens(
            settings.secret,
            lifetime=settings.form_token_lifetime,
            timeout=settings.timeout,
            used=used_tokens,
        )

    def twin(self) -> "Shield":
        """Another one for another event loop: both remember the same, and learn the same."""
        other = Shield(
            self.detector, policy=self.policy, settings=self.settings, client=self._client
        )
        other._learn_with(self._learning)
        return other

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
        asked = self._asked(detector)
        return await self._checks.one(submission, policy or self.policy, asked, verdict_id)

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
        ready = [as_submission(submission, {}) for submission in submissions]
        asked = self._asked(detector)
        size = asked.batch_size if isinstance(asked, DetectsMany) else 1

        async def judge(few: Sequence[Submission]) -> list[SpamVerdict]:
            if isinstance(asked, DetectsMany) and size > 1:
                return await self._checks.batch(few, policy or self.policy, asked)
            return [await self.check(one, policy=policy, detector=detector) for one in few]

        return await in_parts(ready, judge, size=size, slots=self.settings.concurrency)

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
        asked, used = detector or self.detector, policy or self.policy

        async def judge(version: Submission) -> SpamVerdict:
            return await self.check(version, policy=used, detector=asked)

        return await explained(as_submission(submission, context), asked, used, judge)

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
        judge = partial(
            self.check, submission, policy=policy, detector=detector, verdict_id=verdict_id
        )
        without_score = partial((policy or self.policy).without_score, "degraded", **about)
        later = Later(submission, on_verdict, judge, without_score)
        await self._session().backlog.put(later.work, later.give_up)


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
