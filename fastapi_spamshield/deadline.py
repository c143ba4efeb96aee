"""One deadline over a coroutine, for nothing where it does not wait; what it awaits can read it."""

import asyncio
import inspect
import math
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_DEADLINE = ContextVar("fastapi_spamshield_deadline", default=math.inf)


def deadline() -> float:
    """When the work that is going on has to be done, on the event loop's clock; may be infinite."""
    return _DEADLINE.get()


def remaining() -> float:
    """Seconds until then; may be infinite, and negative when it is too late."""
    return _DEADLINE.get() - asyncio.get_running_loop().time()


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Await something for so long and no longer.

    A coroutine runs up to its first wait before there is a clock: no clock could stop it there, and
    one that never waits, such as the embedded engine, needs none. Setting a timer takes longer than
    judging a short text.

    Within a longer deadline this one counts, within a shorter one that.

    Args:
        seconds: What it may take from its first wait on.
        work: A coroutine that has not been started, or anything else to await.

    Raises:
        TimeoutError: It took longer.
    """
    try:
        until = asyncio.get_running_loop().time() + seconds
    except RuntimeError:  # In `at_once` there is no clock, and nothing waits.
        until = math.inf
    outer = _DEADLINE.set(min(until, _DEADLINE.get()))
    try:
        if not inspect.iscoroutine(work):
            async with asyncio.timeout(seconds):
                return await work
        try:
            waiting = work.send(None)
        except StopIteration as finished:
            result: T = finished.value
            return result
        async with asyncio.timeout(seconds):
            return await _rest_of(work, waiting)
    finally:
        _DEADLINE.reset(outer)


class Patience:
    """Until when an answer is awaited that several may want: as long as one of them waits.

    Args:
        until: How long the first one waits, on the event loop's clock; may be infinite.
        longest: However long they wait, the answer is not awaited any longer.
    """

    def __init__(self, until: float, longest: float = math.inf) -> None:
        self._longest = longest
        self._until = min(until, longest)
        self._timeout: asyncio.Timeout | None = None

    @property
    def until(self) -> float:
        """When it ends, as things stand."""
        return self._until

    def extend(self, until: float) -> bool:
        """Wait for one more.

        Args:
            until: How long that one waits.

        Returns:
            Whether it can: not where the wait is over, and this one would have had more time.
        """
        until = min(until, self._longest)
        if until > self._until:
            if self._timeout is not None:
                if self._timeout.expired():
                    return False
                self._timeout.reschedule(until)
            self._until = until
        return True

    def timeout(self) -> asyncio.Timeout:
        """What interrupts the wait when it is over: an async context manager, to be used once."""
        self._timeout = asyncio.timeout_at(self._until)
        return self._timeout


@types.coroutine
def _rest_of(coroutine: Coroutine[Any, Any, T], waiting: Any) -> Generator[Any, Any, T]:
    # What `await coroutine` would do, had it not been started: hand what it waits for to the event
    # loop, and the answer, or a cancellation, back to it.
    try:
        while True:
            try:
                answer = yield waiting
            except BaseException as error:  # noqa: BLE001 - it is for the coroutine to handle
                waiting = coroutine.throw(error)
            else:
                waiting = coroutine.send(answer)
    except StopIteration as finished:
        result: T = finished.value
        return result
    finally:
        coroutine.close()


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, without an event loop.

    Args:
        coroutine: One that has not been started.

    Raises:
        RuntimeError: It did wait for something.
    """
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    coroutine.close()
    raise RuntimeError("It waited, and here is no event loop to wait in.")


async def aside(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """What a function returns that takes long, without holding the event loop, if there is one.

    Args:
        work: Runs in a thread.
        arguments: For it.
        options: For it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # In `at_once`.
        return work(*arguments, **options)
    return await asyncio.to_thread(work, *arguments, **options)
