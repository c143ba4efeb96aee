"""What one judgement costs beside a pipeline of scikit-learn.

    python -m benchmarks.durations

The same texts of three lengths, by turns: the whole engine, and a hashing vectoriser of the same
n-grams with a logistic regression, which knows no signals and explains nothing. scikit-learn must
be installed. Processor time of the process, the median over texts of the best of several runs.
"""

import importlib
import json
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fastapi_spamshield.detectors.local import LocalDetector
from fastapi_spamshield.models import Submission

DATA = Path(__file__).parent.parent / "tests" / "data"
LENGTHS = (130, 1_000, 5_000)
TEXTS = 15
RUNS = 7
ROUNDS = 5


def texts(length: int) -> list[str]:
    """Texts of one length, half of them ham, of the texts of the tests."""
    found: list[str] = []
    for label in ("ham", "spam"):
        lines = (DATA / f"{label}.jsonl").read_text("utf-8").splitlines()
        rows = [row["text"] for row in map(json.loads, lines) if row["lang"] == "en"]
        joined = " ".join(rows * (TEXTS * length // sum(map(len, rows)) + 2))
        found += [joined[at * length : (at + 1) * length] for at in range(TEXTS)]
    return found


def microseconds(call: Callable[[], object]) -> float:
    """The best of some runs, of the processor's time."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        for _ in range(ROUNDS):
            call()
        best = min(best, (time.process_time() - start) / ROUNDS)
    return best * 1e6


def pipeline() -> Callable[[str], object]:
    """A vectoriser and a model of scikit-learn, fitted to the texts of the tests."""
    text: Any = importlib.import_module("sklearn.feature_extraction.text")
    linear: Any = importlib.import_module("sklearn.linear_model")
    make: Any = importlib.import_module("sklearn.pipeline").make_pipeline
    vectoriser = text.HashingVectorizer(analyzer="char", ngram_range=(2, 5), n_features=2**18)
    fitted = make(vectoriser, linear.LogisticRegression(max_iter=20))
    found = texts(130)
    fitted.fit(found, [number < TEXTS for number in range(len(found))])
    return lambda one: fitted.predict_proba([one])


def medians(lengths: Sequence[int], other: Callable[[str], object]) -> list[tuple[float, float]]:
    """For each length the cost of the engine and of the other."""
    detector = LocalDetector()
    found: list[tuple[float, float]] = []
    for length in lengths:
        ours: list[float] = []
        theirs: list[float] = []
        for one in texts(length):
            submission = Submission(text=one)
            ours.append(microseconds(partial(detector.judge, submission)))
            theirs.append(microseconds(partial(other, one)))
        found.append((statistics.median(ours), statistics.median(theirs)))
    return found


def main() -> None:
    """Print a table."""
    print(f"{'characters':>12}{'engine, us':>14}{'scikit-learn, us':>20}{'times':>8}")
    for length, (ours, theirs) in zip(LENGTHS, medians(LENGTHS, pipeline()), strict=True):
        print(f"{length:>12,}{ours:>14.0f}{theirs:>20.0f}{theirs / ours:>8.1f}")


if __name__ == "__main__":
    main()
