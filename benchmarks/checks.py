"""How long one check takes, by the length of the text.

    python -m benchmarks.checks

Sentences of comments, questions and offers in turns, another text for each check, so that nothing
is measured twice from a warm place.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator

from fastapi_spamshield import LocalDetector, SpamShield, Submission

LENGTHS = (20, 130, 1_000, 5_000)
TEXTS = 400
SENTENCES = (
    "Thank you for the walk through the old town.",
    "The second step fails on my machine with version 4.2.1, see below.",
    "Is the blue one still there, and what would it cost to send it to Bergen?",
    "I moved the valve to the left side and it has been dry for three weeks now.",
    "We offer cheap advertising on one thousand sites.",
    "Our photographs of the day are at https://photos.fjordclub.org/2026/june for a while.",
    "Вчера мы гуляли вдоль реки и кормили уток.",
    "Gestern war der Laden geschlossen, obwohl auf der Seite etwas anderes steht!",
    "The café at the corner has the best ÆBLESKIVER in town.",
)


def texts(length: int, seed: int = 0) -> Iterator[str]:
    """Texts of one length, each of other sentences."""
    choose = random.Random(seed)
    for _ in range(TEXTS):
        text = ""
        while len(text) < length:
            text += choose.choice(SENTENCES) + " "
        yield text[:length]


async def times(length: int) -> tuple[float, float]:
    """The median time of a detection alone and of a whole check, microseconds."""
    detector = LocalDetector()
    detections: list[float] = []
    checks: list[float] = []
    async with SpamShield(detector) as shield:
        for text in texts(length):
            submission = Submission(text=text)
            start = time.perf_counter()
            detector.judge(submission)
            between = time.perf_counter()
            await shield.check(submission)
            detections.append(between - start)
            checks.append(time.perf_counter() - between)
    return statistics.median(detections) * 1e6, statistics.median(checks) * 1e6


def main() -> None:
    """Print a table."""
    print("One check on the embedded engine, median, microseconds")
    print(f"{'characters':>12}{'detector':>12}{'shield.check':>14}")
    for length in LENGTHS:
        detection, check = asyncio.run(times(length))
        print(f"{length:>12,}{detection:>12.0f}{check:>14.0f}")


if __name__ == "__main__":
    main()
