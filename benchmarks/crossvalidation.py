"""How well the embedded engine judges what it has not seen.

    python -m benchmarks.crossvalidation [--data FOLDER]

Trains as scripts/train does, without one part of the texts at a time: whole corpora, videos and
campaigns. Each text is judged by a model that has seen nothing of its part. Takes some minutes.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import REVIEW, SPAM, row
from fastapi_spamshield.evaluation import metrics
from training.learning import USUAL, ordinary, prior_of, texts_of, unseen
from training.rows import Row, corpus_rows, own_rows

Chosen = NDArray[np.bool_]

LONG = 500
FEW = 40
"""Languages with fewer ordinary messages say nothing about a share of one in a hundred."""


def figures(scores: NDArray[np.float64], spam: Chosen) -> list[str]:
    """One line of the table, without its name."""
    counts = metrics.counts(scores > SPAM, spam)
    suspicious = metrics.counts(scores >= REVIEW, spam)
    numbers = [
        metrics.roc_auc(scores, spam),
        metrics.recall_at(scores, spam, 0.01),
        counts.f1 if spam.any() else np.nan,
        counts.recall,
        counts.false_positive_rate,
        suspicious.false_positive_rate,
        metrics.calibration_error(scores, spam),
    ]
    shown = ["-" if np.isnan(number) else f"{number:.3f}" for number in numbers]
    return [str(int(spam.sum())), str(int((~spam).sum())), *shown]


def groups(rows: Sequence[Row]) -> dict[str, Chosen]:
    """What is shown: which rows belong to it."""
    plain = np.array([one.variant == "" for one in rows])
    source = np.array([one.source for one in rows])
    group = np.array([one.group for one in rows])
    own = np.array([one.own for one in rows])
    english = np.array([one.language == "en" for one in rows])
    links = np.array(["://" in one.text or "www." in one.text for one in rows])
    found = {f"own, {name}": plain & own & part for name, part in (
        ("English", english), ("other languages", ~english), ("with a link", links),
        ("500 characters and more", np.array([len(one.text) >= LONG for one in rows])),
    )}  # fmt: skip
    for name in sorted({*source[~own]}):
        if not name.startswith("ham_"):
            found[name] = plain & (source == name)
    for name in sorted({*group[source == "youtube_uci"]}):
        found[name] = plain & (group == name)
    for name in ("ham_reddit_goemotions", "ham_tweets_davidson"):
        found[name] = plain & (source == name)
    for name in ("ham_links_en", "ham_links_multi", "ham_en", "ham_multi"):
        found[name] = plain & np.char.startswith(source.astype(str), f"{name}/")
    found["ordinary messages"] = np.array([one.variant == "" and ordinary(one) for one in rows])
    for variant in ("link", "contact", "disguise", "padded", "long"):
        found[f"variants, {variant}"] = np.array([one.variant == variant for one in rows])
    return {name: chosen for name, chosen in found.items() if chosen.any()}


def show(rows: Sequence[Row], spam: Chosen, scores: NDArray[np.float64]) -> None:
    """Print the tables."""
    heads = ["spam", "ham", "ROC-AUC", "R@1%", "F1", "rec>.7", "FPR>.7", "FPR>=.3", "ECE"]
    print(row("unseen", heads))
    for name, chosen in groups(rows).items():
        print(row(name, figures(scores[chosen], spam[chosen])))
    languages: dict[str, list[float]] = {}
    for one, score in zip(rows, scores.tolist(), strict=True):
        if one.variant == "" and ordinary(one):
            languages.setdefault(one.language, []).append(score)
    shares = sorted(
        (float(np.mean(np.array(found) > SPAM)), language)
        for language, found in languages.items()
        if len(found) >= FEW
    )
    worst = ", ".join(f"{language} {share:.2%}" for share, language in shares[:-6:-1])
    print(f"Ordinary messages called spam, worst of {len(shares)} languages: {worst}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crossvalidation")
    parser.add_argument("--data", type=Path, help="a folder of corpora, see training/README.md")
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args(arguments)
    rows = [*own_rows(), *(corpus_rows(options.data) if options.data else ())]
    texts = texts_of(rows, options.seed)
    found = unseen(texts, USUAL)
    log_odds = found.log_odds + prior_of(texts, found.log_odds)
    show(texts.rows, texts.spam, 1 / (1 + np.exp(-log_odds)))


if __name__ == "__main__":
    main()
