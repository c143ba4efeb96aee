"""How long the event loop is held by texts and requests that are made to take long.

    python -m benchmarks.loop

While a check runs, a task wakes every millisecond; how much later than that it wakes is how long
everybody else had to wait. For each text: the longest that is judged at once, and one megabyte,
which is judged in a thread. For each request: one megabyte, to an endpoint that takes the request
itself, with `spam_check`. A busy machine only adds to it: the figures are the best of five.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.status import HTTP_200_OK
from starlette.types import Message

from benchmarks.hostile import MEGABYTE, REQUESTS, SEEDS, filled
from fastapi_spamshield import LocalDetector, SpamShield, SpamVerdict, Submission, spam_check
from fastapi_spamshield.detectors.local.detector import AT_ONCE

GOAL_MS = 20.0
TIMES = 5
TICK = 0.001


async def held(work: Callable[[], Awaitable[object]]) -> float:
    """The longest that everybody else has to wait, milliseconds.

    Args:
        work: Makes what is awaited.
    """
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            start = time.perf_counter()
            await asyncio.sleep(TICK)
            longest = max(longest, time.perf_counter() - start - TICK)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(TICK)
    await work()
    await asyncio.sleep(TICK)
    ticking.cancel()
    return longest * 1000


async def best(work: Callable[[], Awaitable[object]]) -> float:
    """The least of several times.

    Args:
        work: Makes what is awaited, each time.
    """
    return min([await held(work) for _ in range(TIMES)])


def application(shield: SpamShield) -> FastAPI:
    """One whose endpoint reads the request itself.

    Args:
        shield: What checks it.
    """
    app = FastAPI(lifespan=shield.lifespan)
    check = spam_check(field="text", on_spam="inject", on_error="allow")

    @app.post("/")
    async def post(
        request: Request, verdict: Annotated[SpamVerdict, Depends(check)]
    ) -> dict[str, int]:
        return {"bytes": len(await request.body()), "signals": len(verdict.signals)}

    return app


async def send(app: FastAPI, content: bytes, content_type: str) -> None:
    """One request, without a server.

    Args:
        app: What answers it.
        content: The body.
        content_type: What it says that it is.
    """

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    async def answer(message: Message) -> None:
        if message.get("status", HTTP_200_OK) != HTTP_200_OK:
            raise RuntimeError(f"It was answered {message['status']}.")

    headers = [(b"content-type", content_type.encode())]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    await app({**scope, "query_string": b"", "client": ("203.0.113.7", 5)}, receive, answer)


async def measure() -> None:
    """Print a table."""
    worst = 0.0
    app = application(SpamShield(LocalDetector()))
    short, whole = f"{AT_ONCE:,}, ms", "1 MB, ms"
    print(f"{'text':20}{short:>12}{whole:>12}")
    async with SpamShield(LocalDetector()) as shield:
        for name, seed in SEEDS.items():
            texts = (filled(seed, size) for size in (AT_ONCE, MEGABYTE))
            sent = [Submission(text=text) for text in texts]
            found = [await best(partial(shield.check, one)) for one in sent]
            worst = max(worst, *found)
            print(f"{name:20}" + "".join(f"{longest:>12.1f}" for longest in found))
    print()
    async with app.router.lifespan_context(app):
        for name, (content_type, head, seed, tail) in REQUESTS.items():
            content = (head + seed * (MEGABYTE // len(seed.encode())) + tail).encode()
            longest = await best(partial(send, app, content, content_type))
            worst = max(worst, longest)
            print(f"{name:20}{longest:>24.1f}")
    print(f"The longest: {worst:.1f} ms; the goal is below {GOAL_MS:.0f} ms.")


def main() -> None:
    """Measure, and print."""
    asyncio.run(measure())


if __name__ == "__main__":
    main()
