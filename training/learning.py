"""From labelled texts to a model: weighting, cross-validation, calibration, rounding."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastapi_spamshield.detectors.local.model import Model
from fastapi_spamshield.training import rounding
from fastapi_spamshield.training.fitting import Fit, Numbers, Penalties, fit
from fastapi_spamshield.training.matrix import Matrix, matrix_of

from .rows import FOLDS, Row, digest_of
from .variants import Variants, joined

MOST: Final = {"ham_reddit_goemotions": 4_000, "ham_multi/tatoeba_laser": 5_000}
MOST_OF_OTHERS: Final = 1_500
"""How many texts of ham alone are enough of one source."""

FALSE_POSITIVES: Final = 0.004
"""The share of ordinary messages, unseen, that may be called spam."""

THRESHOLD: Final = 0.7
"""The score above which they are."""

OWN_WEIGHT: Final = 4.0
VARIANT_WEIGHTS: Final = {
    "": 1.0,
    "link": 0.5,
    "contact": 0.5,
    "disguise": 0.4,
    "padded": 0.4,
    "long": 0.7,
}
USUAL: Final = Penalties()


class Texts(NamedTuple):
    """What is learned from.

    Attributes:
        rows: The texts.
        matrix: The same, as numbers.
        spam: Which of them are spam.
        weights: How much each counts.
    """

    rows: list[Row]
    matrix: Matrix
    spam: NDArray[np.bool_]
    weights: Numbers

    def only(self, chosen: NDArray[np.bool_]) -> "Texts":
        """Some of them.

        Args:
            chosen: Which.
        """
        places = np.flatnonzero(chosen)
        grams, strengths, names = self.matrix
        matrix = Matrix(grams[places], strengths[places], names)
        rows = [self.rows[place] for place in places]
        return Texts(rows, matrix, self.spam[places], self.weights[places])

    def fitted(self, penalties: Penalties) -> Fit:
        """What is learned from them, spam and ham counting alike.

        Args:
            penalties: How strongly weights are held back.
        """
        weights = self.weights.copy()
        weights[self.spam] *= weights[~self.spam].sum() / weights[self.spam].sum()
        return fit(self.matrix, self.spam, weights, penalties)


def texts_of(rows: Sequence[Row], seed: int) -> Texts:
    """Rows and their variants, as numbers.

    Args:
        rows: Unchanged.
        seed: Of what is left out, and of the variants.
    """
    rows = _thinned(rows)
    variants = Variants(rows, seed)
    every = [
        *rows,
        *(variant for row in rows for variant in variants.of(row)),
        *joined(rows, seed),
    ]
    spam = np.array([row.spam for row in every])
    return Texts(every, matrix_of([row.text for row in every]), spam, weights_of(every))


def _thinned(rows: Sequence[Row]) -> list[Row]:
    sizes = Counter(row.source for row in rows)
    place: Counter[str] = Counter()
    kept: list[Row] = []
    for row in rows:
        size, most = sizes[row.source], _most(row, sizes[row.source])
        place[row.source] += 1
        if place[row.source] * most // size > (place[row.source] - 1) * most // size:
            kept.append(row)
    return kept


def _most(row: Row, size: int) -> int:
    if not row.source.startswith("ham_"):
        return size
    return min(size, MOST.get(row.source, MOST_OF_OTHERS))


def weights_of(rows: Sequence[Row]) -> Numbers:
    """How much each text counts: a source in proportion to the square root of its size.

    Args:
        rows: All of them.
    """
    cells = [(row.source, row.spam, row.variant == "long") for row in rows]
    sizes = Counter(cells)
    return np.array(
        [
            sizes[cell] ** -0.5 * (OWN_WEIGHT if row.own else 1.0) * VARIANT_WEIGHTS[row.variant]
            for row, cell in zip(rows, cells, strict=True)
        ]
    )


class Unseen(NamedTuple):
    """A cross-validation.

    Attributes:
        fits: What was learned without each part.
        log_odds: Of each text, from what was learned without its part.
    """

    fits: list[Fit]
    log_odds: Numbers


def unseen(texts: Texts, penalties: Penalties) -> Unseen:
    """Learn without each part in turn, and judge it.

    Args:
        texts: All of them.
        penalties: How strongly weights are held back.
    """
    folds = np.array([row.fold for row in texts.rows])
    log_odds = np.zeros(len(folds))
    fits: list[Fit] = []
    for left_out in range(FOLDS):
        there = folds == left_out
        learned = texts.only(~there).fitted(penalties)
        log_odds[there] = learned.log_odds(texts.only(there).matrix)
        fits.append(learned)
        print(f"Part {left_out + 1} of {FOLDS}.", file=sys.stderr)
    return Unseen(fits, log_odds)


def prior_of(texts: Texts, log_odds: Numbers) -> float:
    """What is added to log-odds that were learned with as much spam as ham: the prior.

    It puts the given share of ordinary messages above the threshold, measured on what the model
    had not seen; of all ham, where no corpus of ordinary messages is among the texts.

    Args:
        texts: All of them.
        log_odds: Of each, unseen.
    """
    plain = np.array([row.variant == "" and ordinary(row) for row in texts.rows])
    if not plain.any():
        plain = np.array([row.variant == "" and not row.spam for row in texts.rows])
    highest = float(np.quantile(log_odds[plain], 1 - FALSE_POSITIVES))
    return float(np.log(THRESHOLD / (1 - THRESHOLD))) - highest


def ordinary(row: Row) -> bool:
    """Whether a row is an everyday message, neither chosen to look like spam nor edited prose.

    Args:
        row: Any.
    """
    return not row.spam and row.source.split("/")[-1] in _ORDINARY


_ORDINARY = frozenset(("ham_reddit_goemotions", "tatoeba_laser", "irc_ubuntu", "banking77"))


def learn(rows: Sequence[Row], seed: int, penalties: Penalties = USUAL) -> Model:
    """Learn a model: the mean of those that were learned without one part each.

    A campaign, a video, a corpus has thus a say in most of them and in none the only one.

    Args:
        rows: Labelled texts.
        seed: Of all choices that are made.
        penalties: How strongly weights are held back.
    """
    texts = texts_of(rows, seed)
    fits, log_odds = unseen(texts, penalties)
    mean = Fit(
        np.mean([one.grams for one in fits], axis=0),
        np.mean([one.factors for one in fits], axis=0),
        float(np.mean([one.bias for one in fits])),
    )
    return rounded(mean, prior_of(texts, log_odds), texts, seed)


def rounded(learned: Fit, prior: float, texts: Texts, seed: int) -> Model:
    """A model with whole numbers for weights, its bias refitted after rounding.

    Args:
        learned: What was learned.
        prior: What is added to its log-odds.
        texts: What it was learned from.
        seed: Of all choices that were made.
    """
    about = {
        "texts": len(texts.rows),
        "spam": int(texts.spam.sum()),
        "seed": seed,
        "prior": round(prior, 4),
        "own_sha256": digest_of(row for row in texts.rows if row.variant == ""),
    }
    return rounding.rounded(learned, prior, texts.matrix, about)
