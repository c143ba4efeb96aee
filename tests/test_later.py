import asyncio
import threading
from typing import Any

from fastapi_spamshield import (
    SpamShieldSettings,
    SpamVerdict,
    Submission,
)
from fastapi_spamshield.shield import Shield
from tests.support import Keyword


async def test_a_plain_function_is_called_in_a_thread() -> None:
    called: list[threading.Thread] = []

    def plain(verdict: SpamVerdict, submission: Submission) -> None:
        called.append(threading.current_thread())

    def asynchronous(verdict: SpamVerdict, submission: Submission) -> Any:
        async def on() -> None:
            called.append(threading.current_thread())

        return on()

    async with Shield(Keyword()) as shield:
        await shield.check_later("x", plain)
        await shield.check_later("x", asynchronous)
    here = threading.current_thread()
    assert sorted(thread is here for thread in called) == [False, True]


async def test_a_callback_that_is_interrupted_is_not_called_again() -> None:
    told: list[str] = []

    async def slow(verdict: SpamVerdict, submission: Submission) -> None:
        told.append(verdict.status)
        await asyncio.sleep(60)

    settings = SpamShieldSettings(drain_timeout=0)
    async with Shield(Keyword(), settings=settings) as shield:
        await shield.check_later("x", slow)
        while not told:  # noqa: ASYNC110 - a test can wait
            await asyncio.sleep(0)
    assert told == ["checked"]
