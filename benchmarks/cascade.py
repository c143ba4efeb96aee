"""How many calls `Cascade` saves on labelled texts, and what that costs in accuracy.

    python -m benchmarks.cascade [FILE ...] [--wrong SHARE ...]

Files are those of `benchmarks.accuracy`; their labels are what the service answers: a gateway in a
process of its own that takes 20 ms and is wrong about a share of the texts, always the same ones. A
call is saved where the embedded engine is sure; what it is sure of and wrong about stays wrong. The
shares are those of all texts.

Without a file these are the texts of the tests. The engine was trained on them, so that it is surer
and better there than on what it has not seen: measure with texts of your own before you choose.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import uvicorn

from benchmarks.accuracy import DATA, labelled
from benchmarks.load import process
from fastapi_spamshield import Cascade, LocalDetector, RemoteDetector, SpamShieldSettings
from fastapi_spamshield.dialects.toolkitapi import ToolkitAPI
from fastapi_spamshield.errors import DetectorError
from fastapi_spamshield.models import Detection, Submission
from fastapi_spamshield.shield import Shield
from fastapi_spamshield.web.gateway import Limits, create_gateway

SECONDS = 0.02
AT_A_TIME = 32
RANGES = ((0.3, 0.7), (0.2, 0.8), (0.1, 0.9), (0.0, 0.8), (0.0, 1.0))
WRONG = (0.0, 0.1)

Labels = dict[str, bool]
"""Text to whether it is spam."""


@dataclass(frozen=True)
class Oracle:
    """Knows the labels, and says the opposite now and then."""

    labels: Labels = field(hash=False)
    wrong: float = 0.0
    name: str = "oracle"

    async def detect(self, submission: Submission) -> Detection:
        """Answer after 20 ms.

        Raises:
            DetectorError: Nobody has labelled the text.
        """
        await asyncio.sleep(SECONDS)
        if submission.text not in self.labels:
            raise DetectorError("unavailable", "an unknown text")
        mistaken = random.Random(submission.text).random() < self.wrong
        return Detection(score=0.02 if self.labels[submission.text] is mistaken else 0.98)


class Outcome(NamedTuple):
    """What came of all texts.

    Attributes:
        calls: To the service.
        right: Spam that was refused, and ham that passed.
        review: Left to a person.
        missed: Spam that passed.
        refused: Ham that was refused.
    """

    calls: int
    right: int
    review: int
    missed: int
    refused: int


def read(paths: Sequence[Path]) -> Labels:
    """The labels of the texts in some files; an empty text nobody can judge."""
    rows = (row for path in paths for row in labelled(path))
    return {text: spam for text, spam in rows if text.strip()}


async def measure(labels: Labels, port: int, between: tuple[float, float] | None) -> Outcome:
    """Check all texts; without a range the embedded engine alone does."""
    engine = LocalDetector()
    remote = RemoteDetector(
        ToolkitAPI(), api_key="key", base_url=f"http://127.0.0.1:{port}", cache_size=0
    )
    detector = Cascade(engine, remote, between=between) if between else engine
    slots = asyncio.Semaphore(AT_A_TIME)
    counts: Counter[str] = Counter()
    async with Shield(detector, settings=SpamShieldSettings(timeout=30)) as shield:

        async def check(text: str, *, spam: bool) -> None:
            async with slots:
                verdict = await shield.check(text)
            if verdict.score is None or any(one.name == "unmeasured" for one in verdict.signals):
                raise RuntimeError("The service did not answer.")
            counts[f"{verdict.label} {'spam' if spam else 'ham'}"] += 1

        async with asyncio.TaskGroup() as group:
            for text, spam in labels.items():
                group.create_task(check(text, spam=spam))
        health = shield.health()[0]
    return Outcome(
        calls=health.checks - health.saved if between else 0,
        right=counts["spam spam"] + counts["ham ham"],
        review=counts["suspicious spam"] + counts["suspicious ham"],
        missed=counts["ham spam"],
        refused=counts["spam ham"],
    )


def row(name: str, count: int, outcome: Outcome) -> str:
    """One line of the table, shares in percent."""
    shares = (count - outcome.calls, *outcome[1:])
    return f"{name:16}{outcome.calls:>8}" + "".join(f"{one / count:>12.1%}" for one in shares)


def compare(paths: Sequence[Path], labels: Labels, wrong: float) -> None:
    """Print one table."""
    print(
        f"{len(labels)} texts, {sum(labels.values())} of them spam; service wrong about {wrong:.0%}"
    )
    heads = ("calls saved", "right", "to review", "spam passed", "ham refused")
    print(f"{'asked about':16}{'calls':>8}" + "".join(f"{head:>12}" for head in heads))
    with process("benchmarks.cascade", "--serve", str(wrong), *map(str, paths)) as (port, _):
        for between in (None, *RANGES):
            name = "nothing" if between is None else "{} to {}".format(*between)
            outcome = asyncio.run(measure(labels, port, between))
            print(row("everything" if between == (0.0, 1.0) else name, len(labels), outcome))


def main(arguments: Sequence[str] = ()) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cascade")
    parser.add_argument("files", nargs="*", type=Path, help="default: the texts of the tests")
    parser.add_argument("--wrong", type=float, nargs="+", default=WRONG)
    options = parser.parse_args(arguments)
    paths: list[Path] = options.files or sorted(DATA.glob("*.jsonl"))
    labels = read(paths)
    for number, wrong in enumerate(options.wrong):
        if number:
            print()
        compare(paths, labels, wrong)


def serve(port: int, wrong: float, paths: Sequence[Path]) -> None:
    """Run the service."""
    shield = Shield(Oracle(read(paths), wrong), settings=SpamShieldSettings())
    gateway = create_gateway(shield, limits=Limits())
    uvicorn.run(gateway, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(int(sys.argv[1]), float(sys.argv[3]), [Path(one) for one in sys.argv[4:]])
    else:
        main(sys.argv[1:])
