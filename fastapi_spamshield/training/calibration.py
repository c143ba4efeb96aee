"""The prior: what is added to log-odds that were learned with as much spam as ham."""

import math
from typing import Final

import numpy as np

from ..evaluation.metrics import Scores, Spam

THRESHOLD: Final = 0.7
"""The default threshold of a policy: the score above which a text is spam."""

COUNTED: Final = 5
"""With fewer ham above the threshold than this, where it has to be is extrapolated."""

_TAIL: Final = 10
_STEPS: Final = 60
_WIDEST: Final = 50.0


def prior_for_rate(log_odds: Scores, spam: Spam, rate: float) -> float:
    """The prior that puts a share of the ham above the threshold.

    Where that would be a handful of texts, the highest tenth of the ham tells where the rest would
    lie: beyond a high threshold the excess is nearly exponential (the generalised Pareto
    distribution of shape 0; S. Coles, An Introduction to Statistical Modeling of Extreme Values,
    2001, chapter 4).

    Args:
        log_odds: Of texts that were not learned from.
        spam: Which are spam; at least one is not.
        rate: The share, above 0 and below 1.
    """
    ham = np.sort(log_odds[~spam])[::-1]
    allowed = int(rate * len(ham))
    highest = float(ham[allowed])
    if allowed < COUNTED:
        tail = min(max(_TAIL, len(ham) // 10), len(ham) - 1)
        begin = float(ham[tail])
        excess = float(np.mean(ham[:tail] - begin)) if tail else 0.0
        highest = max(highest, begin + excess * math.log(max(tail / len(ham) / rate, 1.0)))
    return math.log(THRESHOLD / (1 - THRESHOLD)) - highest


def prior_for_share(log_odds: Scores, spam: Spam, share: float) -> float:
    """The prior at which scores are probabilities, where so much of all that comes is spam.

    With it the mean of the scores is that share, if spam and ham are weighted to be as frequent.

    Args:
        log_odds: Of texts that were not learned from.
        spam: Which are spam; some are, some are not.
        share: The share of spam, above 0 and below 1.
    """
    found = int(spam.sum())
    weights = np.where(spam, share / found, (1 - share) / (len(spam) - found))
    low, high = -_WIDEST, _WIDEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        mean = float(weights @ np.exp(-np.logaddexp(0.0, -(log_odds + middle))))
        low, high = (middle, high) if mean < share else (low, middle)
    return (low + high) / 2
