"""Work that is done after the answer: a bounded queue, a few workers, an orderly end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from .errors import ConfigurationError, ErrorCode, describe

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

REPORT_TIMEOUT = 5.0
"""Seconds that all given-up jobs together may take to say so at shutdown."""

Work = Callable[[], Awaitable[None]]
GiveUp = Callable[[ErrorCode, str], Awaitable[None]]


class Job(NamedTuple):
    """Something to do, and how to say that it could not be done."""

    work: Work
    give_up: GiveUp


class Backlog:
    """Runs jobs one after another in a fixed number of tasks.

    Args:
        size: How many jobs may wait.
        workers: How many run at a time.
        drain_timeout: Seconds that the waiting ones get when the backlog closes.
    """

    def __init__(self, *, size: int, workers: int, drain_timeout: float) -> None:
        self._size = size
        self._workers = workers
        self._drain_timeout = drain_timeout
        self._queue: asyncio.Queue[Job] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._running: set[Job] = set()

    async def start(self) -> None:
        """Start the workers."""
        self._queue = asyncio.Queue(self._size)
        self._tasks = [asyncio.create_task(self._serve(self._queue)) for _ in range(self._workers)]

    async def put(self, work: Work, give_up: GiveUp) -> None:
        """Add a job, or give it up at once when the backlog is full.

        Args:
            work: What to do.
            give_up: Told the error code and a sentence when it can't be done.

        Raises:
            ConfigurationError: The backlog is not running.
        """
        if self._queue is None:
            raise ConfigurationError(
                "The shield is not running, so nothing can be checked later. Write "
                "`FastAPI(lifespan=shield.lifespan)`, or `async with shield:` outside of an "
                "application."
            )
        job = Job(work, give_up)
        try:
            self._queue.put_nowait(job)
        except asyncio.QueueFull:
            await self._abandon(job, "rate_limited", "The backlog of later checks was full.")

    async def drain(self) -> None:
        """Finish what waits within `drain_timeout`, give up the rest, and stop the workers."""
        queue, self._queue = self._queue, None
        if queue is None:
            return
        try:
            async with asyncio.timeout(self._drain_timeout):
                await queue.join()
        except TimeoutError:
            logger.warning("Shutdown: later checks did not finish in %s s", self._drain_timeout)
        finally:
            # Also where the shutdown itself is cancelled.
            unfinished = list(self._running)
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        while not queue.empty():
            unfinished.append(queue.get_nowait())
        try:
            async with asyncio.timeout(REPORT_TIMEOUT):
                while unfinished:
                    await self._abandon(
                        unfinished[0], "timeout", "The application stopped before the check."
                    )
                    unfinished.pop(0)
        except TimeoutError:
            logger.error("Shutdown: %d later checks could not be reported", len(unfinished))

    async def _serve(self, queue: asyncio.Queue[Job]) -> None:
        while True:
            job = await queue.get()
            self._running.add(job)
            try:
                await job.work()
            except Exception as error:  # noqa: BLE001 - the callback is the user's, its bug stays its own
                logger.error("A later check ended with %s", describe(error))
            finally:
                self._running.discard(job)
                queue.task_done()

    async def _abandon(self, job: Job, error: ErrorCode, reason: str) -> None:
        logger.warning("A later check was given up: %s", error)
        try:
            await job.give_up(error, reason)
        except Exception as failure:  # noqa: BLE001 - as above
            logger.error("Reporting a given-up check ended with %s", describe(failure))
