"""A shield that judges for threads."""

import inspect
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Unpack

from ..deadline import at_once
from ..detectors.base import Detector
from ..errors import ConfigurationError, DetectorError
from ..explanation import Explanation
from ..loop_thread import call_in_thread
from ..models import Context, SpamVerdict, Submission
from ..policy import SpamPolicy
from ..shield import as_submission
from .running import Running

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


class Judging(Running):
    """The verdicts of a `SyncSpamShield`, and nothing of what becomes of them."""

    def check(
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
            detector: Instead of the shield's own. One that needs opening stays open until the
                shield closes.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`, such as `author=` and `ip=`.

        Raises:
            ConfigurationError: The submission is not one, the shield is closed, or an event loop is
                running in this thread.
        """
        self._require_usable()
        submission = as_submission(submission, context)
        if self._never_waits(detector):
            return at_once(
                self._shield.check(
                    submission, policy=policy, detector=detector, verdict_id=verdict_id
                )
            )
        started = time.perf_counter()
        try:
            return self._ask(
                lambda shield: shield.check(
                    submission, policy=policy, detector=detector, verdict_id=verdict_id
                ),
                detector,
            )
        except DetectorError as failure:
            return self._unanswered(failure, started, policy, detector, verdict_id)

    def check_many(
        self,
        submissions: Sequence[str | Submission],
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
    ) -> list[SpamVerdict]:
        """Judge several submissions, a bounded number at a time.

        Args:
            submissions: Texts or whole submissions.
            policy: Instead of the shield's own.
            detector: As for `check`.

        Returns:
            The verdicts, in the order of the submissions.

        Raises:
            ConfigurationError: As for `check`.
        """
        self._require_usable()
        ready = [as_submission(submission, {}) for submission in submissions]
        if self._never_waits(detector):
            return [
                self.check(submission, policy=policy, detector=detector) for submission in ready
            ]
        started = time.perf_counter()
        try:
            return self._ask(
                lambda shield: shield.check_many(ready, policy=policy, detector=detector),
                detector,
                rounds=math.ceil(len(ready) / self.settings.concurrency),
            )
        except DetectorError as failure:
            return [self._unanswered(failure, started, policy, detector) for _ in ready]

    def check_later(
        self,
        submission: str | Submission,
        on_verdict: Callable[[SpamVerdict, Submission], None],
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
            on_verdict: Called with the verdict and the submission, in a thread of its own; a plain
                function, which may block.
            policy: Instead of the shield's own.
            detector: As for `check`.
            verdict_id: The id that the verdict shall have. Default: a new one.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`, or `on_verdict` is a coroutine function.
        """
        self._require_usable()
        submission = as_submission(submission, context)
        if inspect.iscoroutinefunction(on_verdict):
            raise ConfigurationError(
                "SyncSpamShield.check_later calls a plain function. Write `def` instead of "
                "`async def`, or use `SpamShield` in asynchronous code."
            )

        first = threading.Lock()  # Whoever gets it reports; a caller that gave up may be late.

        def tell(verdict: SpamVerdict, submission: Submission) -> None:
            if first.acquire(blocking=False):
                on_verdict(verdict, submission)

        async def report(verdict: SpamVerdict, submission: Submission) -> None:
            await call_in_thread(lambda: tell(verdict, submission))

        started = time.perf_counter()
        try:
            self._ask(
                lambda shield: shield.check_later(
                    submission, report, policy=policy, detector=detector, verdict_id=verdict_id
                ),
                detector,
            )
        except DetectorError as failure:
            tell(self._unanswered(failure, started, policy, detector, verdict_id), submission)

    def explain(
        self,
        submission: str | Submission,
        *,
        policy: SpamPolicy | None = None,
        detector: Detector | None = None,
        **context: Unpack[Context],
    ) -> Explanation:
        """Judge one submission, and then again without each of its parts; see `Shield.explain`.

        Args:
            submission: The text, or a whole `Submission`.
            policy: Instead of the shield's own.
            detector: As for `check`.
            context: Fields of `Submission`.

        Raises:
            ConfigurationError: As for `check`.
            DetectorError: A detector of your own did not answer in time.
        """
        self._require_usable()
        submission = as_submission(submission, context)
        if self._never_waits(detector):
            return at_once(self._shield.explain(submission, policy=policy, detector=detector))
        return self._ask(
            lambda shield: shield.explain(submission, policy=policy, detector=detector), detector
        )

    def _unanswered(
        self,
        failure: DetectorError,
        started: float,
        policy: SpamPolicy | None,
        detector: Detector | None,
        verdict_id: str | None = None,
    ) -> SpamVerdict:
        name = (detector or self.detector).name
        logger.warning("Detector %s could not measure a submission: %s", name, failure.code)
        about: dict[str, Any] = {"id": verdict_id} if verdict_id else {}
        return (policy or self.policy).without_score(
            "degraded",
            error=failure.code,
            detector=name,
            latency_ms=(time.perf_counter() - started) * 1_000,
            **about,
        )
