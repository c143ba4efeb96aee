"""A check that is made later, whose verdict reaches a callback."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable

from .errors import ErrorCode
from .models import SpamVerdict, Submission

OnVerdict = Callable[[SpamVerdict, Submission], Awaitable[None] | None]
"""What `check_later` calls with its result."""


class Later:
    """Calls back once, with a verdict or with what there is instead.

    Args:
        submission: What is to be judged.
        on_verdict: Called with the verdict and the submission. A coroutine function runs in the
            event loop, any other in a thread.
        judge: Makes the verdict.
        without_score: Makes one of an `error` and a `reason`.
    """

    def __init__(
        self,
        submission: Submission,
        on_verdict: OnVerdict,
        judge: Callable[[], Awaitable[SpamVerdict]],
        without_score: Callable[..., SpamVerdict],
    ) -> None:
        self._submission = submission
        self._on_verdict = on_verdict
        self._judge = judge
        self._without_score = without_score
        self._told = False

    async def work(self) -> None:
        """Judge, and call back."""
        await self._report(await self._judge())

    async def give_up(self, error: ErrorCode, reason: str) -> None:
        """Call back without having judged.

        Args:
            error: What kind of failure it is.
            reason: One sentence.
        """
        if not self._told:  # Else only the callback itself was interrupted.
            await self._report(self._without_score(error=error, reason=reason))

    async def _report(self, verdict: SpamVerdict) -> None:
        self._told = True
        if inspect.iscoroutinefunction(self._on_verdict):
            await self._on_verdict(verdict, self._submission)
        else:
            result = await asyncio.to_thread(self._on_verdict, verdict, self._submission)
            if result is not None:
                await result
