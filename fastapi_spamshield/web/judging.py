"""Judging what an endpoint receives, for all its checks at once; nothing is refused here."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection

from ..errors import ConfigurationError
from ..models import SpamVerdict
from ..shield import Shield
from .reading import Reading
from .text_dependency import TextDependency

Outcome = SpamVerdict | ConfigurationError
Outcomes = dict[tuple["Judge", bool], Outcome]
"""Of each check, and whether the sender was trusted."""


@dataclass(frozen=True, kw_only=True)
class Judge(TextDependency):
    """A dependency that judges before the endpoint runs."""

    async def judge(
        self,
        connection: HTTPConnection,
        shield: Shield,
        made: Any,
        session: Any,
        outcomes: Outcomes,
    ) -> Outcome:
        """Judge what was sent, and have the other checks of the endpoint judge at the same time.

        Args:
            connection: The request or the WebSocket.
            shield: The running shield.
            made: What the dependency that makes the text returned.
            session: What the form's token has to be bound to.
            outcomes: Of the checks that were made; the others' are added.
        """
        reading = await self.prepare(connection, shield, made, session)
        siblings = self._siblings(connection, outcomes)
        if not siblings:
            return await self.measure(reading, shield)
        # FastAPI would call them one after another, and their times would add up.
        readings = [await sibling.prepare(connection, shield) for sibling in siblings]
        outcome, *others = await asyncio.gather(
            self.measure(reading, shield),
            *(
                sibling.measure(reading, shield)
                for sibling, reading in zip(siblings, readings, strict=True)
            ),
        )
        for sibling, other in zip(siblings, others, strict=True):
            outcomes[sibling, False] = other
        return outcome

    def _siblings(self, connection: HTTPConnection, outcomes: Outcomes) -> list["Judge"]:
        return [
            judge for judge in self.look_up(connection).others if (judge, False) not in outcomes
        ]

    def may_speak_for(self, other: Callable[..., Any]) -> bool:
        """Whether another check of the endpoint can be made along with this one.

        Args:
            other: Another dependency of the endpoint.
        """
        return (
            isinstance(other, Judge)
            and other != self
            # Not yet known for the others: who is trusted, and what their own dependencies make.
            and other.bypass in (None, self.bypass)
            and other.intake.source is None
            and (other.token is None or other.token.session is None)
        )

    async def prepare(
        self, connection: HTTPConnection, shield: Shield, made: Any = None, session: Any = None
    ) -> Reading | ConfigurationError:
        """Read what there is to judge, or say why it can't be read.

        Args:
            connection: The request or the WebSocket.
            shield: The running shield.
            made: What the dependency that makes the text returned.
            session: What the form's token has to be bound to.
        """
        try:
            return await self.read(connection, shield, made, session)
        except ConfigurationError as error:
            return error

    async def measure(self, reading: Reading | ConfigurationError, shield: Shield) -> Outcome:
        """Judge what was read; refuse nothing.

        Args:
            reading: From `prepare`.
            shield: The running shield.
        """
        if isinstance(reading, ConfigurationError):
            return reading
        policy = self.policy(shield)
        if reading.submission is not None and reading.is_judged:
            detector = self.detector_for(reading.submission)
            verdict = await shield.check(reading.submission, policy=policy, detector=detector)
            return reading.settle(verdict, policy)
        return policy.without_score(
            "degraded" if reading.error else "skipped", error=reading.error, reason=reading.reason
        )
