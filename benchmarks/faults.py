"""What an application does while the hosted service that it asks fails in every way.

    python -m benchmarks.faults [--requests N] [FAULT ...]

Each fault gets a route of its own with the default settings, and the same number of requests over
32 connections. `answered` are those with an HTTP 200; behind it by how much the most memory grew
that the application ever had (Linux only), and what the verdicts said.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel

from benchmarks.load import Load, load, process, request
from fastapi_spamshield import RemoteDetector, SpamShield, SpamVerdict, spam_check
from tests.faults import FAULTS, fault_server, refusing_url
from tests.plain import Basic

CONNECTIONS = 32
STATUSES = ("status-401", "status-429-60", "status-500", "status-503")
REFUSED = "refused"
EVERY = ("ok", REFUSED, *STATUSES, *FAULTS)


class Comment(BaseModel):
    """What is posted."""

    text: str


def application(url: str) -> FastAPI:
    """A route for each fault."""
    shield = SpamShield()
    app = FastAPI(lifespan=shield.lifespan)

    def route(fault: str) -> None:
        address = refusing_url() if fault == REFUSED else f"{url}/{fault}"
        detector = RemoteDetector(Basic(), api_key="key", base_url=address)
        check = spam_check(field="text", detector=detector, on_spam="inject")

        @app.post(f"/{fault}")
        async def post(
            comment: Comment,  # noqa: ARG001 - what is checked
            verdict: Annotated[SpamVerdict, Depends(check)],
        ) -> dict[str, Any]:
            return {"said": verdict.error or verdict.label}

    for fault in EVERY:
        route(fault)

    @app.post("/memory")
    def memory() -> dict[str, Any]:
        return {"most": int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])}

    return app


def row(fault: str, result: Load, grown: float) -> str:
    """One line of the table."""
    answered = result.statuses.count(200)
    said = Counter(
        json.loads(body)["said"]
        for body, status in zip(result.bodies, result.statuses, strict=True)
        if status == 200  # noqa: PLR2004 - HTTP
    )
    words = ", ".join(f"{count} {word}" for word, count in said.most_common())
    slowest = result.latencies[-1]
    return (
        f"{fault:22}{answered:>5}/{len(result.statuses)}{slowest:>8.2f} s{grown:>7.1f} MB  {words}"
    )


async def measure(faults: list[str], count: int) -> None:
    """Print the table, line by line."""
    async with fault_server() as server:
        server.remember = False
        with process("benchmarks.faults", "--serve", server.url) as running:

            async def most() -> float:
                answer = await load(running.port, [request("/memory", b"{}")], 1)
                return float(json.loads(answer.bodies[0])["most"]) / 1024

            await load(running.port, posts("ok", 200), CONNECTIONS)  # warms up
            before = await most()
            print(f"{'fault':22}{'answered':>9}{'slowest':>10}{'memory':>10}  verdicts")
            for fault in faults:
                result = await load(running.port, posts(fault, count), CONNECTIONS)
                after = await most()
                print(row(fault, result, after - before), flush=True)
                before = after


def posts(fault: str, count: int) -> list[bytes]:
    """Comments, no two of them equal."""
    texts = (json.dumps({"text": f"Comment {number} to {fault}"}) for number in range(count))
    return [request(f"/{fault}", text.encode()) for text in texts]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("faults", nargs="*", default=list(EVERY))
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    asyncio.run(measure(options.faults, options.requests))


if __name__ == "__main__":
    if "--serve" in sys.argv:
        uvicorn.run(
            application(sys.argv[3]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error"
        )
    else:
        main()
