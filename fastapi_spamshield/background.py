"""A shield that is open in the background, for each process that asks it."""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from .backlog import REPORT_TIMEOUT
from .detectors.base import Detector
from .errors import ConfigurationError, DetectorError, SpamShieldError, describe
from .loop_thread import LoopThread
from .shield import Shield

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")


class Background:
    """Opens a shield in a `LoopThread` when it is first asked; in a forked child another one.

    Args:
        make_shield: Makes one that nobody else has opened.
    """

    def __init__(self, make_shield: Callable[[], Shield]) -> None:
        self._make_shield = make_shield
        self._processes: dict[int, _Process] = {}
        self._users = 0
        self._closed = False

    def require_open(self) -> None:
        """Check that it was not closed.

        Raises:
            ConfigurationError: It was.
        """
        if self._closed:
            raise ConfigurationError(
                "This SyncSpamShield is closed. Write `with shield:` around the checks, or close "
                "it when the last one is done."
            )

    def shield(self) -> Shield | None:
        """The shield of this process, if it was asked for yet; for what can be read anywhere."""
        run = self._here().run
        return None if run is None else run.shield

    def enter(self) -> None:
        """Begin to use it, for the first time or again after it was closed."""
        with self._here().lock:
            self._users += 1
            self._closed = False

    def leave(self) -> None:
        """End what `enter` began; the last user closes it."""
        with self._here().lock:
            self._users = max(self._users - 1, 0)  # `close` may have come before.
            if self._users == 0:
                self.close()

    def open(self) -> None:
        """Wait until the shield is open.

        Raises:
            BaseException: What its detector raised.
        """
        self._run().thread.submit(_nothing).result()

    def close(self) -> None:
        """Finish what was asked, close the shield and end the loop.

        Raises:
            BaseException: What a detector raised.
        """
        here = self._here()
        with here.lock:
            self._users = 0
            self._closed = True
            run, here.run = here.run, None
            if run is not None:
                run.thread.close()

    def stop(self) -> None:
        """The same, without waiting for it."""
        run = self._here().run
        if run is not None:
            run.thread.stop()

    def ask(
        self, work: Callable[[Shield], Awaitable[T]], detector: Detector | None, *, seconds: float
    ) -> T:
        """Let the shield do something, and wait for the result.

        Args:
            work: What to do with it.
            detector: To be opened before, if it needs it.
            seconds: How long to wait.

        Raises:
            ConfigurationError: It was closed, or `work` raised it.
            DetectorError: There was no answer in time, or a detector could not be opened.
        """
        run = self._run()
        future = run.thread.submit(lambda: run.ask(work, detector))
        try:
            return future.result(seconds)
        except SpamShieldError:
            raise
        except TimeoutError:
            raise DetectorError("timeout") from None
        except Exception as failure:  # noqa: BLE001 - a detector that can't be opened is an outage
            logger.error("Opening a detector raised %s", describe(failure))
            raise DetectorError("protocol") from None
        finally:
            future.cancel()  # If it isn't done yet, nobody waits for it any more.

    def _here(self) -> "_Process":
        # A lock that a thread of the parent held during the fork would stay locked in the child, so
        # nothing is shared, and nothing is locked to find out. What is the parent's is kept: to
        # finalise its loop would close it.
        process = os.getpid()
        here = self._processes.get(process)
        return here or self._processes.setdefault(process, _Process())

    def _run(self) -> "_Run":
        here = self._here()
        run = here.run
        # Without the lock where it runs: a callback may ask while `close` holds the lock for it.
        if run is None or run.thread.failure is not None:
            with here.lock:
                self.require_open()
                run = here.run
                if run is None or run.thread.failure is not None:  # pragma: no branch - a race
                    run = here.run = _Run(self._make_shield())
        return run


class _Process:
    """What belongs to one process."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.run: _Run | None = None


class _Run:
    """A shield, and the thread it is open in."""

    def __init__(self, shield: Shield) -> None:
        self.shield = shield
        self._opening = asyncio.Lock()
        patience = shield.settings.timeout + shield.settings.drain_timeout + 2 * REPORT_TIMEOUT
        self.thread = LoopThread(shield, patience=patience)

    async def ask(self, work: Callable[[Shield], Awaitable[T]], detector: Detector | None) -> T:
        if detector is not None:
            async with self._opening:
                await self.shield.open(detector)
        return await work(self.shield)


async def _nothing() -> None:
    """Done as soon as the shield is open."""
