"""A hosted service that takes several submissions in one request."""

from collections.abc import Sequence
from typing import cast

from ..dialects.base import Answer, ChecksMany
from ..errors import DetectorError
from ..models import Detection, Submission
from ..stores.base import Opinion
from .outgoing import Outgoing
from .service import Service


class BatchService(Service):
    """A service that takes several submissions in one request."""

    @property
    def batch_size(self) -> int:
        """How many at once."""
        return self._batches.batch_size

    @property
    def _batches(self) -> ChecksMany:
        return cast("ChecksMany", self._dialect)

    async def detect_many(
        self, submissions: Sequence[Submission]
    ) -> list[Detection | DetectorError]:
        """Ask about several submissions; those that are known or equal are sent once.

        Args:
            submissions: At most `batch_size`.
        """
        self._checks += len(submissions)
        try:
            prepared = [self._pack(submission) for submission in submissions]
            questions = list(map(self._question, submissions, prepared))
            found: dict[bytes, Detection | DetectorError] = {}
            asking: dict[bytes, Submission] = {}
            for question, outgoing in zip(questions, prepared, strict=True):
                known = self._remembered(question)
                if known is not None:
                    found[question] = known
                else:
                    asking[question] = outgoing.submission
            if asking:
                found |= await self._ask(asking)
        except DetectorError as error:
            return [error] * len(submissions)
        return [
            self._returned(found[question], outgoing)
            for question, outgoing in zip(questions, prepared, strict=True)
        ]

    def opinion_of(self, submission: Submission, detection: Detection) -> Opinion:
        """What was said of one of several submissions.

        Args:
            submission: Of these.
            detection: What was found in it.
        """
        outgoing = self._pack(submission)
        return self._opinion(detection, outgoing, self._question(submission, outgoing))

    async def _ask(self, asking: dict[bytes, Submission]) -> dict[bytes, Detection | DetectorError]:
        call = self._batches.check_many(list(asking.values()), self._key())

        def read(answer: Answer) -> dict[bytes, Detection | DetectorError]:
            answers = self._batches.detections(answer)
            return dict(zip(asking, answers, strict=True))

        found = await self._carry(call, read)
        for question, detection in found.items():
            if isinstance(detection, Detection):
                found[question] = dressed = self._dressed(detection)
                self._cache.keep(question, dressed)
        return found

    def _returned(
        self, found: Detection | DetectorError, outgoing: Outgoing
    ) -> Detection | DetectorError:
        return outgoing.incoming(found, self.name) if isinstance(found, Detection) else found
