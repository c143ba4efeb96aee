"""A detector that waits, and how a test waits for a thread."""

import asyncio
import threading
import time
from typing import Any

from fastapi_spamshield import Detection, Submission
from fastapi_spamshield.testing import SUSPICIOUS_TEST_STRING
from tests.support import MAYBE, SPAM, Keyword

SECRET = "my secret words"
TEXTS = [
    "Hello, are you open on Sunday? I could not find it on your page.",
    f"My shop delivers before Sunday. {SUSPICIOUS_TEST_STRING}",
    "Act now! Claim your prize, free bitcoin: https://bit.ly/x1",
    "",
    f"{SPAM} and more",
    MAYBE,
]


def wait_until(is_so: Any) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


class Waiting(Keyword):
    """Waits before it answers, and may be opened and closed."""

    def __init__(self, name: str = "waiting") -> None:
        super().__init__(name)
        self.log: list[str] = []
        self.threads: set[str] = set()
        self.release = threading.Event()
        self.release.set()

    async def __aenter__(self) -> None:
        await asyncio.sleep(0)
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.log.append("close")

    async def detect(self, submission: Submission) -> Detection:
        self.threads.add(threading.current_thread().name)
        await asyncio.sleep(0)
        while not self.release.is_set():  # noqa: ASYNC110 - it belongs to another thread
            await asyncio.sleep(0.001)
        return await super().detect(submission)
