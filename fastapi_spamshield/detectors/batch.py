"""A hosted service that takes several submissions in one request."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import cast

from ..dialects.base import Answer, Call, ChecksMany
from ..errors import DetectorError
from ..models import Detection, Submission
from .asking import Found
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

    async def detect_many(self, submissions: Sequence[Submission]) -> list[Found]:
        """Ask about several submissions; those that are known or equal are sent once.

        Args:
            submissions: At most `batch_size`.
        """
        self._checks += len(submissions)
        answers: dict[bytes, Found] = {}
        asking: dict[bytes, Submission] = {}
        asked: list[tuple[bytes, Outgoing] | DetectorError] = []
        for submission in submissions:
            try:
                outgoing = self._prepared(partial(self._fitting, submission, self._alone))
            except DetectorError as error:
                asked.append(error)
                continue
            question = self._question(submission, outgoing)
            asked.append((question, outgoing))
            if question in asking:
                self._saved += 1
            elif (known := self._remembered(question)) is not None:
                answers[question] = known
            else:
                asking[question] = outgoing.submission
        if asking:
            answers |= await self._ask(asking)
        return [
            one if isinstance(one, DetectorError) else self._returned(submission, *one, answers)
            for submission, one in zip(submissions, asked, strict=True)
        ]

    def _alone(self, submission: Submission) -> Call:
        return self._batches.check_many([submission], self._configuration.require_key())

    async def _ask(self, asking: dict[bytes, Submission]) -> dict[bytes, Found]:
        def write() -> Call:
            key = self._configuration.require_key()
            return self._batches.check_many(list(asking.values()), key)

        def read(answer: Answer) -> dict[bytes, Found]:
            answers = self._batches.detections(answer)
            found = zip(asking, answers, strict=True)
            return {question: self._checked(one) for question, one in found}

        try:
            call = self._prepared(write)
            limit = self._facts.body_bytes
            if limit is not None and len(call.body) > limit and len(asking) > 1:
                return await self._ask_in_halves(asking)
            found = await self._carrier.carry(call, read, self._carrier.patience())
        except DetectorError as error:
            return dict.fromkeys(asking, error)
        for question, one in found.items():
            if isinstance(one, Detection):
                self._cache.keep(question, one)
        return found

    async def _ask_in_halves(self, asking: dict[bytes, Submission]) -> dict[bytes, Found]:
        items = list(asking.items())
        middle = len(items) // 2
        first, second = (self._ask(dict(half)) for half in (items[:middle], items[middle:]))
        one, other = await asyncio.gather(first, second)
        return one | other

    def _checked(self, found: Found) -> Found:
        if isinstance(found, DetectorError):
            return found
        try:
            return self._dressed(found)
        except DetectorError as error:
            return error

    def _returned(
        self,
        submission: Submission,
        question: bytes,
        outgoing: Outgoing,
        answers: dict[bytes, Found],
    ) -> Found:
        found = answers[question]
        if isinstance(found, DetectorError):
            return found
        self._trace(submission, found, outgoing, question)
        return outgoing.incoming(found, self.name)
