"""What `spam_check` costs a route, side by side with the same route without it.

    python -m benchmarks.routes

The three routes are served by one uvicorn process and asked in turns, so that whatever else the
machine does falls on all of them.
"""

import argparse
import asyncio
import statistics
import time
import urllib.request
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI
from pydantic import BaseModel

from benchmarks.load import Load, load, request
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


@app.get("/cpu")
async def cpu() -> float:
    return time.process_time()


PATHS = ("/bare", "/hand-written", "/spam-check")


class Round(NamedTuple):
    """What was measured of one route in one round.

    Attributes:
        load: As the clients saw it.
        cpu: Processor time of the server for one request, microseconds: other programs on the
            machine hardly change it.
    """

    load: Load
    cpu: float


def _cpu(port: int) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/cpu") as answer:
        return float(answer.read())


async def measure(rounds: int, requests: int) -> dict[str, list[Round]]:
    """Ask each route in turn, so many rounds."""
    found: dict[str, list[Round]] = {path: [] for path in PATHS}
    with serving("benchmarks.routes:app") as port:
        for number in range(rounds + 1):
            for path in PATHS:
                before = _cpu(port)
                measured = await load(port, [request(path, BODY)] * requests, CONNECTIONS)
                if number:  # The first round warms up.
                    used = (_cpu(port) - before) / requests * 1e6
                    found[path].append(Round(measured, used))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=3000, help="of each round")
    options = parser.parse_args(arguments)
    found = asyncio.run(measure(options.rounds, options.requests))
    print(f"One route, {CONNECTIONS} connections, median of {options.rounds} rounds")
    heads = ("requests/s", "of bare", "p50, ms", "p99, ms", "CPU, us", "of bare")
    print(f"{'':14}" + "".join(f"{head:>12}" for head in heads))
    bare = found["/bare"]
    for path, route in found.items():
        beside = list(zip(route, bare, strict=True))
        figures = (
            f"{statistics.median(one.load.rate for one in route):,.0f}",
            f"{statistics.median(a.load.rate / b.load.rate for a, b in beside):.2f}",
            f"{statistics.median(one.load.percentile(0.5) for one in route):.1f}",
            f"{statistics.median(one.load.percentile(0.99) for one in route):.1f}",
            f"{statistics.median(one.cpu for one in route):.0f}",
            f"{statistics.median(a.cpu / b.cpu for a, b in beside):.2f}",
        )
        print(f"{path[1:]:14}" + "".join(f"{figure:>12}" for figure in figures))
    failed = [status for route in found.values() for one in route for status in one.load.statuses]
    if set(failed) != {200}:
        raise SystemExit(f"Not all were answered with 200: {sorted(set(failed))}")
    print(f"Goal: spam-check at least {GOAL} of bare in requests/s.")


if __name__ == "__main__":
    main()
