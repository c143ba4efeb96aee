"""A lock between threads that a forked process does not inherit."""

import os
import threading
from types import TracebackType


class ProcessLock:
    """A lock between the threads of one process.

    One that a thread of the parent held during the fork would stay locked in the child.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.Lock()
        self._lock.acquire()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
