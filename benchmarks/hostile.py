"""How long texts and requests take that are made to take long.

    python -m benchmarks.hostile

For each text: one megabyte as it is read by default, and the growth from 10,000 to 20,000 to 40,000
characters when all of them are read. Twice the text should take about twice the time.
For each request: one megabyte that an endpoint reads itself, until its words are known.
"""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

from starlette.requests import Request
from starlette.types import Message

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.models import Submission
from fastapi_spamshield.web.raw import read_raw
from fastapi_spamshield.web.text import words_in

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


FORM = "application/x-www-form-urlencoded"
PART = 'Content-Disposition: form-data; name="a"\r\n\r\na\r\n--x\r\n'
REQUESTS = {
    "numbers": ("application/json", "[", "1,", "1]"),
    "texts": ("application/json", "[", '"a",', "1]"),
    "empty lists": ("application/json", "[", "[],", "1]"),
    "empty objects": ("application/json", "[", "{},", "1]"),
    "objects": ("application/json", "[", '{"":1},', "1]"),
    "one object": ("application/json", "{", '"a":1,', '"b":1}'),
    "escapes in a text": ("application/json", '"=', "%41", '"'),
    "fields": (FORM, "", "a=b&", ""),
    "escapes in a form": (FORM, "a=", "%41", ""),
    "parts": ("multipart/form-data; boundary=x", "--x\r\n", PART, ""),
    "line breaks": ("text/plain", "", "\n", ""),
    "two bytes": ("text/plain; charset=latin-1", "", "\u00e9", ""),
}


async def read(content: bytes, content_type: str) -> float:
    """Milliseconds of the processor until all words of a body are known."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    request = Request({"type": "http", "headers": headers, "query_string": b""}, receive)
    start = time.process_time()
    raw = await read_raw(request)
    await words_in([*raw.find(("text",)), *raw.everything(with_query=True)], each_once=True)
    return (time.process_time() - start) * 1000


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
    print()
    worst = 0.0
    for name, (content_type, head, seed, tail) in REQUESTS.items():
        content = (head + seed * (MEGABYTE // len(seed.encode())) + tail).encode()
        spent = min(asyncio.run(read(content, content_type)) for _ in range(3))
        worst = max(worst, spent)
        print(f"{name:20}{spent:>10.1f}")
    print(f"Slowest request: {worst:.1f} ms; the goal is below {GOAL_MS:.0f} ms.")


if __name__ == "__main__":
    main()
