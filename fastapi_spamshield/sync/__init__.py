"""`SyncSpamShield`: the same verdicts for code without an event loop."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from ..deadline import at_once
from ..detectors.base import Health
from ..dialects.base import Usage
from ..errors import DetectorError
from ..feedback import Feedback, FeedbackLabel, Lessons
from ..form_tokens import FormSession, FormTokenReading
from .judging import Judging

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")


class SyncSpamShield(Judging):
    """Judges submissions for synchronous code: Flask, Django, scripts, workers with threads.

    ```python
    shield = SyncSpamShield()
    verdict = shield.check("Act now: free bitcoin", ip="203.0.113.9")
    ```

    Any number of threads may share one. The embedded engine never waits, so it judges in the thread
    that asks. Every other detector runs in one event loop in a daemon thread, which starts when it
    is first needed, in the process that needs it: a server may load the application before it forks
    its workers. A detector that is an async context manager is opened in each of them.

    The loop ends with `close`, at the end of a `with`, with the interpreter, or when nobody holds
    the shield any more. Whichever it is, the checks that run are finished first. A closed shield
    starts again with `with`.

    Args:
        detector: Who judges. Default: the one that the settings name, which is the embedded engine.
        policy: When a submission is spam. Default: made of the settings.
        settings: Default: read from `SPAMSHIELD_*`.
        client: Makes what carries the requests to hosted services, such as
            `lambda: httpx.AsyncClient(proxy=...)`. It is called in each process, whenever the loop
            starts, and what it made is closed with the loop.
        used_tokens: Remembers which form tokens were used. Default: one in this process.

    Raises:
        ConfigurationError: The settings are wrong, `detector` is not a detector, or `client` is a
            client, which belongs to one event loop, and not what makes one.
    """

    def health(self) -> tuple[Health, ...]:
        """How each open detector does, from what was seen of it: nobody is asked.

        It can be called anywhere, also where an event loop is running. Before the first check, and
        after `close`, no detector is open but the embedded engine, which always is.
        """
        running = self._background.shield()
        if running is not None:
            return running.health()
        return (Health(detector=self.detector.name),) if self._never_waits(None) else ()

    def usage(self) -> dict[str, Usage]:
        """How much of its quota each open service has used, as `SpamShield.usage` says.

        Raises:
            ConfigurationError: The shield is closed, or an event loop is running in this thread.
        """
        self._require_usable()
        if self._never_waits(None) and self._background.shield() is None:
            return {}
        try:
            return self._ask(lambda shield: shield.usage(), None)
        except DetectorError as failure:
            logger.warning("Detector %s: no usage: %s", self.detector.name, failure.code)
            return {}

    def form_token(self, purpose: str, *, session: FormSession = None, age: float = 0.0) -> str:
        """A token for a form that is being shown; `claim_form_token` takes it back.

        Args:
            purpose: What the form is for.
            session: What else it is bound to, such as the id of a session or of a user.
            age: Seconds ago that the form was shown; for tests.

        Raises:
            ConfigurationError: `session` is of another type.
        """
        return self._shield.form_token(purpose, session=session, age=age)

    def claim_form_token(
        self, token: str | None, purpose: str, *, session: FormSession = None
    ) -> FormTokenReading:
        """Read a token and use it up: `reading.context()` is for `check`.

        Args:
            token: What the form sent.
            purpose: What the form is for.
            session: What else the token has to be bound to.

        Raises:
            ConfigurationError: As for `check`, or `session` is of another type.
        """
        return self._with_tokens(
            lambda: self._shield.claim_form_token(token, purpose, session=session)
        )

    def release_form_token(self, reading: FormTokenReading) -> None:
        """Let a token be used once more, since what was sent with it was refused.

        Args:
            reading: From `claim_form_token`.

        Raises:
            ConfigurationError: As for `check`.
        """
        self._with_tokens(lambda: self._shield.release_form_token(reading))

    def _with_tokens(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        self._require_usable()
        if self._shield.form_tokens.never_waits:
            return at_once(work())
        return self._ask(lambda _: work(), None)

    def feedback(
        self, verdict_id: str, label: FeedbackLabel, *, reporter: str | None = None
    ) -> Feedback:
        """Say what a submission should have been called; see `SpamShield.feedback`.

        Args:
            verdict_id: Of the verdict.
            label: `"spam"` or `"ham"`.
            reporter: Who says so, where that should count for little by itself.

        Raises:
            NotRemembered: There is no such verdict, or it is too long ago.
            ConfigurationError: There is no such label, or as for `check`.
            DetectorError: There was no answer in time.
        """
        self._require_usable()
        return self._ask(
            lambda shield: shield.feedback(verdict_id, label, reporter=reporter), None, rounds=2
        )

    def forget(self, feedback_id: str) -> Feedback:
        """Take a correction back; see `SpamShield.forget`.

        Args:
            feedback_id: The `id` of a `Feedback`.

        Raises:
            NotRemembered: There is no such feedback, or no longer.
            ConfigurationError: As for `check`.
            DetectorError: There was no answer in time.
        """
        self._require_usable()
        return self._ask(lambda shield: shield.forget(feedback_id), None, rounds=2)

    def lessons(self) -> Lessons:
        """How much the engine has learned of feedback."""
        return self._shield.lessons()
