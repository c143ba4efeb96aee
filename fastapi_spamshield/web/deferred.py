"""`spam_check_later`: answer at once, judge afterwards."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection

from ..detectors.base import Detector
from ..errors import ConfigurationError
from ..later import OnVerdict
from ..models import SpamVerdict, Submission, new_id
from ..policy import OnError, Strictness
from ..shield import Shield
from .binding import was_raised_by_a_dependency
from .dependency import (
    Bypass,
    factory,
    parse_bypass,
    parse_detector,
    parse_options,
)
from .form import FormToken, parse_form_token
from .intake import Intake, Places, TextSource
from .reading import Reading
from .text_dependency import TextDependency


class LaterVerdict(NamedTuple):
    """The promise of a verdict.

    Attributes:
        id: The id that the verdict will have; keep it with what is stored.
        expected: Whether there will be one: not for a trusted sender, or where nothing was sent.
    """

    id: str
    expected: bool


@dataclass(frozen=True, kw_only=True)
class SpamCheckLater(TextDependency):
    """What `spam_check_later` returns. Two with equal options are equal.

    Attributes:
        on_verdict: Called with the verdict and the submission.
    """

    on_verdict: OnVerdict

    def __hash__(self) -> int:
        return self._hash

    async def __call__(
        self,
        *,
        connection: HTTPConnection,
        shield: Shield,
        bypassed: Any = None,
        made: Any = None,
        session: Any = None,
    ) -> AsyncIterator[LaterVerdict]:
        """Called by FastAPI; goes on after the response is sent.

        Raises:
            ConfigurationError: The endpoint has no such field.
        """
        reading = None if bypassed else await self.read(connection, shield, made, session)
        if reading is not None and reading.submission is None:
            reading = None
        promise = LaterVerdict(new_id(), expected=reading is not None)
        if reading is None:
            yield promise
        elif connection.scope["type"] == "websocket":
            # There is no response to wait for, and the connection may stay for days.
            await self._enqueue(reading, promise.id, shield)
            yield promise
        else:
            refused = False
            try:
                yield promise
            except BaseException as error:
                refused = was_raised_by_a_dependency(error)
                raise
            finally:
                if refused:
                    await self.release(connection, shield)
                else:
                    await self._enqueue(reading, promise.id, shield)

    async def _enqueue(self, reading: Reading, verdict_id: str, shield: Shield) -> None:
        policy = self.policy(shield)

        def on_verdict(verdict: SpamVerdict, submission: Submission) -> Awaitable[None] | None:
            return self.on_verdict(reading.settle(verdict, policy), submission)

        submission = reading.submission or Submission(text="")
        await shield.check_later(
            submission,
            on_verdict,
            policy=policy,
            detector=self.detector_for(submission),
            verdict_id=verdict_id,
        )


@factory('spam_check_later("text", on_verdict=...)')
def spam_check_later(
    field: TextSource,
    *,
    on_verdict: OnVerdict,
    threshold: float | None = None,
    review_threshold: float | None = None,
    strictness: Strictness | None = None,
    author: Places | None = None,
    email: Places | None = None,
    subject: Places | None = None,
    url: Places | None = None,
    honeypot: Places | None = None,
    elapsed: Places | None = None,
    form_token: Places | FormToken | None = None,
    kind: str = "comment",
    bypass: Bypass | None = None,
    on_error: OnError | None = None,
    shadow: bool | None = None,
    detector: Detector | None = None,
) -> SpamCheckLater:
    """A dependency that lets the request through and judges it after the response.

    It injects a `LaterVerdict` with the id that the verdict will have. The work goes through the
    shield's own queue: it is done although the handler raises, or returns a response with
    background tasks of its own. It is not done where the handler is not called, because the request
    is not valid or another dependency refuses it; on a WebSocket only a dependency that comes
    before this one can prevent it. What the queue can't take, or can't finish before the
    application stops, reaches `on_verdict` as a `degraded` verdict.

    Args:
        field: Where the text is; or a dependency that returns it. See `spam_check`.
        on_verdict: `def` or `async def`, called with the verdict and the submission.
        threshold: As in `spam_check`, and so are the others.
        review_threshold: A score from here up is suspicious.
        strictness: Both thresholds at once.
        author: Where the sender's name is.
        email: Where the sender's e-mail address is.
        subject: Where the title is.
        url: Where the sender's website is.
        honeypot: Where the form field is that people do not see.
        elapsed: Where the seconds are that it took to fill in the form, by the sender's word.
        form_token: Where the form's token is. It is used up although the verdict comes later.
        kind: What is written there.
        bypass: A dependency; where it returns something truthy, nothing is checked.
        on_error: The `action` of a verdict without a score.
        shadow: Decide nothing, only record.
        detector: Instead of the shield's.

    Returns:
        A frozen, hashable value for `Depends`.

    Raises:
        ConfigurationError: A value is out of range, or of the wrong kind.
        UnknownOption: A keyword does not exist.
    """
    if not callable(on_verdict):
        raise ConfigurationError(
            f"on_verdict={on_verdict!r}: write a function that takes a verdict and a submission"
        )
    token_paths, token = parse_form_token(form_token, kind)
    return SpamCheckLater(
        token=token,
        intake=Intake.parse(
            field,
            kind,
            author=author,
            email=email,
            subject=subject,
            url=url,
            honeypot=honeypot,
            elapsed=elapsed,
            form_token=token_paths,
        ),
        on_verdict=on_verdict,
        options=parse_options(
            threshold=threshold,
            review_threshold=review_threshold,
            strictness=strictness,
            on_error=on_error,
            shadow=shadow,
        ),
        bypass=parse_bypass(bypass),
        detector=parse_detector(detector),
    )
