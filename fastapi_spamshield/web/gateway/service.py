"""One vendor's language, spoken on a shield."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.types import Receive, Scope

from ...dialects.base import Answer, Asked, Call, Speaks
from ...dialects.serving import Misdirected, path_of
from ...errors import DetectorError, describe
from ...models import Detection, SpamVerdict, Submission, new_id
from ...policy import SpamPolicy
from ...shield import Shield
from ..faults import FAILURE
from . import wire
from .guesses import Guesses
from .keys import Keys
from .limits import Meter
from .memory import Memory, Source
from .scale import onto

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

OnFeedback = Callable[[str | None, Submission, bool], Awaitable[None] | None]
"""Called with a correction: the id of the verdict, if it is known; the submission; spam or not."""


class Conduct(NamedTuple):
    """What all languages of one gateway have in common.

    Attributes:
        shield: Who judges.
        keys: Who may ask.
        guesses: Finds out who asks.
        memory: What was judged.
        on_feedback: What is told of corrections.
        trust_user_role: Whether a client's word is believed that a sender is an administrator.
        max_body: Bytes of a request.
        body_timeout: Seconds until they are there.
    """

    shield: Shield
    keys: Keys
    guesses: Guesses
    memory: Memory
    on_feedback: OnFeedback | None
    trust_user_role: bool
    max_body: int
    body_timeout: float


@dataclass(frozen=True)
class Service:
    """Answers in one vendor's language.

    Attributes:
        dialect: The language.
        conduct: What it shares with the others.
        meters: One for each owner of a key.
    """

    dialect: Speaks
    conduct: Conduct
    meters: tuple[Meter, ...]

    @property
    def base(self) -> str:
        """The path that the vendor puts in front of its routes."""
        return urlsplit(self.dialect.facts.base_url).path

    @property
    def paths(self) -> tuple[str, ...]:
        """All that it answers, below the vendor's host."""
        return tuple(self.base + route for route in self.dialect.routes)

    async def answer(self, scope: Scope, receive: Receive, path: str) -> Answer:
        """The answer to any request at all.

        Args:
            scope: Of the request.
            receive: Where its body comes from.
            path: Below the vendor's host.

        Raises:
            ClientGone: The request broke off.
        """
        request_id = new_id()
        below = path.removeprefix(self.base) if path.startswith(f"{self.base}/") else ""
        call = wire.call_of(scope, below, request_id)
        try:
            if not self.conduct.keys.admit(scope):
                raise DetectorError("auth")  # noqa: TRY301 - all refusals go one way
            self._find(call)
            body = await self._body(call, receive)
            call = call._replace(body=body)
            if FAILURE in scope:
                raise scope[FAILURE]
            owner = self.conduct.guesses.owner(self.dialect.key_of(call), wire.host_of(scope))
            answer = await self._reply(call, owner, request_id)
        except DetectorError as error:
            answer = self.dialect.refuse(error, call)
            if isinstance(error, Misdirected):
                answer = answer._replace(headers={**answer.headers, **self._besides(error, call)})
        logger.info("Gateway: %s %s: HTTP %d", self.dialect.name, request_id, answer.status)
        return answer._replace(headers={"x-request-id": request_id, **answer.headers})

    def _besides(self, error: Misdirected, call: Call) -> dict[str, str]:
        if error.status == 405:  # noqa: PLR2004 - RFC 9110, 15.5.6
            return {"allow": ", ".join(self.dialect.routes[path_of(call)])}
        # RFC 9110, 15.5.9: the rest of the body is still on its way.
        return {"connection": "close"} if error.status == 408 else {}  # noqa: PLR2004

    @property
    def _max_body(self) -> int:
        return min(self.dialect.facts.body_bytes or self.conduct.max_body, self.conduct.max_body)

    def _find(self, call: Call) -> None:
        methods = self.dialect.routes.get(path_of(call))
        if methods is None:
            raise Misdirected(404)
        if call.method not in methods:
            raise Misdirected(405)

    async def _body(self, call: Call, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self.conduct.body_timeout):
                return await wire.body_of(call, receive, self._max_body)
        except TimeoutError:
            raise Misdirected(408) from None

    async def _reply(self, call: Call, owner: int, request_id: str) -> Answer:
        meter = self.meters[owner]
        meter.request()
        self._legible(call)
        asked = self.dialect.read(call)
        source = Source(self.dialect.name, owner)
        if asked.action == "feedback":
            await self._correct(asked, source, meter)
        if asked.action not in ("check", "check_many"):
            return self.dialect.write(asked, [], meter.usage())
        checks = len(asked.submissions)
        meter.spend(checks)
        try:
            verdicts = await self._judge(asked, request_id)
            answer = self.dialect.write(asked, verdicts, meter.usage())
        except BaseException:
            meter.give_back(checks)
            raise
        for submission, verdict in zip(asked.submissions, verdicts, strict=True):
            if not asked.rehearsal:
                size = len(call.body) // checks
                self.conduct.memory.keep(source, verdict.id, submission, size)
            if asked.site:
                meter.judged(asked.site, spam=verdict.is_spam)
        return answer

    def _legible(self, call: Call) -> None:
        kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        expected = self.dialect.media_type
        if call.body and expected and kind not in ("", expected):
            raise Misdirected(415)
        if call.headers.get("content-encoding", "identity").lower() != "identity":
            raise Misdirected(415)

    async def _judge(self, asked: Asked, request_id: str) -> list[SpamVerdict]:
        policy = self._policy(asked)
        if asked.trusted and self.conduct.trust_user_role:
            verdicts = [policy.without_score("bypassed", id=request_id)]
        elif asked.guaranteed:
            certain = Detection(score=1.0, category="test", detector=self.dialect.name)
            verdicts = [policy.judge(certain, id=request_id)]
        elif asked.action == "check_many":
            verdicts = await self.conduct.shield.check_many(asked.submissions, policy=policy)
        else:
            [submission] = asked.submissions
            verdicts = [
                await self.conduct.shield.check(submission, policy=policy, verdict_id=request_id)
            ]
        return [onto(verdict, asked.bands) for verdict in verdicts]

    def _policy(self, asked: Asked) -> SpamPolicy:
        own = self.conduct.shield.policy
        if asked.strictness in (None, "medium"):  # The middle is where the owner has put it.
            return own
        return own.override(strictness=asked.strictness)

    async def _correct(self, asked: Asked, source: Source, meter: Meter) -> None:
        verdict_id, spam = asked.detection_id, bool(asked.spam)
        if verdict_id is None:
            [submission] = asked.submissions
            verdict_id = self.conduct.memory.id_of(source, submission)
        else:
            judged = self.conduct.memory.by_id(source, verdict_id)
            if judged is None:
                raise Misdirected(404)
            submission = judged.submission
        if asked.rehearsal:
            return
        if asked.site:
            meter.corrected(asked.site, spam=spam)
        if self.conduct.on_feedback is not None:
            await self._tell(self.conduct.on_feedback, verdict_id, submission, spam=spam)

    async def _tell(
        self,
        on_feedback: OnFeedback,
        verdict_id: str | None,
        submission: Submission,
        *,
        spam: bool,
    ) -> None:
        try:
            result = on_feedback(verdict_id, submission, spam)
            if result is not None:
                await result
        except Exception as failure:  # noqa: BLE001 - the client is told that it did not work
            logger.error("on_feedback raised %s", describe(failure))
            raise DetectorError("unavailable", "the correction was not taken") from None
