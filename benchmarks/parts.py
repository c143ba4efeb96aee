"""What each part of the texts is good for: how the engine judges the others without it.

    python -m benchmarks.parts [--data FOLDER] [NAME ...]

A part is a file of `training/texts` or a corpus, by its name, or `variants`; without names it is
each of them, which takes half an hour. Everything is judged by a model that has seen nothing of its
corpus, video or campaign, with the part and without it. The differences are shown: above 0 says
that the part helps.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import SPAM, Scored, recall_at, roc_auc, row
from training.learning import USUAL, Texts, prior_of, texts_of, unseen
from training.rows import Row, corpus_rows, own_rows

Chosen = NDArray[np.bool_]

VARIANTS: Final = "variants"
HEADS: Final = ("corpora", "English", "others", "recall", "R@1%", "rude", "edited")


class Figures(NamedTuple):
    """How well texts are judged that were not seen.

    Attributes:
        corpora: ROC-AUC, mean over the corpora that hold both labels.
        english: ROC-AUC of the project's own English texts.
        others: The same in other languages.
        recall: The share of own spam that is called spam.
        recall_at_1_percent: That above one in a hundred of own ham.
        rude: The share of rude tweets that is not called spam.
        edited: The share of edited prose with links that is not called spam.
    """

    corpora: float
    english: float
    others: float
    recall: float
    recall_at_1_percent: float
    rude: float
    edited: float


def part_of(one: Row) -> str:
    """The part that a row belongs to.

    Args:
        one: Any.
    """
    return VARIANTS if one.variant else one.part


def scores_of(texts: Texts, there: Chosen) -> NDArray[np.float64]:
    """The score of each text from a model that has not seen its part.

    Args:
        texts: All of them.
        there: Those that are learned from.
    """
    weights = np.where(there, texts.weights, 0.0)
    log_odds = unseen(texts._replace(weights=weights), USUAL).log_odds
    scores: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds - prior_of(texts, log_odds)))
    return scores


def figures(texts: Texts, scores: NDArray[np.float64], judged: Chosen) -> Figures:
    """What scores are worth.

    Args:
        texts: All of them.
        scores: Of each.
        judged: Those that are looked at.
    """
    rows = [
        (one, Scored(float(score), one.spam))
        for one, score, shown in zip(texts.rows, scores, judged, strict=True)
        if shown
    ]

    def of(*parts: str) -> list[Scored]:
        return [scored for one, scored in rows if one.source.partition("/")[0] in parts]

    both = sorted({one.part for one, _ in rows if one.spam and not one.own})
    own = [(one, scored) for one, scored in rows if one.own]
    spam = [scored.score > SPAM for _, scored in own if scored.spam]
    return Figures(
        float(np.mean([roc_auc(of(name)) for name in both])) if both else np.nan,
        roc_auc(scored for one, scored in own if one.language == "en"),
        roc_auc(scored for one, scored in own if one.language != "en"),
        float(np.mean(spam)) if spam else np.nan,
        recall_at((scored for _, scored in own), 0.01),
        *(
            float(np.mean([scored.score <= SPAM for scored in chosen])) if chosen else np.nan
            for chosen in (of("ham_tweets_davidson"), of("ham_links_en", "ham_links_multi"))
        ),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts")
    parser.add_argument("--data", type=Path, help="a folder of corpora, see training/README.md")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("names", nargs="*", help="of parts; default: each")
    options = parser.parse_args(arguments)
    rows = [*own_rows(), *(corpus_rows(options.data) if options.data else ())]
    texts = texts_of(rows, options.seed)
    parts = np.array([part_of(one) for one in texts.rows])
    plain = parts != VARIANTS
    usual = scores_of(texts, np.ones(len(parts), np.bool_))
    print(row("part", ["texts", *HEADS]))
    for name in options.names or sorted({*parts.tolist()}):
        judged = plain & (parts != name)
        # A changed copy of a text that is left out would give it away.
        without = (parts != name) & np.array([one.part != name for one in texts.rows])
        changes = np.subtract(
            figures(texts, usual, judged), figures(texts, scores_of(texts, without), judged)
        ).tolist()
        shown = ["-" if np.isnan(change) else f"{change:+.3f}" for change in changes]
        print(row(name, [str(int((parts == name).sum())), *shown]), flush=True)


if __name__ == "__main__":
    main()
