"""Train the weights that tell insults, threats and hate from civil messages.

    python -m training.toxicity [--data FOLDER] [--out FILE] [--seed NUMBER]

The same kind of model as that for spam, learned from labelled tweets and from texts of this
project; README.md says what is wrong with the tweets. It prints how well each kind of text is
judged by a model that has not seen it. The same texts and seed give the same file.
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fastapi_spamshield.detectors.local.model import write
from fastapi_spamshield.training.fitting import Fit
from fastapi_spamshield.training.matrix import matrix_of

from .learning import USUAL, Texts, rounded, unseen
from .rows import Row, corpus_rows, number, own_rows

OWN: Final = Path(__file__).parent / "toxicity_texts"
SHIPPED: Final = (
    Path(__file__).parent.parent / "fastapi_spamshield" / "detectors" / "local" / "toxicity.bin"
)
SEED: Final = 5

TWEETS: Final = "ham_tweets_davidson"
MOST: Final = {"ham_reddit_goemotions": 5_000, "ham_multi": 4_000, "sms_uci": 1_500}
"""Of civil messages so many are enough of each of these corpora; no others are used."""

WEIGHTS: Final = {TWEETS: 1.0, "ham_reddit_goemotions": 1.0, "ham_multi": 0.5, "sms_uci": 0.5}
OWN_WEIGHT: Final = 0.6
WRITTEN_WEIGHT: Final = 8.0
CIVIL_TWEETS: Final = 3.0
"""They are few beside the others, and the nearest to them."""

FALSE_POSITIVES: Final = 0.01
"""The share of messages that are no tweets, unseen, that may score above one half."""


def tweets(folder: Path) -> Iterator[Row]:
    """The labelled tweets: `offensive` and `hate` are toxic, `neither` is civil.

    Args:
        folder: Of the corpora.
    """
    with gzip.open(folder / f"{TWEETS}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield _row(row["text"], TWEETS, "en", toxic=row["meta"]["class"] != "neither")


def written(path: Path = OWN) -> Iterator[Row]:
    """The texts that were written to tell the two apart.

    Args:
        path: A folder of files of JSON lines.
    """
    for file in sorted(path.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row: dict[str, str] = json.loads(line)
            toxic = row["label"] == "toxic"
            yield _row(row["text"], "written", row["lang"], toxic=toxic)


def civil(folder: Path | None) -> Iterator[Row]:
    """Messages about which nobody complained: the ham and spam that the spam model learns from.

    Args:
        folder: Of the corpora.
    """
    for row in own_rows():
        yield _row(row.text, "own", row.language, toxic=False)
    corpora: dict[str, list[Row]] = {}
    for row in corpus_rows(folder) if folder else ():
        corpora.setdefault(row.part, []).append(row)
    for part, most in MOST.items():
        found = sorted(corpora.get(part, []), key=lambda row: number(row.text, 2**32))
        for row in found[:most]:
            yield _row(row.text, part, row.language, toxic=False)


def _row(text: str, source: str, language: str, *, toxic: bool) -> Row:
    return Row(text, toxic, source, text, language)


def weight_of(row: Row) -> float:
    """How much a text counts.

    Args:
        row: Any.
    """
    if row.source == "written":
        return WRITTEN_WEIGHT
    weight = WEIGHTS.get(row.source, OWN_WEIGHT)
    return weight * CIVIL_TWEETS if row.source == TWEETS and not row.spam else weight


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a file of weights."""
    parser = argparse.ArgumentParser(prog="python -m training.toxicity")
    parser.add_argument("--data", type=Path, help="a folder of corpora, as README.md describes")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the file to write")
    parser.add_argument("--seed", type=int, default=SEED, help="written into the file")
    options = parser.parse_args(arguments)
    rows = [*written(), *civil(options.data), *(tweets(options.data) if options.data else ())]
    toxic = np.array([row.spam for row in rows])
    weights = np.array([weight_of(row) for row in rows])
    texts = Texts(rows, matrix_of([row.text for row in rows], ()), toxic, weights)
    fits, log_odds = unseen(texts, USUAL)
    usual = ~toxic & np.array([row.source not in {TWEETS, "written"} for row in rows])
    highest = float(np.quantile(log_odds[usual], 1 - FALSE_POSITIVES))
    mean = Fit(
        np.mean([one.grams for one in fits], axis=0),
        np.zeros(0),
        float(np.mean([one.bias for one in fits])),
    )
    about = {"texts": len(rows), "toxic": int(toxic.sum()), "seed": options.seed}
    data = write(replace(rounded(mean, -highest, texts, options.seed), about=about), "toxicity")
    options.out.write_bytes(data)
    show(rows, toxic, log_odds > highest)
    print(f"{options.out}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def show(rows: Sequence[Row], toxic: NDArray[np.bool_], called: NDArray[np.bool_]) -> None:
    """Print what is found and what is called toxic wrongly, by source, unseen.

    Args:
        rows: All texts.
        toxic: Which of them are.
        called: Which of them are called so.
    """
    sources = np.array([row.source for row in rows])
    print(f"{'unseen':24}{'toxic':>8}{'civil':>8}{'recall':>8}{'FPR':>8}")
    for source in sorted({*sources.tolist()}):
        there = sources == source
        bad, good = there & toxic, there & ~toxic
        recall = f"{called[bad].mean():.3f}" if bad.any() else "-"
        wrong = f"{called[good].mean():.3f}" if good.any() else "-"
        print(f"{source:24}{bad.sum():8}{good.sum():8}{recall:>8}{wrong:>8}")


if __name__ == "__main__":
    main()
