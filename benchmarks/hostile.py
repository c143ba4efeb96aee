"""How long the embedded engine takes for texts that are made to take long.

    python -m benchmarks.hostile

For each: one megabyte as it is read by default, and the growth from 10,000 to 20,000 to 40,000
characters when all of them are read. Twice the text should take about twice the time.
"""

import time
from collections.abc import Sequence
from itertools import pairwise

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.models import Submission

MEGABYTE = 1_000_000
SIZES = (10_000, 20_000, 40_000)
GOAL_MS = 250.0
SEEDS = {
    "one letter": "a",
    "one capital": "A",
    "spaces": " ",
    "line breaks": "\n",
    "dots": "a.",
    "digits and dots": "1.",
    "digits and spaces": "1 ",
    "marks": "!",
    "currency": "$1 ",
    "schemes": "http://",
    "links": "https://x@8.8.8.8 ",
    "hosts": "a.com ",
    "at signs": "a@a.",
    "forum code": "[url=",
    "anchors": "<a ",
    "templates": "{a|",
    "phrases": "casino ",
    "messengers": "whatsapp ",
    "numbers to call": "call a ",
    "wallets": "0x0",
    "earnings": "1 a day ",
    "two alphabets": "a\u044fb",
    "invisible": "a\u200bb",
    "soft hyphens": "a\u00ad",
    "fancy letters": "\U0001d400",
    "tags": "\U000e0061",
    "flags": "\U0001f3f4" + "\U000e0061" * 5 + "\U000e007f",
    "emoji": "\U0001f600",
    "bait": "\U0001f449",
    "combining marks": "e\u0301",
    "dotted capital I": "\u0130",
    "Chinese": "\u52a0",
    "few words": "first second third\n",
}


def milliseconds(text: str, max_characters: int) -> float:
    """The best of three judgements."""
    detector = LocalDetector(max_characters=max_characters)
    submission = Submission(text=text)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        detector.judge(submission)
        best = min(best, time.perf_counter() - start)
    return best * 1000


def filled(seed: str, length: int) -> str:
    """A seed over and over, up to a length."""
    return (seed * (length // len(seed) + 1))[:length]


def growths(times: Sequence[float]) -> list[float]:
    """Each time over the one before."""
    return [after / before for before, after in pairwise(times)]


def main() -> None:
    """Print a table."""
    print(f"{'text':20}{'1 MB, ms':>10}{'10k, ms':>10}{'20k':>8}{'40k':>8}")
    worst = 0.0
    for name, seed in SEEDS.items():
        whole = milliseconds(filled(seed, MEGABYTE), 20_000)
        worst = max(worst, whole)
        times = [milliseconds(filled(seed, size), MEGABYTE) for size in SIZES]
        growth = "".join(f"{f'x {factor:.1f}':>8}" for factor in growths(times))
        print(f"{name:20}{whole:>10.1f}{times[0]:>10.1f}{growth}")
    print(f"Slowest megabyte: {worst:.1f} ms; the goal is below {GOAL_MS:.0f} ms.")


if __name__ == "__main__":
    main()
