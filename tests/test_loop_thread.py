import asyncio
import atexit
import gc
import logging
import threading
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from fastapi_spamshield import ConfigurationError
from fastapi_spamshield.loop_thread import LoopThread, call_in_thread


class Resource:
    def __init__(self, *, opens: Exception | None = None, closes: Exception | None = None) -> None:
        self.log: list[str] = []
        self.tasks: list[asyncio.Task[object] | None] = []
        self._opens = opens
        self._closes = closes

    async def __aenter__(self) -> None:
        self.tasks.append(asyncio.current_task())
        await asyncio.sleep(0.01)
        if self._opens:
            raise self._opens
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.tasks.append(asyncio.current_task())
        if self._closes:
            raise self._closes
        self.log.append("close")


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    gc.collect()  # An open loop or socket would warn, and a warning is an error.
    assert threading.active_count() == before


async def thread_name() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_it_runs_coroutines_while_its_resource_is_open() -> None:
    resource = Resource()
    thread = LoopThread(resource, patience=60)

    async def tell() -> str:
        resource.log.append("work")
        return await thread_name()

    assert thread.submit(tell).result() == "spamshield"
    thread.close()
    thread.close()
    assert resource.log == ["open", "work", "close"]
    # As asyncio.timeout and task groups want it.
    assert resource.tasks[0] is resource.tasks[1]
    with pytest.raises(ConfigurationError, match="closed in the meantime"):
        thread.submit(tell).result()


def test_it_is_a_daemon_that_the_interpreter_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[object] = []
    monkeypatch.setattr(atexit, "register", registered.append)
    monkeypatch.setattr(atexit, "unregister", registered.remove)
    thread = LoopThread(Resource(), patience=60)
    assert thread._thread.daemon
    assert registered == [thread._close_at_exit]
    thread.close()
    assert registered == []


def test_an_error_of_the_work_is_its_own() -> None:
    async def fails() -> None:
        raise KeyError("x")

    thread = LoopThread(Resource(), patience=60)
    with pytest.raises(KeyError):
        thread.submit(fails).result()
    assert thread.submit(thread_name).result() == "spamshield"
    thread.close()


def test_what_was_taken_is_finished_before_the_resource_closes() -> None:
    resource = Resource()
    thread = LoopThread(resource, patience=60)

    async def work() -> None:
        await asyncio.sleep(0.02)
        resource.log.append("work")

    futures = [thread.submit(work) for _ in range(3)]
    thread.close()
    assert all(future.done() for future in futures)
    assert resource.log == ["open", "work", "work", "work", "close"]


def test_who_gave_up_cancels_the_work_but_not_its_cleaning_up() -> None:
    resource = Resource()
    thread = LoopThread(resource, patience=60)
    started = threading.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            resource.log.append("clean")

    future = thread.submit(work)
    started.wait()
    future.cancel()
    thread.close()
    assert resource.log == ["open", "clean", "close"]


def test_who_waits_for_a_resource_that_cannot_be_opened_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    thread = LoopThread(Resource(opens=OSError("secret")), patience=60)
    futures = [thread.submit(thread_name) for _ in range(3)]
    for future in futures:
        with pytest.raises(OSError, match="secret"):
            future.result()
    with pytest.raises(OSError, match="secret"):
        thread.submit(thread_name).result()
    thread.close()  # Was told already.
    assert isinstance(thread.failure, OSError)
    assert "OSError in Resource.__aenter__" in caplog.text
    assert "secret" not in caplog.text


def test_who_closes_is_told_what_could_not_be_closed() -> None:
    thread = LoopThread(Resource(closes=OSError("x")), patience=60)
    assert thread.submit(thread_name).result() == "spamshield"
    with pytest.raises(OSError, match="x"):
        thread.close()


def test_it_does_not_wait_for_ever_for_the_end(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()

    async def blocks() -> None:
        release.wait()

    thread = LoopThread(Resource(), patience=0.01)
    future = thread.submit(blocks)
    thread.close()
    assert "did not end in 0.01 s" in caplog.text
    assert not future.done()
    release.set()
    thread._thread.join()
    assert future.done()


def test_no_thread_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError, match="can't start"):
        LoopThread(Resource(), patience=60)


@pytest.mark.parametrize("interpreter_ends", [False, True])
def test_no_thread_to_be_had_at_the_end(
    interpreter_ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    thread = LoopThread(Resource(), patience=60)
    close = thread._runner.close

    def refuse() -> None:
        close()
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(thread._runner, "close", refuse)
    if interpreter_ends:
        thread._close_at_exit()
        assert not raised
    else:
        thread.close()
        assert [found.exc_type for found in raised] == [RuntimeError]


def test_another_process_leaves_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = LoopThread(Resource(), patience=60)
    with monkeypatch.context() as child:
        child.setattr("os.getpid", lambda: -1)
        thread.close()
    assert thread.submit(thread_name).result() == "spamshield"
    thread.close()


async def test_a_call_that_may_block_has_a_thread() -> None:
    names: list[str] = []

    def call() -> None:
        names.append(threading.current_thread().name)

    await call_in_thread(call)
    # As while the interpreter shuts down.
    executor = ThreadPoolExecutor()
    executor.shutdown()
    asyncio.get_running_loop().set_default_executor(executor)
    await call_in_thread(call)
    assert names == ["asyncio_0", "MainThread"]


async def test_an_error_of_the_call_comes_through() -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        raise RuntimeError("its own")

    with pytest.raises(RuntimeError, match="its own"):
        await call_in_thread(call)
    assert calls == [1]


def test_a_resource_may_be_any_async_context_manager(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "fastapi_spamshield")

    @asynccontextmanager
    async def resource() -> AsyncGenerator[None]:
        async with asyncio.timeout(60):
            yield

    thread = LoopThread(resource(), patience=60)
    assert thread.submit(thread_name).result() == "spamshield"
    thread.close()
    assert not caplog.records
