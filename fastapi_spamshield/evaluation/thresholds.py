"""Thresholds for a promised rate of false positives."""

import math
from typing import Final

import numpy as np
from pydantic import BaseModel, Field

from .figures import Rate
from .intervals import most_hits, needed
from .metrics import Scores, Spam

DIGITS: Final = 4
"""Thresholds are written with so many digits; with more where scores are closer to 1 than that."""


class Choice(BaseModel, frozen=True):
    """A threshold, and what it does to the texts it was chosen on."""

    threshold: float
    promised: float = Field(description="The share of ham that may be called so.")
    false_positive_rate: Rate = Field(description="The share that is.")
    recall: Rate = Field(description="The share of the spam that is called so.")
    kept: bool = Field(
        description="Whether there was enough ham to be sure: the interval ends below the promise."
    )
    ham_needed: int = Field(description="How much ham it takes at the least to be sure.")


class Tuned(BaseModel, frozen=True):
    """Both thresholds of a policy: what `spamshield tune --json` writes."""

    detector: str
    spam: int = Field(description="How much measured spam they were chosen on ...")
    ham: int = Field(description="... and how much ham.")
    errors: dict[str, int] = Field(description="Why texts were not measured, and how often.")
    ignored: dict[str, int] = Field(description="Fields of the corpus that mean nothing here.")
    reject: Choice = Field(description="A score above it is spam.")
    review: Choice = Field(description="A score from here up is suspicious, or spam.")

    @property
    def kept(self) -> bool:
        """Whether both promises are."""
        return self.reject.kept and self.review.kept


def choose(scores: Scores, spam: Spam, rate: float) -> Choice:
    """The lowest threshold that keeps a promise: a score *above* it is called so.

    Where there is enough ham, the 95 % interval of its share above the threshold ends below the
    promise. Where there is not, the share itself does, which is no more than a guess.

    Args:
        scores: Of the texts; all of them measured.
        spam: Which are spam; at least one is not.
        rate: The promise, above 0 and below 1.
    """
    ham = np.sort(scores[~spam])[::-1]
    hits = most_hits(rate, len(ham))
    allowed = hits if hits >= 0 else int(rate * len(ham))
    threshold = _written(float(ham[allowed]))
    false = Rate.of(int((ham > threshold).sum()), len(ham))
    return Choice(
        threshold=threshold,
        promised=rate,
        false_positive_rate=false,
        recall=Rate.of(int((scores[spam] > threshold).sum()), int(spam.sum())),
        kept=hits >= 0,
        ham_needed=needed(rate),
    )


def from_here_up(choice: Choice, scores: Scores, spam: Spam, most: float) -> Choice:
    """The same where a score *from* the threshold *up* is called so.

    Args:
        choice: A choice where only scores above it are.
        scores: Of the texts.
        spam: Which are spam.
        most: The threshold for spam, which it may not lie above.
    """
    threshold = choice.threshold
    if (scores[~spam] == threshold).any():
        threshold = _written(math.nextafter(threshold, 2.0))
    threshold = min(threshold, most)
    called = scores >= threshold
    false = Rate.of(int((called & ~spam).sum()), int((~spam).sum()))
    return choice.model_copy(
        update={
            "threshold": threshold,
            "false_positive_rate": false,
            "kept": choice.kept and false.high <= choice.promised,
            "recall": Rate.of(int((called & spam).sum()), int(spam.sum())),
        }
    )


def _written(threshold: float) -> float:
    """A threshold a person can write: rounded up, so that what lies below stays below."""
    for digits in range(DIGITS, 17):
        rounded: float = math.ceil(threshold * 10**digits) / 10**digits
        if threshold <= rounded < 1:
            return rounded
    return min(threshold, 1.0)
