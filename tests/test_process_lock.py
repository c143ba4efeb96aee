import os
import threading

import pytest

from fastapi_spamshield.process_lock import ProcessLock


def test_one_thread_at_a_time() -> None:
    lock = ProcessLock()
    done: list[str] = []

    def wait() -> None:
        with lock:
            done.append("other")

    with lock:
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.05)
        done.append("first")
    thread.join()
    assert done == ["first", "other"]


def test_another_process_does_not_inherit_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = ProcessLock()
    process = os.getpid()
    lock.__enter__()
    monkeypatch.setattr(os, "getpid", lambda: process + 1)
    with lock:
        pass
