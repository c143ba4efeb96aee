"""What it costs to ask a hosted service that takes 20 ms, with each way to ask it.

    python -m benchmarks.remote [--rounds N] [--requests N]

Service, application and load are processes of their own on loopback. The ways take turns, so that
all of them have the same machine; each figure is the median of the rounds. Compare the ratios: the
rates are those of one machine, and only as good as it is idle. The processor time of the
application (Linux only) says what a request costs whatever else runs; its ratio is how many more
requests one core could carry than by hand.
"""

import argparse
import asyncio
import json
import random
from collections import Counter
from statistics import median
from typing import NamedTuple

from benchmarks.load import Load, Running, load, process, request
from benchmarks.service import counted

WAYS = ("requests", "client-per-request", "by-hand", "spam_check", "spam_check-aiohttp")
SLOW = {"requests": 10, "client-per-request": 10}
"""These get only one in so many requests, or they would take all the time."""

CONNECTIONS = (32, 200)
BASE = "by-hand"
REPEATS = 0.3
UNCHECKED = b'{"spam":null}'


def posts(count: int, round_: int) -> list[bytes]:
    """Comments, no two of them equal."""
    return [
        request("/comments", json.dumps({"text": f"Comment {round_}-{number:06}: hello"}).encode())
        for number in range(count)
    ]


def stream(count: int, seed: int = 1) -> list[bytes]:
    """Comments of which three in ten were there before, some of them just then."""
    generator = random.Random(seed)
    different = posts(count, 0)
    sent: list[bytes] = []
    for number in range(count):
        again = sent and generator.random() < REPEATS
        sent.append(generator.choice(sent[-500:]) if again else different[number])
    return sent


class Measured(NamedTuple):
    """One way under load.

    Attributes:
        result: What came of it.
        cpu: Seconds of processor time that the application used.
        connections: That it made to the service.
    """

    result: Load
    cpu: float
    connections: int


def measure(way: str, service: int, requests: list[bytes], connections: int) -> Measured:
    """Put one way under load."""

    async def run(running: Running) -> Measured:
        await load(running.port, requests[: len(requests) // 10], connections)  # warms up
        before = running.cpu()
        result = await load(running.port, requests, connections)
        used = running.cpu() - before
        return Measured(result, used, (await counted(service))["connections"])

    with process("benchmarks.applications", way, f"http://127.0.0.1:{service}") as running:
        measured = asyncio.run(run(running))
    if set(measured.result.statuses) != {200}:
        raise RuntimeError(f"{way}: answers {Counter(measured.result.statuses)}")
    return measured


def compare(service: int, connections: int, count: int, rounds: int) -> None:
    """Print the ways side by side."""
    unchecked: Counter[str] = Counter()
    results: dict[str, list[Measured]] = {way: [] for way in WAYS}
    for round_ in range(rounds):
        for way in WAYS:
            requests = posts(max(count // SLOW.get(way, 1), connections), round_)
            results[way].append(measure(way, service, requests, connections))
            unchecked[way] += results[way][-1].result.bodies.count(UNCHECKED)
    rates = {way: median(one.result.rate for one in results[way]) for way in WAYS}
    used = {way: median(one.cpu / len(one.result.bodies) for one in results[way]) for way in WAYS}
    print(
        f"\n{connections:3} connections     requests/s   ratio   p50 ms   p99 ms"
        "  CPU ms/request   ratio"
    )
    for way, measured in results.items():
        half, most = (median(one.result.percentile(x) for one in measured) for x in (0.5, 0.99))
        made = max(one.connections for one in measured)
        print(
            f"{way:20}{rates[way]:>11.0f}{rates[way] / rates[BASE]:>8.2f}{half:>9.0f}{most:>9.0f}"
            f"{used[way] * 1_000:>16.2f}{used[BASE] / used[way]:>8.2f}"
            f"   at most {made} connections to the service, {unchecked[way]} not checked"
        )


def remembered(service: int, count: int) -> None:
    """Print how many calls the cache and single flight save."""
    requests = stream(count)

    async def run(port: int) -> Counter[str]:
        await counted(service)
        await load(port, requests, 32)
        return await counted(service)

    for way in ("spam_check-aiohttp", "spam_check-cache"):
        with process("benchmarks.applications", way, f"http://127.0.0.1:{service}") as running:
            asked = asyncio.run(run(running.port))["requests"]
        distinct = len(set(requests))
        print(
            f"{way:20}{count} submissions, {distinct} different: {asked} calls, "
            f"{count - asked} saved ({1 - asked / count:.0%})"
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=4_000)
    options = parser.parse_args()
    with process("benchmarks.service") as (service, _):
        for connections in CONNECTIONS:
            compare(service, connections, options.requests, options.rounds)
        print(f"\nA stream in which {REPEATS:.0%} are repeats")
        remembered(service, options.requests)


if __name__ == "__main__":
    main()
