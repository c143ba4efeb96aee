"""A model of somebody's own beside the one that is shipped, on texts that neither has seen."""

from collections.abc import Iterator
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from ..evaluation import metrics
from ..evaluation.figures import Rate, known
from ..evaluation.formats import percent
from ..evaluation.intervals import needed
from ..evaluation.metrics import Scores, Spam
from .calibration import THRESHOLD
from .learning import Learned, Plan

DRAWN: Final = 300
"""How often the texts are drawn again, to see how much is chance."""

FEW: Final = 200
"""With less of a label the figures say little, and a model has little to learn from."""

ONE_SIDED: Final = 20
"""How many times as many of one label is too many."""


class Reached(BaseModel, frozen=True):
    """How well a model judges texts that it has not seen, at the default threshold."""

    roc_auc: float | None
    average_precision: float | None
    recall: Rate
    false_positive_rate: Rate
    calibration_error: float | None

    @classmethod
    def of(cls, scores: Scores, spam: Spam) -> Self:
        """What some scores reach.

        Args:
            scores: Of texts.
            spam: Which are spam.
        """
        counts = metrics.counts(scores > THRESHOLD, spam)
        return cls(
            roc_auc=known(metrics.roc_auc(scores, spam)),
            average_precision=known(metrics.average_precision(scores, spam)),
            recall=Rate.of(counts.found, counts.spam),
            false_positive_rate=Rate.of(counts.refused, counts.ham),
            calibration_error=known(metrics.calibration_error(scores, spam)),
        )


class Comparison(BaseModel, frozen=True):
    """Both models on the same texts: what `spamshield train --json` writes."""

    texts: int
    spam: int
    groups: int = Field(description="What was never split: groups, or texts that begin alike.")
    own: Reached = Field(description="The new model, cross-validated.")
    shipped: Reached
    low: float = Field(description="The ROC-AUC of the new model is larger by at least this ...")
    high: float = Field(description="... and at most this, 95 times in a hundred.")
    verdict: Literal["better", "worse", "unsure"] = Field(
        description="Of the new model; `unsure`: the difference may be chance."
    )
    warnings: tuple[str, ...] = Field(description="What is wrong with the corpus.")


def compare(learned: Learned, plan: Plan) -> Comparison:
    """Say which model is the better one.

    The difference of the areas under the ROC curves, of texts that are drawn again with
    replacement, group by group (bootstrap), lies between `low` and `high`.

    Args:
        learned: The new model, and both models' scores.
        plan: How it was learned.
    """
    spam, groups = learned.spam, learned.folds.groups
    random = np.random.default_rng(plan.seed)
    own, shipped = _Area(learned.unseen, spam), _Area(learned.shipped, spam)
    count = int(groups.max()) + 1
    differences: list[float] = []
    for _ in range(DRAWN):
        drawn = random.multinomial(count, np.full(count, 1 / count))[groups].astype(np.float64)
        if drawn[spam].any() and drawn[~spam].any():
            differences.append(own.weighted(drawn) - shipped.weighted(drawn))
    low, high = np.quantile(differences, [0.025, 0.975])
    return Comparison(
        texts=len(spam),
        spam=int(spam.sum()),
        groups=count,
        own=Reached.of(learned.unseen, spam),
        shipped=Reached.of(learned.shipped, spam),
        low=float(low),
        high=float(high),
        verdict="better" if low > 0 else "worse" if high < 0 else "unsure",
        warnings=tuple(_warnings(learned, plan)),
    )


class _Area:
    """The area under a ROC curve, for any weights of the texts; see `metrics.roc_auc`."""

    def __init__(self, scores: Scores, spam: Spam) -> None:
        distinct, places = np.unique(scores, return_inverse=True)
        self._count = len(distinct)
        self._spam, self._spam_places = spam, places[spam]
        self._ham_places = places[~spam]

    def weighted(self, weights: NDArray[np.float64]) -> float:
        """The area where a text counts so much.

        Args:
            weights: Of each text.
        """
        found = np.bincount(self._spam_places, weights[self._spam], self._count)
        others = np.bincount(self._ham_places, weights[~self._spam], self._count)
        below = np.cumsum(others) - others / 2
        return float(found @ below / (found.sum() * others.sum()))


def _warnings(learned: Learned, plan: Plan) -> Iterator[str]:
    found, others = int(learned.spam.sum()), int((~learned.spam).sum())
    for label, count in {"spam": found, "ham": others}.items():
        if count < FEW:
            yield f"Only {count} texts are {label}: the figures are rough. {FEW} are a beginning."
    if max(found, others) > ONE_SIDED * min(found, others):
        yield (
            f"The corpus is one-sided: {found} spam, {others} ham. Add what is rare, or the model "
            "learns little about it."
        )
    if learned.folds.too_few:
        yield (
            "There are too few groups or sources to leave some out, so texts were left out one by "
            "one: of new campaigns or pages, the figures promise too much."
        )
    if plan.share is None and others < needed(plan.rate):
        yield (
            f"It takes {needed(plan.rate):,} ham to promise {percent(plan.rate)} false positives, "
            f"and there are {others}: the threshold is extrapolated."
        )
