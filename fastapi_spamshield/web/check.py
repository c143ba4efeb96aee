"""`spam_check`: judge what the endpoint receives, before the endpoint runs."""

import logging
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from ..detectors.base import Detector
from ..errors import ConfigurationError
from ..models import SpamVerdict
from ..policy import OnError, OnSpam, SpamPolicy, Strictness
from ..shield import Shield
from .binding import Endpoint
from .dependency import (
    Bypass,
    factory,
    parse_bypass,
    parse_detector,
    parse_options,
)
from .form import FormToken, parse_form_token
from .intake import Intake, Places, TextSource
from .judging import Judge, Outcomes
from .memory import memory_of, read_values
from .refusal import answer_refusals, refuse
from .silence import (
    SilentResponse,
    make_silent_response,
    parse_silent_response,
    require_silence,
)

logger: logging.Logger = logging.getLogger("fastapi_spamshield")


@dataclass(frozen=True, kw_only=True)
class SpamCheck(Judge):
    """What `spam_check` returns. Two with equal options are equal, and run once a request.

    Attributes:
        silent_response: What a sender of spam is answered when `on_spam="silent"`.
    """

    silent_response: SilentResponse | None = None

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
    ) -> SpamVerdict:
        """Called by FastAPI.

        Raises:
            SpamRejected: The submission is refused.
            WebSocketException: The same on a WebSocket, close code 1008.
            ConfigurationError: The endpoint has no such field.
        """
        answer_refusals(connection)
        outcomes: Outcomes = memory_of(connection).outcomes
        # FastAPI calls it again for other scopes of `Security`, and then others may be trusted.
        key = (self, bool(bypassed))
        outcome = None if self.intake.source else outcomes.get(key)
        if outcome is None:
            if bypassed:
                outcome = self.policy(shield).without_score(
                    "bypassed", reason="The sender is trusted."
                )
            else:
                outcome = await self.judge(connection, shield, made, session, outcomes)
            outcomes[key] = outcome
        if isinstance(outcome, ConfigurationError):
            raise outcome
        if outcome.shadow_action in ("review", "reject"):
            # With `dependencies=[...]` nobody gets the verdict.
            logger.info(
                "In shadow mode, else %s (%s): %s",
                outcome.shadow_action,
                outcome.label,
                outcome.id,
            )
        if outcome.action == "reject":
            await self.release(connection, shield)
            refuse(
                outcome,
                self.policy(shield),
                is_websocket=connection.scope["type"] == "websocket",
                silent=lambda: self._silent(connection),
            )
        return outcome

    def _silent(self, connection: HTTPConnection) -> Response:
        endpoint, values = self.endpoint(connection), read_values(connection)
        return make_silent_response(endpoint, values, self.silent_response)

    def verify_policy(self, endpoint: Endpoint, policy: SpamPolicy) -> None:
        """See that an endpoint can do what the policy says.

        Args:
            endpoint: An endpoint with this check.
            policy: What holds there.

        Raises:
            ConfigurationError: Spam shall look like success there, and nobody says how.
        """
        if policy.on_spam == "silent":
            require_silence(endpoint, self.silent_response)


@factory('spam_check("text")')
def spam_check(
    field: TextSource,
    *,
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
    on_spam: OnSpam | None = None,
    on_error: OnError | None = None,
    shadow: bool | None = None,
    detector: Detector | None = None,
    status_code: int | None = None,
    silent_response: Any = None,
) -> SpamCheck:
    """A dependency that judges what the endpoint receives, and injects a `SpamVerdict`.

    ```python
    @app.post("/comments")
    async def post_comment(
        comment: CommentIn,
        verdict: Annotated[SpamVerdict, Depends(spam_check(field="text", threshold=0.8))],
    ): ...
    ```

    A place is a path into what the endpoint receives, with the names of Python and not those of the
    wire: a parameter (`"text"`), a part of one (`"comment.text"`, `"comment.author.bio"`), or just
    `"text"` where one parameter only has such a part. Several places are a tuple. Whatever an
    option leaves out is as the application's `SpamPolicy` has it.

    Args:
        field: Where the text is; or a dependency that returns it.
        threshold: A score above it is spam, 0..1.
        review_threshold: A score from here up is suspicious, 0..1, at most `threshold`.
        strictness: Both thresholds at once: `"low"`, `"medium"` or `"high"`.
        author: Where the sender's name is.
        email: Where the sender's e-mail address is.
        subject: Where the title is.
        url: Where the sender's website is.
        honeypot: Where the form field is that people do not see.
        elapsed: Where the seconds are that it took to fill in the form, by the sender's word.
        form_token: Where the token is that `shield.form_token(kind)` made when the form was shown;
            a `FormToken` can ask more of it. The seconds are then known by it.
        kind: What is written there, such as `"comment"`, `"contact"`, `"signup"`.
        bypass: A dependency; where it returns something truthy, nothing is checked. Where it
            raises, the request ends with its error, as anywhere in FastAPI.
        on_spam: `"reject"` answers 403, `"inject"` leaves it to the handler, `"silent"` answers as
            if all were well and does not run the handler.
        on_error: What a submission gets that could not be measured: `"review"`, `"allow"`, or
            `"reject"` (503).
        shadow: Decide nothing; the verdict's `shadow_action` says what would have happened, and so
            does the log where it is not `allow`.
        detector: Instead of the shield's.
        status_code: HTTP status of a refusal, 400..599.
        silent_response: What `on_spam="silent"` answers: as JSON takes it, or a function without
            arguments that makes a `Response`. Default: the fields of the route's response model,
            filled from what was sent. A route that answers with anything but JSON, or with a
            redirect, needs the function.

    Returns:
        A frozen, hashable value for `Depends`. Equal calls give equal values: checked once a
        request, and replaced together by `app.dependency_overrides`.

    Raises:
        ConfigurationError: A value is out of range, or of the wrong kind.
        UnknownOption: A keyword does not exist.
    """
    token_paths, token = parse_form_token(form_token, kind)
    return SpamCheck(
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
        options=parse_options(
            threshold=threshold,
            review_threshold=review_threshold,
            strictness=strictness,
            on_spam=on_spam,
            on_error=on_error,
            shadow=shadow,
            status_code=status_code,
        ),
        bypass=parse_bypass(bypass),
        detector=parse_detector(detector),
        silent_response=parse_silent_response(silent_response),
    )
