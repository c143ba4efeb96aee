"""An event loop in a daemon thread, for code that has none of its own."""

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from .errors import ConfigurationError, describe

logger: logging.Logger = logging.getLogger("fastapi_spamshield")

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for other threads while a resource is open.

    The thread starts at once. The resource is opened and closed by one task of its loop, and what
    is submitted waits until it is open. It belongs to the process that made it.

    Args:
        resource: Open as long as the loop runs.
        patience: Seconds that `close` waits for the end.

    Attributes:
        failure: What the resource raised when it was opened or closed, if it did.
    """

    def __init__(self, resource: AbstractAsyncContextManager[object], *, patience: float) -> None:
        self.failure: BaseException | None = None
        self._resource = resource
        self._patience = patience
        self._process = os.getpid()
        # Garbage may be collected while it is held, and what is collected may call `stop`.
        self._lock = threading.RLock()
        self._ending = False
        self._interpreter_ends = False
        self._opened = asyncio.Event()
        self._stopped = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._run, name="spamshield", daemon=True)
        atexit.register(self._close_at_exit)
        try:
            self._thread.start()
        except RuntimeError:
            atexit.unregister(self._close_at_exit)
            self._runner.close()
            raise

    def submit(self, work: Callable[[], Coroutine[Any, Any, T]]) -> Future[T]:
        """Run a coroutine in the loop, from any thread.

        Args:
            work: Makes the coroutine, once the resource is open.

        Returns:
            Its result. After `stop` that is a `ConfigurationError`, or what the resource raised
            when it was opened.
        """
        with self._lock:
            if not self._ending:
                return asyncio.run_coroutine_threadsafe(self._when_open(work), self._loop)
        refused: Future[T] = Future()
        refused.set_exception(self.failure or ConfigurationError("It was closed in the meantime."))
        return refused

    def stop(self) -> None:
        """Take nothing more, finish what was taken, and end; without waiting for it."""
        with self._lock:
            if not self._ending:
                self._ending = True
                self._loop.call_soon_threadsafe(self._stopped.set)

    def close(self) -> None:
        """The same, and wait for it. In a child of its process it does nothing.

        Raises:
            BaseException: What the resource raised when it was closed.
        """
        # A forked child has neither the thread nor a loop of its own: what it did to the loop's
        # selector and sockets, it would do to its parent's.
        if self._process != os.getpid():
            return
        failed_to_open = self.failure is not None
        self.stop()
        self._thread.join(self._patience)
        if self._thread.is_alive():
            logger.error("Shutdown: the background loop did not end in %s s", self._patience)
        elif self.failure is not None and not failed_to_open:
            raise self.failure

    def _close_at_exit(self) -> None:
        self._interpreter_ends = True
        self.close()

    def _run(self) -> None:
        try:
            with self._runner:
                self._runner.run(self._serve())
        except RuntimeError:
            # Python 3.12 can't start the thread any more that would wait for those of the executor,
            # all of which have ended by then.
            if not self._interpreter_ends:
                raise
        finally:
            atexit.unregister(self._close_at_exit)

    async def _serve(self) -> None:
        try:
            async with self._resource:
                self._opened.set()
                await self._last_task()
        except BaseException as error:  # noqa: BLE001 - whoever submits or closes gets it
            logger.error("The background loop ended with %s", describe(error))
            self.failure = error
            self.stop()
            self._opened.set()
            await self._last_task()

    async def _last_task(self) -> None:
        # What was submitted before `stop` has become a task by now: the loop keeps their order.
        await self._stopped.wait()
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _when_open(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checkers
        self._tasks.add(task)
        try:
            await self._opened.wait()
            if self.failure is not None:
                raise self.failure
            return await work()
        finally:
            self._tasks.discard(task)


async def call_in_thread(call: Callable[[], None]) -> None:
    """Call something that may block the thread it runs in.

    Args:
        call: What to call.
    """
    try:
        answer = asyncio.get_running_loop().run_in_executor(None, call)
    except RuntimeError:
        # The interpreter is shutting down, and starts no more threads. Nobody else is waiting.
        call()
    else:
        await answer
