import asyncio
import gc
import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from tests.faults import FaultServer, fault_server
from tests.sync.waiting import wait_until


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    gc.collect()  # An open loop or socket would warn, and a warning is an error.
    wait_until(lambda: threading.active_count() <= before)


@pytest.fixture
def service() -> Iterator[FaultServer]:
    """A service that is asked over HTTP, in a thread of its own."""
    serving: Queue[FaultServer] = Queue()
    end = threading.Event()

    async def serve() -> None:
        async with fault_server() as server:
            serving.put(server)
            await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    try:
        yield serving.get(timeout=60)
    finally:
        end.set()
        thread.join()
