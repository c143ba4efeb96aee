"""A hosted service that is being asked: what is sent to it, and what it says."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar, cast

from ..cache import Cache, fingerprint
from ..dialects.base import Answer, Call, TakesFeedback
from ..errors import DetectorError, describe
from ..models import Detection, Submission
from ..stores.base import Opinion
from ..transport import Transport
from .base import Health
from .carrier import Carrier
from .configuration import Configuration
from .outgoing import Outgoing, fit, pack
from .scale import common_score
from .subscription import Subscription
from .trace import trace

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")

RAW_BYTES = 16_384
"""Of a longer answer `raw` does not keep the body."""

LONGEST_ID = 500
"""Characters of a service's own id of a judgement; it is kept with each verdict."""


class Service:
    """Asks a service: knows what to send, reads what it says, and remembers it.

    Args:
        configuration: What to ask, and how.
        transport: Carries the calls.

    Attributes:
        name: The dialect's.
        mark: Which account of which service it is: for a correction, perhaps after a restart.
        subscription: The key and the quota.
    """

    def __init__(self, configuration: Configuration, transport: Transport) -> None:
        self.name: str = configuration.dialect.name
        self.mark: str = _mark(configuration)
        self._configuration = configuration
        self._dialect = configuration.dialect
        self._facts = configuration.dialect.facts
        self._fields = configuration.fields
        self._carrier = Carrier(configuration, transport)
        self.subscription: Subscription = Subscription(configuration, self._carrier)
        self._cache: Cache[Detection] = Cache(
            size=configuration.cache_size, ttl=configuration.cache_ttl
        )
        self._secret = secrets.token_bytes(32)
        self._checks = self._saved = 0

    async def detect(self, submission: Submission) -> Detection:
        """Ask about one submission.

        Args:
            submission: What somebody sent.

        Raises:
            DetectorError: It could not be measured.
        """
        self._checks += 1
        outgoing, call = self._prepared(lambda: self._written(submission))
        question = self._question(submission, outgoing)
        known = self._remembered(question)
        if known is None:
            if self._cache.is_asking(question):
                self._saved += 1
            known = await self._asked(question, call)
        self._trace(submission, known, outgoing, question)
        return outgoing.incoming(known, self.name)

    async def feedback(
        self, submission: Submission, detection_id: str | None, *, spam: bool
    ) -> bool:
        """Tell the service of a mistake, at most once.

        Args:
            submission: What was judged.
            detection_id: The service's id of the judgement.
            spam: What it should have been.

        Returns:
            Whether the service takes corrections at all.

        Raises:
            DetectorError: It did not take this one.
        """
        if not hasattr(self._dialect, "feedback"):
            return False
        dialect = cast("TakesFeedback", self._dialect)
        sent = self._pack(submission).submission
        key = self._configuration.require_key()
        call = dialect.feedback(sent, detection_id, spam=spam, key=key)._replace(retryable=False)
        await self._carrier.carry(call, dialect.fed_back, self._carrier.patience())
        return True

    def forget(self, opinion: Opinion) -> None:
        """Remember an answer no longer: once corrected, the service may say something else.

        Args:
            opinion: That answer.
        """
        self._cache.drop(opinion.question)

    def health(self) -> Health:
        """How the service does, as far as it was asked."""
        counts = {"checks": self._checks, "saved": self._saved}
        return self._carrier.health().model_copy(update=counts)

    async def close(self) -> None:
        """End the calls that are under way."""
        await self._cache.close()

    def _pack(self, submission: Submission) -> Outgoing:
        return pack(
            submission,
            self._fields,
            characters=self._facts.characters,
            mask_pii=self._configuration.mask_pii,
        )

    def _prepared(self, prepare: Callable[[], T]) -> T:
        # What goes wrong before anything is sent is a failed check like any other.
        try:
            return prepare()
        except DetectorError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a dialect's bug is a request not written
            logger.error("Dialect %s raised %s", self.name, describe(error))
            failure = DetectorError("protocol", "the request could not be written")
        # Not in the handler: the error may quote the text.
        raise self._carrier.failed(failure)

    def _written(self, submission: Submission) -> tuple[Outgoing, Call]:
        key = self._configuration.require_key()

        def call(sent: Submission) -> Call:
            return self._dialect.check(sent, key)

        outgoing = self._fitting(submission, call)
        return outgoing, call(outgoing.submission)

    def _fitting(self, submission: Submission, call: Callable[[Submission], Call]) -> Outgoing:
        outgoing = self._pack(submission)
        limit = self._facts.body_bytes
        if limit is None:
            return outgoing
        fitting = fit(outgoing, lambda shorter: len(call(shorter.submission).body), limit)
        if fitting is None:
            raise DetectorError("payload_too_large", detector=self.name)
        return fitting

    def _question(self, submission: Submission, outgoing: Outgoing) -> bytes:
        # Everything that the service sees, so that nobody gets an answer about somebody else's
        # name or address; one cache belongs to one configuration of one detector.
        sent = outgoing.submission
        parts = [(name, getattr(sent, name)) for name in ("text", "kind", *self._fields)]
        return fingerprint(self._secret, [("tenant", submission.tenant), *parts])

    def _opinion(self, detection: Detection, outgoing: Outgoing, question: bytes) -> Opinion:
        takes = hasattr(self._dialect, "feedback")
        again = takes and not self._facts.corrects_by_id
        return Opinion(
            service=self.mark,
            name=self.name,
            score=common_score(detection),
            detection_id=detection.detection_id,
            takes_feedback=takes,
            submission=outgoing.submission if again else None,
            question=question,
        )

    def _remembered(self, question: bytes) -> Detection | None:
        known = self._cache.find(question)
        if known is None:
            return None
        self._saved += 1
        return known.model_copy(update={"cached": True})

    async def _asked(self, question: bytes, call: Call) -> Detection:
        patience = self._carrier.patience()
        asked, until = asyncio.get_running_loop().time(), patience.until  # Others may extend it.
        try:
            return await self._cache.ask(
                question, lambda: self._carrier.carry(call, self._detection, patience), patience
            )
        except asyncio.CancelledError:
            if self._cache.is_asking(question):
                self._carrier.late(asked, until)
            raise

    def _trace(
        self, submission: Submission, found: Detection, outgoing: Outgoing, question: bytes
    ) -> None:
        if (check := trace()) is not None:
            check.note(submission, self._opinion(found, outgoing, question))

    def _detection(self, answer: Answer) -> Detection:
        detection = self._dressed(self._dialect.detection(answer))
        if len(answer.body) > RAW_BYTES:
            # A thousand remembered answers would hold as many of them.
            kept = {name: value for name, value in detection.raw.items() if name != "body"}
            return detection.model_copy(update={"raw": {**kept, "left_out": "body"}})
        return detection

    def _dressed(self, detection: Detection) -> Detection:
        given = detection.detection_id
        if given is not None and not (len(given) <= LONGEST_ID and given.isprintable()):
            raise DetectorError("protocol", "not as documented: the id", detector=self.name)
        changes: dict[str, Any] = {}
        if detection.bands is None and self._facts.bands is not None:
            changes["bands"] = self._facts.bands
        if detection.detector is None:
            changes["detector"] = self.name
        return detection.model_copy(update=changes) if changes else detection


def _mark(configuration: Configuration) -> str:
    parts = [configuration.dialect.name, configuration.address, configuration.key or ""]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
