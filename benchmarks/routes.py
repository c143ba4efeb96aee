"""What `spam_check` costs a route, side by side with the same route without it.

    python -m benchmarks.routes

The three routes are served by one uvicorn process and asked in turns, so that whatever else the
machine does falls on all of them.
"""

import argparse
import asyncio
import statistics
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from benchmarks.load import Load, load, post
from benchmarks.server import serving
from fastapi_spamshield import SpamShield, SpamVerdict, spam_check

CONNECTIONS = 32
GOAL = 0.65
BODY = (
    b'{"author": "Ada", "text": "Thank you for the walk through the old town. The bridge was '
    b'closed when we came, but the baker beside it told us of the other way round."}'
)


class Comment(BaseModel):
    """What a visitor sends."""

    author: str
    text: str


class Verdict(BaseModel):
    """What the hand-written dependency says."""

    is_spam: bool


shield = SpamShield()
app = FastAPI(lifespan=shield.lifespan)


async def hand_written(comment: Comment) -> Verdict:
    return Verdict(is_spam=len(comment.text) < 1)


@app.post("/bare")
async def bare(comment: Comment) -> dict[str, int]:
    return {"characters": len(comment.text)}


@app.post("/hand-written")
async def with_hand_written(
    comment: Comment, verdict: Annotated[Verdict, Depends(hand_written)]
) -> dict[str, int]:
    return {"characters": len(comment.text) * (not verdict.is_spam)}


@app.post("/spam-check")
async def with_spam_check(
    comment: Comment, verdict: Annotated[SpamVerdict, Depends(spam_check("text", author="author"))]
) -> dict[str, int]:
    return {"characters": len(comment.text) * (not verdict.is_spam)}


PATHS = ("/bare", "/hand-written", "/spam-check")


async def measure(rounds: int, requests: int) -> dict[str, list[Load]]:
    """Ask each route in turn, so many rounds."""
    found: dict[str, list[Load]] = {path: [] for path in PATHS}
    with serving("benchmarks.routes:app") as port:
        for number in range(rounds + 1):
            for path in PATHS:
                request = post(path, BODY)
                measured = await load(port, request, connections=CONNECTIONS, requests=requests)
                if number:  # The first round warms up.
                    found[path].append(measured)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=3000, help="of each round")
    options = parser.parse_args(arguments)
    found = asyncio.run(measure(options.rounds, options.requests))
    print(f"One route, {CONNECTIONS} connections, median of {options.rounds} rounds")
    print(f"{'':16}{'requests/s':>12}{'p50, ms':>10}{'p99, ms':>10}{'of bare':>10}")
    for path, loads in found.items():
        rate = statistics.median(one.per_second for one in loads)
        ratio = statistics.median(
            one.per_second / other.per_second
            for one, other in zip(loads, found["/bare"], strict=True)
        )
        p50 = statistics.median(one.p50 for one in loads)
        p99 = statistics.median(one.p99 for one in loads)
        print(f"{path[1:]:16}{rate:>12,.0f}{p50:>10.1f}{p99:>10.1f}{ratio:>10.2f}")
    failed = [status for loads in found.values() for one in loads for status in one.statuses]
    if set(failed) != {200}:
        raise SystemExit(f"Not all were answered with 200: {sorted(set(failed))}")
    print(f"Goal: spam-check at least {GOAL} of bare.")


if __name__ == "__main__":
    main()
