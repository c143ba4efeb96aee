"""Figures of how well scores tell spam from ham; NaN where there is nothing to measure them on."""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""From 0 (ham) to 1 (spam), or any other number that rises with the suspicion."""

Spam = NDArray[np.bool_]
"""Which of the texts are spam."""

BINS: Final = 10


class Curve(NamedTuple):
    """Precision and recall for every threshold that makes a difference, highest first.

    Attributes:
        thresholds: A score from here up counts as spam.
        precision: The share of spam among what is found so.
        recall: The share of spam that is found so.
    """

    thresholds: Scores
    precision: Scores
    recall: Scores


class Bin(NamedTuple):
    """The texts whose scores lie in one part of the scale.

    Attributes:
        low: Where it begins.
        high: Where it ends.
        spam: How many are spam.
        ham: How many are not.
        mean: The mean of their scores; NaN of none.
    """

    low: float
    high: float
    spam: int
    ham: int
    mean: float

    @property
    def texts(self) -> int:
        """How many texts."""
        return self.spam + self.ham

    @property
    def share(self) -> float:
        """The share of spam among them; NaN of none."""
        return self.spam / self.texts if self.texts else math.nan


class Counts(NamedTuple):
    """What came of a decision about each text.

    Attributes:
        found: Spam that was called spam.
        missed: Spam that was not.
        refused: Ham that was called spam: the false positives.
        passed: Ham that was not.
    """

    found: int
    missed: int
    refused: int
    passed: int

    @property
    def spam(self) -> int:
        """How many are spam."""
        return self.found + self.missed

    @property
    def ham(self) -> int:
        """How many are ham."""
        return self.refused + self.passed

    @property
    def precision(self) -> float:
        """The share of spam among what was called spam."""
        return _share(self.found, self.found + self.refused)

    @property
    def recall(self) -> float:
        """The share of the spam that was called spam."""
        return _share(self.found, self.spam)

    @property
    def false_positive_rate(self) -> float:
        """The share of the ham that was called spam."""
        return _share(self.refused, self.ham)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where nothing is right."""
        return _share(2 * self.found, 2 * self.found + self.missed + self.refused)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def counts(called: Spam, spam: Spam) -> Counts:
    """How many decisions were right and wrong.

    Args:
        called: Which texts were called spam.
        spam: Which are.
    """
    found, refused = int((called & spam).sum()), int((called & ~spam).sum())
    return Counts(found, int(spam.sum()) - found, refused, int((~spam).sum()) - refused)


def roc_auc(scores: Scores, spam: Spam) -> float:
    """The area under the ROC curve: the chance that a spam scores higher than a ham.

    Equal scores count half. The U statistic of Mann and Whitney over its greatest value.

    Args:
        scores: Of the texts.
        spam: Which are spam.
    """
    found = int(spam.sum())
    others = len(spam) - found
    if not found or not others:
        return math.nan
    _, places, counted = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counted)
    ranks = (ends - counted + ends + 1) / 2
    return float((ranks[places][spam].sum() - found * (found + 1) / 2) / (found * others))


def precision_recall_curve(scores: Scores, spam: Spam) -> Curve:
    """Precision and recall at every distinct score.

    Args:
        scores: Of the texts.
        spam: Which are spam; at least one, or the recall is NaN.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)[: len(ordered)]
    found = np.cumsum(spam[order])[last]
    total = float(spam.sum()) or math.nan
    return Curve(ordered[last], found / (last + 1.0), found / total)


def average_precision(scores: Scores, spam: Spam) -> float:
    """The mean of the precision over the recall: what lies under the curve, in steps.

    The sum of (R[n] - R[n-1]) P[n], which is not made to look better by interpolation.

    Args:
        scores: Of the texts.
        spam: Which are spam.
    """
    if not spam.any():
        return math.nan
    curve = precision_recall_curve(scores, spam)
    return float(np.diff(curve.recall, prepend=0.0) @ curve.precision)


def recall_at(scores: Scores, spam: Spam, rate: float) -> float:
    """The share of the spam above a score that at most this share of the ham is above.

    Args:
        scores: Of the texts.
        spam: Which are spam.
        rate: The share of the ham, from 0 up to, but not, 1.
    """
    ham = scores[~spam]
    if not len(ham) or not spam.any():
        return math.nan
    place = len(ham) - 1 - int(len(ham) * rate)
    return float((scores[spam] > np.partition(ham, place)[place]).mean())


def bins(scores: Scores, spam: Spam, count: int = BINS) -> list[Bin]:
    """The scale from 0 to 1 in equal parts, and what lies in each.

    Args:
        scores: From 0 to 1; what lies on a border belongs to the part above it.
        spam: Which of the texts are spam.
        count: How many parts.
    """
    places = np.minimum((scores * count).astype(np.intp), count - 1)
    texts = np.bincount(places, minlength=count)
    found = np.bincount(places[spam], minlength=count)
    sums = np.bincount(places, weights=scores, minlength=count)
    return [
        Bin(
            place / count,
            (place + 1) / count,
            int(found[place]),
            int(texts[place] - found[place]),
            float(sums[place] / texts[place]) if texts[place] else math.nan,
        )
        for place in range(count)
    ]


def calibration_error(scores: Scores, spam: Spam) -> float:
    """The expected calibration error: how far scores are from shares of spam, in ten equal parts.

    The mean over all texts of the distance between the mean score and the share of spam of the part
    they lie in.

    Args:
        scores: From 0 to 1.
        spam: Which of the texts are spam.
    """
    if not len(scores):
        return math.nan
    parts = [part for part in bins(scores, spam) if part.texts]
    return sum(abs(part.mean - part.share) * part.texts for part in parts) / len(scores)
