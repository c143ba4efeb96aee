"""How well the embedded engine tells spam from ham.

    python -m benchmarks.accuracy [FILE ...]

A file holds one JSON object a line, with `text` and, unless the file is named after its label
(`ham.jsonl`, `spam.jsonl`), `label`: `spam` or `ham`. It may be compressed with gzip. Files named
after their label that stand in one folder are measured together. Without a file: the texts of the
tests.
"""

import argparse
import gzip
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.evaluation import metrics
from fastapi_spamshield.models import Submission

DATA = Path(__file__).parent.parent / "tests" / "data"
REVIEW = 0.3
SPAM = 0.7
FALSE_POSITIVES = 0.01


class Scored(NamedTuple):
    """A score, and whether it was spam."""

    score: float
    spam: bool


class Accuracy(NamedTuple):
    """What was measured; NaN where there was no spam, or no ham, to measure it on."""

    spam: int
    ham: int
    auc: float
    recall_at_1_percent: float
    review_recall: float
    review_false: float
    spam_recall: float
    spam_false: float


def roc_auc(scored: Iterable[Scored]) -> float:
    """The chance that a spam scores higher than a ham; see `metrics.roc_auc`."""
    return metrics.roc_auc(*arrays(scored))


def recall_at(scored: Iterable[Scored], false_positives: float) -> float:
    """The share of spam above a score that at most this share of ham is above."""
    return metrics.recall_at(*arrays(scored), false_positives)


def arrays(scored: Iterable[Scored]) -> tuple[metrics.Scores, metrics.Spam]:
    """Scores, and which of them are of spam."""
    rows = list(scored)
    scores = np.array([row.score for row in rows], np.float64)
    return scores, np.array([row.spam for row in rows], np.bool_)


def share(scores: Sequence[float], *, above: float = -math.inf, least: float = -math.inf) -> float:
    """How many of the scores lie above one number and reach another; NaN of none."""
    if not scores:
        return math.nan
    return sum(score > above and score >= least for score in scores) / len(scores)


def measure(scored: Sequence[Scored]) -> Accuracy:
    """All figures of some scores."""
    spam = [row.score for row in scored if row.spam]
    ham = [row.score for row in scored if not row.spam]
    return Accuracy(
        len(spam),
        len(ham),
        roc_auc(scored),
        recall_at(scored, FALSE_POSITIVES),
        share(spam, least=REVIEW),
        share(ham, least=REVIEW),
        share(spam, above=SPAM),
        share(ham, above=SPAM),
    )


def label_of(path: Path) -> str | None:
    """The label that a file is named after."""
    name = path.name.split(".")[0]
    return name if name in {"ham", "spam"} else None


def labelled(path: Path) -> Iterator[tuple[str, bool]]:
    """The texts in a file, and whether each is spam."""
    label = label_of(path)
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            row = json.loads(line)
            yield row["text"], (label or row["label"]) == "spam"


def read(path: Path) -> Iterator[Scored]:
    """The scores of the texts in a file."""
    detector = LocalDetector()
    for text, spam in labelled(path):
        yield Scored(detector.judge(Submission(text=text)).score, spam)


def grouped(paths: Iterable[Path]) -> dict[str, list[Path]]:
    """Files by the name that their figures are shown under."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        name = path.resolve().parent.name if label_of(path) else path.name.split(".")[0]
        groups.setdefault(name, []).append(path)
    return groups


def row(name: str, figures: Sequence[str]) -> str:
    return f"{name:28}" + "".join(f"{figure:>10}" for figure in figures)


def shown(accuracy: Accuracy) -> list[str]:
    """The figures as a person reads them."""
    counts, shares = accuracy[:2], accuracy[2:]
    return [*map(str, counts), *("-" if math.isnan(part) else f"{part:.3f}" for part in shares)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description="Accuracy of the embedded engine."
    )
    parser.add_argument("files", nargs="*", type=Path, help="default: the texts of the tests")
    files: list[Path] = parser.parse_args(arguments).files
    print(row("", ["", "", "ROC-", "recall at", ">= 0.3", ">= 0.3", "> 0.7", "> 0.7"]))
    print(row("texts", ["spam", "ham", "AUC", "1 % FPR", "recall", "FPR", "recall", "FPR"]))
    for name, paths in grouped(files or sorted(DATA.glob("*.jsonl"))).items():
        scored = [one for path in paths for one in read(path)]
        print(row(name, shown(measure(scored))))


if __name__ == "__main__":
    main()
