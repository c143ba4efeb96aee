import asyncio
import math
import threading
from collections.abc import Awaitable, Callable

import pytest

from fastapi_spamshield.deadline import Patience, aside, at_once, deadline, remaining, within


async def instant() -> str:
    return "done"


async def waits() -> str:
    for _ in range(3):
        await asyncio.sleep(0)
    return "done"


async def sleeps() -> str:
    return await asyncio.sleep(0.01, "done")


async def gathers() -> str:
    return "".join(await asyncio.gather(*(asyncio.sleep(0, letter) for letter in "done")))


async def catches() -> str:
    try:
        async with asyncio.timeout(0.001):
            await asyncio.Event().wait()
    except TimeoutError:
        return await asyncio.sleep(0, "done")
    return "never"


def future() -> Awaitable[str]:
    result: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(result.set_result, "done")
    return result


@pytest.mark.parametrize("work", [instant, waits, sleeps, gathers, catches, future])
async def test_in_time(work: Callable[[], Awaitable[str]]) -> None:
    assert await within(60, work()) == "done"


async def test_an_error_comes_through() -> None:
    async def fails(wait: bool) -> None:
        if wait:
            await asyncio.sleep(0)
        raise KeyError(wait)

    for wait in (False, True):
        with pytest.raises(KeyError, match=str(wait)):
            await within(60, fails(wait))


@pytest.mark.parametrize("kind", ["coroutine", "future"])
async def test_too_late(kind: str) -> None:
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleaned up")

    work = endless() if kind == "coroutine" else asyncio.ensure_future(endless())
    with pytest.raises(TimeoutError):
        await within(0.001, work)
    assert ended == ["cleaned up"]


async def test_a_cancellation_reaches_the_work() -> None:
    started = asyncio.Event()
    ended: list[str] = []

    async def endless() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # Cleaning up may wait.
            ended.append("cancelled")
            raise

    task = asyncio.create_task(within(60, endless()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["cancelled"]


async def test_it_stays_in_one_task() -> None:
    async def tell() -> bool:
        before = asyncio.current_task()
        await asyncio.sleep(0)
        return asyncio.current_task() is before

    assert await within(60, tell())


def test_at_once_without_a_loop() -> None:
    async def fails() -> None:
        raise KeyError("x")

    assert at_once(instant()) == "done"
    with pytest.raises(KeyError):
        at_once(fails())


def test_at_once_refuses_to_wait() -> None:
    ended: list[str] = []

    async def work() -> str:
        try:
            return await waits()
        finally:
            ended.append("cleaned up")

    with pytest.raises(RuntimeError, match="It waited"):
        at_once(work())
    assert ended == ["cleaned up"]


async def test_what_it_awaits_can_read_the_deadline() -> None:
    async def reads() -> float:
        return remaining()

    assert (deadline(), remaining()) == (math.inf, math.inf)
    assert 59 < await within(60, reads()) <= 60
    assert await within(60, within(5, reads())) <= 5
    assert await within(5, within(60, reads())) <= 5
    assert deadline() == math.inf


async def test_a_task_of_its_own_has_the_same_deadline() -> None:
    async def reads() -> float:
        return deadline()

    async def starts() -> tuple[float, float]:
        return deadline(), await asyncio.create_task(reads())

    mine, of_the_task = await within(60, starts())
    assert mine == of_the_task < math.inf


async def test_aside_runs_in_a_thread_where_there_is_a_loop() -> None:
    assert await aside(threading.get_ident) != threading.get_ident()


def test_aside_runs_here_where_there_is_none() -> None:
    assert at_once(aside(threading.get_ident)) == threading.get_ident()


async def test_the_most_patient_one_counts() -> None:
    now = asyncio.get_running_loop().time()
    patience = Patience(now + 0.01)
    assert patience.extend(now)
    assert patience.until == now + 0.01
    async with patience.timeout():
        assert patience.extend(now + 60)
        await asyncio.sleep(0.02)
    assert patience.until == now + 60


async def test_nobody_waits_longer_than_is_allowed() -> None:
    patience = Patience(60.0, longest=30.0)
    assert patience.until == 30.0
    assert patience.extend(90.0)
    assert patience.until == 30.0


async def test_what_is_over_is_not_extended() -> None:
    now = asyncio.get_running_loop().time()
    patience = Patience(now)
    extended: list[bool] = []

    async def waits() -> None:
        async with patience.timeout():
            try:
                await asyncio.Event().wait()
            finally:
                extended.extend([patience.extend(now), patience.extend(now + 60)])

    with pytest.raises(TimeoutError):
        await waits()
    assert extended == [True, False]
