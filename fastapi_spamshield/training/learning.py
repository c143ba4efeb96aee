"""A model of somebody's own, learned from their texts."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import sparse

from ..detectors.local import LocalDetector
from ..detectors.local.model import Model, default_model
from ..errors import CorpusError
from ..evaluation.metrics import Scores, Spam
from ..evaluation.rows import Labelled
from .calibration import prior_for_rate, prior_for_share
from .fitting import Fit, Penalties, fit
from .folds import FOLDS, Folds, folds_of
from .matrix import Matrix, matrix_of
from .rounding import rounded

LEAST: Final = 20
"""Of fewer texts of a label nothing is learned."""

HOLDING: Final = 0.03
"""How strongly a correction is held back, for all texts together: the more there are, the more
they can say against what is known."""


class Plan(NamedTuple):
    """How to learn.

    Attributes:
        start: What is known already and only corrected; `None`: nothing.
        seed: Of all choices that are made.
        rate: The share of unseen ham that may lie above the default threshold.
        share: Instead of it: the share of spam in all that comes.
    """

    start: Model | None
    seed: int
    rate: float
    share: float | None


class Learned(NamedTuple):
    """What was learned, and what it reached.

    Attributes:
        model: To be used.
        unseen: The score of each text, from models that had seen nothing of its part.
        shipped: The score of the same texts, from the model that is shipped.
        spam: Which are spam.
        folds: The parts.
    """

    model: Model
    unseen: Scores
    shipped: Scores
    spam: Spam
    folds: Folds


def learn(
    rows: Sequence[Labelled], plan: Plan, on_step: Callable[[], None] = lambda: None
) -> Learned:
    """Learn a model: the mean of those that were learned without one part each.

    The same texts and plan give the same model, on the same machine and versions of NumPy and
    SciPy.

    Args:
        rows: Labelled texts.
        plan: How.
        on_step: Called `STEPS` times on the way.

    Raises:
        CorpusError: There are too few texts of a label, or the labels have the same texts.
    """
    spam = np.array([row.spam for row in rows], np.bool_)
    for label, count in {"spam": int(spam.sum()), "ham": int((~spam).sum())}.items():
        if count < LEAST:
            raise CorpusError(
                f"There are {count} texts of {label}, and it takes {LEAST} to learn anything. Some "
                "hundreds make sense."
            )
    folds = folds_of(rows, plan.seed)
    for label, chosen in {"spam": spam, "ham": ~spam}.items():
        if len(set(folds.groups[chosen].tolist())) < FOLDS:
            raise CorpusError(
                f"Almost all texts of {label} begin alike. Add some that differ, or nothing can "
                "be left out to see what was learned."
            )
    matrix = _matrix(rows, plan.start)
    on_step()
    fits: list[Fit] = []
    log_odds = np.zeros(len(rows))
    for part in range(FOLDS):
        there = folds.places == part
        learned = _fitted(_only(matrix, ~there), spam[~there], plan.start)
        if not learned.grams.any():
            raise CorpusError("Nothing tells the spam from the ham: they hold the same texts.")
        log_odds[there] = learned.log_odds(_only(matrix, there))
        fits.append(learned)
        on_step()
    unseen = np.zeros(len(rows))
    for part, learned in enumerate(fits):
        there = folds.places == part
        # Of the prior, too, what is judged has seen nothing.
        prior = _prior(log_odds[~there], spam[~there], plan, learned.bias)
        model = rounded(learned, prior, _only(matrix, ~there), {})
        unseen[there] = _scores([rows[place] for place in np.flatnonzero(there).tolist()], model)
        on_step()
    mean = Fit(
        np.mean([one.grams for one in fits], axis=0),
        np.mean([one.factors for one in fits], axis=0),
        float(np.mean([one.bias for one in fits])),
    )
    prior = _prior(log_odds, spam, plan, mean.bias)
    about = {
        "texts": len(rows),
        "spam": int(spam.sum()),
        "seed": plan.seed,
        "prior": round(prior, 4),
        "own_only": plan.start is None,
        "max_fpr": plan.rate if plan.share is None else None,
        "share": plan.share,
    }
    model = rounded(mean, prior, matrix, about)
    shipped = _scores(rows, default_model())
    on_step()
    return Learned(model, unseen, shipped, spam, folds)


STEPS: Final = 2 * FOLDS + 2


def _matrix(rows: Sequence[Labelled], start: Model | None) -> Matrix:
    texts = [row.submission.text for row in rows]
    matrix = matrix_of(texts, subjects=[row.submission.subject or "" for row in rows])
    if start is None:
        return matrix
    # What is known of signals that do not occur here stays known.
    more = sorted(start.factors.keys() - set(matrix.names))
    strengths = np.hstack([matrix.strengths, np.zeros((len(rows), len(more)))])
    return Matrix(matrix.grams, strengths, (*matrix.names, *more))


def _only(matrix: Matrix, chosen: Spam) -> Matrix:
    places = np.flatnonzero(chosen)
    return Matrix(matrix.grams[places], matrix.strengths[places], matrix.names)


def _fitted(matrix: Matrix, spam: Spam, start: Model | None) -> Fit:
    found = int(spam.sum())
    weights = np.where(spam, 1 / found, 1 / (len(spam) - found))
    grams = np.zeros(matrix.grams.shape[1])
    if start is not None:
        grams += start.weights * start.scale
    # A bucket that no text hits stays as it is: without those the search is many times faster.
    used, places = np.unique(matrix.grams.indices, return_inverse=True)
    shape = (matrix.grams.shape[0], len(used))
    hit: Any = sparse.csr_array((matrix.grams.data, places, matrix.grams.indptr), shape=shape)
    few = Matrix(hit, matrix.strengths, matrix.names)
    if start is None:
        learned = fit(few, spam, weights, Penalties())
    else:
        factors = np.array([start.factors.get(name, 1.0) for name in matrix.names])
        known = Fit(grams[used], factors, start.bias)
        learned = fit(few, spam, weights, Penalties(grams=HOLDING / len(spam)), known)
    grams[used] = learned.grams
    return learned._replace(grams=grams)


def _prior(log_odds: Scores, spam: Spam, plan: Plan, bias: float) -> float:
    if plan.share is not None:
        return prior_for_share(log_odds, spam, plan.share)
    # Ham that is easy to tell would let the constant grow until all that is strange is spam. So a
    # text that says nothing is never more suspect than to the shipped model.
    return min(prior_for_rate(log_odds, spam, plan.rate), default_model().bias - bias)


def _scores(rows: Sequence[Labelled], model: Model) -> Scores:
    judge = LocalDetector(model=model).judge
    return np.array([judge(row.submission).score for row in rows], np.float64)
