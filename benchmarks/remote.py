"""What it costs to ask a hosted service that takes 20 ms, with each way to ask it.

    python -m benchmarks.remote [--rounds N] [--requests N]

Service, application and load are processes of their own on loopback. The ways take turns, so that
all of them have the same machine; the rate is the median of the rounds. Compare the ratios: the
rates are those of one machine.
"""

import argparse
import asyncio
import json
import random
from collections import Counter
from statistics import median

from benchmarks.load import Load, load, process, request
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
    generator = random.Random(seed)  # noqa: S311 - the same every time
    different = posts(count, 0)
    sent: list[bytes] = []
    for number in range(count):
        again = sent and generator.random() < REPEATS
        sent.append(generator.choice(sent[-500:]) if again else different[number])
    return sent


def measure(way: str, service: int, requests: list[bytes], connections: int) -> tuple[Load, int]:
    """One way under load, and how many connections it made to the service."""

    async def run(port: int) -> tuple[Load, Counter[str]]:
        await load(port, requests[: len(requests) // 10], connections)  # warms up
        result = await load(port, requests, connections)
        return result, await counted(service)

    with process("benchmarks.applications", way, f"http://127.0.0.1:{service}") as port:
        result, counts = asyncio.run(run(port))
    if set(result.statuses) != {200}:
        raise RuntimeError(f"{way}: answers {Counter(result.statuses)}")
    return result, counts["connections"]


def compare(service: int, connections: int, count: int, rounds: int) -> None:
    """Print the ways side by side."""
    unchecked: Counter[str] = Counter()
    results: dict[str, list[tuple[Load, int]]] = {way: [] for way in WAYS}
    for round_ in range(rounds):
        for way in WAYS:
            requests = posts(max(count // SLOW.get(way, 1), connections), round_)
            results[way].append(measure(way, service, requests, connections))
            unchecked[way] += results[way][-1][0].bodies.count(UNCHECKED)
    base = median(result.rate for result, _ in results[BASE])
    print(f"\n{connections} connections{'requests/s':>18}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for way, measured in results.items():
        rate = median(result.rate for result, _ in measured)
        half, most = (median(one.percentile(x) for one, _ in measured) for x in (0.5, 0.99))
        made = max(made for _, made in measured)
        print(
            f"{way:20}{rate:>13.0f}{rate / base:>8.2f}{half:>9.0f}{most:>9.0f}"
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
        with process("benchmarks.applications", way, f"http://127.0.0.1:{service}") as port:
            asked = asyncio.run(run(port))["requests"]
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
    with process("benchmarks.service") as service:
        for connections in CONNECTIONS:
            compare(service, connections, options.requests, options.rounds)
        print(f"\nA stream in which {REPEATS:.0%} are repeats")
        remembered(service, options.requests)


if __name__ == "__main__":
    main()
