import asyncio
import sys
from typing import Self

import pytest

from fastapi_spamshield import (
    ConfigurationError,
    Detection,
    SpamVerdict,
    Submission,
)
from fastapi_spamshield.shield import Shield
from tests.support import Keyword


class Resource(Keyword):
    def __init__(self) -> None:
        super().__init__("resource")
        self.log: list[str] = []

    async def __aenter__(self) -> None:
        self.log.append("open")

    async def __aexit__(self, *exc: object) -> None:
        self.log.append("close")


async def test_a_resource_is_open_as_long_as_somebody_uses_the_shield() -> None:
    resource = Resource()
    shield = Shield(resource)
    with pytest.raises(ConfigurationError, match="Write `async with shield:` around"):
        await shield.check("x")
    async with shield:
        async with shield as same:
            assert same is shield
        assert resource.log == ["open"]
        await shield.open(resource)
        assert (await shield.check("x")).status == "checked"
    assert resource.log == ["open", "close"]


async def test_later_checks_are_done_before_the_resource_closes() -> None:
    resource = Resource()
    async with Shield(resource) as shield:
        await shield.check_later(
            "x", lambda verdict, submission: resource.log.append(verdict.status)
        )
    assert resource.log == ["open", "checked", "close"]


async def test_an_error_inside_closes_too() -> None:
    resource = Resource()
    with pytest.raises(KeyError):
        async with Shield(resource):
            raise KeyError
    assert resource.log == ["open", "close"]


async def test_health_of_what_needs_no_network() -> None:
    shield = Shield()
    assert shield.health() == ()
    async with shield:
        [health] = shield.health()
        assert (health.detector, health.breaker, health.error) == ("local", "closed", None)
        assert await shield.usage() == {}


async def test_the_embedded_engine_loads_no_http_library() -> None:
    code = (
        "import asyncio, sys\n"
        "from fastapi_spamshield import SpamShield\n"
        "async def main():\n"
        "    async with SpamShield() as shield:\n"
        "        await shield.check('hello')\n"
        "asyncio.run(main())\n"
        "assert not {'httpx', 'aiohttp'} & {*sys.modules}\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "error", "-c", code)
    assert await process.wait() == 0


class Opened:
    """Counts in how many event loops it is open."""

    name = "opened"

    def __init__(self) -> None:
        self.loops: set[asyncio.AbstractEventLoop] = set()

    async def __aenter__(self) -> Self:
        self.loops.add(asyncio.get_running_loop())
        return self

    async def __aexit__(self, *error: object) -> None:
        self.loops.remove(asyncio.get_running_loop())

    async def detect(self, submission: Submission) -> Detection:
        assert asyncio.get_running_loop() in self.loops
        return Detection(score=0.1)


async def test_two_event_loops_at_once() -> None:
    detector = Opened()
    shield = Shield(detector)
    told: list[str] = []

    async def on_verdict(verdict: SpamVerdict, submission: Submission) -> None:
        told.append(f"{submission.text}: {verdict.status}")

    async def elsewhere() -> None:
        async with shield:
            assert len(detector.loops) == 2
            assert len(shield.health()) == 2
            assert (await shield.check("there")).status == "checked"
            await shield.check_later("later there", on_verdict)

    async with shield:
        await asyncio.to_thread(asyncio.run, elsewhere())
        assert told == ["later there: checked"]
        assert (await shield.check("here")).status == "checked"
        await shield.check_later("later here", on_verdict)
    assert told == ["later there: checked", "later here: checked"]
    assert detector.loops == set()


async def test_a_shutdown_that_is_cancelled_leaves_no_worker() -> None:
    async def slow(verdict: SpamVerdict, submission: Submission) -> None:
        await asyncio.sleep(60)

    async def run() -> None:
        async with Shield(Keyword()) as shield:
            await shield.check_later("x", slow)

    before = asyncio.all_tasks()
    running = asyncio.create_task(run())
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
